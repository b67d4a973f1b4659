// What a planted scenario leaves behind, as its environment says: how much of it is at the edge of the thresholds is
// known only to whoever starts it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <soak/soak.hpp>

namespace soak::selftest {

inline constexpr const char* every_variable = "SOAK_PLANT_EVERY";
inline constexpr const char* bytes_variable = "SOAK_PLANT_BYTES";

/// Counts iterations, and says at which of them something stays behind.
class Plant {
 public:
  /// True at each iteration whose number, counted from 1, is a multiple of SOAK_PLANT_EVERY; never where that is 0.
  [[nodiscard]] bool leaves_this_one() { return every_ > 0 && ++iteration_ % every_ == 0; }
  /// True once, at iteration number SOAK_PLANT_EVERY.
  [[nodiscard]] bool is_the_one() { return ++iteration_ == every_; }
  /// SOAK_PLANT_BYTES, at least 1.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static std::int64_t number_in(const char* variable) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? 0 : std::atoll(text);
  }

  std::int64_t every_ = number_in(every_variable);
  std::int64_t iteration_ = 0;
  std::size_t bytes_ = number_in(bytes_variable) > 0 ? static_cast<std::size_t>(number_in(bytes_variable)) : 1;
};

}  // namespace soak::selftest

/// Registers `function` twice: as Planted/NAME, which is to be caught, and as its leak-free twin, Free/NAME.
#define SOAK_PLANT(function)                                              \
  SOAK_BENCHMARK(function)->Name("Planted/" #function)->Iterations(1000); \
  SOAK_BENCHMARK(function)->Name("Free/" #function)->Iterations(1000)
