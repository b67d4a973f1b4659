#include <unistd.h>

#include <cerrno>
#include <storage/file_descriptor.hpp>
#include <string>
#include <system_error>

namespace storage {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

int FileDescriptor::close() noexcept {
  if (!is_open()) return 0;
  // Linux releases the descriptor even where close() fails: trying again could close somebody else's.
  return ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : errno;
}

std::filesystem::filesystem_error file_error(const char* action, const std::filesystem::path& path) {
  const std::error_code reason(errno, std::generic_category());
  return {std::string("cannot ") + action, path, reason};
}

}  // namespace storage
