// Memory that the program maps for itself. What malloc maps is the heap's, and libc maps thread stacks and libraries
// where no hook is.
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>

#include "probe/next_function.hpp"
#include "probe/resources/resources.hpp"

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
