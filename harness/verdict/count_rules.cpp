// What leaks without a byte of heap: descriptors, threads, child processes.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/evidence.hpp"

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

// Growth at every look, or through the windows after warm-up: a leak. Once, and never again: beyond the limit, no
// more.
Verdict verdict_of_growth(const Evidence& evidence, Reading reading) {
  const auto series = evidence.growing_series(reading);
  const auto end = series.empty() ? 0 : series.back().iteration;
  const auto windowed = growth_over_windows(from_iteration(series, std::min(evidence.warm_up, end / 2)));
  const bool leaks = (windowed && windowed->rises()) || rises_steadily(series);
  return leaks ? Verdict::leak : Verdict::over_threshold;
}

void add(const Evidence& evidence, Reading reading, const char* kind, std::int64_t limit, const std::string& message,
         Judgement& judgement) {
  const auto growth = static_cast<double>(*evidence.growth(reading));
  judgement.add(verdict_of_growth(evidence, reading), {kind, growth, static_cast<double>(limit), message});
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

}  // namespace soak::verdict
