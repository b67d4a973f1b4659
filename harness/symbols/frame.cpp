#include "symbols/frame.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>

#include "symbols/name_parser.hpp"
#include "symbols/names.hpp"

namespace soak::symbols {

namespace {

bool starts_with_any(std::string_view text, std::span<const std::string_view> starts) {
  return std::ranges::any_of(starts, [text](auto start) { return text.starts_with(start); });
}

/// Whether it is one of the C and C++ runtimes, the loader, allocators, sanitizers or the probe itself.
bool is_system_module(const std::string& path) {
  constexpr std::array<std::string_view, 20> names = {
      "libc.so",     "libc-",       "libstdc++.so", "libc++.so",  "libc++abi.so", "libm.so",         "libm-",
      "libgcc_s.so", "libpthread",  "libdl.so",     "librt.so",   "ld-linux",     "ld-musl",         "libjemalloc.so",
      "libtcmalloc", "libmimalloc", "libasan.so",   "libtsan.so", "libubsan.so",  "libsoak_probe.so"};
  const auto name = std::filesystem::path(path).filename().string();
  return name.starts_with("[") || name.starts_with("linux-vdso") || starts_with_any(name, names);
}

bool is_system_file(std::string_view file) {
  constexpr std::array<std::string_view, 7> folders = {
      "/usr/include/", "/usr/lib/", "/usr/local/include/", "/usr/lib64/", "/usr/src/", "/opt/", "/build/"};
  return starts_with_any(file, folders) || file.find("/include/c++/") != std::string_view::npos;
}

/// Whether it lies in a folder in which projects keep what others wrote.
bool is_vendored(std::string_view file) {
  constexpr std::array<std::string_view, 8> folders = {"/_deps/",           "/third_party/", "/third-party/",
                                                       "/3rdparty/",        "/external/",    "/vendor/",
                                                       "/vcpkg_installed/", "/.conan"};
  return std::ranges::any_of(folders, [file](auto part) { return file.find(part) != std::string_view::npos; });
}

/// Whether it is code of the compiler's, which may be instantiated or linked into any module.
bool is_runtime_function(const Frame& frame) {
  constexpr std::array<std::string_view, 6> starts = {
      "std::", "__gnu_cxx::", "__cxxabiv1::", "operator new", "_start", "__libc_start_"};
  return starts_with_any(frame.function, starts);
}

using Text = std::optional<std::string>;

/// The first template argument behind `start`, if `path` starts with it: `std::allocator<T>::allocate` -> `T`.
std::string_view first_argument(std::string_view path, std::string_view start) {
  if (!path.starts_with(start)) return {};
  int depth = 0;
  for (auto at = start.size(); at < path.size(); ++at) {
    const char c = path[at];
    if (depth == 0 && (c == ',' || c == '>')) return path.substr(start.size(), at - start.size());
    if (c == '<' || c == '(' || c == '{') ++depth;
    if (c == '>' || c == ')' || c == '}') --depth;
  }
  return {};
}

template <std::size_t count>
std::string_view first_argument_of_any(std::string_view path, const std::array<std::string_view, count>& starts) {
  for (const auto start : starts)
    if (const auto found = first_argument(path, start); !found.empty()) return found;
  return {};
}

/// The T of std::make_unique<T> and similar functions.
std::string_view made_type(std::string_view path) {
  constexpr std::array<std::string_view, 7> makers = {"std::make_unique<",
                                                      "std::make_shared<",
                                                      "std::allocate_shared<",
                                                      "std::__1::make_unique<",
                                                      "std::__1::make_shared<",
                                                      "std::__1::allocate_shared<",
                                                      "std::make_unique_for_overwrite<"};
  return first_argument_of_any(path, makers);
}

/// The T of an allocator's allocate.
std::string_view allocator_type(std::string_view path) {
  constexpr std::array<std::string_view, 5> allocators = {"std::__new_allocator<", "__gnu_cxx::new_allocator<",
                                                          "std::allocator<", "std::__1::allocator<",
                                                          "std::pmr::polymorphic_allocator<"};
  const auto type = first_argument_of_any(path, allocators);
  return type.empty() || path.find(">::allocate") == std::string_view::npos ? std::string_view() : type;
}

struct Holder {
  std::string_view start;  ///< Of the full name.
  std::string_view map, set;
};

/// `std::_Rb_tree_node<V>` -> `node of std::map<...>`: with_arguments knows the containers behind pairs and keys.
Text node_text(std::string_view type) {
  constexpr std::array<Holder, 7> nodes = {{
      {"std::_Rb_tree_node<", "std::_Rb_tree_iterator", ""},
      {"std::__detail::_Hash_node<", "std::__detail::_Node_iterator", ""},
      {"std::_List_node<", "", "std::list"},
      {"std::__cxx11::_List_node<", "", "std::list"},
      {"std::_Fwd_list_node<", "", "std::forward_list"},
      {"std::__1::__tree_node<std::__1::__value_type<", "", "std::map"},
      {"std::__1::__list_node<", "", "std::list"},
  }};
  for (const auto& [start, iterator, container] : nodes) {
    const auto value = first_argument(type, start);
    if (value.empty()) continue;
    if (iterator.empty()) return "node of " + with_arguments(std::string(container), {shorten_type(value)});
    const auto iterated = with_arguments(std::string(iterator), {shorten_type(value)});
    return "node of " + iterated.substr(0, iterated.rfind("::iterator"));
  }
  return std::nullopt;
}

/// The object inside what make_shared allocates, which holds the object and its counts.
std::string_view inside_control_block(std::string_view type) {
  constexpr std::array<std::string_view, 3> blocks = {"std::_Sp_counted_ptr_inplace<", "std::_Sp_counted_deleter<",
                                                      "std::__1::__shared_ptr_emplace<"};
  const auto inside = first_argument_of_any(type, blocks);
  return inside.empty() ? type : inside;
}

/// The container whose buffer it is, from the frames around its allocator's.
Text buffer_text(std::span<const Frame> around) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> holders = {{
      {"std::_Vector_base<", "std::vector"},
      {"std::vector<", "std::vector"},
      {"std::_Deque_base<", "std::deque"},
      {"std::__cxx11::basic_string<", "std::basic_string"},
      {"std::basic_string<", "std::basic_string"},
      {"std::__1::vector<", "std::vector"},
      {"std::__1::basic_string<", "std::basic_string"},
  }};
  constexpr std::size_t furthest = 4;
  for (const auto& frame : around.first(std::min(around.size(), furthest))) {
    const auto name = demangle(frame.raw_name);
    for (const auto& [start, container] : holders)
      if (const auto item = first_argument(function_path(name), start); !item.empty())
        return "buffer of " + with_arguments(std::string(container), {shorten_type(item)});
    if (const auto key = function_path(name); key.starts_with("std::_Hashtable<"))
      if (const auto table = shorten_type(key.substr(0, key.rfind(">::") + 1)); !table.empty())
        return "buckets of " + table;
  }
  return std::nullopt;
}

/// The class whose constructor the path names, as `ns::Job::Job` does.
Text constructed_class(std::string_view path) {
  const auto separator = path.rfind("::");
  if (separator == std::string_view::npos) return std::nullopt;
  const auto owner = path.substr(0, separator), word = path.substr(separator + 2);
  if (last_component(owner) != word.substr(0, word.find('<')) || owner.starts_with("std::")) return std::nullopt;
  return "member of " + shorten_type(owner);
}

/// Whether the frame is an allocator or of the library around it. Beyond the first frame of other code nothing shows
/// what was allocated.
bool is_on_the_way(const Frame& frame, std::string_view path) {
  constexpr std::array<std::string_view, 12> starts = {"std::",    "__gnu_cxx::",    "operator new", "malloc",
                                                       "calloc",   "realloc",        "reallocarray", "aligned_alloc",
                                                       "memalign", "posix_memalign", "valloc",       "pvalloc"};
  return path.empty() || frame.module.find("libsoak_probe.so") != std::string::npos ||
         std::ranges::any_of(starts, [path](auto start) { return path.starts_with(start); });
}

Text type_of(std::string_view path, std::span<const Frame> around) {
  if (const auto made = made_type(path); !made.empty()) return shorten_type(made);
  if (const auto allocated = allocator_type(path); !allocated.empty()) {
    if (auto node = node_text(allocated)) return node;
    if (auto buffer = buffer_text(around)) return buffer;
    return shorten_type(inside_control_block(allocated));
  }
  return constructed_class(path);
}

}  // namespace

