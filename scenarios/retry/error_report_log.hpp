// The newest errors, and never more than that: a log that cannot grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "retry/error_context.hpp"

namespace recovery {

/// Any thread may call any member.
class ErrorReportLog {
 public:
  /// Throws std::invalid_argument where capacity is 0.
  explicit ErrorReportLog(std::size_t capacity = 64);

  /// Replaces the oldest report once `capacity` are kept.
  void add(ErrorContext report);

  /// Copies of what is kept, oldest first.
  [[nodiscard]] std::vector<ErrorContext> reports() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  /// All that were ever added, the forgotten ones among them.
  [[nodiscard]] std::uint64_t total_added() const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::vector<ErrorContext> ring_;
  std::uint64_t total_added_ = 0;
};

}  // namespace recovery
