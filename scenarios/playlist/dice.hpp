// Seeded chance that falls the same way on every machine: the distributions of <random> may differ between libraries,
// its engines may not.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string_view>

namespace playlist {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// 0 to `limit` - 1; `limit` is at least 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  /// `low` to `high`, both included.
  [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high);
  [[nodiscard]] bool percent(unsigned chance) { return below(100) < chance; }
  /// One of `choices`, of which there is at least one.
  [[nodiscard]] std::string_view pick(std::span<const std::string_view> choices);

 private:
  std::mt19937_64 engine_;
};

}  // namespace playlist
