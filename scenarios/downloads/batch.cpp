#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <downloads/batch.hpp>
#include <downloads/failures.hpp>
#include <filesystem>
#include <iterator>

namespace downloads {

Batch::Batch(std::span<const DownloadRequest> requests, recovery::ErrorRecoveryManager& recoveries,
             const DownloadOptions& options, MultiHandle& multi)
    : recoveries_(recoveries),
      clock_(recoveries.clock()),
      options_(options),
      multi_(multi),
      unfinished_(requests.size()) {
  downloads_.reserve(requests.size());
  for (const auto& request : requests) downloads_.emplace_back().request = &request;
}

Batch::~Batch() {
  for (auto* download : under_way_) multi_.remove(download->transfer->handle());
}

std::vector<DownloadResult> Batch::run() {
  while (unfinished_ > 0) {
    start_what_is_due();
    multi_.perform([this](CURL* handle, CURLcode code) { attempt_ended(handle, code); });
    end_stalled_attempts();
    if (unfinished_ > 0) multi_.wait(time_to_next_event());
  }
  std::vector<DownloadResult> results;
  results.reserve(downloads_.size());
  for (auto& download : downloads_) results.push_back(std::move(download.result));
  return results;
}

void Batch::start_what_is_due() {
  while (under_way_.size() < options_.concurrency) {
    auto* download = next_to_start(clock_.now());
    if (download == nullptr) return;
    start(*download);
  }
}

/// What has begun is finished first: less is half done at any time.
Batch::Download* Batch::next_to_start(recovery::TimePoint now) {
  if (!waiting_.empty() && waiting_.top().first <= now) {
    auto& download = downloads_[waiting_.top().second];
    waiting_.pop();
    return &download;
  }
  return next_new_ < downloads_.size() ? &downloads_[next_new_++] : nullptr;
}

void Batch::start(Download& download) {
  if (!download.recovery) download.recovery.emplace(recoveries_.start({"download", download.request->url, {}}));
  if (const auto later = download.recovery->begin_attempt()) {
    waiting_.emplace(*later, static_cast<std::size_t>(&download - downloads_.data()));
    return;
  }
  try {
    begin_transfer(download);
  } catch (const std::filesystem::filesystem_error& error) {
    settle(download, permanent_failure(error.what()));
  }
}

void Batch::begin_transfer(Download& download) {
  auto transfer = std::make_unique<Transfer>(*download.request, download.entity_tag, pool_, clock_);
  under_way_.push_back(&download);
  download.transfer = std::move(transfer);
  multi_.add(download.transfer->handle());
}

void Batch::attempt_ended(CURL* handle, CURLcode code) {
  const auto ended = std::find_if(under_way_.begin(), under_way_.end(),
                                  [handle](const auto* download) { return download->transfer->handle() == handle; });
  if (ended != under_way_.end()) settle(**ended, (*ended)->transfer->finish(code));
}

void Batch::end_stalled_attempts() {
  const auto now = clock_.now();
  const auto stalled = [&](const Download* download) {
    return now - download->transfer->last_progress() >= options_.stall_timeout;
  };
  std::vector<Download*> ended;
  std::copy_if(under_way_.begin(), under_way_.end(), std::back_inserter(ended), stalled);
  for (auto* download : ended)
    settle(*download, temporary_failure(fmt::format("no byte for {} ms", options_.stall_timeout.count())));
}

/// The attempt is over: takes its transfer apart, then sees what follows.
void Batch::settle(Download& download, std::optional<recovery::Failure> failure) {
  if (download.transfer) {
    const auto& transfer = *download.transfer;
    download.result.resumed_bytes += transfer.resumed_bytes();
    if (!failure) download.result.bytes = transfer.size_bytes();
    if (!transfer.head().entity_tag.empty()) download.entity_tag = transfer.head().entity_tag;
    multi_.remove(transfer.handle());
    std::erase(under_way_, &download);
    download.transfer.reset();
  }
  if (failure) return retry_or_give_up(download, std::move(*failure));
  download.recovery->succeeded();
  is_over(download);
}

void Batch::retry_or_give_up(Download& download, recovery::Failure failure) {
  failure.minimum_delay = std::min<recovery::Duration>(failure.minimum_delay, options_.longest_retry_after);
  auto& recovery = *download.recovery;
  if (const auto due = recovery.failed(std::move(failure))) {
    download.result.delay += recovery.error().history.back().delay;
    waiting_.emplace(*due, static_cast<std::size_t>(&download - downloads_.data()));
    return;
  }
  download.result.error = recovery.error().message;
  is_over(download);
}

void Batch::is_over(Download& download) {
  download.result.attempts = download.recovery->attempts();
  download.recovery.reset();
  --unfinished_;
}

/// Until a retry is due or a transfer would have stalled, whichever comes first; data ends the wait earlier.
std::chrono::milliseconds Batch::time_to_next_event() const {
  const auto now = clock_.now();
  auto next = now + options_.stall_timeout;
  if (!waiting_.empty() && under_way_.size() < options_.concurrency) next = std::min(next, waiting_.top().first);
  for (const auto* download : under_way_)
    next = std::min(next, download->transfer->last_progress() + options_.stall_timeout);
  if (next_new_ < downloads_.size() && under_way_.size() < options_.concurrency) next = now;
  return std::chrono::ceil<std::chrono::milliseconds>(std::max(next - now, recovery::Duration::zero()));
}

}  // namespace downloads
