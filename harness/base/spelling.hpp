// Suggestions for misspelt names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soak {

/// The candidate nearest to what was written, if one is near enough: a few slips of the keyboard away, or the only one
/// that contains the written name or is contained in it. The first of several that are equally near.
[[nodiscard]] std::optional<std::string> closest_spelling(std::string_view written,
                                                          const std::vector<std::string>& known);

/// "; did you mean 'RetryLoop/adaptive'?", or nothing if no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view written, const std::vector<std::string>& known);

}  // namespace soak
