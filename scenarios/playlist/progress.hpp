// How far the processing of a playlist has come.
#pragma once

#include <cstddef>
#include <functional>

namespace playlist {

struct Progress {
  std::size_t videos_done = 0;  ///< Planned or skipped.
  std::size_t videos_total = 0;
  std::size_t jobs_planned = 0;
  friend bool operator==(const Progress&, const Progress&) = default;

  /// 0 to 100; an empty playlist is done.
  [[nodiscard]] int percent() const noexcept;
};

/// Called on the thread that processes. What it throws ends the processing.
using ProgressCallback = std::function<void(const Progress&)>;

/// Counts and calls back: once at the beginning, so that a total can be shown, and once after each chunk.
class ProgressReporter {
 public:
  /// `callback` may be empty; it has to outlive the reporter.
  ProgressReporter(std::size_t videos_total, const ProgressCallback& callback);
  void chunk_done(std::size_t videos, std::size_t jobs);
  [[nodiscard]] const Progress& progress() const noexcept { return progress_; }

 private:
  void report() const;

  Progress progress_;
  const ProgressCallback& callback_;
};

}  // namespace playlist
