#include "report/html_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "base/units.hpp"
#include "record/record_file.hpp"
#include "record/record_names.hpp"
#include "report/profiles.hpp"
#include "report/sparkline.hpp"
#include "report/words.hpp"

namespace soak::report {

namespace {

constexpr std::size_t sites_in_a_story = 3;

Json curve_json(const record::Scenario& scenario) {
  auto points = Json::array();
  if (const auto* const repetition = drawn_repetition(scenario))
    for (const auto& [iteration, bytes] : heap_curve(*repetition)) points.push_back({iteration, bytes});
  return points;
}

Json notes_of(const verdict::ScenarioVerdict& scenario) {
  auto notes = Json::array();
  if (!scenario.not_explained.empty()) notes.push_back("not explained: " + sanitize(scenario.not_explained));
  for (const auto& note : scenario.notes) notes.push_back(sanitize(note));
  return notes;
}

Json scenario_json(const Subject& subject, const JudgedScenario& scenario) {
  const auto& verdict = scenario.verdict;
  return {{"name", sanitize(verdict.name)},
          {"verdict", to_string(verdict.verdict)},
          {"severity", verdict::to_string(verdict.severity)},
          {"iterations", number_or_null(verdict.iterations)},
          {"isOverTime", verdict.is_over_time},
          {"heapPerIteration", number_or_null(verdict.heap_growth_bytes_per_iteration)},
          {"heapIsNoise", verdict.heap_growth_is_noise},
          {"heapLimit", number_or_null(verdict.heap_growth_limit_bytes_per_iteration)},
          {"smallestLeak", number_or_null(verdict.smallest_leak_seen_bytes_per_iteration)},
          {"rss", number_or_null(verdict.rss_growth_bytes)},
          {"rssLimit", number_or_null(verdict.final_growth_limit_bytes)},
          {"peak", number_or_null(verdict.rss_peak_growth_bytes)},
          {"peakLimit", number_or_null(verdict.peak_growth_limit_bytes)},
          {"timeNs", number_or_null(verdict.iteration_time_ns)},
          {"curve", curve_json(scenario.record)},
          {"findings", findings_json(subject, verdict, sites_in_a_story)},
          {"notes", notes_of(verdict)},
          {"trouble", time_to_trouble(verdict)},
          {"rerun", sanitize(verdict.rerun_command, any_length)}};
}

/// Indices of the scenarios, those that need attention first.
Json urgent_json(const Subject& subject, const std::vector<JudgedScenario>& scenarios) {
  auto order = Json::array();
  for (const auto& scenario : by_urgency(scenarios))
    order.push_back(&scenario.verdict - subject.verdict.scenarios.data());
  return order;
}

std::optional<double> smallest_leak(const verdict::RunVerdict& run) {
  std::optional<double> bytes;
  for (const auto& scenario : run.scenarios)
    if (const auto& seen = scenario.smallest_leak_seen_bytes_per_iteration; seen && !scenario.is_over_time)
      bytes = std::max(bytes.value_or(*seen), *seen);
  return bytes;
}

Json fingerprint_json(const record::Fingerprint& fingerprint) {
  auto json = Json::object();
  for (const auto& [key, value] : fingerprint) json[sanitize(key)] = sanitize(value);
  return json;
}

}  // namespace

Json overview_json(const Subject& subject) {
  const auto scenarios = scenarios_of(subject);
  auto list = Json::array();
  for (const auto& scenario : scenarios) list.push_back(scenario_json(subject, scenario));
  const auto& run = subject.run;
  return {{"id", sanitize(run.id)},
          {"startedAt", sanitize(run.started_at)},
          {"commit", sanitize(run.commit)},
          {"dirty", run.dirty},
          {"completed", subject.verdict.completed},
          {"verdict", to_string(subject.verdict.verdict)},
          {"counts", counts_of(subject.verdict)},
          {"smallestLeak", number_or_null(smallest_leak(subject.verdict))},
          {"fingerprint", fingerprint_json(run.fingerprint)},
          {"urgent", urgent_json(subject, scenarios)},
          {"scenarios", list}};
}

namespace {

Json site_json(const Subject& subject, const verdict::SiteGrowth& growth) {
  return {{"share", share_of(growth)},
          {"function", function_of(growth.site)},
          {"place", place_of(subject, growth.site)},
          {"type", sanitize(growth.site.type)},
          {"rate", rate_of(growth)},
          {"shape", to_string(growth.shape)}};
}

Json sites_json(const Subject& subject, const std::vector<verdict::SiteGrowth>& sites, std::size_t most) {
  auto list = Json::array();
  for (std::size_t i = 0; i < std::min(sites.size(), most); ++i) list.push_back(site_json(subject, sites[i]));
  return list;
}

}  // namespace

Json findings_json(const Subject& subject, const verdict::ScenarioVerdict& scenario, std::size_t most_sites) {
  auto list = Json::array();
  for (const auto& finding : scenario.findings)
    list.push_back({{"kind", finding.kind},
                    {"message", message_of(finding)},
                    {"cause", sanitize(finding.likely_cause)},
                    {"sitesNote", sanitize(finding.sites_note)},
                    {"siteCount", finding.sites.size()},
                    {"sites", sites_json(subject, finding.sites, most_sites)},
                    {"caches", sites_json(subject, finding.caches, most_sites)}});
  return list;
}

namespace {

constexpr std::size_t sites_in_a_finding = 50;
/// More would make a page of megabytes that nobody reads.
constexpr std::size_t most_repetitions = 10;

/// Every reading that was taken at least once, column by column.
Json columns_json(const std::vector<record::Checkpoint>& checkpoints) {
  auto columns = Json::object();
  auto iterations = Json::array();
  for (const auto& checkpoint : checkpoints) iterations.push_back(checkpoint.iteration);
  columns["iteration"] = iterations;
  for (const auto& [name, member] : record::checkpoint_fields) {
    auto values = Json::array();
    bool is_measured = false;
    for (const auto& checkpoint : checkpoints) {
      values.push_back(number_or_null(checkpoint.*member));
      is_measured = is_measured || checkpoint.*member;
    }
    if (is_measured) columns[std::string(name)] = values;
  }
  return columns;
}

Json labels_json(const std::vector<record::Checkpoint>& checkpoints) {
  auto labels = Json::array();
  for (const auto& checkpoint : checkpoints)
    if (!checkpoint.label.empty()) labels.push_back({checkpoint.iteration, sanitize(checkpoint.label)});
  return labels;
}

Json run_json(const std::string& name, std::string_view kind, const record::Repetition& repetition) {
  return {{"name", name},
          {"kind", kind},
          {"ending", record::to_string(repetition.ending)},
          {"message", sanitize(repetition.message)},
          {"iterations", number_or_null(repetition.iterations)},
          {"wallSeconds", number_or_null(std::optional(repetition.wall_seconds))},
          {"labels", labels_json(repetition.checkpoints)},
          {"columns", columns_json(repetition.checkpoints)}};
}

/// The representative repetition comes first.
Json runs_json(const record::Scenario& scenario) {
  auto runs = Json::array();
  const auto* const drawn = drawn_repetition(scenario);
  if (drawn != nullptr) runs.push_back(run_json("planned run", "planned", *drawn));
  for (std::size_t i = 0; i < std::min(scenario.repetitions.size(), most_repetitions); ++i)
    if (&scenario.repetitions[i] != drawn)
      runs.push_back(run_json(fmt::format("repetition {}", i + 1), "repetition", scenario.repetitions[i]));
  for (const auto& scaled : scenario.scaled_runs)
    runs.push_back(run_json(fmt::format("again, {} iterations", with_separators(scaled.iterations)), "scaled",
                            scaled.repetition));
  if (scenario.explained_run)
    runs.push_back(run_json("with call sites", "explained", scenario.explained_run->repetition));
  return runs;
}

/// Texts that occur again and again, each written once.
class Names {
 public:
  std::size_t number_of(const std::string& name) {
    const auto [entry, is_new] = numbers_.try_emplace(name, list_.size());
    if (is_new) list_.push_back(sanitize(name));
    return entry->second;
  }
  [[nodiscard]] const Json& list() const { return list_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  Json list_ = Json::array();
};

/// The stacks of a scenario as a tree with callers towards the root, so that what many stacks share is written once.
class Stacks {
 public:
  explicit Stacks(const Subject& subject) : subject_(subject) {}

