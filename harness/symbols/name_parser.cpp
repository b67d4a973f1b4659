#include "symbols/name_parser.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "symbols/name_rules.hpp"

namespace soak::symbols {
namespace {

constexpr std::string_view anonymous = "(anonymous namespace)";
/// Longer lists are left out of a function's name: the line beside it says more.
constexpr std::size_t longest_arguments = 60, longest_parameters = 40;
/// Deeper nesting is copied as it is, rather than risk the stack.
constexpr int deepest = 200;

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += text.empty() ? part : ", " + part;
  return text;
}

bool is_builtin(std::string_view word) {
  constexpr std::array words = {"unsigned", "signed", "long", "short", "char", "int", "double", "__int128"};
  return std::ranges::find(words, word) != words.end();
}

/// `X const&` -> `const X&`, where X ends at `base_end`.
std::string const_in_front(const std::string& type, std::size_t base_end) {
  constexpr std::string_view suffix = " const";
  if (base_end == std::string::npos || type.compare(base_end, suffix.size(), suffix) != 0) return type;
  const auto rest = type.substr(base_end + suffix.size());
  if (!rest.empty() && is_word_character(rest.front())) return type;
  return "const " + type.substr(0, base_end) + rest;
}

}  // namespace

bool NameParser::at_name() const {
  const char c = next();
  return (is_word_character(c) && !is_digit(c)) || c == '~' || c == '{' || starts_with(anonymous) ||
         starts_with("::");
}

bool NameParser::skip(std::string_view part) {
  if (!starts_with(part)) return false;
  at_ += part.size();
  return true;
}

void NameParser::skip_square_brackets() {
  const auto end = text_.find(']', at_);
  at_ = end == std::string_view::npos ? text_.size() : end + 1;
}

std::string NameParser::type() {
  TypeText type;
  if (depth_ >= deepest) {
    type.text = text_.substr(at_);
    at_ = text_.size();
    return type.text;
  }
  ++depth_;
  while (!at_end() && std::string_view(",>)").find(next()) == std::string_view::npos) type_piece(type);
  --depth_;
  while (type.text.ends_with(' ')) type.text.pop_back();
  return const_in_front(type.text, type.base_end);
}

void NameParser::type_piece(TypeText& type) {
  auto& out = type.text;
  if (at_name()) {
    const auto name = qualified_name(Place::in_type).text;
    const bool goes_on = type.is_builtin && is_builtin(name) && type.base_end + 1 == out.size();  // unsigned long
    out += name;
    if (type.base_end != std::string::npos && !goes_on) return;
    type.base_end = out.size();
    type.is_builtin = is_builtin(name);
  } else if (is_digit(next())) {
    out += literal();
  } else if (skip("(")) {
    out += "(" + joined(list(')')) + ")";
  } else if (starts_with("[abi:")) {
    skip_square_brackets();
  } else if (skip("->")) {
    out += "->";
  } else {
    if (next() != ' ' || !out.empty()) out += next();
    ++at_;
  }
}

std::vector<std::string> NameParser::list(char closing) {
  std::vector<std::string> parts;
  while (!at_end()) {
    if (next() == closing) {
      ++at_;
      break;
    }
    auto part = type();
    if (!part.empty() || next() == ',') parts.push_back(std::move(part));
    if (skip(",")) {
      skip(" ");
    } else if (!at_end() && next() != closing) {
      parts.emplace_back(1, next());  // a bracket that is not ours: part of an expression
      ++at_;
    }
  }
  return parts;
}

std::string NameParser::literal() {
  const auto begin = at_;
  while (is_digit(next())) ++at_;
  std::string digits(text_.substr(begin, at_ - begin));
  while (next() == 'u' || next() == 'l') ++at_;
  return digits;
}

std::string NameParser::word() {
  const auto begin = at_;
  if (next() == '~') ++at_;
  while (is_word_character(next())) ++at_;
  return std::string(text_.substr(begin, at_ - begin));
}

std::string NameParser::operator_name() {
  constexpr std::array<std::string_view, 42> tokens = {
      "()", "[]", "<=>", "<<=", ">>=", "->*", "<<", ">>", "<=", ">=", "==", "!=",   "&&",   "||",
      "++", "--", "->",  "+=",  "-=",  "*=",  "/=", "%=", "^=", "&=", "|=", "<",    ">",    "+",
      "-",  "*",  "/",   "%",   "^",   "&",   "|",  "~",  "!",  "=",  ",",  "\"\"", " new", " delete"};
  for (const auto token : tokens) {
    if (!skip(token)) continue;
    auto name = "operator" + std::string(token);
    if ((token == " new" || token == " delete") && skip("[]")) name += "[]";
    if (starts_with(" <")) ++at_;
    return name;
  }
  const auto end = std::min(text_.find('(', at_), text_.size());  // a conversion
  const auto target = text_.substr(at_, end - at_);
  at_ = end;
  return "operator " + NameParser(target).type();
}

