// What is asked of the downloader, and what became of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace downloads {

struct DownloadRequest {
  std::string url;             ///< http or https.
  std::filesystem::path file;  ///< Replaced if it exists. Its folder exists.
};

struct DownloadResult {
  std::uint64_t bytes = 0;            ///< Size of the finished file; 0 where it failed.
  int attempts = 0;                   ///< Begun, the last one among them.
  std::uint64_t resumed_bytes = 0;    ///< Not sent again because they were on disk, summed over the attempts.
  std::chrono::nanoseconds delay{0};  ///< Decided on between the attempts.
  std::string error;                  ///< Why it was given up; empty where it succeeded.

  [[nodiscard]] bool succeeded() const noexcept { return error.empty(); }
};

struct DownloadOptions {
  std::size_t concurrency = 4;                                         ///< Transfers at once, at least 1.
  std::chrono::milliseconds stall_timeout = std::chrono::seconds(20);  ///< Without a byte: the attempt has failed.
  std::chrono::milliseconds longest_retry_after = std::chrono::minutes(2);  ///< What a server may make us wait.
};

}  // namespace downloads