  /// The number of the innermost frame's node; -1 for an empty stack.
  std::ptrdiff_t node_of(const std::vector<record::Frame>& stack) {
    std::ptrdiff_t node = -1;
    for (auto frame = stack.rbegin(); frame != stack.rend(); ++frame) {
      const auto number = frame_of(*frame);
      const auto [entry, is_new] = nodes_.try_emplace(std::pair(node, number), std::ssize(nodes_));
      if (is_new) {
        tree_.push_back(node);
        tree_.push_back(number);
      }
      node = entry->second;
    }
    return node;
  }

  std::size_t frame_of(const record::Frame& frame) {
    const auto [entry, is_new] = numbers_.try_emplace(
        std::tuple(frame.function, frame.file, frame.line, frame.module, frame.is_inlined), frames_.size());
    if (is_new)
      frames_.push_back({frame.function.empty() ? "(no name)" : sanitize(frame.function), place_of(subject_, frame),
                         is_own(frame) ? 1 : 0, frame.is_inlined ? 1 : 0});
    return entry->second;
  }

  [[nodiscard]] const Json& frames() const { return frames_; }
  /// Parent and frame of node 0, of node 1, ...
  [[nodiscard]] const Json& tree() const { return tree_; }

 private:
  /// Code that the reader can change: it has a source file, which is not the system's.
  [[nodiscard]] bool is_own(const record::Frame& frame) const {
    const auto file = shown_file(subject_, frame.file);
    if (file.empty()) return false;
    return !file.starts_with('/') || (subject_.source_folder.empty() && !file.starts_with("/usr/"));
  }

