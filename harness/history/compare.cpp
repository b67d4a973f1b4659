#include "history/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "history/curves.hpp"
#include "history/fingerprints.hpp"
#include "history/gates.hpp"
#include "history/metric_change.hpp"
#include "history/site_totals.hpp"

namespace soak::history {
namespace {

using record::Metric;
using record::Unit;

bool is_per_iteration(const Metric& metric) {
  return metric.unit == Unit::bytes_per_iteration || metric.unit == Unit::count_per_iteration ||
         metric.unit == Unit::nanoseconds;
}

void refuse(MetricChange& change, std::string why) {
  change.outcome = Outcome::refused;
  change.note = std::move(why);
}

/// What makes a metric incomparable that both sides have.
std::string obstacle(const Metric& metric, const Sides& sides, bool unlike_machines) {
  if (unlike_machines && !metric.is_exact)
    return "machines or builds differ; --across-machines compares all the same";
  const auto base = sides.base.iterations, head = sides.head.iterations;
  if (is_per_iteration(metric) || base == head || base == 0 || head == 0) return {};
  return fmt::format("{} iterations against {}", base, head);
}

std::vector<MetricChange> compare_metrics(const Sides& sides, const config::Config& config, bool unlike_machines) {
  std::vector<MetricChange> changes;
  for (const auto& metric : record::metrics) {
    auto change = compare_metric(metric, sides);
    const auto gate = config.gates.find(std::string(metric.name));
    if (!change) {
      if (gate == config.gates.end()) continue;
      change = MetricChange{.metric = gate->first, .unit = metric.unit, .is_exact = metric.is_exact};
      change->note = "measured in neither run";
    } else if (const auto why = obstacle(metric, sides, unlike_machines);
               !why.empty() && change->outcome != Outcome::not_measured) {
      refuse(*change, why);
    }
    if (gate != config.gates.end()) apply_gate(gate->second, *change);
    changes.push_back(*std::move(change));
  }
  return changes;
}

/// Where one side only was explained, as the one that leaks is, its sites that keep something are what has changed:
/// of all it allocates nobody knows whether the other side does too.
std::vector<SiteTotals> keeping(const std::vector<SiteTotals>& sites) {
  std::vector<SiteTotals> kept;
  for (auto site : sites) {
    site.made_per_iteration = 0;
    kept.push_back(std::move(site));
  }
  return kept;
}

void add_sites(const Sides& sides, ScenarioComparison& scenario) {
  const bool base = sides.base.has_sites, head = sides.head.has_sites;
  if (base && head) {
    scenario.sites = compare_sites(sides.base.sites, sides.head.sites);
    return;
  }
  scenario.sites_note = !base && !head ? "neither run was explained: call sites were off"
                                       : fmt::format(
                                             "only {} was explained: of its call sites, those that keep "
                                             "something",
                                             base ? "base" : "head");
  scenario.sites = compare_sites(keeping(sides.base.sites), keeping(sides.head.sites));
}

ScenarioComparison compare_scenario(const Sides& sides, const config::Config& config, bool unlike_machines) {
  ScenarioComparison scenario{.name = sides.head.scenario,
                              .base_name = sides.base.scenario,
                              .base_verdict = sides.base.verdict,
                              .head_verdict = sides.head.verdict,
                              .base_iterations = sides.base.iterations,
                              .head_iterations = sides.head.iterations,
                              .metrics = compare_metrics(sides, config, unlike_machines),
                              .curves = {},
                              .sites = {},
                              .types = {},
                              .sites_note = {}};
  scenario.curves =
      compare_curves(sides.base.curves, sides.head.curves, static_cast<std::int64_t>(rounding_bytes(sides)));
  add_sites(sides, scenario);
  if (sides.base.has_types && sides.head.has_types)
    scenario.types = compare_types(sides.base.types, sides.head.types);
  return scenario;
}

/// Changed verdicts, then broken gates, then other changes, then the rest; else the order of head.
int place_of(const ScenarioComparison& scenario) {
  if (scenario.verdict_changed()) return 0;
  if (std::ranges::count(scenario.metrics, GateOutcome::broken, &MetricChange::gate) > 0) return 1;
  return has_changes(scenario) ? 2 : 3;
}

void add_notes(const char* side, const RunInfo& run, std::vector<std::string>& notes) {
  if (run.dirty) notes.push_back(fmt::format("{} ran with uncommitted changes", side));
  if (!run.completed) notes.push_back(fmt::format("{} did not complete", side));
}

void count_gates(Comparison& comparison) {
  for (const auto& scenario : comparison.scenarios)
    for (const auto& metric : scenario.metrics) {
      if (metric.gate == GateOutcome::broken) ++comparison.broken_gates;
      if (metric.gate == GateOutcome::undecided) ++comparison.undecided_gates;
    }
}

}  // namespace

bool has_changes(const ScenarioComparison& scenario) {
  const auto is_change = [](const MetricChange& metric) {
    return metric.outcome == Outcome::better || metric.outcome == Outcome::worse;
  };
  return scenario.verdict_changed() || std::ranges::any_of(scenario.metrics, is_change) || !scenario.sites.empty() ||
         !scenario.types.empty();
}

Comparison compare(const MeasuredRun& base, const MeasuredRun& head, const config::Config& config,
                   AcrossMachines across_machines) {
  Comparison comparison;
  comparison.base = base.info;
  comparison.head = head.info;
  comparison.fingerprint_differences =
      differences(with_own_keys(base.info.fingerprint), with_own_keys(head.info.fingerprint));
  comparison.across_machines = across_machines == AcrossMachines::yes;
  const bool unlike = !comparison.fingerprint_differences.empty() && !comparison.across_machines;

  std::map<std::string, const Measurement*> of_base;
  for (const auto& measurement : base.measurements) of_base[config.newest_name(measurement.scenario)] = &measurement;
  for (const auto& measurement : head.measurements) {
    const auto found = of_base.find(config.newest_name(measurement.scenario));
    if (found == of_base.end()) {
      comparison.only_in_head.push_back(measurement.scenario);
      continue;
    }
    comparison.scenarios.push_back(compare_scenario({*found->second, measurement}, config, unlike));
    of_base.erase(found);
  }
  for (const auto& measurement : base.measurements)
    if (of_base.contains(config.newest_name(measurement.scenario)))
      comparison.only_in_base.push_back(measurement.scenario);
  std::ranges::stable_sort(comparison.scenarios, {}, place_of);
  add_notes("base", base.info, comparison.notes);
  add_notes("head", head.info, comparison.notes);
  count_gates(comparison);
  return comparison;
}

}  // namespace soak::history
