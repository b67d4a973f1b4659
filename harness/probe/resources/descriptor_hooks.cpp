#include "probe/resources/descriptor_hooks.hpp"

#include <errno.h>

#include "probe/resources/resources.hpp"

namespace soak::probe {

void keep_opened(int descriptor, const Registers& caller) noexcept {
  const int saved_errno = errno;
  auto* const tables = followed_resources();
  if (tables != nullptr &&
      !tables->descriptors.opened(descriptor, resource_site(layout::SiteKind::descriptor, caller)))
    count_overflow(*tables, layout::SiteKind::descriptor);
  errno = saved_errno;
}

void keep_closing(int descriptor) noexcept {
  if (auto* const tables = followed_resources()) tables->descriptors.closed(descriptor);
}

}  // namespace soak::probe
