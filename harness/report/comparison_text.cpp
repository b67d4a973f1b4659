#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/comparison.hpp"
#include "report/comparison_words.hpp"
#include "report/plot.hpp"

namespace soak::report {
namespace {

using history::Comparison;
using history::CurvePair;
using history::GateOutcome;
using history::MetricChange;
using history::Outcome;
using history::ScenarioComparison;

constexpr std::size_t most_sites = 10;

std::string_view color_of(const MetricChange& change) {
  if (change.gate == GateOutcome::broken) return "1;31";  // bold red
  if (change.outcome == Outcome::worse) return "33";      // yellow
  return change.outcome == Outcome::better ? "32" : "";   // green
}

std::string render_metric(const MetricChange& change, std::size_t name_columns, const TerminalStyle& style) {
  auto text = fmt::format("  {}  {:>10}  {:>10}  {}", left_aligned(change.metric, name_columns),
                          figure_text(change.base, change.unit), figure_text(change.head, change.unit),
                          colored(harmless(change_text(change)), color_of(change), style));
  for (const auto& part : {evidence_text(change), gate_text(change)})
    if (!part.empty()) text += "  " + harmless(part);
  return text + "\n";
}

std::string render_metrics(const ScenarioComparison& scenario, const TerminalStyle& style) {
  const auto metrics = telling_metrics(scenario);
  std::size_t columns = 0;
  for (const auto* metric : metrics) columns = std::max(columns, metric->metric.size());
  std::string text;
  for (const auto* metric : metrics) text += render_metric(*metric, columns, style);
  return text;
}

PlotCurve growth_of(char mark, const std::vector<std::int64_t>& iterations, const std::vector<std::int64_t>& values) {
  PlotCurve curve{.mark = mark, .points = {}};
  for (std::size_t i = 0; i < values.size(); ++i)
    curve.points.emplace_back(static_cast<double>(iterations[i]), static_cast<double>(values[i] - values.front()));
  return curve;
}

std::string render_curve(const CurvePair& pair, const TerminalStyle& style) {
  const auto where = pair.first_difference ? fmt::format(", apart from iteration {} on", *pair.first_difference) : "";
  const PlotFrame frame{.columns = static_cast<std::size_t>(std::clamp(style.width - 16, 20, 70)),
                        .rows = 7,
                        .format_y = [](double y) { return figure_text(y, record::Unit::bytes); },
                        .indent = "    "};
  return fmt::format("  live heap above the baseline (o base, * head){}\n{}", where,
                     plot({growth_of('o', pair.base_iterations, pair.base_values),
                           growth_of('*', pair.head_iterations, pair.head_values)},
                          frame));
}

std::string render_curves(const ScenarioComparison& scenario, const TerminalStyle& style) {
  for (const auto& pair : scenario.curves) {
    const bool is_apart = pair.first_difference || pair.base_iterations != pair.head_iterations;
    if (pair.reading == "heap_bytes" && is_apart) return render_curve(pair, style);
  }
  return {};
}

template <typename Changes, typename Words>
std::string render_list(std::string_view title, const Changes& changes, Words words) {
  if (changes.empty()) return {};
  std::string text = fmt::format("  {}\n", title);
  for (std::size_t i = 0; i < std::min(changes.size(), most_sites); ++i)
    text += fmt::format("    {}\n", words(changes[i]));
  if (changes.size() > most_sites) text += fmt::format("    and {} more\n", changes.size() - most_sites);
  return text;
}

std::string render_scenario(const ScenarioComparison& scenario, const TerminalStyle& style) {
  auto text = "\n" + colored(harmless(scenario.name), "1", style);
  if (scenario.base_name != scenario.name) text += fmt::format("  (was {})", harmless(scenario.base_name));
  text += "\n" + render_metrics(scenario, style) + render_curves(scenario, style);
  const auto note = scenario.sites_note.empty() ? "" : fmt::format(" ({})", scenario.sites_note);
  text += render_list("call sites" + note, scenario.sites, site_text);
  return text + render_list("types", scenario.types, type_text);
}

std::string render_verdicts(const Comparison& comparison, const TerminalStyle& style) {
  std::string text;
  for (const auto& scenario : comparison.scenarios) {
    if (!scenario.verdict_changed()) continue;
    const auto word = [](const std::string& verdict) { return verdict.empty() ? "not judged" : verdict; };
    const bool is_good = scenario.head_verdict == "pass";
    text += fmt::format("  {}  {} -> {}\n", harmless(scenario.name), harmless(word(scenario.base_verdict)),
                        colored(harmless(word(scenario.head_verdict)), is_good ? "32" : "1;31", style));
  }
  return text.empty() ? text : "verdicts that changed\n" + text;
}

std::string render_machines(const Comparison& comparison) {
  if (comparison.fingerprint_differences.empty()) return {};
  std::string text = comparison.across_machines ? "machines or builds differ; compared all the same\n"
                                                : "machines or builds differ; times and resident memory are not "
                                                  "compared (--across-machines)\n";
  for (const auto& [key, base, head] : comparison.fingerprint_differences)
    text += fmt::format("  {}: {} -> {}\n", harmless(key), base.empty() ? "not known" : harmless(base),
                        head.empty() ? "not known" : harmless(head));
  return text;
}

std::string render_one_sided(std::string_view side, const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += fmt::format("only in {}: {}\n", side, harmless(name));
  return text;
}

bool is_worth_showing(const ScenarioComparison& scenario) {
  return has_changes(scenario) || std::ranges::any_of(scenario.metrics, [](const MetricChange& metric) {
           return metric.gate == GateOutcome::undecided || metric.outcome == Outcome::not_measured;
         });
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const TerminalStyle& style) {
  auto text = side_text("base", comparison.base_asked, comparison.base) + "\n" +
              side_text("head", comparison.head_asked, comparison.head) + "\n";
  for (const auto& note : comparison.notes) text += harmless(note) + "\n";
  text += render_machines(comparison) + render_verdicts(comparison, style);
  for (const auto& scenario : comparison.scenarios)
    if (is_worth_showing(scenario)) text += render_scenario(scenario, style);
  text +=
      "\n" + render_one_sided("base", comparison.only_in_base) + render_one_sided("head", comparison.only_in_head);
  if (const auto times = untold_times(comparison); !times.empty()) text += times + "\n";
  const bool is_bad = comparison.broken_gates > 0;
  return text + colored(headline(comparison), is_bad ? "1;31" : "", style) + "\n";
}

}  // namespace soak::report
