#include "app/report_site.hpp"

#include <fmt/format.h>

#include <system_error>

#include "app/run_reports.hpp"
#include "base/user_error.hpp"
#include "history/store.hpp"
#include "history/metric_trend.hpp"
#include "report/html.hpp"

namespace soak::app {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

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

}  // namespace soak::app