  const Subject& subject_;
  std::map<std::tuple<std::string, std::string, int, std::string, bool>, std::size_t> numbers_;
  std::map<std::pair<std::ptrdiff_t, std::size_t>, std::ptrdiff_t> nodes_;
  Json frames_ = Json::array(), tree_ = Json::array();
};

/// One row per site: kind, type, bytes, count, whether the stack is complete, frame of the responsible line, node.
Json sites_json(const record::Attribution& attribution, Stacks& stacks, Names& types) {
  auto list = Json::array();
  for (const auto& site : attribution.sites) {
    const auto growth = growth_of(site);
    const auto module = site.stack.empty() ? std::string() : site.stack.front().module;
    list.push_back({record::spelling_of(record::site_kinds, site.kind), types.number_of(site.type), growth.bytes,
                    growth.count, site.is_stack_complete ? 1 : 0,
                    stacks.frame_of({function_of(site), site.file, site.line, module}), stacks.node_of(site.stack)});
  }
  return list;
}

std::string omitted_text(const record::Attribution& attribution) {
  std::string text;
  const auto bytes = [](std::int64_t value) { return format_bytes(static_cast<double>(value)); };
  if (attribution.omitted_sites > 0)
    text += fmt::format("{} more call sites hold {} in {} blocks. ", with_separators(attribution.omitted_sites),
                        bytes(attribution.omitted_live_bytes), with_separators(attribution.omitted_live_blocks));
  if (attribution.unattributed_live_blocks > 0)
    text += fmt::format("{} in {} blocks have no call site. ", bytes(attribution.unattributed_live_bytes),
                        with_separators(attribution.unattributed_live_blocks));
  if (attribution.overflowed_allocations > 0)
    text += fmt::format("{} allocations had no room to be attributed. ",
                        with_separators(attribution.overflowed_allocations));
  return text;
}

Json point_json(const record::LivePoint& point) { return {point.bytes, point.count}; }

Json types_json(const std::vector<record::LiveType>& types) {
  auto list = Json::array();
  for (const auto& type : types)
    if (!type.history.empty())
      list.push_back({{"name", sanitize(type.name)},
                      {"source", record::spelling_of(record::type_sources, type.source)},
                      {"first", point_json(type.history.front())},
                      {"last", point_json(type.history.back())}});
  return list;
}

/// The types of the run with call sites, if they were counted there.
const std::vector<record::LiveType>& types_of(const record::Scenario& scenario) {
  static const std::vector<record::LiveType> none;
  if (scenario.explained_run && !scenario.explained_run->repetition.types.empty())
    return scenario.explained_run->repetition.types;
  const auto* const drawn = drawn_repetition(scenario);
  return drawn == nullptr ? none : drawn->types;
}

/// Sanitizes a text of several lines, which stay lines.
std::string output_text(std::string_view output) {
  std::string text;
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size());
    text += sanitize(output.substr(0, end)) + "\n";
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return text;
}

std::string output_of(const record::Scenario& scenario) {
  for (const auto& repetition : scenario.repetitions)
    if (!repetition.output_tail.empty()) return output_text(repetition.output_tail);
  return {};
}

}  // namespace

Json detail_json(const Subject& subject, const JudgedScenario& scenario) {
  const auto& record = scenario.record;
  const auto* const attribution = attribution_of(record);
  Stacks stacks(subject);
  Names types;
  auto sites = attribution == nullptr ? Json::array() : sites_json(*attribution, stacks, types);
  return {
      {"benchmarkName", sanitize(record.benchmark_name)},
      {"binary", sanitize(record.binary)},
      {"threads", record.threads},
      {"warmUp", number_or_null(scenario.verdict.warm_up_iterations)},
      {"runs", runs_json(record)},
      {"findings", findings_json(subject, scenario.verdict, sites_in_a_finding)},
      {"frames", stacks.frames()},
      {"stacks", stacks.tree()},
      {"siteTypes", types.list()},
      {"sites", std::move(sites)},
      {"omitted", attribution == nullptr ? "" : omitted_text(*attribution)},
      {"attributionUnavailable", attribution == nullptr ? "" : sanitize(attribution->unavailable)},
      {"typedPercent", attribution == nullptr ? Json(nullptr) : number_or_null(attribution->typed_blocks_percent)},
      {"types", types_json(types_of(record))},
      {"output", output_of(record)}};
}

}  // namespace soak::report
