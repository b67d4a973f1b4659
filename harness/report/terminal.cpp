#include "report/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/terminal_table.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

using verdict::RunVerdict;

// What is to be known about figures stands beside them, passed or not.
std::string render_notes(const RunVerdict& run) {
  std::string text;
  for (const auto& scenario : run.scenarios)
    for (const auto& note : scenario.notes)
      text += fmt::format("note: {}: {}\n", harmless(scenario.name), harmless(note));
  return text.empty() ? "" : "\n" + text;
}

// A pass is worth what it could have seen.
std::string render_sensitivity(const RunVerdict& run) {
  std::optional<double> an_iteration, a_second;
  for (const auto& scenario : run.scenarios)
    if (const auto& seen = scenario.smallest_leak_seen_bytes_per_iteration) {
      auto& bytes = scenario.is_over_time ? a_second : an_iteration;
      bytes = std::max(bytes.value_or(*seen), *seen);
    }
  std::string text;
  for (const auto& [bytes, unit] : {std::pair(an_iteration, "iteration"), std::pair(a_second, "second")})
    if (bytes)
      text += fmt::format("where passed, a leak of {} per {} would have shown\n", format_bytes(*bytes), unit);
  return text;
}

std::string render_times_beside_others(const RunVerdict& run) {
  return run.jobs > 1 ? fmt::format("times were taken with {} scenarios running at a time\n", run.jobs) : "";
}

std::string render_cut_off(const RunVerdict& run) {
  if (run.completed) return {};
  std::string names;
  for (const auto& scenario : run.scenarios)
    if (!scenario.run_to_its_end) names += (names.empty() ? "" : ", ") + harmless(scenario.name);
  return names.empty() ? "the run did not complete, so it does not pass\n"
                       : fmt::format("the run did not complete; not run to the end: {}\n", names);
}

std::string render_dropped(const RunVerdict& run) {
  std::string text;
  for (const auto& scenario : run.scenarios)
    if (scenario.checkpoints_dropped > 0)
      text += fmt::format("{}: {} labelled checkpoint{} more than can be kept; dropped\n", harmless(scenario.name),
                          scenario.checkpoints_dropped, scenario.checkpoints_dropped == 1 ? "" : "s");
  return text;
}

std::string render_unchecked_tables(const RunVerdict& run) {
  if (run.tables_checked) return {};
  return "not checked: whether the configuration's scenario tables name scenarios that exist; this record does not "
         "list them\n";
}

}  // namespace

std::string render_terminal(const Subject& subject, const TerminalStyle& style, Detail detail) {
  const auto& run = subject.verdict;
  std::string text = run.scenarios.empty() ? "" : render_table(subject, style);
  text += render_stories(subject, style, detail) + render_notes(run);
  if (!run.scenarios.empty()) text += "\n";
  text += in_color_of(run.verdict, counts_of(run), style) + "\n";
  return text + render_sensitivity(run) + render_times_beside_others(run) + render_dropped(run) +
         render_unchecked_tables(run) + render_cut_off(run);
}

}  // namespace soak::report
