#include "symbols/name_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

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

/// `std::allocator<X>` for the X that the container holds: what is left out is what the library would have put there.
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

/// std::pair<int, std::less<int>> means what it says, and so do functions' arguments.
bool has_defaults(const std::string& name) {
  return !is_any_of(name, {"std::pair", "std::tuple", "std::variant", "std::_Tuple_impl"});
}

void drop_defaults(const std::string& name, Arguments& arguments) {
  std::erase_if(arguments, [](const auto& argument) { return argument.starts_with("(__gnu_cxx::_Lock_policy)"); });
  if (!has_defaults(name)) return;
  while (arguments.size() > 1 && is_default(name, arguments.back(), arguments)) arguments.pop_back();
}

/// `std::basic_string<char>` -> `std::string`, and its like for wide characters.
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

}  // namespace soak::symbols
