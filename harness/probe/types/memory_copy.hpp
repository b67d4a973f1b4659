// Reads this process's own memory where it may not be there: another thread frees and unmaps, and whatever stands in
// a block may look like an address.
#pragma once

#include <cstddef>
#include <cstdint>

namespace soak::probe {

/// False where not all of it can be read, and where the kernel refuses to be asked. Changes errno.
[[nodiscard]] bool copy_memory(std::uint64_t from, void* to, std::size_t bytes) noexcept;

template <typename Value>
[[nodiscard]] bool copy_value(std::uint64_t from, Value& to) noexcept {
  return copy_memory(from, &to, sizeof(Value));
}

/// As much of the zero-terminated text as fits; false where its end is not found in readable memory.
[[nodiscard]] bool copy_text(std::uint64_t from, char* to, std::size_t capacity) noexcept;

/// A stretch of memory, copied at once: blocks lie side by side.
class MemoryWindow {
 public:
  /// `words` words from `address` on; null where they cannot be read. Cheapest for ascending addresses.
  [[nodiscard]] const std::uint64_t* words_at(std::uint64_t address, std::size_t words) noexcept;
  /// One word; a far one is copied by itself, and the window stays where it is. False where it cannot be read.
  [[nodiscard]] bool word_at(std::uint64_t address, std::uint64_t& word) const noexcept;
  /// What was copied is not to be used any more.
  void forget() noexcept { begin_ = end_ = 0; }

 private:
  static constexpr std::size_t capacity = 64 * 1024;
  bool copy_pages(std::uint64_t begin, std::uint64_t end) noexcept;

  std::uint64_t begin_, end_;
  alignas(8) std::byte bytes_[capacity];
};

}  // namespace soak::probe
