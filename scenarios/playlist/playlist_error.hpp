// A playlist document that cannot be used.
#pragma once

#include <stdexcept>

namespace playlist {

/// The message names the place: the file where one was read, and "entries[N]", counted from 0 as JSON does.
class PlaylistError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace playlist
