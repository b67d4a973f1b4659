#include "probe/resources/descriptor_table.hpp"

#include "probe/own_calls.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {

void DescriptorTable::let_go(Entry entry) noexcept {
  if (entry == 0) return;
  count_.fetch_sub(1, std::memory_order_relaxed);
  count_resource(static_cast<std::uint32_t>(entry), 0, 1);
}

void DescriptorTable::replace(unsigned descriptor, Entry entry) noexcept {
  let_go(entries_[descriptor].exchange(entry, std::memory_order_acq_rel));
}

bool DescriptorTable::opened(int descriptor, std::uint32_t site) noexcept {
  const auto number = static_cast<unsigned>(descriptor);
  if (number >= capacity) return false;
  auto end = end_.load(std::memory_order_relaxed);
  while (number >= end && !end_.compare_exchange_weak(end, number + 1)) {
  }
  const Entry opening = openings_.fetch_add(1, std::memory_order_relaxed);
  count_.fetch_add(1, std::memory_order_relaxed);
  count_resource(site, 1, 0);
  replace(number, opening << 32 | site);
  return true;
}

void DescriptorTable::closed(int descriptor) noexcept {
  if (static_cast<unsigned>(descriptor) < capacity) replace(static_cast<unsigned>(descriptor), 0);
}

void DescriptorTable::let_go_closed(unsigned first, unsigned last) noexcept {
  const auto end = end_.load(std::memory_order_acquire);
  for (auto number = first; number < end && number <= last; ++number) {
    auto entry = entries_[number].load(std::memory_order_acquire);
    if (entry == 0 || own::is_open(static_cast<int>(number))) continue;
    if (entries_[number].compare_exchange_strong(entry, 0, std::memory_order_acq_rel)) let_go(entry);
  }
}

}  // namespace soak::probe
