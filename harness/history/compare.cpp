#include "history/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>

#include "base/files.hpp"
#include "history/fingerprints.hpp"
#include "history/metric_change.hpp"

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

/// Why a metric that both sides have cannot be compared; empty if it can.
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

/// If only one side was explained, usually the one that leaks, its sites that keep something are the change: for
/// those that only allocate nobody knows whether the other side does too.
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

/// Changed verdicts first, then broken gates, then other changes, then the rest; otherwise the order of head.
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

namespace {

/// A figure per iteration, and the difference that is insignificant: runs of different lengths do not divide evenly,
/// and what set-up makes once is more per iteration in the shorter one.
struct Figure {
  double base, head, least;
};
constexpr double least_kept = 1e-4, least_made = 1e-2;

bool differs(const Figure& figure) {
  const double size = std::max(std::abs(figure.base), std::abs(figure.head));
  return std::abs(figure.head - figure.base) > std::max(figure.least, 1e-3 * size);
}

/// The order of importance: bytes kept, things kept, things made.
using Weight = std::tuple<double, double, double>;

Weight weight_of(const SiteChange& change) {
  return {std::abs(change.head_bytes_per_iteration - change.base_bytes_per_iteration),
          std::abs(change.head_count_per_iteration - change.base_count_per_iteration),
          std::abs(change.head_made_per_iteration - change.base_made_per_iteration)};
}

Weight weight_of(const TypeChange& change) {
  return {std::abs(change.head_bytes_per_iteration - change.base_bytes_per_iteration),
          std::abs(change.head_count_per_iteration - change.base_count_per_iteration), 0};
}

/// The first figure that differs decides; if none does, there is no change.
std::optional<Difference> direction(std::initializer_list<Figure> figures) {
  for (const auto& figure : figures)
    if (differs(figure)) return figure.head > figure.base ? Difference::grown : Difference::shrunk;
  return {};
}

std::optional<Difference> direction(const SiteChange& change) {
  return direction({{change.base_bytes_per_iteration, change.head_bytes_per_iteration, least_kept},
                    {change.base_count_per_iteration, change.head_count_per_iteration, least_kept},
                    {change.base_made_per_iteration, change.head_made_per_iteration, least_made}});
}

std::optional<Difference> direction(const TypeChange& change) {
  return direction({{change.base_bytes_per_iteration, change.head_bytes_per_iteration, least_kept},
                    {change.base_count_per_iteration, change.head_count_per_iteration, least_kept}});
}

void take_base(SiteChange& change, const SiteTotals& site) {
  change.base_bytes_per_iteration = site.bytes_per_iteration;
  change.base_count_per_iteration = site.count_per_iteration;
  change.base_made_per_iteration = site.made_per_iteration;
}

void take_head(SiteChange& change, const SiteTotals& site) {
  change.head_bytes_per_iteration = site.bytes_per_iteration;
  change.head_count_per_iteration = site.count_per_iteration;
  change.head_made_per_iteration = site.made_per_iteration;
}

template <typename Changes>
void largest_first(Changes& changes) {
  std::ranges::stable_sort(changes, std::greater{}, [](const auto& change) { return weight_of(change); });
}

}  // namespace

void name_files_relative_to(const std::string& folder, Comparison& comparison) {
  for (auto& scenario : comparison.scenarios)
    for (auto& change : scenario.sites) {
      change.site.file = relative_file(folder, change.site.file);
      for (auto& frame : change.site.stack) frame.file = relative_file(folder, frame.file);
    }
}

std::vector<SiteChange> compare_sites(const std::vector<SiteTotals>& base, const std::vector<SiteTotals>& head) {
  std::map<std::string, const SiteTotals*> of_base;
  for (const auto& site : base) of_base[site_key(site)] = &site;
  std::vector<SiteChange> changes;
  const auto keep = [&changes](SiteChange& change, std::optional<Difference> one_sided) {
    const auto grown = direction(change);
    if (!grown) return;
    change.difference = one_sided.value_or(*grown);
    changes.push_back(std::move(change));
  };
  for (const auto& site : head) {
    SiteChange change{.site = site};
    take_head(change, site);
    const auto found = of_base.find(site_key(site));
    const bool is_new = found == of_base.end();
    if (!is_new) {
      take_base(change, *found->second);
      of_base.erase(found);
    }
    keep(change, is_new ? std::optional(Difference::appeared) : std::nullopt);
  }
  for (const auto& [key, site] : of_base) {
    SiteChange change{.site = *site};
    take_base(change, *site);
    keep(change, Difference::gone);
  }
  largest_first(changes);
  return changes;
}

