// Live objects of one type.
#include "verdict/object_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/evidence.hpp"

namespace soak::verdict {
namespace {

using record::LiveType;
using record::TypeSource;

std::int64_t growth_of(const LiveType& type) {
  return type.history.empty() ? 0 : type.history.back().count - type.history.front().count;
}

// What counts itself says how many objects there are; a block may hold many.
const char* things(const LiveType& type) { return type.source == TypeSource::frames ? "blocks of" : "objects of"; }

// Only classes that count themselves are counted all along; the others at both ends.
Verdict verdict_of(const Evidence& evidence, const LiveType& type) {
  const auto series = series_of(type);
  const auto windowed = growth_over_windows(from_iteration(series, evidence.warm_up));
  const bool leaks = (windowed && windowed->rises()) || rises_steadily(series);
  return leaks ? Verdict::leak : Verdict::over_threshold;
}

}  // namespace

Series series_of(const LiveType& type) {
  Series series;
  for (const auto& point : type.history) series.push_back({point.iteration, point.count});
  std::ranges::stable_sort(series, {}, &Sample::iteration);
  return series;
}

const LiveType* most_grown_type(const record::Repetition& repetition) {
  const auto most = std::ranges::max_element(repetition.types, {}, growth_of);
  return most == repetition.types.end() ? nullptr : &*most;
}

void add_explained_objects(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                           std::vector<Finding>& findings) {
  const auto& explained = scenario.explained_run;
  if (!explained || !scenario.planned_iterations || explained->iterations != *scenario.planned_iterations ||
      explained->repetition.ending != record::Ending::finished)
    return;
  if (rank(worst_of(findings)) < rank(Verdict::over_threshold) ||
      std::ranges::count(findings, std::string("objects"), &Finding::kind) > 0)
    return;
  Judgement judgement;
  judge_objects(Evidence(scenario, explained->repetition, settings), judgement);
  for (auto& finding : judgement.findings) {
    finding.verdict = Verdict::over_threshold;
    findings.push_back(std::move(finding));
  }
}

void judge_objects(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.objects_growth;
  const auto* const type = most_grown_type(evidence.repetition);
  // Where types were not counted there is nothing to say, and nothing wrong.
  if (!limit || type == nullptr || growth_of(*type) <= *limit) return;
  const auto others =
      std::ranges::count_if(evidence.repetition.types, [&](const auto& one) { return growth_of(one) > *limit; }) - 1;
  auto message = fmt::format("{} more {} {} than at the baseline (limit {})", growth_of(*type), things(*type),
                             type->name, *limit);
  if (others > 0) message += fmt::format(", and of {} other type{}", others, others == 1 ? "" : "s");
  judgement.add(verdict_of(evidence, *type),
                {"objects", static_cast<double>(growth_of(*type)), static_cast<double>(*limit), std::move(message)});
}

}  // namespace soak::verdict
