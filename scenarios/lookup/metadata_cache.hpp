// The metadata asked for most recently, for a limited time: a cache that cannot grow.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lookup/metadata.hpp"
#include "retry/clock.hpp"

namespace lookup {

/// One thread uses a cache at a time. Expired entries stay until they are replaced or are the least recently used: an
/// old answer is better than none while the source is down.
class MetadataCache {
 public:
  struct Hit {
    std::shared_ptr<const Metadata> metadata;
    bool expired = false;
  };

  /// An entry is expired from the instant `time_to_live` after it was put. `clock` outlives the cache. Throws
  /// std::invalid_argument where capacity is 0 or time_to_live is not positive.
  MetadataCache(std::size_t capacity, recovery::Duration time_to_live, const recovery::Clock& clock);

  /// A hit makes the entry the most recently used.
  [[nodiscard]] std::optional<Hit> find(std::string_view id);
  /// Replaces what there was under metadata->id, or the least recently used entry of a full cache.
  void put(std::shared_ptr<const Metadata> metadata);

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  struct Entry {
    std::string id;
    std::shared_ptr<const Metadata> metadata;
    recovery::TimePoint expires_at;
  };

  void make_room();

  const std::size_t capacity_;
  const recovery::Duration time_to_live_;
  const recovery::Clock& clock_;
  std::list<Entry> entries_;                                                ///< The most recently used first.
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_id_;  ///< Keys live in the entries.
};

}  // namespace lookup
