#include "app/soak_scenarios.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "app/keep_history.hpp"
#include "app/output.hpp"
#include "app/print_verdict.hpp"
#include "app/run_reports.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/user_error.hpp"
#include "report/ci_reports.hpp"
#include "report/terminal_style.hpp"
#include "run/rerun.hpp"

namespace soak::app {
namespace {

/// Those asked for; without that what benchmarks.toml names and what the CI service shows.
std::vector<std::string> wanted_formats(const RunOptions& options, const config::Config& config) {
  if (options.report) return formats_in(*options.report);
  auto formats = config.report_formats;
  for (const auto& name : formats_of_ci())
    if (std::ranges::count(formats, name) == 0) formats.push_back(name);
  return formats;
}

/// Prints and keeps the result everywhere it is wanted. Returns the exit status.
int publish(const RunResult& result, const RunOptions& options, const std::vector<std::string>& formats,
            const config::Config& config) {
  const int status = print_verdict(result, result.folder, config, options.json ? Print::json : Print::table);
  if (options.measurements) say(stdout, report::render_ctest({result.run, result.verdict}));
  talk(fmt::format("the record {}is in {}", result.record_error.empty() ? "" : "is incomplete; it ",
                   result.folder.string()));
  if (options.is_stored) store_run(result, config, options.store);
  const bool reported = report_run(result, config, options.store, formats);
  if (result.run.interrupted) return interrupted;
  return result.record_error.empty() && reported ? status : at_least_not_measured(status);
}

}  // namespace

std::chrono::milliseconds duration_of(const char* option, const std::string& text) {
  const auto parsed = parse_duration(text);
  if (const auto* error = std::get_if<UnitError>(&parsed))
    throw UserError(fmt::format("{}: {}", option, error->message));
  const auto time = std::get<std::chrono::milliseconds>(parsed);
  if (time.count() == 0) throw UserError(fmt::format("{}: \"{}\" is no time at all", option, text));
  return time;
}

void keep_tables_for(const std::string& name, config::Config& config) {
  std::erase_if(config.tables, [&](const auto& table) { return !Glob(table.first).matches(name); });
  std::erase_if(config.waivers, [&](const auto& waiver) { return !Glob(waiver.scenario).matches(name); });
}

int soak_scenarios(RunOptions options, const config::Config& config) {
  const auto formats = wanted_formats(options, config);
  process::Interrupts interrupts;
  auto& request = options.request;
  request.interrupts = &interrupts;
  request.progress_on_terminal = report::can_rewrite_lines(STDERR_FILENO);
  if (options.gdb) run::start_debugger(run::debugger_for(request, config));
  const auto result = measure_and_judge(std::move(request), config, options.following);
  return publish(result, options, formats, config);
}

}  // namespace soak::app
