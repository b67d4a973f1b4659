#include "app/print_verdict.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "app/chosen_config.hpp"
#include "app/output.hpp"
#include "app/report_subject.hpp"
#include "base/files.hpp"
#include "record/record_file.hpp"
#include "report/terminal.hpp"
#include "run/collect.hpp"
#include "verdict/suggest.hpp"

namespace soak::app {
namespace fs = std::filesystem;
namespace {

bool keep_verdict(const std::filesystem::path& folder, const std::string& json) {
  if (folder.empty()) return true;
  try {
    write_atomically(folder / "verdict.json", json);
    return true;
  } catch (const std::system_error& error) {
    talk(error.what());
    return false;
  }
}

}  // namespace

int print_verdict(const RunResult& result, const fs::path& named, const config::Config& config, Print print) {
  const auto for_machines = verdict::to_json(result.verdict);
  const auto subject = subject_of(result.run, result.verdict, config, named);
  const bool printed = print_result(
      print == Print::json ? for_machines : report::render_terminal(subject, report::terminal_style(STDOUT_FILENO)));
  const bool kept = keep_verdict(result.folder, for_machines);
  for (const auto& wrong : result.verdict.wrong_requests) talk(wrong);
  const int status = verdict::exit_status(result.verdict);
  return printed && kept ? status : at_least_not_measured(status);
}

fs::path folder_of_record(const fs::path& path) {
  if (fs::is_directory(path)) return path;
  return path.filename() == "run.json" ? path.parent_path() : fs::path();
}

record::Run load_record(const fs::path& path) {
  auto run = record::load_run(path);
  run::take_unfinished_readings(run, folder_of_record(path));
  return run;
}

int check(const CheckOptions& options) {
  const auto config = chosen_config(options.config_file);
  const auto result = judge_again(load_record(options.run), folder_of_record(options.run), config);
  return print_verdict(result, options.run, config, options.json ? Print::json : Print::table);
}

int suggest(const SuggestOptions& options) {
  const auto config = chosen_config(options.config_file);
  const auto latest = std::vector{config.results / "latest"};
  std::vector<record::Run> runs;
  for (const auto& path : options.runs.empty() ? latest : options.runs) runs.push_back(record::load_run(path));
  return print_with_status(
      verdict::suggest_thresholds(runs, config, options.looser ? verdict::Looser::yes : verdict::Looser::no));
}

}  // namespace soak::app
