// The shared memory region: all that the probe knows, in a file that outlives the measured process.
//
// The probe maps it shared and writes plain 64-bit numbers; the runner maps it read-only, while the child runs or
// after it was killed. Without SOAK_REGION the same layout lies in anonymous memory. Every part is found through the
// section table, so that parts can be added without moving others; a part that an older probe did not write has size
// 0.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace soak::layout {

inline constexpr std::uint64_t region_magic = 0x314e474552414f53;  // "SOAREGN1", little endian
inline constexpr std::uint32_t region_version = 2;

/// Not measured; never the same as 0.
inline constexpr std::int64_t absent = INT64_MIN;

/// What one thread did. One thread writes to a slot at a time, without locks; a slot whose thread ended goes on to
/// the next thread with its counts, so that the sum over all slots is the process's. Two cache lines each: processors
/// fetch them in pairs.
struct alignas(128) ThreadSlot {
  std::int64_t allocations = 0;
  std::int64_t frees = 0;
  /// Allocated minus freed by this slot's threads, in two parts that are added up: small blocks go to the short one,
  /// which is carried over in steps of peak_step_bytes. Negative where others allocated.
  std::int64_t live_bytes = 0;
  std::int16_t uncarried_bytes = 0;
  std::atomic<std::int32_t> owner_tid{0};  ///< 0: free to take.
};
static_assert(sizeof(ThreadSlot) == 128);

/// `ended` is taken when main returns or exit is called, before static destructors and atexit handlers run: they free
/// the global caches and logs that are the growth looked for. `started` is taken before main begins.
enum class ReadingKind : std::uint32_t { snapshot, baseline, interval, labelled, final, ended, started };

/// One reading of the process, brief or detailed. Bytes, counts, nanoseconds of the monotonic clock; `absent` where
/// not measured. The probe's own pages and descriptors are already taken off.
struct Reading {
  ReadingKind kind = ReadingKind::snapshot;
  std::uint32_t reserved = 0;
  std::int64_t iteration = absent;
  std::int64_t monotonic_ns = absent;  ///< When it was taken.
  std::int64_t elapsed_ns = absent;    ///< Of the loop, measuring left out.
  std::int64_t cpu_ns = absent;        ///< Processor time of the process.
  std::int64_t resident_bytes = absent, virtual_bytes = absent, peak_resident_bytes = absent;
  std::int64_t proportional_bytes = absent, unique_bytes = absent;
  std::int64_t resident_before_trim_bytes = absent;
  std::int64_t heap_bytes = absent, heap_blocks = absent, heap_peak_bytes = absent;
  std::int64_t allocations = absent, frees = absent;
  std::int64_t open_files = absent, open_regular_files = absent, open_sockets = absent, open_pipes = absent,
               open_others = absent;
  std::int64_t preemptions = absent;  ///< How often others took the processor from the main thread, since it began.
  std::int64_t threads = absent, joinable_threads = absent, children = absent, zombies = absent;
  char label[64] = {};  ///< Zero-terminated UTF-8, cut at a character's boundary.
};
static_assert(sizeof(Reading) == 272);

struct Section {
  std::uint64_t offset = 0;  ///< From the region's start; a multiple of 128.
  std::uint32_t entry_bytes = 0;
  std::uint32_t capacity = 0;  ///< Entries there is room for; 0: the part is not there.
};

/// The parts of the region. Those of call sites are described in sites/region_layout.hpp, those of types in
/// types/region_layout.hpp.
enum class SectionId : std::uint32_t {
  thread_slots,
  readings,
  sites,
  frames,
  types,
  type_names,
  modules,
  site_history,
  site_header,
  site_counters,
  site_checkpoints,
  type_header,
  type_checkpoints,
  type_points,
  typed_sites
};
inline constexpr std::size_t max_sections = 16;

enum class ProcessState : std::uint32_t { none, running, ended };

