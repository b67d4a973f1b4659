#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/comparison.hpp"
#include "report/comparison_words.hpp"

namespace soak::report {
namespace {

using history::Comparison;
using history::GateOutcome;
using history::ScenarioComparison;

constexpr std::size_t most_sites = 10;

/// In a cell of a table: nothing of it is markup.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : harmless(text)) {
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
  for (const auto* metric : telling_metrics(scenario))
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
  for (std::size_t i = 0; i < std::min(scenario.sites.size(), most_sites); ++i)
    text += fmt::format("- {}\n", escaped(site_text(scenario.sites[i])));
  for (std::size_t i = 0; i < std::min(scenario.types.size(), most_sites); ++i)
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
  if (const auto times = untold_times(comparison); !times.empty()) text += fmt::format("- {}\n", escaped(times));
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
