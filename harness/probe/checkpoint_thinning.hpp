// Which readings are kept where there is room for a few: all, until it is full; then every second, every fourth ...
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

/// For one table of copies. One thread at a time.
class CheckpointThinning {
 public:
  constexpr explicit CheckpointThinning(std::uint32_t reserved) : reserved_(reserved) {}
  void restart() noexcept {
    stride_ = 1;
    offered_ = 0;
  }

  /// Whether this reading goes into the next place; `count` are taken of `capacity`. The final and the ended reading
  /// always do. `give_up_every_second` makes room, and the first is never among them.
  template <typename GiveUp>
  [[nodiscard]] bool takes(layout::ReadingKind kind, std::uint32_t count, std::uint32_t capacity,
                           GiveUp give_up_every_second) noexcept {
    if (kind == layout::ReadingKind::final || kind == layout::ReadingKind::ended) return count < capacity;
    if (offered_++ % stride_ != 0) return false;
    if (count < capacity - reserved_) return true;
    give_up_every_second();
    stride_ *= 2;
    return (offered_ - 1) % stride_ == 0;
  }

 private:
  std::uint32_t reserved_;  ///< Places for the final and the ended reading.
  std::uint32_t stride_ = 1, offered_ = 0;
};

}  // namespace soak::probe
