#include <playlist/dice.hpp>

namespace playlist {

std::int64_t Dice::between(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

std::string_view Dice::pick(std::span<const std::string_view> choices) {
  return choices[static_cast<std::size_t>(below(choices.size()))];
}

}  // namespace playlist