std::string NameParser::braces() {
  const auto begin = at_;
  int open = 0;
  do {
    open += next() == '{' ? 1 : next() == '}' ? -1 : 0;
    ++at_;
  } while (open > 0 && !at_end());
  const auto whole = text_.substr(begin, at_ - begin);
  if (!whole.starts_with("{lambda")) return std::string(whole);
  const auto number = whole.rfind('#');
  if (number == std::string_view::npos || whole.substr(number) == "#1}") return "{lambda}";
  return "{lambda" + std::string(whole.substr(number));
}

NameParser::QualifiedName NameParser::qualified_name(Place place) {
  QualifiedName name;
  skip("::");
  do {
    component(name, place);
    if (next() == '(' && !starts_with(anonymous) && !parameters(name, place)) break;
  } while (skip("::"));
  return name;
}

void NameParser::component(QualifiedName& name, Place place) {
  const bool was_lambda = std::exchange(name.ends_in_lambda, false);
  if (skip(anonymous)) {
    add_word(name, std::string(anonymous));
  } else if (next() == '{') {
    const auto text = braces();
    name.ends_in_lambda = text.starts_with("{lambda");
    add_word(name, text);
  } else {
    auto text = word();
    if (text == "operator") text = operator_name();
    if (text.starts_with("$_")) {  // a lambda of clang's
      name.ends_in_lambda = true;
      return add_word(name, text == "$_0" ? "{lambda}" : "{lambda#" + text.substr(2) + "}");
    }
    name.ends_in_lambda = was_lambda && text == "operator()";
    if (!name.ends_in_lambda) add_word(name, text);
  }
  while (starts_with("[abi:")) skip_square_brackets();
  if (next() == '<') template_arguments(name, place);
  while (starts_with("[abi:")) skip_square_brackets();
  if (next() == '.' || next() == '@') at_ = text_.size();  // what the compiler or the linker appended: .cold, @GLIBC
}

void NameParser::add_word(QualifiedName& name, const std::string& word) {
  const bool repeats = !name.last_word.empty() && (word == name.last_word || word == "~" + name.last_word);
  if (repeats) {
    // A constructor of std::basic_string is one of std::string.
    const auto last = last_component(name.text);
    name.text += "::" + std::string(word.front() == '~' ? "~" : "") + last;
  } else if (!is_inline_namespace(name.text, word)) {
    name.text += (name.text.empty() ? "" : "::") + word;
  }
  name.last_word = word;
}

void NameParser::template_arguments(QualifiedName& name, Place place) {
  skip("<");
  const auto arguments = list('>');
  if (name.ends_in_lambda) return;
  const auto whole = with_arguments(name.text, arguments);
  const bool is_long = place == Place::outermost_of_function && whole.size() > name.text.size() + longest_arguments;
  name.text = is_long ? name.text + "<...>" : whole;
}

bool NameParser::parameters(QualifiedName& name, Place place) {
  skip("(");
  const auto text = joined(list(')'));
  const auto behind = at_;
  for (const auto* qualifier : {" const", " volatile", "&&", "&", " &&", " &"}) skip(qualifier);
  while (starts_with("[abi:")) skip_square_brackets();
  if (starts_with("::")) {
    if (!name.ends_in_lambda) name.text += "()";
    name.ends_in_lambda = false;
    return true;
  }
  at_ = behind;
  name.has_parameters = true;
  const bool is_long = place == Place::outermost_of_function && text.size() > longest_parameters;
  if (!name.ends_in_lambda) name.text += "(" + (is_long ? "..." : text) + ")";
  return false;
}

std::string NameParser::function() {
  QualifiedName best;
  while (!at_end()) {
    if (at_name()) {
      auto name = qualified_name(Place::outermost_of_function);
      if (name.has_parameters || !best.has_parameters) best = std::move(name);
    } else if (skip("(")) {
      list(')');
    } else if (next() == '[') {
      skip_square_brackets();
    } else {
      ++at_;
    }
  }
  return best.text.empty() ? std::string(text_) : best.text;
}

}  // namespace soak::symbols
