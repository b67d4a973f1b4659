#include "verdict/explain/site_evidence.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string_view>

namespace soak::verdict {
namespace {

using record::Frame;

template <std::size_t count>
bool starts_with_any(std::string_view text, const std::array<std::string_view, count>& starts) {
  return std::ranges::any_of(starts, [text](auto start) { return text.starts_with(start); });
}

template <std::size_t count>
bool mentions_any(std::string_view text, const std::array<std::string_view, count>& words) {
  return std::ranges::any_of(words, [text](auto word) { return text.find(word) != std::string_view::npos; });
}

bool is_standard(const std::string& function) {
  constexpr std::array<std::string_view, 2> starts = {"std::", "__gnu_cxx::"};
  return starts_with_any(function, starts);
}

bool is_allocator(const Frame& frame) {
  constexpr std::array<std::string_view, 9> starts = {
      "std::__new_allocator<",    "std::allocator<",     "std::allocator_traits<",
      "std::__allocate_guarded<", "operator new",        "malloc",
      "__gnu_cxx::new_allocator", "std::__1::allocator", "std::__1::__libcpp_"};
  return starts_with_any(frame.function, starts);
}

/// `CrashLogSink::write_all` -> is one of its words `log`? Words are told by case, underscores and signs.
bool has_logging_word(std::string_view name) {
  constexpr std::array<std::string_view, 9> words = {"log",    "logs",     "logger", "loggers", "logging",
                                                     "logged", "loggable", "spdlog", "syslog"};
  std::string word;
  const auto is_match = [&] { return std::ranges::count(words, std::string_view(word)) > 0; };
  char before = ' ';
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    const bool begins =
        !std::isalpha(letter) || (std::isupper(letter) && !std::isupper(static_cast<unsigned char>(before)));
    if (begins && is_match()) return true;
    if (begins) word.clear();
    if (std::isalpha(letter)) word += static_cast<char>(std::tolower(letter));
    before = c;
  }
  return is_match();
}

/// Without arguments and template arguments: what is passed to a function does not say what it does.
std::string path_of(const std::string& function) {
  std::string path;
  int depth = 0;
  for (const char c : function) {
    if (c == '<' || c == '(') ++depth;
    if (depth == 0) path += c;
    if ((c == '>' || c == ')') && depth > 0) --depth;
  }
  return path;
}

bool logs(const Frame& frame) {
  // A benchmark's function is named after the scenario, not after what it does.
  return !is_standard(frame.function) && frame.function.find("(benchmark::State&") == std::string::npos &&
         has_logging_word(path_of(frame.function));
}

bool is_shown(const Frame& frame, const record::CallSite& site) {
  return frame.line == site.line && frame.file == site.file && frame.function == site.function;
}

/// The innermost frames, that of the line to show the last of them.
std::span<const Frame> up_to_shown(const record::CallSite& site) {
  const auto shown = std::ranges::find_if(site.stack, [&](const Frame& frame) { return is_shown(frame, site); });
  const auto count = static_cast<std::size_t>(shown - site.stack.begin());
  return std::span(site.stack).first(std::min(count + 1, site.stack.size()));
}

}  // namespace

bool is_node(const SiteGrowth& growth) { return growth.site.type.starts_with("node of "); }

bool is_growing_buffer(const SiteGrowth& growth) {
  constexpr std::array<std::string_view, 2> starts = {"buffer of ", "buckets of "};
  return starts_with_any(growth.site.type, starts) && growth.blocks_per_iteration == 0;
}

bool is_part_of_container(const SiteGrowth& growth) {
  constexpr std::array<std::string_view, 3> starts = {"node of ", "buffer of ", "buckets of "};
  return starts_with_any(growth.site.type, starts);
}

bool is_control_block(const SiteGrowth& growth) {
  const auto& stack = growth.site.stack;
  const auto asked = std::ranges::find_if_not(stack, is_allocator);
  constexpr std::array<std::string_view, 4> starts = {"std::__shared_count<", "std::__1::allocate_shared<",
                                                      "std::__1::shared_ptr<", "std::__1::make_shared<"};
  return asked != stack.end() && starts_with_any(asked->function, starts);
}

bool is_object_of_own_code(const SiteGrowth& growth) {
  if (is_part_of_container(growth) || is_control_block(growth) || growth.site.stack.empty()) return false;
  return !is_standard(growth.site.type.empty() ? growth.site.stack.front().function : growth.site.type);
}

bool is_under_logging(const SiteGrowth& growth) {
  const auto inner = up_to_shown(growth.site), outer = std::span(growth.site.stack).subspan(inner.size());
  const auto caller = std::ranges::find_if_not(outer, is_standard, &Frame::function);
  return std::ranges::any_of(inner, logs) || (caller != outer.end() && logs(*caller));
}

bool is_made_for_a_thread(const SiteGrowth& growth) {
  constexpr std::array<std::string_view, 5> starts = {"pthread_create", "__pthread_create",
                                                      "std::thread::_M_start_thread", "std::thread::thread<",
                                                      "std::jthread::jthread<"};
  // Not what the thread's own code makes, which has frames of std::thread further out.
  return std::ranges::any_of(up_to_shown(growth.site),
                             [&](const Frame& f) { return starts_with_any(f.function, starts); });
}

bool is_made_for_a_thread_local(const SiteGrowth& growth) {
  constexpr std::array<std::string_view, 6> starts = {
      "TLS init function for ", "TLS wrapper function for ", "__tls_init",
      "__tls_get_addr",         "___tls_get_addr",           "__cxa_thread_atexit"};
  return std::ranges::any_of(growth.site.stack, [&](const Frame& f) { return starts_with_any(f.function, starts); });
}

bool can_hold(const SiteGrowth& container, const SiteGrowth& object) {
  constexpr std::array<std::string_view, 7> holders = {
      "*", "unique_ptr", "shared_ptr", "weak_ptr", "std::function", "std::any", "std::future"};
  const auto& type = container.site.type;
  return mentions_any(type, holders) ||
         (!object.site.type.empty() && type.find(object.site.type) != std::string::npos);
}

bool is_same_line(const SiteGrowth& one, const SiteGrowth& other) {
  return one.site.line == other.site.line && one.site.file == other.site.file &&
         one.site.function == other.site.function;
}

}  // namespace soak::verdict
