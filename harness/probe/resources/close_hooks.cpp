// The end of descriptors.
#include <errno.h>
#include <unistd.h>

#include "probe/resources/descriptor_hooks.hpp"
#include "probe/resources/resources.hpp"

namespace {

/// The kernel is asked which are gone: another thread may have opened one there since, and it may have been refused.
void let_go_closed(unsigned first, unsigned last) noexcept {
  if (soak::probe::attached.sites == nullptr) return;
  const int saved_errno = errno;
  if (auto* const tables = soak::probe::followed_resources()) tables->descriptors.let_go_closed(first, last);
  errno = saved_errno;
}

}  // namespace

SOAK_NEXT(int(int), close)
SOAK_HOOK int close(int descriptor) {
  soak::probe::closing(descriptor);
  return (*next_close)(descriptor);
}

SOAK_NEXT(int(unsigned, unsigned, int), close_range)
SOAK_HOOK int close_range(unsigned first, unsigned last, int flags) {
  auto* const next = *next_close_range;
  if (next == nullptr) {
    errno = ENOSYS;
    return -1;
  }
  const int result = next(first, last, flags);
  let_go_closed(first, last);
  return result;
}

SOAK_NEXT(void(int), closefrom)
SOAK_HOOK void closefrom(int first) {
  auto* const next = *next_closefrom;
  if (next == nullptr) return;
  next(first);
  let_go_closed(first < 0 ? 0 : static_cast<unsigned>(first), ~0u);
}
