#include "report/comparison_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/units.hpp"

namespace soak::report {
namespace {

using history::GateOutcome;
using history::MetricChange;
using history::Outcome;
using record::Unit;

std::string signed_text(double value, Unit unit) {
  return (value < 0 ? "-" : "+") + figure_text(std::abs(value), unit);
}

bool is_told(const MetricChange& change) {
  return change.base && change.head && change.outcome != Outcome::refused && change.outcome != Outcome::not_measured;
}

std::string site_figures(const history::SiteChange& change) {
  const auto rate = [](double base, double head, Unit unit, std::string_view of) {
    return fmt::format("{} -> {}{}/iter", figure_text(base, unit), figure_text(head, unit), of);
  };
  if (change.base_bytes_per_iteration != change.head_bytes_per_iteration)
    return rate(change.base_bytes_per_iteration, change.head_bytes_per_iteration, Unit::bytes_per_iteration, "");
  if (change.base_count_per_iteration != change.head_count_per_iteration)
    return rate(change.base_count_per_iteration, change.head_count_per_iteration, Unit::count, " kept");
  return rate(change.base_made_per_iteration, change.head_made_per_iteration, Unit::count, " made");
}

}  // namespace

std::string figure_text(double value, Unit unit) {
  switch (unit) {
    case Unit::bytes:
    case Unit::bytes_per_iteration:
      return format_bytes(value);
    case Unit::nanoseconds:
      return format_nanoseconds(value);
    case Unit::count:
    case Unit::count_per_iteration:
      break;
  }
  return fmt::format("{:.6g}", value);
}

std::string figure_text(const std::optional<double>& value, Unit unit) {
  return value ? figure_text(*value, unit) : "-";
}

std::string change_text(const MetricChange& change) {
  if (!is_told(change)) return change.note;
  if (change.outcome == Outcome::same && change.is_exact) return *change.base == *change.head ? "=" : "~";
  const double difference = *change.head - *change.base;
  auto text = signed_text(difference, change.unit);
  if (change.ratio) text += fmt::format(" ({:+.1f} %)", (*change.ratio - 1) * 100);
  return text;
}

std::string evidence_text(const MetricChange& change) {
  if (!is_told(change)) return {};
  if (change.outcome == Outcome::too_few_repetitions) return change.note;
  const std::string verdict = change.outcome == Outcome::same ? "within noise" : to_string(change.outcome);
  if (change.is_exact) return change.outcome == Outcome::same ? "equal" : verdict + ", exact";
  if (change.p_value && change.greater_share)
    return fmt::format("{}, p {:.2g}, head above base in {:.0f} % of pairs", verdict, *change.p_value,
                       *change.greater_share * 100);
  return fmt::format("{}; base {} to {}, head {} to {}", verdict, figure_text(change.base_low, change.unit),
                     figure_text(change.base_high, change.unit), figure_text(change.head_low, change.unit),
                     figure_text(change.head_high, change.unit));
}

std::string gate_text(const MetricChange& change) {
  return change.gate == GateOutcome::none ? "" : fmt::format("gate {} {}", change.gate_limit, to_string(change.gate));
}

std::string site_text(const history::SiteChange& change) {
  const auto& site = change.site;
  const auto place = site.file.empty() ? "" : fmt::format("{}:{} ", site.file, site.line);
  return harmless(fmt::format("{:<6}  {}  {}{}{}", to_string(change.difference), site_figures(change), place,
                              site.function, site.type.empty() ? "" : fmt::format(" ({})", site.type)));
}

std::string type_text(const history::TypeChange& change) {
  return harmless(fmt::format("{:<6}  {} -> {}/iter  {}", to_string(change.difference),
                              figure_text(change.base_count_per_iteration, Unit::count),
                              figure_text(change.head_count_per_iteration, Unit::count), change.name));
}

std::string side_text(const std::string& side, const std::string& asked, const history::RunInfo& run) {
  auto text = fmt::format("{} is {}", side, harmless(run.id));
  if (!run.commit.empty()) text += fmt::format(", commit {}", harmless(run.commit.substr(0, 12)));
  if (!asked.empty() && asked != run.id) text += fmt::format(", asked for as {}", harmless(asked));
  return text;
}

std::vector<const MetricChange*> telling_metrics(const history::ScenarioComparison& scenario) {
  std::vector<const MetricChange*> telling;
  for (const auto& metric : scenario.metrics)
    if (metric.outcome != Outcome::same || metric.gate != GateOutcome::none) telling.push_back(&metric);
  return telling;
}

std::string untold_times(const history::Comparison& comparison) {
  std::size_t count = 0;
  std::string why;
  for (const auto& scenario : comparison.scenarios)
    for (const auto& metric : scenario.metrics) {
      if (metric.outcome != Outcome::too_few_repetitions) continue;
      ++count;
      why = metric.note;
    }
  return count == 0 ? "" : fmt::format("times of {} scenario{}: {}", count, count == 1 ? "" : "s", why);
}

std::string headline(const history::Comparison& comparison) {
  const auto changed = std::ranges::count_if(comparison.scenarios, history::has_changes);
  auto text = fmt::format("{} of {} scenarios changed", changed, comparison.scenarios.size());
  const auto gates = [&text](std::size_t count, std::string_view what) {
    if (count > 0) text += fmt::format(", {} gate{} {}", count, count == 1 ? "" : "s", what);
  };
  gates(comparison.broken_gates, "broken");
  gates(comparison.undecided_gates, "undecided");
  return text;
}

}  // namespace soak::report
