#include "probe/types/vtable_scan.hpp"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <optional>

#include "probe/counters.hpp"
#include "probe/next_allocator.hpp"
#include "probe/own_calls.hpp"
#include "probe/sites/call_sites.hpp"
#include "probe/sites/shadow.hpp"
#include "probe/types/type_table.hpp"

namespace soak::probe {
namespace {

/// The least page size: what is read in pieces of it is read as far as it can be.
constexpr std::uint64_t page = 4096;

std::uint64_t page_of(std::uint64_t address) noexcept { return address & ~(page - 1); }

}  // namespace

bool copy_memory(std::uint64_t from, void* to, std::size_t bytes) noexcept {
  const iovec local{to, bytes}, remote{reinterpret_cast<void*>(from), bytes};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(bytes);
}

bool copy_text(std::uint64_t from, char* to, std::size_t capacity) noexcept {
  for (std::size_t size = 0; size < capacity;) {
    const auto to_page_end = page_of(from + size) + page - (from + size);
    const auto bytes = to_page_end < capacity - size ? to_page_end : capacity - size;
    if (!copy_memory(from + size, to + size, bytes)) return false;
    if (memchr(to + size, '\0', bytes) != nullptr) return true;
    size += bytes;
  }
  return false;
}

bool MemoryWindow::copy_pages(std::uint64_t begin, std::uint64_t end) noexcept {
  if (!copy_memory(begin, bytes_, end - begin)) return false;
  begin_ = begin;
  end_ = end;
  return true;
}

const std::uint64_t* MemoryWindow::words_at(std::uint64_t address, std::size_t words) noexcept {
  const auto end = address + words * sizeof(std::uint64_t);
  if (address < begin_ || end > end_) {
    forget();
    const auto first = page_of(address);
    // Far, and if there is a hole, as near as will do.
    if (!copy_pages(first, first + capacity) && !copy_pages(first, page_of(end - 1) + page)) return nullptr;
  }
  return reinterpret_cast<const std::uint64_t*>(bytes_ + (address - begin_));
}

bool MemoryWindow::word_at(std::uint64_t address, std::uint64_t& word) const noexcept {
  if (address < begin_ || address + sizeof(word) > end_) return copy_value(address, word);
  memcpy(&word, bytes_ + (address - begin_), sizeof(word));
  return true;
}

namespace {

/// Lies in a file that is mapped. Locks nothing.
bool is_in_module(std::uint64_t address) noexcept {
  dl_find_object object;
  return address % 8 == 0 && address != 0 && _dl_find_object(reinterpret_cast<void*>(address), &object) == 0;
}

/// What stands before the functions.
struct TableHead {
  std::uint64_t offset_to_top, info;
};
bool read_head(std::uint64_t table, TableHead& head) noexcept {
  return is_in_module(table) && copy_value(table - sizeof(TableHead), head);
}

struct TypeInfo {
  std::uint64_t table, name;
};

/// Classes without bases, with one, and all others. __fundamental_type_info and the like have no virtual functions'
/// objects.
bool names_a_class_info(const char* name) noexcept {
  constexpr const char* names[] = {"N10__cxxabiv117__class_type_infoE", "N10__cxxabiv120__si_class_type_infoE",
                                   "N10__cxxabiv121__vmi_class_type_infoE"};
  for (const auto* const one : names)
    if (strcmp(name, one) == 0) return true;
  return false;
}

}  // namespace

bool VtableTypes::is_type_info(std::uint64_t table_of_info) noexcept {
  for (std::size_t i = 0; i < table_count_; ++i)
    if (tables_of_infos_[i] == table_of_info) return true;
  TableHead head{};
  TypeInfo info{};
  if (!read_head(table_of_info, head) || !is_in_module(head.info) || !copy_value(head.info, info) ||
      !copy_text(info.name, name_, name_bytes) || !names_a_class_info(name_))
    return false;
  if (table_count_ < sizeof(tables_of_infos_) / sizeof(*tables_of_infos_))
    tables_of_infos_[table_count_++] = table_of_info;
  return true;
}

std::int64_t VtableTypes::found(std::uint64_t table, layout::RegionHeader& region) noexcept {
  TableHead head{};
  TypeInfo info{};
  if (!read_head(table, head) || head.offset_to_top != 0 || !is_in_module(head.info) ||
      !copy_value(head.info, info) || !is_type_info(info.table) || !copy_text(info.name, name_, name_bytes))
    return -1;
  // A star: no other file has this type, and addresses alone tell.
  const auto* const name = name_[0] == '*' ? name_ + 1 : name_;
  return *name == '\0' ? -1 : type_index(region, name, layout::TypeSource::vtable);
}

std::int64_t VtableTypes::type_of(std::uint64_t first_word, layout::RegionHeader& region) noexcept {
  auto& known = cache_[first_word * 0x9e3779b97f4a7c15u >> 52];
  static_assert(cache_size == 1 << (64 - 52));
  if (known.word != first_word) known = {first_word, found(first_word, region)};
  return first_word == 0 ? -1 : known.type;
}

void VtableTypes::forget() noexcept {
  memset(static_cast<void*>(cache_), 0, sizeof(cache_));
  table_count_ = 0;
}

namespace {

/// In memory of its own, which a forked child does not have.
struct Scanner {
  layout::RegionHeader* region;
  layout::TypePoint* points;
  layout::TypedSite* sites;
  std::uint32_t generation;  ///< code_generation at the last scan.
  VtableTypes types;
  MemoryWindow window;

