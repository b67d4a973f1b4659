// What is known about one video, read from the JSON that a metadata server answers with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "retry/error_recovery_manager.hpp"

namespace lookup {

struct Metadata {
  static constexpr std::size_t excerpt_bytes = 240;

  std::string id;
  std::string title;
  std::string channel;  ///< Empty where unknown.
  std::string excerpt;  ///< Of the description: at most excerpt_bytes of UTF-8, ended at a whole character.
  std::vector<std::string> tags;
  std::int64_t duration_seconds = 0;
  std::int64_t views = 0;
};

/// The answer for the video `id`. Title and duration are required and other fields may be missing; a failure is worth
/// another attempt, as documents break on their way.
[[nodiscard]] recovery::Attempt<Metadata> parse_metadata(std::string_view json, std::string_view id);

/// The first whole characters of UTF-8 `text` that fit into `max_bytes`.
[[nodiscard]] std::string_view excerpt_of(std::string_view text, std::size_t max_bytes) noexcept;

}  // namespace lookup
