// Reads the fields of an object, forgiving what documents in the wild get wrong: a field may be missing or null, a
// number may be written as a text or a text as a number. What has no such reading counts as missing. Only a list or
// an object where the other was expected is refused: there the document means something else.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

namespace playlist {

/// Empty where there is none.
[[nodiscard]] std::string read_text(const nlohmann::json& object, const char* key);

/// A whole number of at least 0; fractions are cut off. Nothing where there is none, or none that fits.
[[nodiscard]] std::optional<std::int64_t> read_amount(const nlohmann::json& object, const char* key);

/// Seconds, given as a number or as "[[h:]m:]s". Nothing where there is none.
[[nodiscard]] std::optional<std::int64_t> read_duration(const nlohmann::json& object, const char* key);

/// The items of the list; none where it is missing or null. They live as long as `object`. Throws PlaylistError where
/// it is something else.
[[nodiscard]] std::span<const nlohmann::json> read_list(const nlohmann::json& object, const char* key);

}  // namespace playlist
