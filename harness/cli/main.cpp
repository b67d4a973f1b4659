#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/subcommands.hpp"
#include "record/record_file.hpp"
#include "record/user_error.hpp"

namespace soak::cli {

config::Config chosen_config(const std::string& file) {
  if (!file.empty()) return config::load_config(file);
  return std::filesystem::exists("benchmarks.toml") ? config::load_config("benchmarks.toml")
                                                    : config::default_config();
}

namespace {

constexpr const char* exit_statuses =
    "exit: 0 passed | 1 leak or limit exceeded | 2 wrong request | 3 could not measure or decide";

int parse_and_run(int argc, char** argv) {
  CLI::App app{"soak - runs benchmark scenarios for a long time and says whether memory grows", "soak"};
  app.set_version_flag("--version", "soak " SOAK_VERSION);
  app.footer(exit_statuses);
  app.require_subcommand(1);
  Action action;
  add_run(app, action);
  add_check(app, action);
  add_list(app, action);
  add_region(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_request;
  }
  return action();
}

}  // namespace
}  // namespace soak::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is no reason to lose a run
  try {
    return soak::cli::parse_and_run(argc, argv);
  } catch (const soak::UserError& error) {
    fmt::print(stderr, "soak: {}\n", error.what());
    return soak::cli::wrong_request;
  } catch (const soak::record::UnreadableRecord& error) {
    fmt::print(stderr, "soak: {}\n", error.what());
    return soak::cli::not_measured;
  } catch (const std::exception& error) {
    fmt::print(stderr, "soak: {}\n", error.what());
    return soak::cli::not_measured;
  }
}
