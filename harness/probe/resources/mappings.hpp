// Which call site mapped each stretch of memory that is still mapped.
#pragma once

#include <atomic>
#include <cstdint>

namespace soak::probe {

/// Zero-initialised memory is an empty table. Kept in order and behind a lock; signals are blocked while it is held,
/// so a handler never waits for the thread that it interrupted.
class MappingTable {
 public:
  /// Held from before a call that unmaps until the table knows: another thread may be given the same addresses.
  class Exclusive {
   public:
    explicit Exclusive(MappingTable& table) noexcept;
    ~Exclusive();
    Exclusive(const Exclusive&) = delete;
    Exclusive& operator=(const Exclusive&) = delete;

   private:
    MappingTable& table_;
    std::uint64_t signals_;
  };

  // All but count() and the lock itself need an Exclusive.

  /// Takes out what was there before. False where there is no room.
  bool add(const void* begin, std::uint64_t bytes, std::uint32_t site) noexcept;
  /// Cuts off, or in two, what is there in part. False where there was no room for the second half, which is let go.
  bool remove(const void* begin, std::uint64_t bytes) noexcept;
  /// Lets go what the kernel says is not wholly mapped any more.
  void let_go_unmapped() noexcept;

 private:
  struct Mapping {
    std::uint64_t begin, end;
    std::uint32_t site;
  };
  static constexpr std::uint32_t capacity = 8 * 1024;

  /// The first that ends above the address.
  [[nodiscard]] std::uint32_t first_above(std::uint64_t address) const noexcept;
  void erase(std::uint32_t index) noexcept;
  bool insert(std::uint32_t index, const Mapping& mapping) noexcept;
  bool cut(std::uint32_t index, std::uint64_t begin, std::uint64_t end) noexcept;

  std::atomic_flag lock_;
  std::uint32_t count_;
  Mapping mappings_[capacity];
};

}  // namespace soak::probe
