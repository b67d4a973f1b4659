// Keys of records and the names of their files, one to one: what is not [A-Za-z0-9_-] is percent-encoded, so that no
// key can leave the folder, look like a temporary file or need a lookup to be read back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace storage {

inline constexpr std::string_view record_suffix = ".record";

/// Throws std::invalid_argument for an empty key and for one whose encoded form is longer than 230 characters.
[[nodiscard]] std::string file_name_of(std::string_view key);

/// The key of a file name that file_name_of() made; nothing for any other name.
[[nodiscard]] std::optional<std::string> key_of(std::string_view file_name);

}  // namespace storage
