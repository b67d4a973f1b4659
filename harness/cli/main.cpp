#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>

#include "app/output.hpp"
#include "base/spelling.hpp"
#include "base/user_error.hpp"
#include "cli/subcommands.hpp"
#include "process/signals.hpp"

namespace soak::cli {

CLI::Validator whole_number(std::int64_t most, const std::string& hint) {
  return {[most, hint](const std::string& text) -> std::string {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (error == std::errc{} && end == text.data() + text.size() && number >= 1 && number <= most) return {};
            return fmt::format("\"{}\" is no whole number from 1 to {}; {}", text, most, hint);
          },
          "", "whole_number"};
}

namespace {

constexpr const char* exit_statuses =
    "exit: 0 passed | 1 leak or limit exceeded | 2 wrong request | 3 could not measure or decide";

/// In reverse, as CLI11 wants them. `--option=` gives the option an empty value, as everywhere else; CLI11 would take
/// the next argument for it.
std::vector<std::string> arguments_of(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool empty_value =
        argument.starts_with("--") && argument.ends_with('=') && argument.find('=') == argument.size() - 1;
    arguments.push_back(empty_value ? argument.substr(0, argument.size() - 1) : argument);
    if (empty_value) arguments.emplace_back();
  }
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

/// A closed standard stream would make the next file that is opened the one that results are printed into.
void open_standard_streams() {
  while (true) {
    const int descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (descriptor < 0 || descriptor > STDERR_FILENO) {
      if (descriptor > STDERR_FILENO) close(descriptor);
      return;
    }
    fcntl(descriptor, F_SETFD, 0);
  }
}

/// CLI11 names the last of what it did not expect, which is anything that follows an unknown option.
std::string unknown_option(const CLI::App& app, int argc, char** argv) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) return {};
  std::vector<std::string> known;
  for (const auto* option : chosen.front()->get_options())
    for (const auto& name : option->get_lnames()) known.push_back("--" + name);
  for (int i = 2; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string word(argv[i]);
    const auto name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || std::ranges::count(known, name) > 0) continue;
    const auto hint = did_you_mean(name, known);
    return fmt::format("soak {} has no option {}{}; soak {} --help lists all", chosen.front()->get_name(), name, hint,
                       chosen.front()->get_name());
  }
  return {};
}

int parse_and_run(int argc, char** argv) {
  CLI::App app{"soak - runs benchmark scenarios for a long time and says whether memory grows", "soak"};
  app.set_version_flag("--version", "soak " SOAK_VERSION);
  app.footer(exit_statuses);
  app.require_subcommand(1);
  Action action;
  add_run(app, action);
  add_exec(app, action);
  add_document(app, action);
  add_watch(app, action);
  add_check(app, action);
  add_report(app, action);
  add_list(app, action);
  add_region(app, action);
  add_selftest(app, action);
  add_doctor(app, action);
  add_suggest(app, action);
  add_history(app, action);
  add_compare(app, action);
  add_trend(app, action);
  add_bisect(app, action);
  try {
    app.parse(arguments_of(argc, argv));
  } catch (const CLI::ParseError& error) {
    if (const auto unknown = unknown_option(app, argc, argv); !unknown.empty()) throw UserError(unknown);
    return app.exit(error) == 0 ? 0 : wrong_request;
  }
  return action();
}

}  // namespace

int guarded_main(int argc, char** argv) {
  open_standard_streams();
  process::reset_inherited_state();
  try {
    return parse_and_run(argc, argv);
  } catch (const UserError& error) {
    app::talk(error.what());
    return wrong_request;
  } catch (const std::exception& error) {  // UnreadableRecord, and what nobody expected
    app::talk(error.what());
    return not_measured;
  }
}

}  // namespace soak::cli

int main(int argc, char** argv) { return soak::cli::guarded_main(argc, argv); }
