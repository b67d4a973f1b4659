// Whole files: read within bounds, replaced in one step.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace soak {

/// The whole content, of a pipe as well. Throws std::system_error, with the file in its message, if it cannot be read
/// or has more than `most_bytes` (EFBIG).
[[nodiscard]] std::string read_file(const std::filesystem::path& file, std::size_t most_bytes);

/// Replaces `file` in one step: a reader sees the old content or the new, also after a crash. Leaves nothing else
/// behind when it fails. Throws std::system_error, with the file in its message.
void write_atomically(const std::filesystem::path& file, std::string_view content);

}  // namespace soak
