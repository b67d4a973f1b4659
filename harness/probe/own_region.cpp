#include "probe/own_region.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "probe/os_figures.hpp"
#include "region/layout/site_layout.hpp"
#include "region/layout/type_layout.hpp"

namespace soak::probe {

Claim claim(layout::RegionHeader& region, int file) noexcept {
  const bool held_by_another = file >= 0 && flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const auto pid = static_cast<std::int32_t>(getpid());
  const auto start_ticks = read_process_stat(pid).start_ticks;
  // Asked first: what is left of the image before exec may hold the lock for another moment.
  if (region.owner_pid == pid && region.owner_start_ticks == start_ticks) return Claim::after_exec;
  if (held_by_another) return Claim::refused;
  region.owner_pid = pid;
  region.owner_start_ticks = start_ticks;
  return Claim::fresh;
}

namespace {

constexpr std::uint64_t section_alignment = 128;

std::uint64_t rounded_up(std::uint64_t bytes, std::uint64_t unit) noexcept {
  return (bytes + unit - 1) / unit * unit;
}

template <typename Entry>
void place_section(layout::RegionHeader& region, layout::SectionId id, std::uint32_t capacity,
                   std::uint64_t& end) noexcept {
  region.sections[static_cast<std::size_t>(id)] = {end, sizeof(Entry), capacity};
  end += rounded_up(sizeof(Entry) * capacity, section_alignment);
}

constinit bool has_sites = false;

void place_types(layout::RegionHeader& region, const layout::TypeCapacities& room, std::uint64_t& end) noexcept {
  place_section<layout::TypesHeader>(region, layout::SectionId::type_header, 1, end);
  place_section<layout::TypeEntry>(region, layout::SectionId::types, room.types, end);
  place_section<char>(region, layout::SectionId::type_names, room.name_bytes, end);
  place_section<layout::TypeCheckpoint>(region, layout::SectionId::type_checkpoints, room.checkpoints, end);
  place_section<layout::TypePoint>(region, layout::SectionId::type_points, room.checkpoints * room.types, end);
}

void place_sites(layout::RegionHeader& region, std::uint64_t& end) noexcept {
  place_section<layout::SitesHeader>(region, layout::SectionId::site_header, 1, end);
  end = rounded_up(end, static_cast<std::uint64_t>(getpagesize()));  // see late_part()
  place_section<layout::Site>(region, layout::SectionId::sites, layout::site_capacity, end);
  place_section<std::uint64_t>(region, layout::SectionId::frames, layout::frame_capacity, end);
  place_section<layout::SiteCounters>(region, layout::SectionId::site_counters,
                                      layout::site_table_count * layout::site_capacity, end);
  place_section<layout::SiteCheckpoint>(region, layout::SectionId::site_checkpoints, layout::site_checkpoint_capacity,
                                        end);
  place_section<layout::SitePoint>(region, layout::SectionId::site_history,
                                   layout::site_checkpoint_capacity * layout::site_capacity, end);
  place_section<layout::ModuleEntry>(region, layout::SectionId::modules, layout::module_capacity, end);
  place_section<layout::TypedSite>(region, layout::SectionId::typed_sites,
                                   layout::typed_moments * layout::site_capacity, end);
}

/// Returns where the last section ends.
std::uint64_t place_sections(layout::RegionHeader& region) noexcept {
  auto end = rounded_up(sizeof(layout::RegionHeader), section_alignment);
  place_section<layout::ThreadSlot>(region, layout::SectionId::thread_slots, layout::thread_slot_capacity, end);
  place_section<layout::Reading>(region, layout::SectionId::readings, layout::reading_capacity, end);
  if (has_sites) place_sites(region, end);
  place_types(region, has_sites ? layout::types_with_sites : layout::types_without_sites, end);
  return end;
}

std::uint64_t region_bytes() noexcept {
  layout::RegionHeader measured;
  return rounded_up(place_sections(measured), static_cast<std::uint64_t>(getpagesize()));
}

/// What was there before goes; the part that is written as it is needed is left without pages.
void clear(layout::RegionHeader& region, bool is_new) noexcept {
  layout::RegionHeader measured;
  measured.total_bytes = region_bytes();
  place_sections(measured);
  const auto late = layout::late_part(measured);
  memset(static_cast<void*>(&region), 0, late.offset);
  if (is_new || late.bytes == 0) return;
  void* const begin = reinterpret_cast<std::byte*>(&region) + late.offset;
  memset(begin, 0, late.bytes);
  madvise(begin, late.bytes, MADV_DONTNEED);
}

void lay_out(layout::RegionHeader& region, std::uint32_t execs, bool is_new) noexcept {
  const auto pid = region.owner_pid.load();
  const auto start_ticks = region.owner_start_ticks;
  clear(region, is_new);
  region.owner_pid = pid;
  region.owner_start_ticks = start_ticks;
  region.exec_count = execs;
  region.version = layout::region_version;
  region.header_bytes = sizeof(layout::RegionHeader);
  region.total_bytes = region_bytes();
  region.page_bytes = static_cast<std::uint64_t>(getpagesize());
  region.planned_iterations = layout::absent;
  region.heap_before_setup_bytes = region.heap_after_teardown_bytes = layout::absent;
  place_sections(region);
  strncpy(region.mode, has_sites ? "sites" : "counters", sizeof(region.mode) - 1);
  region.state = layout::ProcessState::running;
  __atomic_store_n(&region.magic, layout::region_magic, __ATOMIC_RELEASE);
}

layout::RegionHeader* mapped(int file) noexcept {
  const int sharing = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  void* const memory = mmap(nullptr, region_bytes(), PROT_READ | PROT_WRITE, sharing, file, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<layout::RegionHeader*>(memory);
}

/// `is_new`: all of it is zero.
layout::RegionHeader* claimed(layout::RegionHeader* region, int file, bool is_new) noexcept {
  if (region == nullptr) return nullptr;
  const auto execs = region->magic == layout::region_magic ? region->exec_count.load() : 0;
  const auto outcome = claim(*region, file);
  if (outcome == Claim::refused) {
    munmap(region, region_bytes());
    return nullptr;
  }
  lay_out(*region, outcome == Claim::after_exec ? execs + 1 : 0, is_new);
  return region;
}

/// Somebody's file named by mistake must survive. A region whose setting up was cut short begins with zeros.
bool is_region_or_new(int file) noexcept {
  std::uint64_t magic = 0;
  return pread(file, &magic, sizeof(magic), 0) == 0 || magic == layout::region_magic || magic == 0;
}

bool is_empty(int file) noexcept {
  struct stat status {};
  return file >= 0 && fstat(file, &status) == 0 && status.st_size == 0;
}

/// A file mapped while the disk is full would kill the process at its first write, so its blocks are taken
/// beforehand; and beyond RLIMIT_FSIZE, taking them would.
bool has_room(int file) noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < region_bytes()) {
    errno = EFBIG;
    return false;
  }
  const int error = posix_fallocate(file, 0, static_cast<off_t>(region_bytes()));
  errno = error;
  return error == 0;
}

/// Null where the file can be used.
const char* complaint_about(int file) noexcept {
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0) return strerrordesc_np(errno);
  if (!S_ISREG(status.st_mode)) return "not a regular file";
  if (!is_region_or_new(file)) return "holds something else, and is left as it is";
  return has_room(file) ? nullptr : strerrordesc_np(errno);
}

void complain(const char* path, const char* why) noexcept {
  const auto piece = [](const char* text) { return iovec{const_cast<char*>(text), strlen(text)}; };
  const iovec line[] = {piece("soak: SOAK_REGION="), piece(path), piece(": "), piece(why),
                        piece("; this process is not recorded\n")};
  [[maybe_unused]] const auto written = writev(STDERR_FILENO, line, sizeof(line) / sizeof(*line));
}

}  // namespace

void make_room_for_sites() noexcept { has_sites = true; }

layout::RegionHeader* region_in_file(const char* path) noexcept {
  // Non-blocking: a FIFO, which is refused next, would wait for its other end.
  const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  const bool is_new = is_empty(file);
  const char* const complaint = complaint_about(file);
  if (complaint != nullptr) complain(path, complaint);
  layout::RegionHeader* const region = complaint == nullptr ? claimed(mapped(file), file, is_new) : nullptr;
  if (file >= 0) close(file);
  return region;
}

layout::RegionHeader* region_in_memory() noexcept { return claimed(mapped(-1), -1, true); }

}  // namespace soak::probe
