#include "symbols/name_parser.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

namespace soak::symbols {

namespace {

using Arguments = std::vector<std::string>;

std::string joined(const std::string& name, const Arguments& arguments) {
  std::string list;
  for (const auto& argument : arguments) list += (list.empty() ? "" : ", ") + argument;
  return name + "<" + list + ">";
}

bool is_any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// std::stack<int> is one of std::deque<int>; to other templates a deque is an argument like any other.
bool is_underlying_container(const std::string& name, const std::string& argument) {
  if (argument.starts_with("std::deque<")) return name == "std::stack" || name == "std::queue";
  return argument.starts_with("std::vector<") && name == "std::priority_queue";
}

/// Whether the library would have put the argument there: `std::allocator<X>` for the X that the container holds.
bool is_default(const std::string& name, const std::string& argument, const Arguments& arguments) {
  if (argument == "std::allocator<void>" || argument == "boost::asio::any_io_executor") return true;
  const auto open = argument.find('<');
  if (open == std::string::npos) return false;
  const bool is_known =
      is_any_of(argument.substr(0, open), {"std::allocator", "std::char_traits", "std::less", "std::hash",
                                           "std::equal_to", "std::default_delete", "std::regex_traits"});
  if (!is_known && !is_underlying_container(name, argument)) return false;
  const auto of = argument.substr(open + 1, argument.size() - open - 2);
  if (of == arguments[0]) return true;
  return arguments.size() > 1 && of == "std::pair<const " + arguments[0] + ", " + arguments[1] + ">";
}

/// Whether defaults are left out: those of std::pair<int, std::less<int>> and of functions are not.
bool has_defaults(const std::string& name) {
  return !is_any_of(name, {"std::pair", "std::tuple", "std::variant", "std::_Tuple_impl"});
}

void drop_defaults(const std::string& name, Arguments& arguments) {
  std::erase_if(arguments, [](const auto& argument) { return argument.starts_with("(__gnu_cxx::_Lock_policy)"); });
  if (!has_defaults(name)) return;
  while (arguments.size() > 1 && is_default(name, arguments.back(), arguments)) arguments.pop_back();
}

/// `std::basic_string<char>` -> `std::string`, and similar for wide characters.
std::string character_alias(const std::string& name, const Arguments& arguments) {
  constexpr std::array plain = {
      "string",        "string_view",   "istream",      "ostream", "iostream", "ios",      "streambuf", "stringbuf",
      "istringstream", "ostringstream", "stringstream", "filebuf", "ifstream", "ofstream", "fstream",   "regex"};
  static const std::map<std::string_view, std::string_view> prefixes = {
      {"char", ""}, {"wchar_t", "w"}, {"char8_t", "u8"}, {"char16_t", "u16"}, {"char32_t", "u32"}};
  constexpr std::string_view start = "std::basic_";
  if (arguments.size() != 1 || !name.starts_with(start)) return {};
  const auto known = std::ranges::find(plain, name.substr(start.size()));
  const auto prefix = prefixes.find(arguments[0]);
  if (known == plain.end() || prefix == prefixes.end()) return {};
  return "std::" + std::string(prefix->second) + *known;
}

const std::map<std::string, std::string>& whole_aliases() {
  static const std::map<std::string, std::string> aliases = {
      {"std::chrono::duration<long, std::ratio<1, 1000000000>>", "std::chrono::nanoseconds"},
      {"std::chrono::duration<long, std::ratio<1, 1000000>>", "std::chrono::microseconds"},
      {"std::chrono::duration<long, std::ratio<1, 1000>>", "std::chrono::milliseconds"},
      {"std::chrono::duration<long, std::ratio<1, 1>>", "std::chrono::seconds"},
      {"std::chrono::duration<long, std::ratio<60, 1>>", "std::chrono::minutes"},
      {"std::chrono::duration<long, std::ratio<3600, 1>>", "std::chrono::hours"},
      {"fmt::basic_string_view<char>", "fmt::string_view"},
      {"fmt::basic_format_args<fmt::basic_format_context<fmt::appender, char>>", "fmt::format_args"},
      {"fmt::basic_memory_buffer<char, 500>", "fmt::memory_buffer"},
      {"boost::asio::basic_stream_socket<boost::asio::ip::tcp>", "boost::asio::ip::tcp::socket"},
      {"boost::asio::basic_socket_acceptor<boost::asio::ip::tcp>", "boost::asio::ip::tcp::acceptor"},
      {"boost::asio::ip::basic_endpoint<boost::asio::ip::tcp>", "boost::asio::ip::tcp::endpoint"},
      {"boost::beast::basic_flat_buffer<std::allocator<char>>", "boost::beast::flat_buffer"},
  };
  return aliases;
}

std::string json_alias(const std::string& name, const Arguments& arguments) {
  if (name != "nlohmann::basic_json" || arguments.size() < 10) return {};
  if (arguments[1] != "std::vector" || arguments[2] != "std::string") return {};
  if (arguments[0] == "std::map") return "nlohmann::json";
  return arguments[0] == "nlohmann::ordered_map" ? "nlohmann::ordered_json" : "";
}

/// `std::pair<const K, V>` -> `K, V`; anything else is a set's key.
std::string key_and_value(const std::string& value) {
  constexpr std::string_view start = "std::pair<const ";
  if (!value.starts_with(start)) return value;
  return value.substr(start.size(), value.size() - start.size() - 1);
}

std::string container_of(const std::string& value, const std::string& map, const std::string& set) {
  const auto inside = key_and_value(value);
  return (inside == value ? set : map) + "<" + inside + ">";
}

/// The class behind a container, or its iterator, by the name of the container.
std::string library_alias(const std::string& name, const Arguments& arguments) {
  if (arguments.empty()) return {};
  if (name == "__gnu_cxx::__normal_iterator" && arguments.size() == 2 && arguments[1] != "void")
    return arguments[1] + (arguments[0].starts_with("const ") ? "::const_iterator" : "::iterator");
  if (name == "std::_Rb_tree" && arguments.size() > 1) return container_of(arguments[1], "std::map", "std::set");
  if (name == "std::_Rb_tree_iterator") return container_of(arguments[0], "std::map", "std::set") + "::iterator";
  if (name == "std::_Rb_tree_const_iterator")
    return container_of(arguments[0], "std::map", "std::set") + "::const_iterator";
  if (name == "std::_Hashtable" && arguments.size() > 1)
    return container_of(arguments[1], "std::unordered_map", "std::unordered_set");
  if (name == "std::__detail::_Node_iterator")
    return container_of(arguments[0], "std::unordered_map", "std::unordered_set") + "::iterator";
  if (name == "std::_List_iterator") return "std::list<" + arguments[0] + ">::iterator";
  if (name == "std::_List_const_iterator") return "std::list<" + arguments[0] + ">::const_iterator";
  if (name == "std::_Deque_iterator") return "std::deque<" + arguments[0] + ">::iterator";
  return {};
}

constexpr std::string_view anonymous = "(anonymous namespace)";
/// Longer lists are left out of a function's name, because the line beside it says more.
constexpr std::size_t longest_arguments = 60, longest_parameters = 40;
/// Deeper nesting is copied as it is, so that no name overflows the stack.
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

bool is_inline_namespace(std::string_view outer, std::string_view word) {
  if (outer == "fmt" && word.size() > 1 && word[0] == 'v')
    return std::ranges::all_of(word.substr(1), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (outer == "absl") return word.starts_with("lts_");
  if (outer == "nlohmann") return word.starts_with("json_abi_");
  if (outer.starts_with("std") || outer == "__gnu_cxx")
    return is_any_of(word, {"__cxx11", "__1", "__2", "__ndk1", "_V2", "__cxx1998", "__8"});
  return false;
}

std::string with_arguments(const std::string& name, Arguments arguments) {
  if (auto alias = json_alias(name, arguments); !alias.empty()) return alias;
  if (auto alias = library_alias(name, arguments); !alias.empty()) return alias;
  drop_defaults(name, arguments);
  if (name == "std::chrono::time_point" && arguments.size() == 2 && arguments[1] == "std::chrono::nanoseconds")
    arguments.pop_back();
  if (auto alias = character_alias(name, arguments); !alias.empty()) return alias;
  auto whole = joined(name, arguments);
  const auto& aliases = whole_aliases();
  const auto alias = aliases.find(whole);
  return alias == aliases.end() ? whole : alias->second;
}

std::string last_component(std::string_view name) {
  int depth = 0;
  auto end = name.size();
  for (auto at = name.size(); at-- > 0;) {
    if (name[at] == '>' || name[at] == ')') ++depth;
    if (name[at] == '<' || name[at] == '(') --depth;
    if (depth == 0 && name[at] == '<') end = at;
    if (depth == 0 && name[at] == ':') return std::string(name.substr(at + 1, end - at - 1));
  }
  return std::string(name.substr(0, end));
}

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
