#include "probe/sites/shadow.hpp"

#include <errno.h>

#include "probe/own_calls.hpp"
#include "probe/sites/resident.hpp"

namespace soak::probe {
namespace {

void* map_part(std::size_t bytes) noexcept {
  const int saved_errno = errno;
  void* const memory = own::map(bytes);
  errno = saved_errno;
  return memory;
}

}  // namespace

ShadowEntry* Shadow::added_entry(std::uint64_t address) noexcept {
  if (address >> part_bits >= part_count) return nullptr;
  auto* const mapped = static_cast<ShadowEntry*>(map_part(part_entries * sizeof(ShadowEntry)));
  if (mapped == nullptr) return nullptr;
  ShadowEntry* first = nullptr;
  if (!parts_[address >> part_bits].compare_exchange_strong(first, mapped, std::memory_order_acq_rel)) {
    own::unmap(mapped, part_entries * sizeof(ShadowEntry));
    return first + index(address);
  }
  return mapped + index(address);
}

Shadow::Memory Shadow::memory() const noexcept {
  Memory sum;
  for (const auto& part : parts_) {
    auto* const memory = part.load(std::memory_order_acquire);
    if (memory == nullptr) continue;
    sum.virtual_bytes += static_cast<std::int64_t>(part_entries * sizeof(ShadowEntry));
    sum.resident_bytes += probe::resident_bytes(memory, part_entries * sizeof(ShadowEntry));
  }
  return sum;
}

}  // namespace soak::probe
