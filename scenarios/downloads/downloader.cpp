#include <downloads/batch.hpp>
#include <downloads/downloader.hpp>
#include <stdexcept>

namespace downloads {

Downloader::Downloader(recovery::ErrorRecoveryManager& recoveries, const DownloadOptions& options)
    : recoveries_(&recoveries), options_(options) {
  if (options.concurrency == 0) throw std::invalid_argument("no transfer at a time is too few");
  if (options.stall_timeout.count() < 0 || options.longest_retry_after.count() < 0)
    throw std::invalid_argument("a time limit is negative");
}

std::vector<DownloadResult> Downloader::download(std::span<const DownloadRequest> requests) {
  return Batch(requests, *recoveries_, options_, multi_).run();
}

}  // namespace downloads
