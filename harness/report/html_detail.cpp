#include <fmt/format.h>

#include <map>
#include <tuple>

#include "config/units.hpp"
#include "record/checkpoint_fields.hpp"
#include "record/record_file.hpp"
#include "report/growth_samples.hpp"
#include "report/html_data.hpp"
#include "report/html_findings.hpp"
#include "report/text.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

constexpr std::size_t sites_in_a_finding = 50;
/// Beyond that, a page would be megabytes of what nobody reads.
constexpr std::size_t most_repetitions = 10;

std::string_view name_of(record::SiteKind kind) {
  switch (kind) {
    case record::SiteKind::descriptor:
      return "descriptor";
    case record::SiteKind::thread:
      return "thread";
    case record::SiteKind::mapping:
      return "mapping";
    case record::SiteKind::heap:
      break;
  }
  return "heap";
}

std::string_view name_of(record::TypeSource source) {
  switch (source) {
    case record::TypeSource::vtable:
      return "vtable";
    case record::TypeSource::counted:
      return "counter";
    case record::TypeSource::frames:
      break;
  }
  return "stack";
}

/// Every reading that was taken at all, column by column.
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
    if (!checkpoint.label.empty()) labels.push_back({checkpoint.iteration, harmless(checkpoint.label)});
  return labels;
}

Json run_json(const std::string& name, std::string_view kind, const record::Repetition& repetition) {
  return {{"name", name},
          {"kind", kind},
          {"ending", record::to_string(repetition.ending)},
          {"message", harmless(repetition.message)},
          {"iterations", number_or_null(repetition.iterations)},
          {"wallSeconds", number_or_null(std::optional(repetition.wall_seconds))},
          {"labels", labels_json(repetition.checkpoints)},
          {"columns", columns_json(repetition.checkpoints)}};
}

/// The repetition that stands for all first.
Json runs_json(const record::Scenario& scenario) {
  auto runs = Json::array();
  const auto* const drawn = drawn_repetition(scenario);
  if (drawn != nullptr) runs.push_back(run_json("planned run", "planned", *drawn));
  for (std::size_t i = 0; i < std::min(scenario.repetitions.size(), most_repetitions); ++i)
    if (&scenario.repetitions[i] != drawn)
      runs.push_back(run_json(fmt::format("repetition {}", i + 1), "repetition", scenario.repetitions[i]));
  for (const auto& scaled : scenario.scaled_runs)
    runs.push_back(
        run_json(fmt::format("again, {} iterations", with_separators(scaled.iterations)), "scaled", scaled.repetition));
  if (scenario.explained_run)
    runs.push_back(run_json("with call sites", "explained", scenario.explained_run->repetition));
  return runs;
}

/// Frames that many stacks share are written once.
class Frames {
 public:
  explicit Frames(const Subject& subject) : subject_(subject) {}

  Json stack(const std::vector<record::Frame>& frames) {
    auto stack = Json::array();
    for (const auto& frame : frames) stack.push_back(number_of(frame));
    return stack;
  }
  [[nodiscard]] const Json& list() const { return list_; }

 private:
  std::size_t number_of(const record::Frame& frame) {
    const auto [entry, is_new] = numbers_.try_emplace(
        std::tuple(frame.function, frame.file, frame.line, frame.module, frame.is_inlined), list_.size());
    if (is_new)
      list_.push_back({frame.function.empty() ? "(no name)" : harmless(frame.function), place_of(subject_, frame),
                       is_own(frame), frame.is_inlined});
    return entry->second;
  }

  /// Code that the reader can change: it has a source file, and not one of the system.
  [[nodiscard]] bool is_own(const record::Frame& frame) const {
    const auto file = shown_file(subject_, frame.file);
    if (file.empty()) return false;
    return !file.starts_with('/') || (subject_.source_folder.empty() && !file.starts_with("/usr/"));
  }

  const Subject& subject_;
  std::map<std::tuple<std::string, std::string, int, std::string, bool>, std::size_t> numbers_;
  Json list_ = Json::array();
};

Json sites_json(const Subject& subject, const record::Attribution& attribution, Frames& frames) {
  auto list = Json::array();
  for (const auto& site : attribution.sites) {
    const auto growth = growth_of(site);
    list.push_back({{"kind", name_of(site.kind)},
                    {"function", function_of(site)},
                    {"place", place_of(subject, site)},
                    {"type", harmless(site.type)},
                    {"bytes", growth.bytes},
                    {"count", growth.count},
                    {"complete", site.is_stack_complete},
                    {"stack", frames.stack(site.stack)}});
  }
  return list;
}

std::string omitted_text(const record::Attribution& attribution) {
  std::string text;
  const auto bytes = [](std::int64_t value) { return config::format_bytes(static_cast<double>(value)); };
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
      list.push_back({{"name", harmless(type.name)},
                      {"source", name_of(type.source)},
                      {"first", point_json(type.history.front())},
                      {"last", point_json(type.history.back())}});
  return list;
}

/// Of the run with call sites, where types were counted there.
const std::vector<record::LiveType>& types_of(const record::Scenario& scenario) {
  static const std::vector<record::LiveType> none;
  if (scenario.explained_run && !scenario.explained_run->repetition.types.empty())
    return scenario.explained_run->repetition.types;
  const auto* const drawn = drawn_repetition(scenario);
  return drawn == nullptr ? none : drawn->types;
}

/// Lines stay lines; everything else as elsewhere.
std::string output_text(std::string_view output) {
  std::string text;
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size());
    text += harmless(output.substr(0, end)) + "\n";
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
  Frames frames(subject);
  auto sites = attribution == nullptr ? Json::array() : sites_json(subject, *attribution, frames);
  return {{"benchmarkName", harmless(record.benchmark_name)},
          {"binary", harmless(record.binary)},
          {"threads", record.threads},
          {"warmUp", number_or_null(scenario.verdict.warm_up_iterations)},
          {"runs", runs_json(record)},
          {"findings", findings_json(subject, scenario.verdict, sites_in_a_finding)},
          {"frames", frames.list()},
          {"sites", std::move(sites)},
          {"omitted", attribution == nullptr ? "" : omitted_text(*attribution)},
          {"attributionUnavailable", attribution == nullptr ? "" : harmless(attribution->unavailable)},
          {"typedPercent", attribution == nullptr ? Json(nullptr) : number_or_null(attribution->typed_blocks_percent)},
          {"types", types_json(types_of(record))},
          {"output", output_of(record)}};
}

}  // namespace soak::report
