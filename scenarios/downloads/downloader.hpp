// Downloads many files at once on one thread; fails only where trying again does not help.
//
//   recovery::ErrorRecoveryManager recoveries(std::make_unique<recovery::ExponentialBackoff>(config), clock);
//   Downloader downloader(recoveries, {.concurrency = 8});
//   for (const auto& result : downloader.download(requests)) ...
#pragma once

#include <downloads/curl_handles.hpp>
#include <downloads/download.hpp>
#include <retry/error_recovery_manager.hpp>
#include <span>
#include <vector>

namespace downloads {

/// Keep it for many batches: libcurl's multi handle lives as long. One thread uses it at a time.
class Downloader {
 public:
  /// `recoveries` outlives the downloader; it decides when to try again, and its clock shows real time: waiting is
  /// done in libcurl. Throws std::invalid_argument where concurrency is 0 or a time is negative.
  explicit Downloader(recovery::ErrorRecoveryManager& recoveries, const DownloadOptions& options = {});

  /// Blocks until every request has succeeded or been given up; results come in the order of the requests, which name
  /// different files. What went wrong with one is in its result; libcurl itself failing throws std::runtime_error.
  /// Connections are kept alive within a batch and closed at its end.
  [[nodiscard]] std::vector<DownloadResult> download(std::span<const DownloadRequest> requests);

 private:
  recovery::ErrorRecoveryManager* recoveries_;
  DownloadOptions options_;
  MultiHandle multi_;
};

}  // namespace downloads
