// {iterations}, {port} and so on in the texts of a program.
#include <algorithm>
#include <cctype>

#include "config/program.hpp"

namespace soak::config {
namespace {

bool is_small_letter(char letter) { return (letter >= 'a' && letter <= 'z') || letter == '_'; }
bool is_letter(char letter) { return is_small_letter(letter) || (letter >= 'A' && letter <= 'Z'); }

/// {Port} is meant for ours, and refused; ${HOME} is a shell's.
bool may_be_ours(std::string_view name) {
  if (std::ranges::all_of(name, is_small_letter)) return true;
  std::string small(name);
  for (auto& letter : small) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return small == "iterations" || small == "iteration" || small == "port" || small == "pid";
}

/// A `{name}` or `{{name}}` that begins at a position of a text.
struct Braced {
  std::string_view name;
  std::size_t size = 0;  ///< With its braces.
  bool is_literal = false;
};

std::optional<Braced> braced_at(std::string_view text, std::size_t position) {
  if (text[position] != '{') return {};
  const std::size_t braces = text.substr(position).starts_with("{{") ? 2 : 1;
  auto end = position + braces;
  while (end < text.size() && is_letter(text[end])) ++end;
  const auto name = text.substr(position + braces, end - position - braces);
  if (name.empty() || text.substr(end, braces) != std::string_view("}}").substr(0, braces)) return {};
  if (!may_be_ours(name)) return {};
  return Braced{name, end + braces - position, braces == 2};
}

/// Calls `plain` with every character outside of braces and `braced` with what stands in them.
template <typename Plain, typename InBraces>
void scan(std::string_view text, Plain plain, InBraces in_braces) {
  for (std::size_t i = 0; i < text.size();) {
    if (const auto braced = braced_at(text, i)) {
      in_braces(*braced);
      i += braced->size;
    } else {
      plain(text[i++]);
    }
  }
}

}  // namespace

std::vector<std::string> placeholders_in(std::string_view text) {
  std::vector<std::string> names;
  scan(
      text, [](char) {},
      [&](const Braced& braced) {
        if (!braced.is_literal) names.emplace_back(braced.name);
      });
  return names;
}

std::string filled_in(std::string_view text, const Placeholders& values) {
  std::string filled;
  scan(
      text, [&](char letter) { filled += letter; },
      [&](const Braced& braced) {
        const auto value = values.find(braced.name);
        if (braced.is_literal)
          filled += "{" + std::string(braced.name) + "}";
        else if (value != values.end())
          filled += value->second;
      });
  return filled;
}

std::vector<std::string> filled_in(const std::vector<std::string>& texts, const Placeholders& values) {
  std::vector<std::string> filled;
  for (const auto& text : texts) filled.push_back(filled_in(text, values));
  return filled;
}

}  // namespace soak::config
