#include "symbols/pick_the_line.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace soak::symbols {
namespace {

bool starts_with_any(std::string_view text, std::span<const std::string_view> starts) {
  return std::ranges::any_of(starts, [text](auto start) { return text.starts_with(start); });
}

/// The C and C++ runtimes, the loader, allocators, sanitizers and the probe itself.
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

/// Where projects keep what others wrote.
bool is_vendored(std::string_view file) {
  constexpr std::array<std::string_view, 8> folders = {"/_deps/",           "/third_party/", "/third-party/",
                                                       "/3rdparty/",        "/external/",    "/vendor/",
                                                       "/vcpkg_installed/", "/.conan"};
  return std::ranges::any_of(folders, [file](auto part) { return file.find(part) != std::string_view::npos; });
}

/// Code of the compiler's, instantiated or linked into whichever module.
bool is_runtime_function(const Frame& frame) {
  constexpr std::array<std::string_view, 6> starts = {
      "std::", "__gnu_cxx::", "__cxxabiv1::", "operator new", "_start", "__libc_start_"};
  return starts_with_any(frame.function, starts);
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

}  // namespace soak::symbols
