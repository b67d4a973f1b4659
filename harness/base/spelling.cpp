#include "base/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace soak {
namespace {

constexpr std::size_t shortest_part = 4;  // because "s" is a part of nearly every name

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

/// More slips than these make another word.
std::size_t slips_allowed(std::string_view written) { return std::clamp<std::size_t>(written.size() / 4, 1, 4); }

/// Insertions, deletions, replacements and swaps of neighbours between two texts (optimal string alignment).
std::size_t slips_between(std::string_view from, std::string_view to) {
  std::vector<std::size_t> two_above, above(to.size() + 1), row(to.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
    two_above = above;
    std::swap(above, row);
  }
  return above[to.size()];
}

std::optional<std::string> nearest_by_slips(const std::string& written, const std::vector<std::string>& known) {
  std::optional<std::string> nearest;
  std::size_t fewest = slips_allowed(written) + 1;
  for (const auto& candidate : known) {
    // The lengths differ by the least number of slips, so a candidate that cannot win is not compared.
    if (std::max(candidate.size(), written.size()) - std::min(candidate.size(), written.size()) >= fewest) continue;
    const auto slips = slips_between(written, lower_case(candidate));
    const bool all_differs = slips >= std::max(candidate.size(), written.size());
    if (slips >= fewest || all_differs) continue;
    nearest = candidate;
    fewest = slips;
  }
  return nearest;
}

/// "adaptive" for "RetryLoop/adaptive", or "RetryLoop/adaptive/iterations:1000" for it.
std::optional<std::string> only_one_in_common(const std::string& written, const std::vector<std::string>& known) {
  std::optional<std::string> only;
  for (const auto& candidate : known) {
    const auto lower = lower_case(candidate);
    const bool contains = written.size() >= shortest_part && lower.find(written) != std::string::npos;
    const bool is_contained = lower.size() >= shortest_part && written.find(lower) != std::string::npos;
    if (!contains && !is_contained) continue;
    if (only && *only != candidate) return std::nullopt;
    only = candidate;
  }
  return only;
}

}  // namespace

std::optional<std::string> closest_spelling(std::string_view written, const std::vector<std::string>& known) {
  const auto lower = lower_case(written);
  if (auto nearest = nearest_by_slips(lower, known)) return nearest;
  return only_one_in_common(lower, known);
}

std::string did_you_mean(std::string_view written, const std::vector<std::string>& known) {
  const auto near = closest_spelling(written, known);
  return near ? fmt::format("; did you mean '{}'?", *near) : std::string();
}

}  // namespace soak
