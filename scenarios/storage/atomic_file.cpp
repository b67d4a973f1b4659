#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <storage/atomic_file.hpp>
#include <string>

namespace storage {
namespace {

// Temporary files of crashed programs may stand in the way, and nobody has to have swept them.
constexpr int name_attempts = 1000;

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target, Durability durability)
    : target_(std::move(target)), durability_(durability) {
  open_temporary();
}

AtomicFile::~AtomicFile() {
  if (!committed_) ::unlink(temporary_path_.c_str());
}

void AtomicFile::open_temporary() {
  for (int attempt = 0; attempt < name_attempts; ++attempt) {
    temporary_path_ = target_.native() + "." + std::to_string(attempt) + std::string(temporary_suffix);
    file_ = FileDescriptor(::open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file_.is_open()) return;
    if (errno != EEXIST) break;
  }
  throw file_error("create file", temporary_path_);
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      throw file_error("write file", temporary_path_);
    }
  }
}

void AtomicFile::commit() {
  if (durability_ == Durability::durable && ::fsync(file_.get()) != 0) {
    throw file_error("synchronise file", temporary_path_);
  }
  if (const int error = file_.close(); error != 0) {
    errno = error;
    throw file_error("close file", temporary_path_);
  }
  if (::rename(temporary_path_.c_str(), target_.c_str()) != 0) throw file_error("rename file into place", target_);
  committed_ = true;
  if (durability_ == Durability::durable) synchronise_folder();
}

void AtomicFile::synchronise_folder() const {
  const auto folder = folder_of(target_);
  const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open() || ::fsync(opened.get()) != 0) throw file_error("synchronise folder", folder);
}

void write_file_atomically(const std::filesystem::path& target, std::string_view bytes, Durability durability) {
  AtomicFile file(target, durability);
  file.write(bytes);
  file.commit();
}

}  // namespace storage
