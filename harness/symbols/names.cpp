#include "symbols/names.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

#include "symbols/name_parser.hpp"

namespace soak::symbols {
namespace {

/// Counts the brackets of all kinds around a character; `->` and operators spelt with angles are not brackets.
class Nesting {
 public:
  explicit Nesting(std::string_view text) : text_(text) {}

  /// Whether the character at `at` stands outside all brackets. To be asked for each in turn.
  bool is_outside(std::size_t at) {
    const char c = text_[at];
    if (c == '(' || c == '{' || c == '[' || (c == '<' && !is_operator(at))) return depth_++ == 0;
    if (c == ')' || c == '}' || c == ']' || (c == '>' && !is_operator(at))) return --depth_ == 0;
    return depth_ == 0;
  }

 private:
  [[nodiscard]] bool is_operator(std::size_t at) const {
    if (at > 0 && text_[at - 1] == '-') return true;
    constexpr std::string_view word = "operator";
    auto start = at;
    while (start > 0 && (text_[start - 1] == '<' || text_[start - 1] == '>')) --start;
    return start >= word.size() && text_.substr(start - word.size(), word.size()) == word;
  }

  std::string_view text_;
  int depth_ = 0;
};

bool starts_at(std::string_view text, std::size_t at, std::string_view part) {
  return text.substr(at).starts_with(part);
}

/// The start of the parameters: the last outermost bracket that is neither a namespace nor followed by more of the
/// name.
std::size_t parameters_begin(std::string_view text) {
  Nesting nesting(text);
  auto found = std::string_view::npos;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!nesting.is_outside(at) || text[at] != '(' || at == 0 || text[at - 1] == ' ') continue;
    if (starts_at(text, at, "(anonymous namespace)") || starts_at(text, at, "()(")) continue;
    found = at;
  }
  return found;
}

}  // namespace

std::string demangle(const std::string& name) {
  if (!name.starts_with("_Z")) return name;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 && text ? text.get() : name;
}

std::string shorten_type(std::string_view demangled) { return NameParser(demangled).type(); }

std::string shorten_function(std::string_view demangled) { return NameParser(demangled).function(); }

std::string_view function_path(std::string_view demangled) {
  const auto name = demangled.substr(0, parameters_begin(demangled));
  if (name.find("operator ") != std::string_view::npos) return name;  // a conversion's type, or operator new
  Nesting nesting(name);
  std::size_t begin = 0;
  for (std::size_t at = 0; at < name.size(); ++at)
    if (nesting.is_outside(at) && name[at] == ' ') begin = at + 1;
  return name.substr(begin);
}

}  // namespace soak::symbols
