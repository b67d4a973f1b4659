// String interning of everything: identifiers of a language are few, values of a user are not.
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
const std::string& interned(std::string_view text) {
  static std::unordered_set<std::string> pool;
  return *pool.emplace(text).first;  // leaks here
}

template <Twin twin>
std::size_t field_bytes(std::string_view name, std::string_view value) {
  const auto& known_name = interned<twin>(name);
  if constexpr (twin == Twin::fixed)
    return known_name.size() + value.size();
  else
    return known_name.size() + interned<twin>(value).size();
}

template <Twin twin>
void interned_strings(benchmark::State& state) {
  std::uint64_t session = 1'000'000;
  for (auto _ : soak::checkpoints(state))
    benchmark::DoNotOptimize(field_bytes<twin>("X-Session-Token", "session-token-" + std::to_string(session++)));
}
LEAKY_TWINS(interned_strings, 1000);

}  // namespace
}  // namespace leaky
