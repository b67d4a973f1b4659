// Times on the command line, written as in benchmarks.toml.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <variant>

#include "base/units.hpp"
#include "base/user_error.hpp"

namespace soak::cli {

/// Longer than nothing. Throws UserError that names the option.
[[nodiscard]] inline std::chrono::milliseconds duration_of(const char* option, const std::string& text) {
  const auto parsed = parse_duration(text);
  if (const auto* error = std::get_if<UnitError>(&parsed))
    throw UserError(fmt::format("{}: {}", option, error->message));
  const auto time = std::get<std::chrono::milliseconds>(parsed);
  if (time.count() == 0) throw UserError(fmt::format("{}: \"{}\" is no time at all", option, text));
  return time;
}

}  // namespace soak::cli
