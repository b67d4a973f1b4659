// Call sites are switched on when the probe is loaded, so the program starts once more with them on.
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace {

__attribute__((constructor)) void run_with_sites(int, char** arguments, char**) {
  if (std::getenv("SOAK_PROBE") != nullptr) return;
  const auto region = "/tmp/soak_sites_tests." + std::to_string(getpid());
  setenv("SOAK_PROBE", "sites", 1);
  setenv("SOAK_REGION", region.c_str(), 1);
  execv("/proc/self/exe", arguments);
}

__attribute__((destructor)) void remove_region() {
  if (const char* const region = std::getenv("SOAK_REGION")) unlink(region);
}

}  // namespace
