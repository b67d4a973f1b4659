#include "process/child_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace soak::process {

ChildLog::ChildLog(const std::filesystem::path& file) : file_(file), stream_(file, std::ios::binary) {
  if (!stream_) error_ = fmt::format("cannot write {}: {}", file.string(), std::strerror(errno));
}

void ChildLog::write(std::string_view text) {
  if (!error_.empty()) return;
  stream_.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream_) error_ = fmt::format("cannot write {}: {}", file_.string(), std::strerror(errno));
}

void ChildLog::append(std::string_view output) {
  const auto head = std::min(output.size(), head_limit - in_head_);
  write(output.substr(0, head));
  in_head_ += head;
  behind_head_ += output.size() - head;
  last_.append(output);
  if (last_.size() > 2 * tail_limit) last_.erase(0, last_.size() - tail_limit);
}

void ChildLog::close() {
  if (behind_head_ > 0) {
    const auto shown = std::min({behind_head_, tail_limit, last_.size()});
    if (behind_head_ > shown) write(fmt::format("\n[soak left out {} bytes here]\n", behind_head_ - shown));
    write(std::string_view(last_).substr(last_.size() - shown));
  }
  stream_.close();
  if (!stream_ && error_.empty()) error_ = fmt::format("cannot write {}: {}", file_.string(), std::strerror(errno));
}

std::string ChildLog::tail(std::size_t limit) const {
  if (last_.size() <= limit) return last_;
  const auto cut = last_.size() - limit;
  const auto line = last_.find('\n', cut);
  return last_.substr(line == std::string::npos ? cut : line + 1);
}

}  // namespace soak::process