struct RegionHeader {
  std::uint64_t magic = 0;  ///< Written last when the region is set up: a reader that finds it finds the rest.
  std::uint32_t version = 0;
  std::uint32_t header_bytes = 0;
  std::uint64_t total_bytes = 0;
  std::uint64_t page_bytes = 0;
  std::atomic<std::int32_t> owner_pid{0};
  std::atomic<ProcessState> state{ProcessState::none};
  std::atomic<std::uint32_t> exec_count{0};  ///< How often the process replaced its image by exec since.
  std::uint32_t heap_is_counted = 0;  ///< 1 where the malloc family runs through the probe (proven by a canary).
  char heap_unavailable[96] = {};     ///< Why not; empty where it is counted.
  char allocator[64] = {};            ///< The next allocator: glibc, jemalloc, tcmalloc, mimalloc, or its file.
  char mode[16] = {};                 ///< counters or sites.

  std::atomic<std::int64_t> carried_bytes{0};  ///< The sum of all ThreadSlot::live_bytes; see peak_step_bytes.
  std::atomic<std::int64_t> peak_bytes{0};
  ThreadSlot overflow;  ///< Shared by threads that found no free slot or are being torn down; atomic additions.
  std::atomic<std::int64_t> joinable_threads{0};  ///< Created joinable, neither joined nor detached so far.
  std::atomic<std::int64_t> foreign_frees{0};     ///< Frees of blocks that the probe never saw.

  std::int64_t planned_iterations = absent;
  std::atomic<std::uint32_t> reading_count{0};
  std::atomic<std::uint32_t> labelled_count{0};
  std::atomic<std::uint32_t> readings_dropped{0};
  std::atomic<std::uint32_t> pass{0};  ///< Loops begun; readings are those of the last.
  Section sections[max_sections];

  /// Which of all processes that had this number: clock ticks from boot to its start (proc(5), stat).
  std::int64_t owner_start_ticks = absent;
  Reading end_reading;    ///< Heap, open files and resident memory; valid once `state` is ended.
  Reading start_reading;  ///< Heap and open files; valid where its kind is `started`.
  /// Calls of soak_iteration() in this process; see include/soak/soak.h.
  std::atomic<std::int64_t> iterations_counted{0};
  /// What threads had allocated and kept between soak_ignore_begin() and soak_ignore_end(): left out of every
  /// reading.
  std::atomic<std::int64_t> ignored_bytes{0}, ignored_blocks{0};

  /// Live heap around a scenario of one thread, before it is set up and after it is torn down. The fixture writes it.
  std::int64_t heap_before_setup_bytes = absent, heap_after_teardown_bytes = absent;
  std::uint32_t is_fixed = 0;  ///< 1: the scenario says that it cannot be scaled. The fixture writes it too.
};

/// peak_bytes is the highest sum of what threads had carried, so it is at most this much a slot in use too low or too
/// high. Every reading lifts it to at least what is alive then.
inline constexpr std::int64_t peak_step_bytes = 32 * 1024;

inline constexpr std::uint32_t thread_slot_capacity = 512;
inline constexpr std::uint32_t reading_capacity = 1536;
inline constexpr std::uint32_t labelled_capacity = 256;

/// Where nothing is written before it is needed, in pages; empty where call sites are off. All else is resident from
/// the start: pages that come later would look like growth.
struct LatePart {
  std::uint64_t offset = 0, bytes = 0;
};
inline LatePart late_part(const RegionHeader& region) noexcept {
  const auto& first = region.sections[static_cast<std::size_t>(SectionId::sites)];
  return first.capacity == 0 ? LatePart{region.total_bytes, 0}
                             : LatePart{first.offset, region.total_bytes - first.offset};
}

template <typename Entry>
Entry* section_begin(RegionHeader& region, SectionId id) {
  const auto& section = region.sections[static_cast<std::size_t>(id)];
  return section.capacity == 0 ? nullptr
                               : reinterpret_cast<Entry*>(reinterpret_cast<std::byte*>(&region) + section.offset);
}

}  // namespace soak::layout
