// The message a wrong request is answered with.
#pragma once

#include <string>

#include "record/user_error.hpp"

namespace soak::config {

template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace soak::config
