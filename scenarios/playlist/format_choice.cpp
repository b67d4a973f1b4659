#include <limits>
#include <playlist/format_choice.hpp>
#include <tuple>

namespace playlist {
namespace {

constexpr auto unknown_size = std::numeric_limits<std::int64_t>::max();

// Tuples compare from the left; the largest is the format to take.
auto rank_of(const Format& format, std::int64_t max_height) {
  const bool is_known = format.height.has_value();
  const bool is_low_enough = is_known && *format.height <= max_height;
  const auto height = format.height.value_or(0);
  return std::tuple(is_low_enough, is_known, is_low_enough ? height : -height, -format.bytes.value_or(unknown_size));
}

}  // namespace

const Format* choose_format(std::span<const Format> formats, std::int64_t max_height) noexcept {
  const Format* best = nullptr;
  for (const auto& format : formats) {
    if (format.id.empty()) continue;
    if (best == nullptr || rank_of(format, max_height) > rank_of(*best, max_height)) best = &format;
  }
  return best;
}

}  // namespace playlist
