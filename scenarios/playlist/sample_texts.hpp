// Texts as people write them into titles and descriptions: several scripts, emoji, quotes, slashes, combining marks.
#pragma once

#include <playlist/dice.hpp>
#include <string>

namespace playlist {

[[nodiscard]] std::string sample_title(Dice& dice);

/// Some sentences, about 200 bytes.
[[nodiscard]] std::string sample_description(Dice& dice);

[[nodiscard]] std::string sample_uploader(Dice& dice);

/// Eleven characters of [A-Za-z0-9_-].
[[nodiscard]] std::string sample_video_id(Dice& dice);

}  // namespace playlist