  void look_at(std::uint64_t granule, ShadowEntry entry) noexcept;
  bool look_at_block(std::uint64_t block, std::uint64_t header, std::uint64_t first_word, ShadowEntry entry) noexcept;
  [[nodiscard]] bool is_header(std::uint64_t header, std::uint64_t block) noexcept;
};

constinit Scanner* scanner = nullptr;

std::optional<layout::TypedMoment> moment_of(layout::ReadingKind kind) noexcept {
  switch (kind) {
    case layout::ReadingKind::baseline:
      return layout::TypedMoment::baseline;
    case layout::ReadingKind::final:
      return layout::TypedMoment::final;
    case layout::ReadingKind::ended:
      return layout::TypedMoment::ended;
    default:
      return {};
  }
}

void add(layout::TypePoint& point, std::int64_t bytes) noexcept {
  ++point.count;
  point.bytes += bytes;
}

/// glibc's size of the chunk, in its header, agrees with the chunk that follows: malloc/malloc.c, "prev_inuse". What
/// is mapped by itself is followed by none.
bool Scanner::is_header(std::uint64_t header, std::uint64_t block) noexcept {
  constexpr std::uint64_t least_chunk = 32, previous_in_use_flag = 1;
  const auto chunk = header & ~chunk_flags;
  if (chunk < least_chunk || chunk % 16 != 0) return false;
  if ((header & mapped_chunk_flag) != 0) return true;
  std::uint64_t next_header = 0;
  return window.word_at(block + chunk - sizeof(next_header), next_header) &&
         (next_header & previous_in_use_flag) != 0;
}

bool Scanner::look_at_block(std::uint64_t block, std::uint64_t header, std::uint64_t first_word,
                            ShadowEntry entry) noexcept {
  const auto type = types.type_of(first_word, *region);
  if (type < 0 || !is_header(header, block)) return false;
  const auto bytes =
      static_cast<std::int64_t>((header & ~chunk_flags) - ((header & mapped_chunk_flag) != 0 ? 16 : 8));
  add(points[type], bytes);
  ++sites[entry.site()].blocks;
  sites[entry.site()].bytes += bytes;
  return true;
}

/// The shadow does not tell which of two places the block begins at. What stands at the other is the block's own
/// second half, or the end of the block before: that may be an address of a table too, but there is no header before
/// it.
void Scanner::look_at(std::uint64_t granule, ShadowEntry entry) noexcept {
  const auto* const words = window.words_at(granule, 3);
  if (words == nullptr) return;
  const std::uint64_t first_word = words[0], later_header = words[1], later_word = words[2];
  // Before the first block of a mapping there may be nothing.
  std::uint64_t header = 0;
  if (types.type_of(first_word, *region) >= 0 && window.word_at(granule - sizeof(header), header) &&
      look_at_block(granule, header, first_word, entry))
    return;
  look_at_block(granule + Shadow::block_alignment, later_header, later_word, entry);
}

layout::TypesHeader& header_of(layout::RegionHeader& region) noexcept {
  return *layout::section_begin<layout::TypesHeader>(region, layout::SectionId::type_header);
}

const char* why_not(const Scanner* made) noexcept {
  if (made == nullptr) return "no address space for the tables of types";
  std::uint64_t own_word = 1, copied = 0;
  const bool is_copied = copy_value(reinterpret_cast<std::uint64_t>(&own_word), copied) && copied == own_word;
  return is_copied ? nullptr : "the kernel does not let the process copy its own memory (process_vm_readv)";
}

}  // namespace

void start_vtable_scans(layout::RegionHeader& region) noexcept {
  if (attached.sites == nullptr) return;
  auto* const made = static_cast<Scanner*>(own::map(sizeof(Scanner)));
  if (const auto* const reason = why_not(made)) {
    strncpy(header_of(region).vtables_unavailable, reason, sizeof(layout::TypesHeader::vtables_unavailable) - 1);
    return;
  }
  made->region = &region;
  scanner = made;
}

void count_by_vtable(layout::RegionHeader& region, layout::ReadingKind kind, layout::TypePoint* points) noexcept {
  const auto moment = moment_of(kind);
  if (!moment || attached.sites == nullptr || scanner == nullptr) return;
  const auto number = static_cast<std::uint32_t>(*moment);
  scanner->points = points;
  scanner->sites = layout::section_begin<layout::TypedSite>(region, layout::SectionId::typed_sites) +
                   std::size_t{number} * layout::site_capacity;
  memset(static_cast<void*>(scanner->sites), 0, layout::site_capacity * sizeof(layout::TypedSite));
  const auto generation = code_generation.load(std::memory_order_relaxed);
  if (scanner->generation != generation) scanner->types.forget();
  scanner->generation = generation;
  scanner->window.forget();
  attached.sites->shadow.visit([](std::uint64_t granule, ShadowEntry entry) { scanner->look_at(granule, entry); });
  header_of(region).moments.fetch_or(1u << number);
}

OwnMemory scan_memory() noexcept {
  if (attached.sites == nullptr || scanner == nullptr) return {};
  return {resident_bytes(scanner, sizeof(Scanner)), static_cast<std::int64_t>(sizeof(Scanner))};
}

}  // namespace soak::probe
