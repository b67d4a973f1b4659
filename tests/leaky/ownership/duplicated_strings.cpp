// strdup, and a free of the array that forgets the strings in it: an argument list for exec.
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Arguments = char**;

Arguments copy_arguments(const std::vector<std::string>& words) {
  auto* const arguments = static_cast<Arguments>(std::calloc(words.size() + 1, sizeof(char*)));
  if (arguments == nullptr) throw std::bad_alloc();
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = strdup(words[i].c_str());  // leaks here
  return arguments;
}

template <Twin twin>
void free_arguments(Arguments arguments) {
  if constexpr (twin == Twin::fixed)
    for (auto* argument = arguments; *argument != nullptr; ++argument) std::free(*argument);
  std::free(arguments);
}

template <Twin twin>
void duplicated_strings(benchmark::State& state) {
  const std::vector<std::string> words = {"ffprobe", "-show_streams", "-of", "json", "/var/media/incoming/1.mp4"};
  for (auto _ : soak::checkpoints(state)) {
    const Arguments arguments = copy_arguments(words);
    benchmark::DoNotOptimize(arguments[0][0]);
    free_arguments<twin>(arguments);
  }
}
LEAKY_TWINS(duplicated_strings, 1000);

}  // namespace
}  // namespace leaky
