// What leaks without a byte of heap: descriptors, threads, child processes.
#include <fmt/format.h>

#include "verdict/evidence.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

// Growth at every look, or through the windows after warm-up: a leak. Once, and never again: beyond the limit, no
// more.
Verdict verdict_of_growth(const Evidence& evidence, Reading reading) {
  const auto windowed = evidence.windowed(reading);
  const bool leaks = (windowed && windowed->rises()) || rises_steadily(evidence.series(reading));
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
        fmt::format("{} more file descriptors are open than at the baseline (limit {}){}", *growth, *limit,
                    kind_of_descriptors(evidence)),
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

void judge_counts(const Evidence& evidence, Judgement& judgement) {
  judge_open_files(evidence, judgement);
  judge_threads(evidence, judgement);
  judge_children(evidence, judgement);
}

}  // namespace soak::verdict
