#include <unistd.h>

#include <array>
#include <cerrno>
#include <downloads/part_file.hpp>
#include <system_error>
#include <utility>

namespace downloads {

std::filesystem::path part_path(const std::filesystem::path& target) {
  auto path = target;
  path += ".part";
  return path;
}

PartFile::PartFile(std::filesystem::path target) : target_(std::move(target)), path_(part_path(target_)) {
  file_.reset(std::fopen(path_.c_str(), "a+be"));
  if (!file_) fail("cannot open");
  read_existing();
}

void PartFile::read_existing() {
  std::array<char, 16 << 10> block;
  std::rewind(file_.get());
  while (const auto count = std::fread(block.data(), 1, block.size(), file_.get())) {
    crc32_.add(std::span(block).first(count));
    size_bytes_ += count;
  }
  if (std::ferror(file_.get()) != 0) fail("cannot read");
  // A stream may change from reading to writing only after a positioning call.
  if (std::fseek(file_.get(), 0, SEEK_END) != 0) fail("cannot read");
}

void PartFile::append(std::span<const char> bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) fail("cannot write");
  crc32_.add(bytes);
  size_bytes_ += bytes.size();
}

void PartFile::restart() {
  if (std::fflush(file_.get()) != 0 || ::ftruncate(::fileno(file_.get()), 0) != 0) fail("cannot truncate");
  crc32_.reset();
  size_bytes_ = 0;
}

void PartFile::commit() {
  if (std::fclose(file_.release()) != 0) fail("cannot write");
  std::filesystem::rename(path_, target_);
}

void PartFile::fail(const char* what) const {
  throw std::filesystem::filesystem_error(what, path_, std::error_code(errno, std::generic_category()));
}

}  // namespace downloads
