#include <nlohmann/json.hpp>

#include "record/json_numbers.hpp"
#include "record/record_file.hpp"
#include "verdict/verdict.hpp"

namespace soak::verdict {
namespace {

using Json = nlohmann::ordered_json;
using record::number_or_null;

template <typename Place>
Json place_of(const Place& place) {
  return {{"function", place.function},
          {"file", place.file.empty() ? Json() : Json(place.file)},
          {"line", place.line == 0 ? Json() : Json(place.line)}};
}

Json json_of(const SiteGrowth& growth) {
  const auto& site = growth.site;
  auto json = place_of(site);
  json["type"] = site.type.empty() ? Json() : Json(site.type);
  json["kind"] = record::to_string(site.kind);
  json["share"] = number_or_null(std::optional(growth.share));
  json["bytes_per_iteration"] = number_or_null(std::optional(growth.bytes_per_iteration));
  json["blocks_per_iteration"] = number_or_null(std::optional(growth.blocks_per_iteration));
  json["shape"] = to_string(growth.shape);
  const auto at_end = site.history.empty() ? record::LivePoint() : site.history.back();
  json["live_bytes"] = at_end.bytes;
  json["live_blocks"] = at_end.count;
  json["stack_count"] = growth.stack_count;
  json["stack"] = Json::array();
  for (const auto& frame : site.stack) json["stack"].push_back(place_of(frame));
  return json;
}

Json list_of(const std::vector<SiteGrowth>& sites) {
  auto list = Json::array();
  for (const auto& site : sites) list.push_back(json_of(site));
  return list;
}

void add_scaling(const Finding& finding, Json& json) {
  json["shape"] = to_string(finding.shape);
  const bool is_bytes = finding.kind == "heap_growth" || finding.kind == "mappings";
  json[is_bytes ? "bytes_per_iteration" : "growth_per_iteration"] = number_or_null(finding.per_iteration);
  auto confirmed = Json::array();
  for (const auto& [iterations, growth] : finding.confirmed)
    confirmed.push_back({{"iterations", iterations}, {is_bytes ? "growth_bytes" : "growth", growth}});
  json["confirmed"] = std::move(confirmed);
}

Json json_of(const Finding& finding) {
  Json json{{"kind", finding.kind},
            {"value", number_or_null(finding.value)},
            {"limit", number_or_null(finding.limit)},
            {"message", finding.message},
            {"verdict", to_string(finding.verdict)}};
  if (!finding.confirmed.empty()) add_scaling(finding, json);
  json["likely_cause"] = finding.likely_cause.empty() ? Json() : Json(finding.likely_cause);
  json["sites"] = list_of(finding.sites);
  json["caches"] = list_of(finding.caches);
  json["sites_note"] = finding.sites_note.empty() ? Json() : Json(finding.sites_note);
  if (finding.waived) json["waived"] = {{"reason", finding.waived->reason}, {"until", finding.waived->until}};
  return json;
}

Json json_of(const MetricShape& metric) {
  const auto& growth = metric.growth;
  return {{"shape", to_string(growth.shape)},
          {"per_iteration", number_or_null(std::optional(growth.per_iteration))},
          {"interval", growth.interval ? Json{growth.interval->low, growth.interval->high} : Json()},
          {"since_iteration", growth.since_iteration},
          {"smallest_leak_seen_per_iteration", number_or_null(metric.smallest_leak_seen_per_iteration)}};
}

Json json_of(const ScenarioVerdict& scenario) {
  auto shapes = Json::object();
  for (const auto& metric : scenario.shapes) shapes[metric.metric] = json_of(metric);
  auto findings = Json::array();
  for (const auto& finding : scenario.findings) findings.push_back(json_of(finding));
  const Json limits{
      {"heap_growth_bytes_per_iteration", number_or_null(scenario.heap_growth_limit_bytes_per_iteration)},
      {"rss_growth_bytes", number_or_null(scenario.final_growth_limit_bytes)},
      {"rss_peak_growth_bytes", number_or_null(scenario.peak_growth_limit_bytes)}};
  return {{"name", scenario.name},
          {"verdict", to_string(scenario.verdict)},
          {"severity", to_string(scenario.severity)},
          {"iterations", number_or_null(scenario.iterations)},
          {"is_over_time", scenario.is_over_time},
          {"is_fixed", scenario.is_fixed},
          {"heap_growth_bytes_per_iteration", number_or_null(scenario.heap_growth_bytes_per_iteration)},
          {"heap_growth_is_noise", scenario.heap_growth_is_noise},
          {"smallest_leak_seen_bytes_per_iteration", number_or_null(scenario.smallest_leak_seen_bytes_per_iteration)},
          {"rss_growth_bytes", number_or_null(scenario.rss_growth_bytes)},
          {"rss_peak_growth_bytes", number_or_null(scenario.rss_peak_growth_bytes)},
          {"heap_peak_growth_bytes", number_or_null(scenario.heap_peak_growth_bytes)},
          {"setup_growth_bytes", number_or_null(scenario.setup_growth_bytes)},
          {"teardown_growth_bytes", number_or_null(scenario.teardown_growth_bytes)},
          {"iteration_time_ns", number_or_null(scenario.iteration_time_ns)},
          {"seconds_to_peak_limit", number_or_null(scenario.seconds_to_peak_limit)},
          {"seconds_to_memory_limit", number_or_null(scenario.seconds_to_memory_limit)},
          {"checkpoints_dropped", scenario.checkpoints_dropped},
          {"limits", limits},
          {"rerun_command", scenario.rerun_command},
          {"notes", scenario.notes},
          {"shapes", shapes},
          {"not_explained", scenario.not_explained.empty() ? Json() : Json(scenario.not_explained)},
          {"findings", findings}};
}

}  // namespace

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::leak:
      return "leak";
    case Verdict::over_threshold:
      return "over_threshold";
    case Verdict::growing:
      return "growing";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::error:
      break;
  }
  return "error";
}

std::string to_string(config::Severity severity) {
  switch (severity) {
    case config::Severity::low:
      return "low";
    case config::Severity::medium:
      return "medium";
    case config::Severity::high:
      return "high";
    case config::Severity::critical:
      return "critical";
    case config::Severity::none:
      break;
  }
  return "none";
}

std::string to_json(const RunVerdict& verdict) {
  auto scenarios = Json::array();
  for (const auto& scenario : verdict.scenarios) scenarios.push_back(json_of(scenario));
  const Json json{{"schema_version", schema_version},
                  {"verdict", to_string(verdict.verdict)},
                  {"run", verdict.run_id},
                  {"completed", verdict.completed},
                  {"tables_checked", verdict.tables_checked},
                  {"times_beside_others", verdict.jobs > 1},
                  {"wrong_requests", verdict.wrong_requests},
                  {"scenarios", scenarios}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace soak::verdict
