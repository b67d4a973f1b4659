// All that is wrong with a file, told at once.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "config/source_text.hpp"

namespace soak::config {

class Problems {
 public:
  /// A sentence without its place.
  void add(const toml::source_position& position, std::string message);
  [[nodiscard]] bool empty() const { return problems_.empty(); }
  /// Throws one UserError with every problem in the order of the file, of many the first ones; returns where there is
  /// none.
  void throw_if_any(const SourceText& source, const std::filesystem::path& file) const;

 private:
  struct Problem {
    toml::source_position position;
    std::string message;
  };
  std::vector<Problem> problems_;
};

}  // namespace soak::config
