// A request that cannot be carried out as it stands.
#pragma once

#include <stdexcept>

namespace soak {

/// Something the person at the keyboard can put right; the message says what, where and what to do. `main` prints it
/// and exits with 2.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace soak
