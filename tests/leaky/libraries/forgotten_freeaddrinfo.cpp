// getaddrinfo without freeaddrinfo.
#include <netdb.h>
#include <sys/socket.h>

#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
int family_of(const char* address) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address, "443", &hints, &found) != 0) throw std::runtime_error("not an address");  // leaks here
  const int family = found->ai_family;
  if constexpr (twin == Twin::fixed) freeaddrinfo(found);
  return family;
}

template <Twin twin>
void forgotten_freeaddrinfo(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(family_of<twin>("127.0.0.1"));
}
LEAKY_TWINS(forgotten_freeaddrinfo, 500);

}  // namespace
}  // namespace leaky
