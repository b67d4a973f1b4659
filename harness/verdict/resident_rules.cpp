// Resident memory and address space: the second witness. It exceeds a threshold; it never proves a leak alone.
#include <fmt/format.h>

#include "config/units.hpp"
#include "verdict/evidence.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

std::string bytes(std::int64_t value) { return config::format_bytes(static_cast<double>(value)); }

Finding finding(const char* kind, std::int64_t value, std::int64_t limit, std::string message) {
  return {kind, static_cast<double>(value), static_cast<double>(limit), std::move(message)};
}

std::string around_trim(const record::Repetition& repetition) {
  const auto& before = repetition.rss_before_trim_bytes;
  const auto& after = repetition.rss_after_trim_bytes;
  if (!before || !after) return {};
  return fmt::format("; {} resident before malloc_trim, {} after", bytes(*before), bytes(*after));
}

// Where the live heap explains less than half of it, the reader should not search for a forgotten delete.
std::string without_live_heap(const Evidence& evidence, std::int64_t resident_growth) {
  const auto heap = evidence.growth(&Checkpoint::heap_bytes);
  if (!heap || *heap > resident_growth / 2) return {};
  return fmt::format(
      " while live heap grew {}: fragmentation, memory that the allocator keeps, or memory outside the heap{}",
      bytes(*heap), around_trim(evidence.repetition));
}

// Growth of the heap that benchmarks.toml expects is resident as well, and left aside.
std::string limit_text(const Evidence& evidence, std::int64_t limit) {
  const auto expected = evidence.expected_heap_growth();
  return expected == 0 ? fmt::format("limit {}", bytes(limit))
                       : fmt::format("limit {}, and {} of live heap were expected", bytes(limit), bytes(expected));
}

void judge_final_growth(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.final_growth_bytes;
  if (!limit) return;
  const auto growth = evidence.growth(&Checkpoint::rss_bytes);
  if (!growth) return judgement.add_missing("resident memory was not measured, so its growth cannot be judged");
  if (*growth - evidence.expected_heap_growth() <= *limit) return;
  judgement.add(Verdict::over_threshold,
                finding("final_growth", *growth, *limit,
                        fmt::format("resident memory grew {} ({}){}", bytes(*growth), limit_text(evidence, *limit),
                                    without_live_heap(evidence, *growth))));
}

void judge_peak_growth(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.peak_growth_bytes;
  if (!limit) return;
  const auto peak = evidence.peak_rss_bytes();
  if (!peak || !evidence.baseline->rss_bytes)
    return judgement.add_missing("resident memory was not measured, so its peak cannot be judged");
  const auto growth = *peak - *evidence.baseline->rss_bytes;
  if (growth - evidence.expected_heap_growth() <= *limit) return;
  judgement.add(Verdict::over_threshold, finding("peak_growth", growth, *limit,
                                                 fmt::format("resident memory peaked {} above the baseline ({})",
                                                             bytes(growth), limit_text(evidence, *limit))));
}

void judge_peak_rss(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.peak_rss_bytes;
  if (!limit) return;
  const auto peak = evidence.peak_rss_bytes();
  if (!peak) return judgement.add_missing("resident memory was not measured, so its peak cannot be judged");
  if (*peak <= *limit) return;
  judgement.add(Verdict::over_threshold,
                finding("peak_rss", *peak, *limit,
                        fmt::format("resident memory peaked at {} (limit {})", bytes(*peak), bytes(*limit))));
}

void judge_address_space(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.vms_growth_bytes;
  if (!limit) return;
  const auto growth = evidence.growth(&Checkpoint::vms_bytes);
  if (!growth) return judgement.add_missing("address space was not measured, so its growth cannot be judged");
  if (*growth <= *limit) return;
  judgement.add(
      Verdict::over_threshold,
      finding("mappings", *growth, *limit,
              fmt::format("address space grew {} (limit {}): mappings or stacks of threads that were not given back",
                          bytes(*growth), bytes(*limit))));
}

}  // namespace

void judge_resident(const Evidence& evidence, Judgement& judgement) {
  judge_final_growth(evidence, judgement);
  judge_peak_growth(evidence, judgement);
  judge_peak_rss(evidence, judgement);
  judge_address_space(evidence, judgement);
}

}  // namespace soak::verdict
