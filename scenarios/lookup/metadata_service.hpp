// Looks metadata up: in the cache, else at the source, again and again where it fails.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lookup/metadata_cache.hpp"
#include "lookup/metadata_source.hpp"
#include "retry/error_recovery_manager.hpp"

namespace lookup {

enum class Origin {
  cache,
  source,
  expired_cache,  ///< The source failed, an old answer has to do.
  nowhere,        ///< The source failed and nothing is known.
};

struct LookupResult {
  std::shared_ptr<const Metadata> metadata;  ///< Null where origin is nowhere.
  Origin origin = Origin::nowhere;
  std::string error;  ///< Why the source failed; empty where it did not.
};

struct LookupCounts {
  std::uint64_t from_cache = 0;
  std::uint64_t from_source = 0;
  std::uint64_t from_expired_cache = 0;
  std::uint64_t failed = 0;
};

/// One thread uses a service at a time. All it is made of outlives it.
class MetadataService {
 public:
  MetadataService(MetadataCache& cache, MetadataSource& source, recovery::ErrorRecoveryManager& retries)
      : cache_(cache), source_(source), retries_(retries) {}

  [[nodiscard]] LookupResult find(std::string_view id);

  [[nodiscard]] const LookupCounts& counts() const noexcept { return counts_; }

 private:
  [[nodiscard]] LookupResult fetch(std::string_view id);
  void count(Origin origin) noexcept;

  MetadataCache& cache_;
  MetadataSource& source_;
  recovery::ErrorRecoveryManager& retries_;
  LookupCounts counts_;
};

}  // namespace lookup
