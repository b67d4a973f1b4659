#include "config/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/user_error.hpp"

namespace soak::config {
namespace {
constexpr std::size_t most_told = 20;
}

void Problems::add(const toml::source_position& position, std::string message) {
  problems_.push_back({position, std::move(message)});
}

void Problems::throw_if_any(const SourceText& source, const std::filesystem::path& file) const {
  if (problems_.empty()) return;
  auto in_order = problems_;
  std::ranges::stable_sort(in_order, std::less{}, &Problem::position);
  std::string text;
  for (std::size_t i = 0; i < std::min(in_order.size(), most_told); ++i) {
    const auto& [position, message] = in_order[i];
    text +=
        fmt::format("{}{}", i == 0 ? "" : "\n", located(file, source.place(position.line, position.column), message));
  }
  if (in_order.size() > most_told) text += fmt::format("\nand {} more", in_order.size() - most_told);
  throw UserError(text);
}

}  // namespace soak::config
