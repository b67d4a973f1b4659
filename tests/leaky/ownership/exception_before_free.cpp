// An exception on the way to a free: one document in four is malformed, and its scratch buffer stays behind.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

char* scratch_copy(std::string_view text) {
  auto* const scratch = static_cast<char*>(std::malloc(text.size() + 1));  // leaks here
  if (scratch == nullptr) throw std::bad_alloc();
  std::memcpy(scratch, text.data(), text.size());
  scratch[text.size()] = '\0';
  return scratch;
}

std::size_t count_objects(const char* text) {
  std::size_t open = 0, objects = 0;
  for (; *text != '\0'; ++text) {
    if (*text == '{') ++open, ++objects;
    if (*text == '}') --open;
  }
  if (open != 0) throw std::runtime_error("a closing brace is missing");
  return objects;
}

template <Twin twin>
std::size_t parse(std::string_view text) {
  char* const scratch = scratch_copy(text);
  if constexpr (twin == Twin::fixed) {
    const std::unique_ptr<char, decltype(&std::free)> owner(scratch, &std::free);
    return count_objects(scratch);
  } else {
    const auto objects = count_objects(scratch);
    std::free(scratch);
    return objects;
  }
}

template <Twin twin>
std::size_t parse_leniently(std::string_view text) {
  try {
    return parse<twin>(text);
  } catch (const std::runtime_error&) {
    return 0;
  }
}

template <Twin twin>
void exception_before_free(benchmark::State& state) {
  const std::string_view good = R"({"videos": [{"id": 1}, {"id": 2}]})";
  int number = 0;
  for (auto _ : soak::checkpoints(state))
    benchmark::DoNotOptimize(parse_leniently<twin>(++number % 4 == 0 ? good.substr(0, good.size() - 1) : good));
}
LEAKY_TWINS(exception_before_free, 1000);

}  // namespace
}  // namespace leaky
