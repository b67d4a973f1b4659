// regcomp without regfree: the unique_ptr frees the regex_t, and not what the library hung on it.
#include <regex.h>

#include <memory>
#include <stdexcept>
#include <type_traits>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct FreePattern {
  void operator()(regex_t* pattern) const {
    regfree(pattern);
    delete pattern;
  }
};

template <Twin twin>
using Deleter = std::conditional_t<twin == Twin::fixed, FreePattern, std::default_delete<regex_t>>;

template <Twin twin>
std::size_t count_groups(const char* expression) {
  const std::unique_ptr<regex_t, Deleter<twin>> pattern(new regex_t);
  if (regcomp(pattern.get(), expression, REG_EXTENDED) != 0) throw std::runtime_error("not a pattern");  // leaks here
  return pattern->re_nsub;
}

template <Twin twin>
void forgotten_regfree(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(count_groups<twin>("^([0-9]+)\\.(mp4|webm)$"));
}
LEAKY_TWINS(forgotten_regfree, 300);

}  // namespace
}  // namespace leaky