Origin origin_of(const Frame& frame) {
  if (frame.module.empty() || is_system_module(frame.module)) return Origin::system;
  if (frame.line > 0) {
    if (is_system_file(frame.file)) return Origin::system;
    return is_vendored(frame.file) ? Origin::third_party : Origin::own;
  }
  if (frame.raw_name.empty()) return Origin::nameless;
  return is_runtime_function(frame) ? Origin::system : Origin::third_party;
}

std::size_t pick_the_line(std::span<const Frame> frames) {
  const auto best = std::ranges::min_element(frames, {}, &origin_of);
  return static_cast<std::size_t>(best - frames.begin());
}

std::optional<std::string> allocated_type(std::span<const Frame> frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto name = demangle(frames[i].raw_name);
    const auto path = function_path(name);
    if (auto type = type_of(path, frames.subspan(i + 1))) return type;
    if (!is_on_the_way(frames[i], path)) return std::nullopt;
  }
  return std::nullopt;
}

std::string object_type(const std::string& type_info_name) {
  // Without run-time type information the text is the compiler's name of a function of soak::Counted<T>.
  constexpr std::string_view marker = "T = ";
  if (const auto at = type_info_name.find(marker); at != std::string::npos && type_info_name.ends_with(']'))
    return shorten_type(
        std::string_view(type_info_name).substr(at + marker.size(), type_info_name.size() - at - marker.size() - 1));
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type_info_name.c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0 || name == nullptr) return type_info_name;
  const std::string_view type = name.get();
  constexpr std::array<std::string_view, 2> with_object = {"std::_Sp_counted_ptr_inplace<",
                                                           "std::__1::__shared_ptr_emplace<"};
  const auto object = first_argument_of_any(type, with_object);
  if (!object.empty()) return shorten_type(object);
  constexpr std::array<std::string_view, 2> beside_object = {"std::_Sp_counted_ptr<", "std::_Sp_counted_deleter<"};
  auto pointer = first_argument_of_any(type, beside_object);
  if (pointer.ends_with('*')) pointer.remove_suffix(1);
  return pointer.empty() ? shorten_type(type) : "counts of std::shared_ptr<" + shorten_type(pointer) + ">";
}

}  // namespace soak::symbols
