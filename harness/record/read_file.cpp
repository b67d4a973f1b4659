#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <system_error>

#include "record/json_document.hpp"
#include "record/record_file.hpp"

namespace soak::record {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw std::system_error(errno, std::generic_category(), fmt::format("cannot read {}", file.string()));
}

void require_bounded(std::uintmax_t size, const std::filesystem::path& file) {
  if (size > largest_file_bytes)
    throw UnreadableRecord(
        fmt::format("{}: is larger than {} MiB, which no run record is", file.string(), largest_file_bytes >> 20));
}

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  std::error_code error;
  if (const auto size = std::filesystem::file_size(file, error); !error) require_bounded(size, file);
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail(file);
  std::string content;
  std::string chunk(std::size_t{1} << 16, '\0');
  while (stream && content.size() <= largest_file_bytes) {  // A pipe or /dev/zero does not say its size beforehand.
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    content.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) fail(file);
  require_bounded(content.size(), file);
  return content;
}

}  // namespace soak::record
