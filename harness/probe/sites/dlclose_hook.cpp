// Code that is unmapped makes room for other code at the same addresses.
#include "probe/next_function.hpp"
#include "probe/sites/sites.hpp"

SOAK_NEXT(int(void*), dlclose)
SOAK_HOOK int dlclose(void* library) noexcept {
  const int status = (*next_dlclose)(library);
  soak::probe::forget_closed_code();
  return status;
}
