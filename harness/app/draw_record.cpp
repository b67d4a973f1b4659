#include "app/draw_record.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

#include "app/chosen_config.hpp"
#include "app/output.hpp"
#include "app/print_verdict.hpp"
#include "app/report_subject.hpp"
#include "app/run_reports.hpp"
#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/user_error.hpp"
#include "history/compare.hpp"
#include "history/measure.hpp"
#include "history/metric_trend.hpp"
#include "history/store.hpp"
#include "report/html.hpp"
#include "report/terminal.hpp"

namespace soak::app {
namespace {

namespace fs = std::filesystem;

void keep_only(record::Run& run, verdict::RunVerdict& verdict, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& scenario : verdict.scenarios) names.push_back(scenario.name);
  if (std::ranges::count(names, name) == 0)
    throw UserError(
        fmt::format("the record has no scenario '{}'{}", sanitize(name, quote_length), did_you_mean(name, names)));
  std::erase_if(run.scenarios, [&](const record::Scenario& scenario) { return scenario.name != name; });
  std::erase_if(verdict.scenarios, [&](const verdict::ScenarioVerdict& scenario) { return scenario.name != name; });
  verdict.verdict = verdict.scenarios.front().verdict;
}

std::string rendered(const report::Subject& subject, const DrawOptions& options) {
  if (!options.format.empty()) return format_named(options.format).render(subject);
  const auto style = options.output.empty() ? report::terminal_style(STDOUT_FILENO) : report::TerminalStyle{120};
  return report::render_terminal(subject, style, report::Detail::full);
}

std::optional<history::Comparison> comparison_with(const DrawOptions& options, const config::Config& config) {
  if (options.base.empty()) return {};
  const auto base = history::find_run(options.base, options.place.places(config));
  auto comparison =
      history::compare(base, history::load_measured(options.run, config), config, history::AcrossMachines::no);
  comparison.base_asked = options.base;
  comparison.head_asked = options.run.string();
  return comparison;
}

// --- The pages of an archive of runs

/// More than anybody looks through; all of them are in the trends.
constexpr std::size_t most_runs = 400;

/// To the page in a record's folder that is still there.
std::string report_link(const history::RunInfo& run, const fs::path& results, const fs::path& site) {
  std::error_code error;
  const auto page = fs::absolute(results / run.id / "report.html", error);
  if (error || run.id.empty() || !fs::exists(page, error)) return {};
  return page.lexically_relative(fs::absolute(site, error).lexically_normal()).generic_string();
}

std::vector<report::SiteRun> runs_of(history::Store& store, const fs::path& results, const fs::path& site) {
  auto infos = store.runs();
  if (infos.size() > most_runs) infos.resize(most_runs);
  std::vector<report::SiteRun> runs;
  for (const auto& info : infos) {
    report::SiteRun run{info, {}, report_link(info, results, site)};
    for (const auto& measurement : store.load(info).measurements)
      run.verdicts[measurement.scenario] = measurement.verdict;
    runs.push_back(std::move(run));
  }
  return runs;
}

/// Outside a repository there are no commits to go over; the runs are there all the same.
history::Trend trend_or_note(const history::Places& places) {
  try {
    return history::trend_of({}, places);
  } catch (const UserError& error) {
    return {{}, {fmt::format("No trends: {}", error.what())}};
  }
}

/// Makes the folder if it does not exist.
void write_site(const history::Places& places, const fs::path& folder) {
  history::Store store(places.store, history::Access::read);
  const auto runs = runs_of(store, places.results, folder);
  if (runs.empty()) throw UserError(fmt::format("{} has no runs yet; soak run adds one", store.name()));
  try {
    fs::create_directories(folder);
    for (const auto& page : report::render_site(runs, trend_or_note(places)))
      write_report(folder / page.file_name, page.content);
  } catch (const std::system_error& error) {
    throw UserError(fmt::format("the pages could not be written: {}", error.what()));
  }
}

int site(const DrawOptions& options, const config::Config& config) {
  if (options.output.empty()) throw UserError("--history writes a folder of pages: name it with --output FOLDER");
  write_site(options.place.places(config), options.output);
  talk(fmt::format("{} shows all runs", (options.output / "index.html").string()));
  return 0;
}

}  // namespace

int draw(const DrawOptions& options) {
  if (!options.format.empty()) static_cast<void>(format_named(options.format));  // before anything is read
  const auto config = chosen_config(options.place.config_file);
  if (options.is_site) return site(options, config);
  if (options.run.empty()) throw UserError("which run is to be drawn? name a record, such as results/latest");
  auto [run, verdict, folder, error] = judge_again(load_record(options.run), {}, config);
  if (!options.scenario.empty()) keep_only(run, verdict, options.scenario);
  auto subject = subject_of(run, verdict, config, options.run);
  const auto comparison = comparison_with(options, config);
  if (comparison) subject.comparison = &*comparison;
  const auto trend = options.format == "html" ? trend_behind(options.place.places(config)) : std::nullopt;
  if (trend) subject.trend = &*trend;
  const auto text = rendered(subject, options);
  if (options.output.empty()) return print_with_status(text);
  try {
    write_report(options.output, text);
  } catch (const std::system_error& failure) {
    throw UserError(fmt::format("the report could not be written: {}", failure.what()));
  }
  return 0;
}

}  // namespace soak::app
