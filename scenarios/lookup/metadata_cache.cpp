#include "lookup/metadata_cache.hpp"

#include <stdexcept>
#include <utility>

namespace lookup {

MetadataCache::MetadataCache(std::size_t capacity, recovery::Duration time_to_live, const recovery::Clock& clock)
    : capacity_(capacity), time_to_live_(time_to_live), clock_(clock) {
  if (capacity == 0) throw std::invalid_argument("a cache needs room for at least one entry");
  if (time_to_live <= recovery::Duration::zero()) throw std::invalid_argument("time_to_live must be positive");
  by_id_.reserve(capacity);
}

std::optional<MetadataCache::Hit> MetadataCache::find(std::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  const auto entry = found->second;
  entries_.splice(entries_.begin(), entries_, entry);
  return Hit{entry->metadata, clock_.now() >= entry->expires_at};
}

void MetadataCache::put(std::shared_ptr<const Metadata> metadata) {
  const auto expires_at = clock_.now() + time_to_live_;
  if (const auto found = by_id_.find(metadata->id); found != by_id_.end()) {
    const auto entry = found->second;
    entry->metadata = std::move(metadata);
    entry->expires_at = expires_at;
    entries_.splice(entries_.begin(), entries_, entry);
    return;
  }
  make_room();
  auto id = metadata->id;
  entries_.push_front({std::move(id), std::move(metadata), expires_at});
  by_id_.emplace(entries_.front().id, entries_.begin());
}

void MetadataCache::make_room() {
  if (entries_.size() < capacity_) return;
  by_id_.erase(entries_.back().id);
  entries_.pop_back();
}

}  // namespace lookup
