#include "app/report_run.hpp"

#include <algorithm>
#include <exception>

#include "app/report_files.hpp"
#include "app/report_subject.hpp"
#include "history/store.hpp"
#include "history/trend_of.hpp"

namespace soak::app {

bool report_run(const record::Run& run, const config::Config& config, const RunPlace& place,
                const std::vector<std::string>& formats) {
  const auto verdict = verdict::judge(run, config);
  auto subject = subject_of(run, verdict, config, place.folder);
  const auto results = place.folder.parent_path();
  std::optional<history::Trend> trend;
  if (std::ranges::count(formats, "html") > 0)
    trend = trend_behind(
        {.repository_folder = ".",
         .store = history::default_store(place.store.empty() ? config.store : place.store, results.string()),
         .results = results,
         .config = config});
  if (trend) subject.trend = &*trend;
  tell_ci(subject);
  return write_reports(subject, place.folder, formats);
}

std::optional<history::Trend> trend_behind(const history::Places& places) noexcept {
  try {
    return history::trend_of({}, places);
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace soak::app
