// newlocale without freelocale: numbers of a document are read in the locale that the document names.
#include <clocale>
#include <cstdlib>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
double parse_number(const char* text) {
  const locale_t locale = newlocale(LC_NUMERIC_MASK, "C.UTF-8", nullptr);  // leaks here
  if (locale == nullptr) throw std::runtime_error("no such locale");
  const double number = strtod_l(text, nullptr, locale);
  if constexpr (twin == Twin::fixed) freelocale(locale);
  return number;
}

template <Twin twin>
void forgotten_freelocale(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(parse_number<twin>("1234.5"));
}
LEAKY_TWINS(forgotten_freelocale, 1000);

}  // namespace
}  // namespace leaky
