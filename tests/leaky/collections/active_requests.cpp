// A global collection that grows: requests are entered while they are in flight, and those that fail are never taken
// out again.
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct Request {
  std::string url;
  int attempts = 0;
};

template <Twin twin>
std::map<std::uint64_t, Request> in_flight;

void fetch(Request& request) {
  ++request.attempts;
  if (request.url.back() == '7') throw std::runtime_error("503 Service Unavailable");
}

template <Twin twin>
void execute(std::uint64_t id) {
  const auto url = "https://media.example/videos/" + std::to_string(1000000 + id);
  const auto entry = in_flight<twin>.emplace(id, Request{url}).first;  // leaks here
  try {
    fetch(entry->second);
  } catch (const std::runtime_error&) {
    if constexpr (twin == Twin::fixed) in_flight<twin>.erase(entry);
    return;
  }
  in_flight<twin>.erase(entry);
}

template <Twin twin>
void active_requests(benchmark::State& state) {
  std::uint64_t id = 0;
  for (auto _ : soak::checkpoints(state)) execute<twin>(id++);
}
LEAKY_TWINS(active_requests, 1000);

}  // namespace
}  // namespace leaky
