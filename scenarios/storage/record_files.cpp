#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <storage/record_files.hpp>
#include <storage/record_name.hpp>
#include <utility>

namespace storage {
namespace fs = std::filesystem;
namespace {

std::string read_to_end(const FileDescriptor& file, const fs::path& path) {
  std::string content;
  std::array<char, 8192> buffer;  // NOLINT: filled by read(2).
  while (true) {
    const auto count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) return content;
    if (count > 0) {
      content.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw file_error("read file", path);
    }
  }
}

}  // namespace

RecordFiles::RecordFiles(fs::path folder, Durability durability)
    : folder_(std::move(folder)), durability_(durability) {
  fs::create_directories(folder_);
}

fs::path RecordFiles::path_of(std::string_view key) const { return folder_ / file_name_of(key); }

void RecordFiles::write(std::string_view key, std::string_view content) const {
  write_file_atomically(path_of(key), content, durability_);
}

std::optional<std::string> RecordFiles::read(std::string_view key) const {
  const auto path = path_of(key);
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.is_open()) return read_to_end(file, path);
  if (errno == ENOENT) return std::nullopt;
  throw file_error("open file", path);
}

bool RecordFiles::remove(std::string_view key) const { return fs::remove(path_of(key)); }

std::vector<std::string> RecordFiles::keys_by_age() const {
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  for (const auto& file : fs::directory_iterator(folder_)) {
    if (auto key = key_of(file.path().filename().native()))
      found.emplace_back(file.last_write_time(), *std::move(key));
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> keys;
  keys.reserve(found.size());
  for (auto& [time, key] : found) keys.push_back(std::move(key));
  return keys;
}

std::vector<std::string> RecordFiles::other_names() const {
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(folder_)) {
    const auto name = file.path().filename().native();
    if (!key_of(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::size_t RecordFiles::sweep_temporaries() const {
  std::size_t removed = 0;
  for (const auto& name : other_names()) {
    if (name.ends_with(temporary_suffix) && fs::remove(folder_ / name)) ++removed;
  }
  return removed;
}

}  // namespace storage
