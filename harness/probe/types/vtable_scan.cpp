#include "probe/types/vtable_scan.hpp"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <optional>

#include "probe/counters.hpp"
#include "probe/next_allocator.hpp"
#include "probe/own_calls.hpp"
#include "probe/sites/call_sites.hpp"
#include "probe/sites/resident.hpp"
#include "probe/types/memory_copy.hpp"
#include "probe/types/vtable_types.hpp"

namespace soak::probe {
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
