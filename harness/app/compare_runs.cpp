#include "app/compare_runs.hpp"

#include <unistd.h>

#include "app/chosen_config.hpp"
#include "app/output.hpp"
#include "app/report_subject.hpp"
#include "history/compare.hpp"
#include "report/comparison_report.hpp"
#include "report/trend_report.hpp"

namespace soak::app {
namespace {

std::string drawn(const history::Comparison& comparison, const CompareOptions& options) {
  if (options.json) return history::to_json(comparison);
  if (options.markdown) return report::comparison_markdown(comparison);
  return report::comparison_text(comparison, report::terminal_style(STDOUT_FILENO));
}

}  // namespace

int compare(const CompareOptions& options) {
  const auto config = chosen_config(options.place.config_file);
  const auto places = options.place.places(config);
  const auto base = history::find_run(options.base, places);
  const auto head = history::find_run(options.head, places);
  auto comparison = history::compare(
      base, head, config, options.across_machines ? history::AcrossMachines::yes : history::AcrossMachines::no);
  comparison.base_asked = options.base;
  comparison.head_asked = options.head;
  history::name_files_relative_to(source_folder().string(), comparison);
  const bool printed = print_result(drawn(comparison, options));
  if (comparison.broken_gates > 0) return leak_found;
  return printed && comparison.undecided_gates == 0 && !comparison.scenarios.empty() ? 0 : not_measured;
}

int trend(const TrendOptions& options) {
  const auto config = chosen_config(options.place.config_file);
  const auto found = history::trend_of(options.request, options.place.places(config));
  const bool printed =
      print_result(options.json ? to_json(found) : report::trend_text(found, report::terminal_style(STDOUT_FILENO)));
  if (options.fail_on_regression && has_regression(found)) return leak_found;
  return printed && !found.metrics.empty() ? 0 : not_measured;
}

}  // namespace soak::app
