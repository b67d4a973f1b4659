// Which of the frames on a stack is the one to show: the line that somebody can change.
#pragma once

#include <cstddef>
#include <span>

#include "symbols/frame.hpp"

namespace soak::symbols {

/// Whose code a frame is, from what the reader can change to what nobody wants to see.
enum class Origin {
  own,          ///< Has a line in a file that is no system header and lies in no third-party folder.
  third_party,  ///< A library of the project's: with a line in a vendored folder or a module of its own.
  nameless,     ///< A module that is not the system's, and nothing known about the place.
  system        ///< libc, libstdc++, the probe, and whatever was inlined from system headers.
};
[[nodiscard]] Origin origin_of(const Frame& frame);

/// Index of the innermost frame of the best origin; 0 where all are the system's. `frames`: innermost first, not
/// empty.
[[nodiscard]] std::size_t pick_the_line(std::span<const Frame> frames);

}  // namespace soak::symbols
