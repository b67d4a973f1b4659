// Code that is unmapped makes room for other code at the same addresses.
#include "probe/next_function.hpp"
#include "probe/sites/sites.hpp"

#define SOAK_HOOK extern "C" __attribute__((visibility("default")))

namespace {
constinit soak::probe::NextFunction<int(void*)> next_dlclose("dlclose");
}

SOAK_HOOK int dlclose(void* library) noexcept {
  const int status = (*next_dlclose)(library);
  soak::probe::forget_closed_code();
  return status;
}
