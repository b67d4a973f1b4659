// What <soak/soak.h> calls: checkpoints by iteration in a loop of any program, whose length nobody knows beforehand.
//
// The loop is divided into cells of `stride` iterations, and each has one checkpoint at a place of its own: jitter,
// so that periodic work cannot alias. When as many as are kept are taken, every other is dropped and the cells become
// twice as long.
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <atomic>

#include "probe/counters.hpp"
#include "probe/os_figures.hpp"
#include "probe/probe.hpp"

using namespace soak;
using namespace soak::probe;

namespace {

constexpr std::uint32_t most_intervals = 128;

constinit std::atomic<std::int64_t> next_checkpoint{0};
constinit std::atomic_flag taking;
// Of the one thread that has `taking`.
constinit std::int64_t stride = 1;
constinit std::uint32_t intervals = 0;
constinit std::int64_t loop_began_ns = 0, measuring_ns = 0;

layout::RegionHeader* own_region() noexcept {
  auto* const region = attached.region;
  return region != nullptr && region->owner_pid.load(std::memory_order_relaxed) == getpid() ? region : nullptr;
}

/// Somewhere in the cell: the same for the same cell of the same stride (splitmix64).
std::int64_t place_in_cell(std::int64_t cell) noexcept {
  auto bits = static_cast<std::uint64_t>(cell) * 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits ^= bits >> 27;
  return cell * stride + static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(stride));
}

/// Keeps the baseline, what is labelled, and every other interval.
void drop_every_other(layout::RegionHeader& region) noexcept {
  auto* const readings = layout::section_begin<layout::Reading>(region, layout::SectionId::readings);
  const auto count = region.reading_count.load();
  std::uint32_t kept = 0, seen = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (readings[i].kind == layout::ReadingKind::interval && ++seen % 2 == 1) continue;
    if (kept != i) memmove(static_cast<void*>(&readings[kept]), &readings[i], sizeof(layout::Reading));
    ++kept;
  }
  region.reading_count.store(kept, std::memory_order_release);
  intervals -= (intervals + 1) / 2;
  stride *= 2;
}

void keep(layout::ReadingKind kind, std::int64_t iteration, const char* label) noexcept {
  const auto began = monotonic_ns();
  layout::Reading reading;
  reading.kind = kind;
  reading.iteration = iteration;
  reading.elapsed_ns = kind == layout::ReadingKind::baseline ? 0 : began - loop_began_ns - measuring_ns;
  if (label != nullptr) {
    auto size = strnlen(label, sizeof(reading.label) - 1);
    if (label[size] != '\0')
      while (size > 0 && (static_cast<unsigned char>(label[size]) & 0xc0) == 0x80) --size;
    memcpy(reading.label, label, size);
  }
  soak_probe_read(&reading, false);
  soak_probe_keep(&reading);
  measuring_ns += monotonic_ns() - began;
}

void begin_loop() noexcept {
  soak_probe_begin_pass(layout::absent);
  soak_probe_reset_peak();
  stride = 1;
  intervals = 0;
  loop_began_ns = monotonic_ns();
  measuring_ns = 0;
  keep(layout::ReadingKind::baseline, 0, nullptr);
}

void take_checkpoint(layout::RegionHeader& region, std::int64_t iteration) noexcept {
  if (iteration == 0) {
    begin_loop();
  } else {
    keep(layout::ReadingKind::interval, iteration, nullptr);
    if (++intervals == most_intervals) drop_every_other(region);
  }
  const auto cell = iteration / stride;
  const auto here = place_in_cell(cell);
  next_checkpoint.store(here > iteration ? here : place_in_cell(cell + 1));
}

struct IgnoredFrom {
  std::int64_t depth, bytes, blocks;
};
constinit thread_local IgnoredFrom ignored_from{};

std::int64_t own_bytes() noexcept {
  return own_slot == nullptr ? 0 : own_slot->live_bytes + own_slot->uncarried_bytes;
}
std::int64_t own_blocks() noexcept { return own_slot == nullptr ? 0 : own_slot->allocations - own_slot->frees; }

}  // namespace

SOAK_PROBE_API void soak_probe_iteration() noexcept {
  auto* const region = own_region();
  if (region == nullptr) return;
  const auto iteration = region->iterations_counted.fetch_add(1, std::memory_order_relaxed);
  if (iteration < next_checkpoint.load(std::memory_order_relaxed) || taking.test_and_set(std::memory_order_acquire))
    return;
  if (iteration >= next_checkpoint.load(std::memory_order_relaxed)) take_checkpoint(*region, iteration);
  taking.clear(std::memory_order_release);
}

SOAK_PROBE_API void soak_probe_checkpoint(const char* label) noexcept {
  auto* const region = own_region();
  if (region == nullptr || label == nullptr || taking.test_and_set(std::memory_order_acquire)) return;
  const auto begun = region->iterations_counted.load(std::memory_order_relaxed);
  keep(layout::ReadingKind::labelled, begun > 0 ? begun - 1 : 0, label);
  taking.clear(std::memory_order_release);
}

SOAK_PROBE_API void soak_probe_ignore_begin() noexcept {
  if (ignored_from.depth++ == 0) {
    ignored_from.bytes = own_bytes();
    ignored_from.blocks = own_blocks();
  }
}

SOAK_PROBE_API void soak_probe_ignore_end() noexcept {
  auto* const region = attached.region;
  if (region == nullptr || ignored_from.depth == 0 || --ignored_from.depth > 0) return;
  region->ignored_bytes.fetch_add(own_bytes() - ignored_from.bytes, std::memory_order_relaxed);
  region->ignored_blocks.fetch_add(own_blocks() - ignored_from.blocks, std::memory_order_relaxed);
}
