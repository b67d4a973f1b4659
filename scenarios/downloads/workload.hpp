// The batches that the scenario downloads: seeded, so that every run asks for the same objects and meets the same
// faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <downloads/download.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace downloads {

enum class Stall { no, once };

struct BatchPlan {
  std::size_t objects = 16;  ///< Of 8 to 64 KiB each.
  std::uint64_t seed = 1;
  Stall stall = Stall::no;  ///< Whether one of the objects stalls: a stall costs the client its whole time limit.
};

/// About every fourth object fails once, and every sixteenth twice, with 503, a reset or a truncated body, before it
/// is served well. `server_url` as of MediaServerProcess::url(). Files are named by position: batches replace each
/// other's.
[[nodiscard]] std::vector<DownloadRequest> plan_batch(const BatchPlan& plan, const std::string& server_url,
                                                      const std::filesystem::path& folder);

}  // namespace downloads
