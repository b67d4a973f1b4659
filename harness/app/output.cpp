#include "app/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/text.hpp"

namespace soak::app {
namespace fs = std::filesystem;

bool print_result(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return true;
  talk(fmt::format("the result could not be printed: {}", std::strerror(errno)));
  return false;
}

int print_with_status(const std::string& text, int status) {
  return print_result(text) ? status : at_least_not_measured(status);
}

int at_least_not_measured(int status) {
  return status == leak_found || status == wrong_request ? status : std::max(status, not_measured);
}

void talk(const std::string& text) { say(stderr, fmt::format("soak: {}\n", text)); }

fs::path as_typed(const fs::path& path) {
  std::error_code error;
  const auto here = fs::current_path(error);
  if (error || !path.is_absolute()) return path;
  const auto relative = path.lexically_relative(here);
  return relative.empty() || relative.begin()->string() == ".." ? path : relative;
}

}  // namespace soak::app
