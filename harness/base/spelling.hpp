// What was probably meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soak {

/// The candidate nearest to what was written, where one is near enough to be meant: a few slips of the keyboard away,
/// or the only one that contains the written name or is contained in it. The first of several equally near.
[[nodiscard]] std::optional<std::string> closest_spelling(std::string_view written,
                                                          const std::vector<std::string>& known);

/// "; did you mean 'RetryLoop/adaptive'?", or nothing where no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view written, const std::vector<std::string>& known);

}  // namespace soak
