#include "history/comparison.hpp"

#include <nlohmann/json.hpp>

#include "record/json_document.hpp"

namespace soak::history {

namespace {

using Json = nlohmann::ordered_json;
using record::number_or_null;

Json json_of(const FingerprintDifference& difference);
Json json_of(const MetricChange& change);
Json json_of(const CurvePair& pair);
Json json_of(const SiteChange& change);
Json json_of(const TypeChange& change);
Json json_of(const ScenarioComparison& scenario);

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  auto list = Json::array();
  for (const auto& item : items) list.push_back(json_of(item));
  return list;
}

Json side(const std::string& asked, const RunInfo& run) {
  return {{"asked", asked},       {"run", run.id},
          {"commit", run.commit}, {"started_at", run.started_at},
          {"dirty", run.dirty},   {"completed", run.completed}};
}

Json json_of(const FingerprintDifference& difference) {
  return {{"key", difference.key}, {"base", difference.base}, {"head", difference.head}};
}

Json json_of(const MetricChange& change) {
  Json json{{"metric", change.metric},
            {"outcome", to_string(change.outcome)},
            {"exact", change.is_exact},
            {"base", number_or_null(change.base)},
            {"head", number_or_null(change.head)},
            {"ratio", number_or_null(change.ratio)},
            {"base_range", {change.base_low, change.base_high}},
            {"head_range", {change.head_low, change.head_high}},
            {"base_repetitions", change.base_repetitions},
            {"head_repetitions", change.head_repetitions},
            {"p_value", number_or_null(change.p_value)},
            {"greater_share", number_or_null(change.greater_share)},
            {"note", change.note}};
  if (change.gate != GateOutcome::none)
    json["gate"] = {{"limit", change.gate_limit}, {"outcome", to_string(change.gate)}};
  return json;
}

Json json_of(const CurvePair& pair) {
  return {{"reading", pair.reading},
          {"base", {{"iterations", pair.base_iterations}, {"values", pair.base_values}}},
          {"head", {{"iterations", pair.head_iterations}, {"values", pair.head_values}}},
          {"first_difference", pair.first_difference ? Json(*pair.first_difference) : Json(nullptr)},
          {"largest_difference", pair.largest_difference}};
}

template <typename Change>
Json figures_of(const Change& change) {
  return {{"base_bytes_per_iteration", change.base_bytes_per_iteration},
          {"head_bytes_per_iteration", change.head_bytes_per_iteration},
          {"base_count_per_iteration", change.base_count_per_iteration},
          {"head_count_per_iteration", change.head_count_per_iteration}};
}

Json json_of(const SiteChange& change) {
  auto stack = Json::array();
  for (const auto& frame : change.site.stack)
    stack.push_back({{"function", frame.function}, {"file", frame.file}, {"line", frame.line}});
  Json json{{"difference", to_string(change.difference)},
            {"function", change.site.function},
            {"file", change.site.file},
            {"line", change.site.line},
            {"type", change.site.type},
            {"stack", std::move(stack)}};
  json.update(figures_of(change));
  json["base_made_per_iteration"] = change.base_made_per_iteration;
  json["head_made_per_iteration"] = change.head_made_per_iteration;
  return json;
}

Json json_of(const TypeChange& change) {
  Json json{{"difference", to_string(change.difference)}, {"type", change.name}};
  json.update(figures_of(change));
  return json;
}

Json json_of(const ScenarioComparison& scenario) {
  return {{"name", scenario.name},
          {"base_name", scenario.base_name},
          {"changed", has_changes(scenario)},
          {"base_verdict", scenario.base_verdict.empty() ? Json(nullptr) : Json(scenario.base_verdict)},
          {"head_verdict", scenario.head_verdict.empty() ? Json(nullptr) : Json(scenario.head_verdict)},
          {"base_iterations", scenario.base_iterations},
          {"head_iterations", scenario.head_iterations},
          {"metrics", list_of(scenario.metrics)},
          {"curves", list_of(scenario.curves)},
          {"sites", list_of(scenario.sites)},
          {"sites_note", scenario.sites_note},
          {"types", list_of(scenario.types)}};
}

}  // namespace

std::string to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::same:
      return "same";
    case Outcome::better:
      return "better";
    case Outcome::worse:
      return "worse";
    case Outcome::too_few_repetitions:
      return "too_few_repetitions";
    case Outcome::refused:
      return "refused";
    case Outcome::not_measured:
      break;
  }
  return "not_measured";
}

std::string to_string(GateOutcome outcome) {
  switch (outcome) {
    case GateOutcome::kept:
      return "kept";
    case GateOutcome::broken:
      return "broken";
    case GateOutcome::undecided:
      return "undecided";
    case GateOutcome::none:
      break;
  }
  return "none";
}

std::string to_string(Difference difference) {
  switch (difference) {
    case Difference::appeared:
      return "new";
    case Difference::gone:
      return "gone";
    case Difference::grown:
      return "grown";
    case Difference::shrunk:
      break;
  }
  return "shrunk";
}

std::string to_json(const Comparison& comparison) {
  const Json json{{"schema_version", comparison_schema_version},
                  {"base", side(comparison.base_asked, comparison.base)},
                  {"head", side(comparison.head_asked, comparison.head)},
                  {"fingerprint_differences", list_of(comparison.fingerprint_differences)},
                  {"across_machines", comparison.across_machines},
                  {"broken_gates", comparison.broken_gates},
                  {"undecided_gates", comparison.undecided_gates},
                  {"scenarios", list_of(comparison.scenarios)},
                  {"only_in_base", comparison.only_in_base},
                  {"only_in_head", comparison.only_in_head},
                  {"notes", comparison.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace soak::history
