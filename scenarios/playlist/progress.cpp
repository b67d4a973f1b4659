#include <playlist/progress.hpp>

namespace playlist {

int Progress::percent() const noexcept {
  return videos_total == 0 ? 100 : static_cast<int>(videos_done * 100 / videos_total);
}

ProgressReporter::ProgressReporter(std::size_t videos_total, const ProgressCallback& callback) : callback_(callback) {
  progress_.videos_total = videos_total;
  report();
}

void ProgressReporter::chunk_done(std::size_t videos, std::size_t jobs) {
  progress_.videos_done += videos;
  progress_.jobs_planned += jobs;
  report();
}

void ProgressReporter::report() const {
  if (callback_) callback_(progress_);
}

}  // namespace playlist
