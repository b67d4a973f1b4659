#include "base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

namespace soak {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail_to_write(const fs::path& file) {
  throw std::system_error(errno, std::generic_category(), fmt::format("cannot write {}", file.string()));
}

[[noreturn]] void fail_to_read(const fs::path& file, int error) {
  throw std::system_error(error, std::generic_category(), fmt::format("cannot read {}", file.string()));
}

// A new file beside the one to be replaced. The destructor removes it unless it took the other's place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target) : target_(target) {
    static std::atomic<unsigned> counter = 0;
    do {
      path_ = target;
      path_.replace_filename(fmt::format(".{}.{}-{}", target.filename().string(), ::getpid(), counter++));
      descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && (errno == EEXIST || errno == EINTR));
    if (descriptor_ < 0) fail_to_write(target_);
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::string_view content) {
    while (!content.empty()) {
      const auto written = ::write(descriptor_, content.data(), content.size());
      if (written >= 0)
        content.remove_prefix(static_cast<std::size_t>(written));
      else if (errno != EINTR)
        fail_to_write(target_);
    }
  }

  void replace_target() {
    if (::fsync(descriptor_) != 0) fail_to_write(target_);
    const int descriptor = std::exchange(descriptor_, -1);
    if (::close(descriptor) != 0) fail_to_write(target_);
    if (std::rename(path_.c_str(), target_.c_str()) != 0) fail_to_write(target_);
    path_.clear();
  }

 private:
  fs::path target_, path_;
  int descriptor_ = -1;
};

// Makes the rename itself survive a power cut. Some file systems cannot; the file is in place all the same.
void sync_folder_of(const fs::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::string read_file(const fs::path& file, std::size_t most_bytes) {
  std::error_code unknown;
  if (const auto size = fs::file_size(file, unknown); !unknown && size > most_bytes) fail_to_read(file, EFBIG);
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail_to_read(file, errno);
  std::string content;
  std::string chunk(std::size_t{1} << 16, '\0');
  while (stream && content.size() <= most_bytes) {  // A pipe or /dev/zero does not say its size beforehand.
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    content.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) fail_to_read(file, errno);
  if (content.size() > most_bytes) fail_to_read(file, EFBIG);
  return content;
}

void write_atomically(const fs::path& file, std::string_view content) {
  TemporaryFile temporary(file);
  temporary.write(content);
  temporary.replace_target();
  sync_folder_of(file);
}

std::string relative_file(std::string_view folder, std::string_view file) {
  const auto normal = fs::path(file).lexically_normal().string();
  const bool is_in_there = !folder.empty() && normal.size() > folder.size() + 1 && normal.starts_with(folder) &&
                           normal[folder.size()] == '/';
  return is_in_there ? normal.substr(folder.size() + 1) : normal;
}

ScratchFolder::ScratchFolder(const std::string& purpose) {
  auto pattern = (fs::temp_directory_path() / ("soak-" + purpose + "-XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "cannot make a temporary folder " + pattern);
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace soak