std::vector<TypeChange> compare_types(const std::vector<TypeTotals>& base, const std::vector<TypeTotals>& head) {
  std::map<std::string, TypeChange> by_name;
  std::map<std::string, Difference> one_sided;
  for (const auto& type : base) {
    by_name[type.name].base_bytes_per_iteration = type.bytes_per_iteration;
    by_name[type.name].base_count_per_iteration = type.count_per_iteration;
    one_sided[type.name] = Difference::gone;
  }
  for (const auto& type : head) {
    by_name[type.name].head_bytes_per_iteration = type.bytes_per_iteration;
    by_name[type.name].head_count_per_iteration = type.count_per_iteration;
    if (one_sided.erase(type.name) == 0) one_sided[type.name] = Difference::appeared;
  }
  std::vector<TypeChange> changes;
  for (auto& [name, change] : by_name) {
    const auto grown = direction(change);
    if (!grown) continue;
    const auto side = one_sided.find(name);
    change.name = name;
    change.difference = side == one_sided.end() ? *grown : side->second;
    changes.push_back(std::move(change));
  }
  largest_first(changes);
  return changes;
}

namespace {

/// The module in `folder/module+0x12`, which is all that is known without symbols.
std::string_view without_place(std::string_view function) {
  if (const auto offset = function.rfind("+0x"); offset != std::string_view::npos)
    function = function.substr(0, offset);
  else
    return function;
  return function.substr(function.rfind('/') + 1);  // npos + 1 is 0
}

double per_iteration(std::int64_t first, std::int64_t last, std::int64_t iterations) {
  return iterations > 0 ? static_cast<double>(last - first) / static_cast<double>(iterations) : 0;
}

SiteTotals totals_of(const record::CallSite& site) {
  SiteTotals totals{.kind = site.kind,
                    .function = site.function,
                    .file = site.file,
                    .line = site.line,
                    .type = site.type,
                    .stack = site.stack};
  if (site.history.empty()) return totals;
  const auto& first = site.history.front();
  const auto& last = site.history.back();
  const auto iterations = last.iteration - first.iteration;
  totals.bytes_per_iteration = per_iteration(first.bytes, last.bytes, iterations);
  totals.count_per_iteration = per_iteration(first.count, last.count, iterations);
  totals.made_per_iteration = per_iteration(0, site.total_count, iterations);
  return totals;
}

}  // namespace

std::string site_key(const SiteTotals& site) {
  auto key = std::to_string(static_cast<int>(site.kind)) + "\n" + site.type;
  if (site.stack.empty()) return key + "\n" + std::string(without_place(site.function));
  for (const auto& frame : site.stack) key += "\n" + std::string(without_place(frame.function));
  return key;
}

std::vector<SiteTotals> site_totals_of(const record::Attribution& attribution) {
  std::vector<SiteTotals> sites;
  std::map<std::string, std::size_t> places;
  for (const auto& site : attribution.sites) {
    auto totals = totals_of(site);
    const auto [place, is_new] = places.emplace(site_key(totals), sites.size());
    if (is_new) {
      sites.push_back(std::move(totals));
      continue;
    }
    auto& same = sites[place->second];
    same.bytes_per_iteration += totals.bytes_per_iteration;
    same.count_per_iteration += totals.count_per_iteration;
    same.made_per_iteration += totals.made_per_iteration;
  }
  return sites;
}

std::vector<TypeTotals> type_totals_of(const std::vector<record::LiveType>& types) {
  std::vector<TypeTotals> totals;
  for (const auto& type : types) {
    if (type.history.empty()) continue;
    const auto& first = type.history.front();
    const auto& last = type.history.back();
    const auto iterations = last.iteration - first.iteration;
    totals.push_back({type.name, per_iteration(first.bytes, last.bytes, iterations),
                      per_iteration(first.count, last.count, iterations)});
  }
  return totals;
}

namespace {

/// The highest value that the gate allows. A percentage of zero, or of a negative value, is zero.
double most_allowed(const config::Gate& gate, double base) {
  if (gate.amount) return base + *gate.amount;
  return base + (base > 0 ? base * *gate.percent / 100 : 0);
}

GateOutcome outcome_of(const config::Gate& gate, const MetricChange& change) {
  switch (change.outcome) {
    case Outcome::same:
    case Outcome::better:
      return GateOutcome::kept;
    case Outcome::worse:
      return *change.head > most_allowed(gate, *change.base) ? GateOutcome::broken : GateOutcome::kept;
    case Outcome::too_few_repetitions:
    case Outcome::refused:
    case Outcome::not_measured:
      break;
  }
  return GateOutcome::undecided;
}

}  // namespace

void apply_gate(const config::Gate& gate, MetricChange& change) {
  change.gate_limit = gate.text;
  change.gate = outcome_of(gate, change);
}

}  // namespace soak::history
