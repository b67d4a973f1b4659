#include "retry/error_report_log.hpp"

#include <stdexcept>
#include <utility>

namespace recovery {

ErrorReportLog::ErrorReportLog(std::size_t capacity) : capacity_(capacity) {
  if (capacity == 0) throw std::invalid_argument("a log of errors needs room for at least one report");
  ring_.reserve(capacity);
}

void ErrorReportLog::add(ErrorContext report) {
  const std::lock_guard lock(mutex_);
  const auto slot = static_cast<std::size_t>(total_added_++ % capacity_);
  if (slot == ring_.size())
    ring_.push_back(std::move(report));
  else
    std::swap(ring_[slot], report);  // The caller frees the replaced one, after the lock is gone.
}

std::vector<ErrorContext> ErrorReportLog::reports() const {
  const std::lock_guard lock(mutex_);
  std::vector<ErrorContext> oldest_first;
  oldest_first.reserve(ring_.size());
  const auto first = static_cast<std::size_t>(total_added_) - ring_.size();
  for (std::size_t i = 0; i < ring_.size(); ++i) oldest_first.push_back(ring_[(first + i) % capacity_]);
  return oldest_first;
}

std::size_t ErrorReportLog::size() const {
  const std::lock_guard lock(mutex_);
  return ring_.size();
}

std::uint64_t ErrorReportLog::total_added() const {
  const std::lock_guard lock(mutex_);
  return total_added_;
}

}  // namespace recovery
