#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "history/trend.hpp"

namespace soak::history {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const TrendPoint& point) {
  return {{"commit", point.commit}, {"subject", point.subject}, {"started_at", point.started_at},
          {"runs", point.runs},     {"value", point.value},     {"range", {point.low, point.high}}};
}

Json json_of(const ChangePoint& change) {
  return {{"last_old", change.last_old},
          {"first_new", change.first_new},
          {"commits", change.commits},
          {"before", change.before},
          {"after", change.after},
          {"worse", change.is_worse},
          {"p_value", change.p_value ? Json(*change.p_value) : Json(nullptr)},
          {"machine_change", change.machine_change}};
}

Json json_of(const MetricTrend& trend) {
  auto points = Json::array(), changes = Json::array();
  for (const auto& point : trend.points) points.push_back(json_of(point));
  for (const auto& change : trend.changes) changes.push_back(json_of(change));
  return {{"scenario", trend.scenario},
          {"metric", trend.metric},
          {"exact", trend.is_exact},
          {"points", std::move(points)},
          {"changes", std::move(changes)}};
}

}  // namespace

bool has_regression(const Trend& trend) {
  return std::ranges::any_of(trend.metrics, [](const MetricTrend& metric) {
    return std::ranges::any_of(metric.changes, &ChangePoint::is_worse);
  });
}

std::string to_json(const Trend& trend) {
  auto metrics = Json::array();
  for (const auto& metric : trend.metrics) metrics.push_back(json_of(metric));
  const Json json{{"schema_version", trend_schema_version}, {"metrics", std::move(metrics)}, {"notes", trend.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace soak::history
