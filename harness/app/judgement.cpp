#include "app/judgement.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "app/exit_status.hpp"
#include "app/report_subject.hpp"
#include "base/files.hpp"
#include "base/say.hpp"
#include "record/record_file.hpp"
#include "report/terminal.hpp"
#include "verdict/verdict.hpp"

namespace soak::app {

bool print_result(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return true;
  say(stderr, fmt::format("soak: the result could not be printed: {}\n", std::strerror(errno)));
  return false;
}

namespace {

bool keep_verdict(const std::filesystem::path& folder, const std::string& json) {
  if (folder.empty()) return true;
  try {
    write_atomically(folder / "verdict.json", json);
    return true;
  } catch (const std::system_error& error) {
    say(stderr, fmt::format("soak: {}\n", error.what()));
    return false;
  }
}

}  // namespace

int at_least_not_measured(int status) {
  return status == leak_found || status == wrong_request ? status : std::max(status, not_measured);
}

std::filesystem::path folder_of_record(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return path;
  return path.filename() == "run.json" ? path.parent_path() : std::filesystem::path();
}

int judge_and_print(const record::Run& run, const config::Config& config, const RecordPlace& place, Print print) {
  const auto verdict = verdict::judge(run, config);
  const auto subject = subject_of(run, verdict, config, place.named);
  const auto for_machines = verdict::to_json(verdict);
  const bool printed = print_result(
      print == Print::json ? for_machines : report::render_terminal(subject, report::terminal_style(STDOUT_FILENO)));
  const bool kept = keep_verdict(place.folder, for_machines);
  for (const auto& wrong : verdict.wrong_requests) say(stderr, fmt::format("soak: {}\n", wrong));
  const int status = verdict::exit_status(verdict);
  return printed && kept ? status : at_least_not_measured(status);
}

}  // namespace soak::app
