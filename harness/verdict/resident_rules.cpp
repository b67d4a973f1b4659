// Resident memory and address space: the second witness. It exceeds a threshold; it never proves a leak alone.
#include <fmt/format.h>

#include <algorithm>

#include "base/units.hpp"
#include "verdict/evidence.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

std::string bytes(std::int64_t value) { return format_bytes(static_cast<double>(value)); }

Finding finding(const char* kind, std::int64_t value, std::int64_t limit, std::string message) {
  return {kind, static_cast<double>(value), static_cast<double>(limit), std::move(message)};
}

std::string around_trim(const record::Repetition& repetition) {
  const auto& before = repetition.rss_before_trim_bytes;
  const auto& after = repetition.rss_after_trim_bytes;
  if (!before || !after) return {};
  return fmt::format("; {} resident before malloc_trim, {} after", bytes(*before), bytes(*after));
}

bool makes_most_of(std::optional<std::int64_t> part, std::int64_t growth) { return part.value_or(0) > growth / 2; }

// What grows in resident memory besides live heap, as far as other readings tell. After a trim the allocator keeps
// what lies between live blocks only; without one it may keep all that was freed.
std::string what_it_may_be(const Evidence& evidence, std::int64_t growth) {
  const auto own = evidence.growth(&Checkpoint::uss_bytes);
  if (own && !makes_most_of(own, growth)) return "pages of files or of shared memory";
  if (evidence.growth(&Checkpoint::threads).value_or(0) > 0) return "stacks of threads, or fragmentation of the heap";
  const auto address_space = evidence.growth(&Checkpoint::vms_bytes);
  if (address_space && !makes_most_of(address_space, growth))
    return "pages that were mapped before and are used only now: the allocator's, of stacks, of files";
  return evidence.repetition.rss_after_trim_bytes ? "fragmentation of the heap, or mappings outside it"
                                                  : "memory that the allocator keeps, or mappings outside the heap";
}

// Growth of the heap that benchmarks.toml expects is resident as well, and left aside.
std::string limit_text(const Evidence& evidence, std::int64_t limit) {
  const auto expected = evidence.expected_heap_growth();
  return expected == 0 ? fmt::format("limit {}", bytes(limit))
                       : fmt::format("limit {}, and {} of live heap were expected", bytes(limit), bytes(expected));
}

std::string beside_resident(const Evidence& evidence, std::int64_t growth) {
  if (const auto heap = evidence.growth(&Checkpoint::heap_bytes)) return beside_live_heap(evidence, growth, *heap);
  return "; live heap was not counted, so that whether it leaks is not known";
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
                                    beside_resident(evidence, *growth))));
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

// Where the live heap explains less than half of it, the reader should not search for a forgotten delete.
std::string beside_live_heap(const Evidence& evidence, std::int64_t growth, std::int64_t heap) {
  if (makes_most_of(heap, growth)) return fmt::format("; live heap grew {} of it", bytes(std::min(heap, growth)));
  return fmt::format(" while live heap grew {}: {}{}", bytes(std::max<std::int64_t>(heap, 0)),
                     what_it_may_be(evidence, growth), around_trim(evidence.repetition));
}

void judge_resident(const Evidence& evidence, Judgement& judgement) {
  judge_final_growth(evidence, judgement);
  judge_peak_growth(evidence, judgement);
  judge_peak_rss(evidence, judgement);
  judge_address_space(evidence, judgement);
}

}  // namespace soak::verdict
