#include "report/comparison_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/sparkline.hpp"

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
  return sanitize(fmt::format("{:<6}  {}  {}{}{}", to_string(change.difference), site_figures(change), place,
                              site.function, site.type.empty() ? "" : fmt::format(" ({})", site.type)));
}

std::string type_text(const history::TypeChange& change) {
  return sanitize(fmt::format("{:<6}  {} -> {}/iter  {}", to_string(change.difference),
                              figure_text(change.base_count_per_iteration, Unit::count),
                              figure_text(change.head_count_per_iteration, Unit::count), change.name));
}

std::string side_text(const std::string& side, const std::string& asked, const history::RunInfo& run) {
  auto text = fmt::format("{} is {}", side, sanitize(run.id));
  if (!run.commit.empty()) text += fmt::format(", commit {}", sanitize(run.commit.substr(0, 12)));
  if (!asked.empty() && asked != run.id) text += fmt::format(", asked for as {}", sanitize(asked));
  return text;
}

std::vector<const MetricChange*> notable_metrics(const history::ScenarioComparison& scenario) {
  std::vector<const MetricChange*> telling;
  for (const auto& metric : scenario.metrics)
    if (metric.outcome != Outcome::same || metric.gate != GateOutcome::none) telling.push_back(&metric);
  return telling;
}

std::string times_not_compared(const history::Comparison& comparison) {
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
                          colored(sanitize(change_text(change)), color_of(change), style));
  for (const auto& part : {evidence_text(change), gate_text(change)})
    if (!part.empty()) text += "  " + sanitize(part);
  return text + "\n";
}

std::string render_metrics(const ScenarioComparison& scenario, const TerminalStyle& style) {
  const auto metrics = notable_metrics(scenario);
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
  auto text = "\n" + colored(sanitize(scenario.name), "1", style);
  if (scenario.base_name != scenario.name) text += fmt::format("  (was {})", sanitize(scenario.base_name));
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
    text += fmt::format("  {}  {} -> {}\n", sanitize(scenario.name), sanitize(word(scenario.base_verdict)),
                        colored(sanitize(word(scenario.head_verdict)), is_good ? "32" : "1;31", style));
  }
  return text.empty() ? text : "verdicts that changed\n" + text;
}

std::string render_machines(const Comparison& comparison) {
  if (comparison.fingerprint_differences.empty()) return {};
  std::string text = comparison.across_machines ? "machines or builds differ; compared all the same\n"
                                                : "machines or builds differ; times and resident memory are not "
                                                  "compared (--across-machines)\n";
  for (const auto& [key, base, head] : comparison.fingerprint_differences)
    text += fmt::format("  {}: {} -> {}\n", sanitize(key), base.empty() ? "not known" : sanitize(base),
                        head.empty() ? "not known" : sanitize(head));
  return text;
}

std::string render_one_sided(std::string_view side, const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += fmt::format("only in {}: {}\n", side, sanitize(name));
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
  for (const auto& note : comparison.notes) text += sanitize(note) + "\n";
  text += render_machines(comparison) + render_verdicts(comparison, style);
  for (const auto& scenario : comparison.scenarios)
    if (is_worth_showing(scenario)) text += render_scenario(scenario, style);
  text +=
      "\n" + render_one_sided("base", comparison.only_in_base) + render_one_sided("head", comparison.only_in_head);
  if (const auto times = times_not_compared(comparison); !times.empty()) text += times + "\n";
  const bool is_bad = comparison.broken_gates > 0;
  return text + colored(headline(comparison), is_bad ? "1;31" : "", style) + "\n";
}

namespace {

using history::Comparison;
using history::GateOutcome;
using history::ScenarioComparison;

constexpr std::size_t most_rows = 10;

/// The text for a cell of a table, so that nothing in it is markup.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : sanitize(text)) {
    if (c == '<') {
      out += "&lt;";
      continue;
    }
    if (std::string_view("\\`*_{}[]()#+-!|>~@").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string metric_rows(const ScenarioComparison& scenario) {
  std::string text;
  for (const auto* metric : notable_metrics(scenario))
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", escaped(scenario.name), escaped(metric->metric),
                        escaped(figure_text(metric->base, metric->unit)),
                        escaped(figure_text(metric->head, metric->unit)), escaped(change_text(*metric)),
                        metric->gate == GateOutcome::broken ? "**" + escaped(gate_text(*metric)) + "**"
                        : metric->gate == GateOutcome::none ? escaped(evidence_text(*metric))
                                                            : escaped(gate_text(*metric)));
  return text;
}

std::string verdict_lines(const Comparison& comparison) {
  std::string text;
  for (const auto& scenario : comparison.scenarios)
    if (scenario.verdict_changed())
      text += fmt::format("- **{}**: {} → **{}**\n", escaped(scenario.name),
                          scenario.base_verdict.empty() ? "not judged" : escaped(scenario.base_verdict),
                          scenario.head_verdict.empty() ? "not judged" : escaped(scenario.head_verdict));
  return text.empty() ? text : text + "\n";
}

std::string site_lines(const ScenarioComparison& scenario) {
  std::string text;
  for (std::size_t i = 0; i < std::min(scenario.sites.size(), most_rows); ++i)
    text += fmt::format("- {}\n", escaped(site_text(scenario.sites[i])));
  for (std::size_t i = 0; i < std::min(scenario.types.size(), most_rows); ++i)
    text += fmt::format("- type {}\n", escaped(type_text(scenario.types[i])));
  if (text.empty()) return text;
  return fmt::format("\n<details><summary>{}: call sites and types</summary>\n\n{}\n</details>\n",
                     escaped(scenario.name), text);
}

std::string remarks(const Comparison& comparison) {
  std::string text;
  for (const auto& note : comparison.notes) text += fmt::format("- {}\n", escaped(note));
  for (const auto& [key, base, head] : comparison.fingerprint_differences)
    text += fmt::format("- unlike {}: {} → {}{}\n", escaped(key), base.empty() ? "not known" : escaped(base),
                        head.empty() ? "not known" : escaped(head),
                        comparison.across_machines ? "" : "; times and resident memory not compared");
  if (const auto times = times_not_compared(comparison); !times.empty())
    text += fmt::format("- {}\n", escaped(times));
  for (const auto& name : comparison.only_in_base) text += fmt::format("- only in base: {}\n", escaped(name));
  for (const auto& name : comparison.only_in_head) text += fmt::format("- only in head: {}\n", escaped(name));
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string comparison_markdown(const Comparison& comparison) {
  std::string rows, sites;
  for (const auto& scenario : comparison.scenarios) {
    if (!has_changes(scenario) && std::ranges::all_of(scenario.metrics, [](const auto& metric) {
          return metric.gate == GateOutcome::none || metric.gate == GateOutcome::kept;
        }))
      continue;
    rows += metric_rows(scenario);
    sites += site_lines(scenario);
  }
  auto text =
      fmt::format("### soak: {}\n\n{} against {}\n\n{}", headline(comparison),
                  escaped(side_text("head", comparison.head_asked, comparison.head)),
                  escaped(side_text("base", comparison.base_asked, comparison.base)), verdict_lines(comparison));
  if (!rows.empty()) text += "| scenario | metric | base | head | change | |\n|---|---|--:|--:|---|---|\n" + rows;
  return text + sites + remarks(comparison);
}

}  // namespace soak::report
