// What this process holds at one instant. A plain value: copy it, compare it, print it.
#pragma once

#include <cstdint>
#include <optional>

namespace soak {

/// Open file descriptors of this process, by what they stand for.
struct OpenFiles {
  std::int64_t total = 0;
  std::int64_t files = 0;  ///< Regular files, directories and devices.
  std::int64_t sockets = 0;
  std::int64_t pipes = 0;  ///< Pipes and FIFOs.
  std::int64_t other = 0;  ///< eventfd, epoll, timerfd, memfd and their like.
};

/// A field without a value was not measured: that is not zero. Bytes are bytes, never pages or KiB.
struct MemorySnapshot {
  std::int64_t resident_bytes = 0;                 ///< RSS: pages in RAM. Fragmentation grows it as well as leaks.
  std::int64_t virtual_bytes = 0;                  ///< VMS: address space mapped.
  std::int64_t peak_resident_bytes = 0;            ///< VmHWM: highest RSS since the last reset_peak_resident().
  std::optional<std::int64_t> proportional_bytes;  ///< PSS. Detailed snapshots only.
  std::optional<std::int64_t> unique_bytes;        ///< USS. Detailed snapshots only.

  std::optional<std::int64_t> heap_bytes;   ///< What the allocator holds for live blocks. Empty without the probe.
  std::optional<std::int64_t> heap_blocks;  ///< Live blocks.
  std::optional<std::int64_t> heap_peak_bytes;  ///< Highest heap_bytes; see docs/architecture.md for its bound.
  std::optional<std::int64_t> allocations;      ///< Blocks handed out since the process began.
  std::optional<std::int64_t> frees;            ///< Blocks given back since the process began.

  std::int64_t open_file_count = 0;
  std::optional<OpenFiles> open_files;  ///< By kind. Detailed snapshots only.
  std::int64_t threads = 0;
  std::optional<std::int64_t> joinable_threads;  ///< Created, neither joined nor detached; running or ended.
  std::int64_t children = 0;                     ///< Child processes not waited for, zombies among them.
  std::int64_t zombies = 0;                      ///< Children that have ended.

  double cpu_seconds = 0;      ///< Processor time of all threads since the process began.
  double elapsed_seconds = 0;  ///< On the monotonic clock; only differences mean something.
};

enum class SnapshotDepth {
  brief,     ///< Microseconds, at any size of the process.
  detailed,  ///< Adds PSS, USS and descriptors by kind: milliseconds where gigabytes are resident.
};

/// Any thread may call this. Allocates nothing: measuring must not look like a leak.
[[nodiscard]] MemorySnapshot take_memory_snapshot(SnapshotDepth depth = SnapshotDepth::brief) noexcept;

/// Makes peak_resident_bytes start again from the current RSS (writes 5 to /proc/self/clear_refs, proc(5)).
/// False where the kernel refuses it: the peak is then that of the whole process.
bool reset_peak_resident() noexcept;

/// Processor use between two snapshots, in percent of one processor; 250 is two and a half. 0 where no time passed.
[[nodiscard]] double cpu_percent(const MemorySnapshot& earlier, const MemorySnapshot& later) noexcept;

}  // namespace soak
