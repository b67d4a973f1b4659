// The message a wrong request is answered with.
#pragma once

#include <string>

#include "base/user_error.hpp"
#include "config/config.hpp"

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

/// What is said of a benchmarks.toml with this text.
inline std::string message_about(const std::string& text) {
  return message_of([&] { (void)parse_config(text, "benchmarks.toml"); });
}

}  // namespace soak::config
