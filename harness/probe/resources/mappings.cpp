#include "probe/resources/mappings.hpp"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

#include <algorithm>

#include "probe/next_allocator.hpp"
#include "probe/own_calls.hpp"
#include "probe/resources/resources.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {
namespace {

std::uint64_t address_of(const void* begin) noexcept { return reinterpret_cast<std::uint64_t>(begin); }

/// Where a mapping of so many bytes ends: at a page.
std::uint64_t end_of(std::uint64_t begin, std::uint64_t bytes) noexcept {
  const auto page = static_cast<std::uint64_t>(getpagesize());
  return begin + (bytes + page - 1) / page * page;
}

std::int64_t bytes_between(std::uint64_t begin, std::uint64_t end) noexcept {
  return static_cast<std::int64_t>(end - begin);
}

}  // namespace

MappingTable::Exclusive::Exclusive(MappingTable& table) noexcept : table_(table), signals_(own::block_signals()) {
  while (table_.lock_.test_and_set(std::memory_order_acquire)) sched_yield();
}

MappingTable::Exclusive::~Exclusive() {
  table_.lock_.clear(std::memory_order_release);
  own::set_blocked_signals(signals_);
}

std::uint32_t MappingTable::first_above(std::uint64_t address) const noexcept {
  const auto* const found =
      std::upper_bound(mappings_, mappings_ + count_, address,
                       [](std::uint64_t wanted, const Mapping& mapping) { return wanted < mapping.end; });
  return static_cast<std::uint32_t>(found - mappings_);
}

bool MappingTable::insert(std::uint32_t index, const Mapping& mapping) noexcept {
  if (count_ == capacity) return false;
  memmove(mappings_ + index + 1, mappings_ + index, (count_ - index) * sizeof(Mapping));
  mappings_[index] = mapping;
  ++count_;
  return true;
}

void MappingTable::erase(std::uint32_t index) noexcept {
  --count_;
  memmove(mappings_ + index, mappings_ + index + 1, (count_ - index) * sizeof(Mapping));
}

bool MappingTable::add(const void* begin, std::uint64_t bytes, std::uint32_t site) noexcept {
  const bool had_room = remove(begin, bytes);
  const auto from = address_of(begin), to = end_of(from, bytes);
  if (!insert(first_above(from), {from, to, site})) return false;
  count_resource(site, 1, 0, bytes_between(from, to));
  return had_room;
}

/// Takes [begin, end), which overlaps it, out of a mapping.
bool MappingTable::cut(std::uint32_t index, std::uint64_t begin, std::uint64_t end) noexcept {
  auto& mapping = mappings_[index];
  const auto site = mapping.site;
  const bool has_front = mapping.begin < begin, has_back = end < mapping.end;
  const Mapping back{end, mapping.end, site};
  count_resource(site, 0, 0, 0, bytes_between(std::max(begin, mapping.begin), std::min(end, mapping.end)));
  if (has_front) mapping.end = begin;
  if (has_back && !has_front) mapping.begin = end;
  if (!has_front && !has_back) {
    count_resource(site, 0, 1);
    erase(index);
  }
  if (!has_front || !has_back) return true;
  // Two that are there where one was made.
  const bool has_room = insert(index + 1, back);
  has_room ? count_resource(site, 0, -1) : count_resource(site, 0, 0, 0, bytes_between(back.begin, back.end));
  return has_room;
}

bool MappingTable::remove(const void* first, std::uint64_t bytes) noexcept {
  const auto begin = address_of(first), end = end_of(begin, bytes);
  bool had_room = true;
  for (auto index = first_above(begin); index < count_ && mappings_[index].begin < end;) {
    const bool stays = mappings_[index].begin < begin;
    had_room = cut(index, begin, end) && had_room;
    if (stays) ++index;
    if (index < count_ && mappings_[index].begin >= end) break;
  }
  return had_room;
}

void MappingTable::let_go_unmapped() noexcept {
  for (auto i = count_; i-- > 0;) {
    const auto& mapping = mappings_[i];
    if (!own::is_mapped(mapping.begin, mapping.end - mapping.begin)) cut(i, mapping.begin, mapping.end);
  }
}

}  // namespace soak::probe

// Memory that the program maps for itself. What malloc maps is the heap's, and libc maps thread stacks and libraries
// where no hook is.

using namespace soak;
using namespace soak::probe;

namespace {

void count_unless(bool had_room, ResourceTables& tables) noexcept {
  if (!had_room) count_overflow(tables, layout::SiteKind::mapping);
}

void keep_mapped(const void* begin, std::size_t bytes, const Registers& caller) noexcept {
  const int saved_errno = errno;
  if (auto* const tables = followed_resources()) {
    const auto site = resource_site(layout::SiteKind::mapping, caller);
    const MappingTable::Exclusive exclusive(tables->mappings);
    count_unless(tables->mappings.add(begin, bytes, site), *tables);
  }
  errno = saved_errno;
}

void* mapped(void* begin, std::size_t bytes, const Registers& caller) noexcept {
  if (attached.sites != nullptr && begin != MAP_FAILED) [[unlikely]]
    keep_mapped(begin, bytes, caller);
  return begin;
}

}  // namespace

#define SOAK_MAPS(function, offset_type)                                                                           \
  SOAK_NEXT(void*(void*, std::size_t, int, int, int, offset_type), function)                                       \
  SOAK_HOOK void* function(void* wanted, std::size_t bytes, int access, int flags, int file, offset_type offset) { \
    const auto caller = SOAK_CALLER_REGISTERS();                                                                   \
    return mapped((*next_##function)(wanted, bytes, access, flags, file, offset), bytes, caller);                  \
  }

SOAK_MAPS(mmap, off_t)
SOAK_MAPS(mmap64, off64_t)

SOAK_NEXT(int(void*, std::size_t), munmap)
SOAK_HOOK int munmap(void* begin, std::size_t bytes) {
  auto* const tables = attached.sites != nullptr ? followed_resources() : nullptr;
  if (tables == nullptr) [[likely]]
    return (*next_munmap)(begin, bytes);
  const MappingTable::Exclusive exclusive(tables->mappings);
  const int error = (*next_munmap)(begin, bytes);
  if (error == 0) count_unless(tables->mappings.remove(begin, bytes), *tables);
  return error;
}

SOAK_NEXT(void*(void*, std::size_t, std::size_t, int, ...), mremap)
SOAK_HOOK void* mremap(void* old_begin, std::size_t old_bytes, std::size_t bytes, int flags, ...) {
  const auto caller = SOAK_CALLER_REGISTERS();
  va_list rest;
  va_start(rest, flags);
  void* const wanted = (flags & MREMAP_FIXED) != 0 ? va_arg(rest, void*) : nullptr;
  va_end(rest);
  auto* const tables = attached.sites != nullptr ? followed_resources() : nullptr;
  if (tables == nullptr) [[likely]]
    return (*next_mremap)(old_begin, old_bytes, bytes, flags, wanted);
  const int saved_errno = errno;
  // As with realloc, what was resized is of the site that did it.
  const auto site = resource_site(layout::SiteKind::mapping, caller);
  errno = saved_errno;
  const MappingTable::Exclusive exclusive(tables->mappings);
  void* const begin = (*next_mremap)(old_begin, old_bytes, bytes, flags, wanted);
  if (begin == MAP_FAILED) return begin;
  if ((flags & MREMAP_DONTUNMAP) == 0) count_unless(tables->mappings.remove(old_begin, old_bytes), *tables);
  count_unless(tables->mappings.add(begin, bytes, site), *tables);
  return begin;
}
