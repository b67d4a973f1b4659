#include "probe/resources/mapping_table.hpp"

#include <sched.h>
#include <string.h>

#include <algorithm>

#include "probe/own_calls.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {
namespace {

std::uint64_t address_of(const void* begin) noexcept { return reinterpret_cast<std::uint64_t>(begin); }

/// Where a mapping of so many bytes ends: at a page.
std::uint64_t end_of(std::uint64_t begin, std::uint64_t bytes) noexcept {
  const auto page = static_cast<std::uint64_t>(getpagesize());
  return begin + (bytes + page - 1) / page * page;
}

std::int64_t bytes_between(std::uint64_t begin, std::uint64_t end) noexcept {
  return static_cast<std::int64_t>(end - begin);
}

}  // namespace

MappingTable::Exclusive::Exclusive(MappingTable& table) noexcept : table_(table), signals_(own::block_signals()) {
  while (table_.lock_.test_and_set(std::memory_order_acquire)) sched_yield();
}

MappingTable::Exclusive::~Exclusive() {
  table_.lock_.clear(std::memory_order_release);
  own::set_blocked_signals(signals_);
}

std::uint32_t MappingTable::first_above(std::uint64_t address) const noexcept {
  const auto* const found =
      std::upper_bound(mappings_, mappings_ + count_, address,
                       [](std::uint64_t wanted, const Mapping& mapping) { return wanted < mapping.end; });
  return static_cast<std::uint32_t>(found - mappings_);
}

bool MappingTable::insert(std::uint32_t index, const Mapping& mapping) noexcept {
  if (count_ == capacity) return false;
  memmove(mappings_ + index + 1, mappings_ + index, (count_ - index) * sizeof(Mapping));
  mappings_[index] = mapping;
  ++count_;
  return true;
}

void MappingTable::erase(std::uint32_t index) noexcept {
  --count_;
  memmove(mappings_ + index, mappings_ + index + 1, (count_ - index) * sizeof(Mapping));
}

bool MappingTable::add(const void* begin, std::uint64_t bytes, std::uint32_t site) noexcept {
  const bool had_room = remove(begin, bytes);
  const auto from = address_of(begin), to = end_of(from, bytes);
  if (!insert(first_above(from), {from, to, site})) return false;
  count_resource(site, 1, 0, bytes_between(from, to));
  return had_room;
}

/// Takes [begin, end), which overlaps it, out of a mapping.
bool MappingTable::cut(std::uint32_t index, std::uint64_t begin, std::uint64_t end) noexcept {
  auto& mapping = mappings_[index];
  const auto site = mapping.site;
  const bool has_front = mapping.begin < begin, has_back = end < mapping.end;
  const Mapping back{end, mapping.end, site};
  count_resource(site, 0, 0, 0, bytes_between(std::max(begin, mapping.begin), std::min(end, mapping.end)));
  if (has_front) mapping.end = begin;
  if (has_back && !has_front) mapping.begin = end;
  if (!has_front && !has_back) {
    count_resource(site, 0, 1);
    erase(index);
  }
  if (!has_front || !has_back) return true;
  // Two that are there where one was made.
  const bool has_room = insert(index + 1, back);
  has_room ? count_resource(site, 0, -1) : count_resource(site, 0, 0, 0, bytes_between(back.begin, back.end));
  return has_room;
}

bool MappingTable::remove(const void* first, std::uint64_t bytes) noexcept {
  const auto begin = address_of(first), end = end_of(begin, bytes);
  bool had_room = true;
  for (auto index = first_above(begin); index < count_ && mappings_[index].begin < end;) {
    const bool stays = mappings_[index].begin < begin;
    had_room = cut(index, begin, end) && had_room;
    if (stays) ++index;
    if (index < count_ && mappings_[index].begin >= end) break;
  }
  return had_room;
}

void MappingTable::let_go_unmapped() noexcept {
  for (auto i = count_; i-- > 0;) {
    const auto& mapping = mappings_[i];
    if (!own::is_mapped(mapping.begin, mapping.end - mapping.begin)) cut(i, mapping.begin, mapping.end);
  }
}

}  // namespace soak::probe
