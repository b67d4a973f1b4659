// Where metadata comes from. A product asks a server; the scenario asks a generator in this process.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "retry/error_recovery_manager.hpp"

namespace lookup {

class MetadataSource {
 public:
  virtual ~MetadataSource() = default;
  /// The JSON document about video `id`, as it arrived.
  [[nodiscard]] virtual recovery::Attempt<std::string> fetch(std::string_view id) = 0;
};

/// Documents made from a seed: the same id has the same document always, and three requests in ten fail, by an error
/// or by a document cut short. One thread uses it at a time.
///
/// Fields that services keep have the same length for all ids, give or take what the allocator rounds away: a full
/// cache of them holds a constant amount of memory, and each byte beyond it is a leak.
class SeededMetadataSource final : public MetadataSource {
 public:
  explicit SeededMetadataSource(std::uint64_t seed) : seed_(seed), faults_(seed) {}

  [[nodiscard]] recovery::Attempt<std::string> fetch(std::string_view id) override;

  /// The whole document, without faults.
  [[nodiscard]] std::string document(std::string_view id) const;

 private:
  std::uint64_t seed_;
  std::mt19937_64 faults_;
};

}  // namespace lookup
