// How much of a piece of memory is in RAM.
#pragma once

#include <cstddef>
#include <cstdint>

namespace soak::probe {

/// Asks the kernel; `begin` is at a page. 0 where it does not answer. One thread at a time.
[[nodiscard]] std::int64_t resident_bytes(void* begin, std::size_t bytes) noexcept;

/// The same for a shared mapping of a file, of which other pages may be in RAM than those that this process has: by
/// /proc/self/pagemap, some 20 ns a page.
[[nodiscard]] std::int64_t present_bytes(const void* begin, std::size_t bytes) noexcept;

}  // namespace soak::probe
