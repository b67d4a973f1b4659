// The file behind a Config.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "base/text.hpp"
#include "base/units.hpp"
#include "base/user_error.hpp"
#include "config/config.hpp"

namespace soak::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_path = 4096;
constexpr std::size_t largest_file_bytes = std::size_t{1} << 20;

[[noreturn]] void fail(const fs::path& file, std::string_view reason) {
  throw UserError(fmt::format("cannot read {}: {}", sanitize(file.string(), longest_path), reason));
}

std::string system_message(int error) { return std::generic_category().message(error); }

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, Close>;

OpenFile open_file(const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored))
    fail(file, fmt::format("it is a folder; name the file in it, such as {}",
                           sanitize((file / "benchmarks.toml").string(), longest_path)));
  OpenFile open(std::fopen(file.c_str(), "rbe"));
  if (!open) fail(file, system_message(errno));
  return open;
}

/// Reads at most one byte more than may be there: pipes and devices have no size to ask for.
std::string read_text(const fs::path& file) {
  const auto open = open_file(file);
  std::string text(largest_file_bytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), open.get()));
  if (std::ferror(open.get()) != 0) fail(file, system_message(errno));
  if (text.size() > largest_file_bytes)
    fail(file, fmt::format("it is larger than {}, too large for a benchmarks.toml",
                           format_bytes(static_cast<double>(largest_file_bytes))));
  return text;
}

}  // namespace

Config load_config(const fs::path& file) { return parse_config(read_text(file), file); }

}  // namespace soak::config
