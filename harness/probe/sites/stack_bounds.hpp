// Which part of a stack may be read.
//
// Between the stack pointer and the top of the thread's own stack, all is mapped. But the stack pointer may be on
// another stack: a fiber's, a signal handler's. So the lower end of the own stack is what the kernel has confirmed,
// page by page, once; and on any other stack every page is asked for before it is read.
#pragma once

#include <cstdint>

namespace soak::probe {

/// True where a word of each page in [begin, end) can be read; asks the kernel. False as well where it does not
/// answer.
[[nodiscard]] bool is_readable(std::uint64_t begin, std::uint64_t end) noexcept;

/// The calling thread's own stack, as far as it is known to be one piece: [low, high).
struct OwnStack {
  std::uint64_t low = 0, high = 0;
  std::uint64_t refused = 0;  ///< At and below this address the kernel did not confirm.

  [[nodiscard]] bool has(std::uint64_t address) const noexcept { return address - low < high - low; }
  /// Takes in the stretch from `sp` to what is known already, if it is the same stack.
  bool extend_down(std::uint64_t sp) noexcept;
};
/// Where the calling thread's stack ends; nothing of it is confirmed yet.
[[nodiscard]] OwnStack own_stack() noexcept;

/// The part that one walk may read.
struct ReadableStack {
  std::uint64_t low = 0, high = 0;
  bool is_own = false;

  /// A word at `address` may be read.
  [[nodiscard]] bool has(std::uint64_t address) noexcept {
    return address >= low && (address + 8 <= high || extend_up(address)) && address % 8 == 0;
  }

 private:
  bool extend_up(std::uint64_t address) noexcept;
};
[[nodiscard]] ReadableStack readable_stack(OwnStack& own, std::uint64_t sp) noexcept;

}  // namespace soak::probe
