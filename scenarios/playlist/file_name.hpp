// Names of files that people can read and every file system takes.
#pragma once

#include <string>
#include <string_view>

namespace playlist {

/// "<title> [<id>].<extension>". Characters that file systems or shells stumble over, in any of the three, become
/// '_'; other Unicode stays. Without a title "[<id>].<extension>". At most 240 bytes: a title that is too long is
/// cut, never within a character. Expects valid UTF-8 and an id of at most 64 bytes; longer ones are cut as well.
[[nodiscard]] std::string download_file_name(std::string_view title, std::string_view id, std::string_view extension);

}  // namespace playlist
