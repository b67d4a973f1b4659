// Errors that the user can correct.
#pragma once

#include <stdexcept>

namespace soak {

/// A request that cannot be carried out as it stands. The message says what is wrong, where, and what to do. `main`
/// prints it and exits with 2.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace soak
