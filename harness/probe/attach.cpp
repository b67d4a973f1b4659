// Sets the region up when the probe is loaded, before the program's own constructors and long before main.
//
// SOAK_PROBE=off|counters says what to do, SOAK_REGION=FILE where to leave it. A program that the measured process
// starts inherits both: the region belongs to the process that took it first, as long as that lives; another one
// counts into memory of its own, which nobody reads.
#include "probe/attach.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/counters.hpp"
#include "probe/os_figures.hpp"
#ifndef SOAK_PROBE_WITHOUT_HOOKS
#include "probe/next_allocator.hpp"
#endif

namespace soak::probe {
namespace {

constinit bool off = false;

template <std::size_t size>
void copy_text(char (&to)[size], const char* from) noexcept {
  strncpy(to, from, size - 1);
  to[size - 1] = '\0';
}

std::uint64_t rounded_up(std::uint64_t bytes, std::uint64_t unit) noexcept {
  return (bytes + unit - 1) / unit * unit;
}

template <typename Entry>
void place_section(RegionHeader& region, SectionId id, std::uint32_t capacity, std::uint64_t& end) noexcept {
  region.sections[static_cast<std::size_t>(id)] = {end, sizeof(Entry), capacity};
  end += rounded_up(sizeof(Entry) * capacity, 64);
}

std::uint64_t region_bytes() noexcept {
  return rounded_up(rounded_up(sizeof(RegionHeader), 64) + sizeof(ThreadSlot) * thread_slot_capacity +
                        rounded_up(sizeof(Reading) * reading_capacity, 64),
                    static_cast<std::uint64_t>(getpagesize()));
}

void* map_region(int file, std::uint64_t bytes) noexcept {
  const int sharing = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  // Populated: pages that come later would look like growth.
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, sharing | MAP_POPULATE, file, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

/// True when this process now owns the region: nobody did, it is ours from before an exec, or its owner is gone.
bool claim(RegionHeader& region) noexcept {
  auto owner = region.owner_pid.load();
  const auto self = static_cast<std::int32_t>(getpid());
  while (owner != self) {
    const bool owner_lives = owner != 0 && (kill(owner, 0) == 0 || errno != ESRCH);
    if (owner_lives) return false;
    if (region.owner_pid.compare_exchange_strong(owner, self)) break;
  }
  return true;
}

/// A file mapped while the disk is full would kill the process at its first write; blocks are taken beforehand.
RegionHeader* map_file(const char* path, std::uint64_t bytes) noexcept {
  const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return nullptr;
  auto* const region = posix_fallocate(file, 0, static_cast<off_t>(bytes)) == 0
                           ? static_cast<RegionHeader*>(map_region(file, bytes))
                           : nullptr;
  close(file);
  if (region == nullptr) return nullptr;
  if (claim(*region)) return region;
  munmap(region, bytes);
  return nullptr;
}

void lay_out(RegionHeader& region, std::uint64_t bytes) noexcept {
  const auto execs = region.magic == region_magic ? region.exec_count.load() + 1 : 0;
  const auto owner = static_cast<std::int32_t>(getpid());
  memset(static_cast<void*>(&region), 0, bytes);
  region.owner_pid = owner;
  region.exec_count = execs;
  region.version = region_version;
  region.header_bytes = sizeof(RegionHeader);
  region.total_bytes = bytes;
  region.page_bytes = static_cast<std::uint64_t>(getpagesize());
  region.planned_iterations = absent;
  auto end = rounded_up(sizeof(RegionHeader), 64);
  place_section<ThreadSlot>(region, SectionId::thread_slots, thread_slot_capacity, end);
  place_section<Reading>(region, SectionId::readings, reading_capacity, end);
  copy_text(region.mode, "counters");
  region.state = ProcessState::running;
  __atomic_store_n(&region.magic, region_magic, __ATOMIC_RELEASE);
}

/// Where another library or the program itself defines malloc before us, we see no allocation: said, not guessed.
void prove_heap_is_counted(RegionHeader& region) noexcept {
#ifdef SOAK_PROBE_WITHOUT_HOOKS
  copy_text(region.heap_unavailable, "a sanitizer keeps malloc to itself in this build");
#else
  copy_text(region.allocator, next_allocator_name());
  const auto before = read_heap(region).allocations;
  void* volatile canary = malloc(1);
  free(canary);
  region.heap_is_counted = read_heap(region).allocations > before ? 1 : 0;
  if (region.heap_is_counted == 0)
    copy_text(region.heap_unavailable, "malloc does not run through the probe: another definition comes before it");
#endif
}

void attach() noexcept {
  const auto bytes = region_bytes();
  const char* const path = getenv("SOAK_REGION");
  RegionHeader* region = path == nullptr || *path == '\0' ? nullptr : map_file(path, bytes);
  if (region == nullptr) region = static_cast<RegionHeader*>(map_region(-1, bytes));
  if (region == nullptr) return;
  lay_out(*region, bytes);
  madvise(&attached, sizeof(attached), MADV_WIPEONFORK);
  watch_thread_ends();
  open_os_figures();
  attached.region = region;
  move_early_counts(*region);
  prove_heap_is_counted(*region);
}

__attribute__((constructor(101))) void on_load() noexcept {
  const char* const mode = getenv("SOAK_PROBE");
  off = mode != nullptr && strcmp(mode, "off") == 0;
  const int saved_errno = errno;
  if (!off) attach();
  errno = saved_errno;
}

}  // namespace

bool is_off() noexcept { return off; }

}  // namespace soak::probe
