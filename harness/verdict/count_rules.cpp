#include "verdict/count_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/growth_in_run.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

// What a process may open ends; a leak that got there is flat from then on, and what it opens after that fails.
std::string where_it_ended(const Evidence& evidence) {
  const auto* const full = evidence.full_of_descriptors();
  if (full == nullptr) return {};
  return fmt::format(
      "; at iteration {} it had nearly all of the {} that a process may have (ulimit -n), after which "
      "opening fails (EMFILE)",
      full->iteration, *evidence.repetition.open_files_limit);
}

// What keeps pace leaks; what has stopped is beyond its limit, no more.
Verdict verdict_of_growth(const Series& series) {
  return keeps_pace(growth_in_run(series, Reader::exact).shape) ? Verdict::leak : Verdict::over_threshold;
}

void add(const Evidence& evidence, Reading reading, const char* kind, std::int64_t limit, const std::string& message,
         Judgement& judgement) {
  const auto growth = static_cast<double>(*evidence.growth(reading));
  judgement.add(verdict_of_growth(evidence.growing_series(reading)),
                {kind, growth, static_cast<double>(limit), message});
}

std::string kind_of_descriptors(const Evidence& evidence) {
  std::string kinds;
  for (const auto& [name, reading] : {std::pair{"files", &Checkpoint::open_regular_files},
                                      {"sockets", &Checkpoint::open_sockets},
                                      {"pipes", &Checkpoint::open_pipes},
                                      {"others", &Checkpoint::open_others}})
    if (const auto growth = evidence.growth(reading); growth && *growth > 0)
      kinds += fmt::format("{}{} {}", kinds.empty() ? ": " : ", ", *growth, name);
  return kinds;
}

void judge_open_files(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.open_files_growth;
  if (!limit) return;
  const auto growth = evidence.growth(&Checkpoint::open_files);
  if (!growth) return judgement.add_missing("open files were not counted, so their growth cannot be judged");
  if (*growth > *limit)
    add(evidence, &Checkpoint::open_files, "open_files", *limit,
        fmt::format("{} more file descriptors are open than at the baseline (limit {}){}{}", *growth, *limit,
                    kind_of_descriptors(evidence), where_it_ended(evidence)),
        judgement);
}

// A thread that ended without being joined shows only where threads are counted by their creation.
void judge_threads(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.threads_growth;
  if (!limit) return;
  const auto running = evidence.growth(&Checkpoint::threads);
  const auto unjoined = evidence.growth(&Checkpoint::joinable_threads);
  if (!running && !unjoined)
    return judgement.add_missing("threads were not counted, so their growth cannot be judged");
  if (unjoined && *unjoined > *limit && *unjoined >= running.value_or(0))
    add(evidence, &Checkpoint::joinable_threads, "threads", *limit,
        fmt::format("{} more threads than at the baseline were neither joined nor detached (limit {})", *unjoined,
                    *limit),
        judgement);
  else if (running && *running > *limit)
    add(evidence, &Checkpoint::threads, "threads", *limit,
        fmt::format("{} more threads are running than at the baseline (limit {})", *running, *limit), judgement);
}

void judge_children(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.children_growth;
  if (!limit) return;
  const auto growth = evidence.growth(&Checkpoint::children);
  if (!growth) return judgement.add_missing("child processes were not counted, so their growth cannot be judged");
  if (*growth <= *limit) return;
  const auto zombies = evidence.last->zombies.value_or(0);
  const auto ended = zombies == 0 ? "" : fmt::format("; {} have ended and were never waited for", zombies);
  add(evidence, &Checkpoint::children, "children", *limit,
      fmt::format("{} more child processes than at the baseline (limit {}){}", *growth, *limit, ended), judgement);
}

// ---- objects ----

using record::LiveType;
using record::TypeSource;

std::int64_t objects_grown(const LiveType& type) {
  return type.history.empty() ? 0 : type.history.back().count - type.history.front().count;
}

// What counts itself says how many objects there are; a block may hold many.
const char* things(const LiveType& type) { return type.source == TypeSource::frames ? "blocks of" : "objects of"; }

// Only classes that count themselves are counted all along; the others at both ends.
Series series_of(const LiveType& type) {
  Series series;
  for (const auto& point : type.history) series.push_back({point.iteration, point.count});
  std::ranges::stable_sort(series, {}, &Sample::iteration);
  return series;
}

}  // namespace

void judge_descriptor_limit(const Evidence& evidence, Judgement& judgement) {
  if (evidence.full_of_descriptors() != nullptr && evidence.growth(&Checkpoint::open_files))
    judge_open_files(evidence, judgement);
}

void judge_counts(const Evidence& evidence, Judgement& judgement) {
  judge_open_files(evidence, judgement);
  judge_threads(evidence, judgement);
  judge_children(evidence, judgement);
}

const LiveType* most_grown_type(const record::Repetition& repetition) {
  const auto most = std::ranges::max_element(repetition.types, {}, objects_grown);
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
  if (!limit || type == nullptr || objects_grown(*type) <= *limit) return;
  const auto others =
      std::ranges::count_if(evidence.repetition.types, [&](const auto& one) { return objects_grown(one) > *limit; }) -
      1;
  auto message = fmt::format("{} more {} {} than at the baseline (limit {})", objects_grown(*type), things(*type),
                             type->name, *limit);
  if (others > 0) message += fmt::format(", and of {} other type{}", others, others == 1 ? "" : "s");
  judgement.add(verdict_of_growth(series_of(*type)), {"objects", static_cast<double>(objects_grown(*type)),
                                                      static_cast<double>(*limit), std::move(message)});
}

}  // namespace soak::verdict
