#include "cli/judgement.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "cli/subcommands.hpp"
#include "record/record_file.hpp"
#include "report/terminal.hpp"
#include "run/say.hpp"
#include "verdict/verdict.hpp"

namespace soak::cli {

bool print_result(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return true;
  run::say(stderr, fmt::format("soak: the result could not be printed: {}\n", std::strerror(errno)));
  return false;
}

namespace {

bool keep_verdict(const std::filesystem::path& folder, const std::string& json) {
  if (folder.empty()) return true;
  try {
    record::write_atomically(folder / "verdict.json", json);
    return true;
  } catch (const std::system_error& error) {
    run::say(stderr, fmt::format("soak: {}\n", error.what()));
    return false;
  }
}

}  // namespace

int at_least_not_measured(int status) {
  return status == leak_found || status == wrong_request ? status : std::max(status, not_measured);
}

int judge_and_print(const record::Run& run, const config::Config& config, const std::filesystem::path& folder,
                    bool json) {
  const auto verdict = verdict::judge(run, config);
  const auto for_machines = verdict::to_json(verdict);
  const bool printed =
      print_result(json ? for_machines : report::render_terminal(verdict, report::terminal_style(STDOUT_FILENO)));
  const bool kept = keep_verdict(folder, for_machines);
  for (const auto& wrong : verdict.wrong_requests) run::say(stderr, fmt::format("soak: {}\n", wrong));
  const int status = verdict::exit_status(verdict);
  return printed && kept ? status : at_least_not_measured(status);
}

}  // namespace soak::cli
