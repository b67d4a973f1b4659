// A cache whose key is the id of the request: it never hits, and never ends.
#include <cstdint>
#include <string>
#include <unordered_map>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct Request {
  std::uint64_t id;
  std::string path;
};

template <Twin twin>
class ResponseCache {
 public:
  const std::string& answer(const Request& request) {
    const auto key = key_of(request);
    const auto cached = responses_.find(key);
    if (cached != responses_.end()) return cached->second;
    return responses_.emplace(key, std::string(300, 'x')).first->second;  // leaks here
  }

 private:
  static std::string key_of(const Request& request) {
    return twin == Twin::fixed ? request.path : std::to_string(request.id);
  }

  std::unordered_map<std::string, std::string> responses_;
};

template <Twin twin>
void response_cache(benchmark::State& state) {
  ResponseCache<twin> cache;
  std::uint64_t id = 0;
  for (auto _ : soak::checkpoints(state)) {
    const auto number = id++;
    benchmark::DoNotOptimize(cache.answer({number, "/thumbnails/" + std::to_string(number % 20)}));
  }
}
LEAKY_TWINS(response_cache, 1000);

}  // namespace
}  // namespace leaky
