// Numbers on the command line, refused with a sentence.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <string>

namespace soak::cli {

/// For CLI11's check(): a whole number from 1 to `most`; else `"1e3" is no whole number from 1 to 1000; ` and `hint`.
[[nodiscard]] inline CLI::Validator whole_number(std::int64_t most, const std::string& hint) {
  return {[most, hint](const std::string& text) -> std::string {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (error == std::errc{} && end == text.data() + text.size() && number >= 1 && number <= most) return {};
            return fmt::format("\"{}\" is no whole number from 1 to {}; {}", text, most, hint);
          },
          "", "whole_number"};
}

}  // namespace soak::cli
