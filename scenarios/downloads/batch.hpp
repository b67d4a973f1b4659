// The downloads of one call, from first to last: which are under way, which wait for their next attempt.
#pragma once

#include <downloads/curl_handles.hpp>
#include <downloads/download.hpp>
#include <downloads/transfer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <retry/error_recovery_manager.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace downloads {

/// Runs once. All that it is given outlives it.
class Batch {
 public:
  Batch(std::span<const DownloadRequest> requests, recovery::ErrorRecoveryManager& recoveries,
        const DownloadOptions& options, MultiHandle& multi);
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  [[nodiscard]] std::vector<DownloadResult> run();

 private:
  struct Download {
    const DownloadRequest* request = nullptr;
    std::optional<recovery::Recovery> recovery;  ///< From the first attempt until it is over.
    std::unique_ptr<Transfer> transfer;          ///< While an attempt is under way.
    std::string entity_tag;                      ///< Of what is on disk, once known.
    DownloadResult result;
  };
  using Due = std::pair<recovery::TimePoint, std::size_t>;  ///< When, and which download.

  void start_what_is_due();
  [[nodiscard]] Download* next_to_start(recovery::TimePoint now);
  void start(Download& download);
  void begin_transfer(Download& download);
  void attempt_ended(CURL* handle, CURLcode code);
  void end_stalled_attempts();
  void settle(Download& download, std::optional<recovery::Failure> failure);
  void retry_or_give_up(Download& download, recovery::Failure failure);
  void is_over(Download& download);
  [[nodiscard]] std::chrono::milliseconds time_to_next_event() const;

  recovery::ErrorRecoveryManager& recoveries_;
  const recovery::Clock& clock_;
  const DownloadOptions& options_;
  MultiHandle& multi_;
  ConnectionPool pool_;  ///< Before the transfers that use it.
  std::vector<Download> downloads_;
  std::vector<Download*> under_way_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> waiting_;
  std::size_t next_new_ = 0;  ///< Downloads from here on have not begun.
  std::size_t unfinished_;
};

}  // namespace downloads
