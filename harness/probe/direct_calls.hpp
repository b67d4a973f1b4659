// Calls of the allocator underneath, made direct.
//
// A hook calls through a pointer, because nobody knows before the program starts which allocator is underneath and
// where. Once it is known, a call through memory can become a direct one of the same length, as linkers do with calls
// within one file; that is half of what a hook costs.
#pragma once

#include <span>

/// Code that is rewritten; only what has been marked with this is.
#define SOAK_HOT_CODE __attribute__((section("soak_hot"), aligned(64)))

namespace soak::probe {

/// Two functions of the hot code: a call of the one shall be a call of the other.
struct Redirection {
  const void *from, *to;
};

/// Rewrites the hot code once `next` is known. Where memory may not be made executable, or the allocator is too far
/// away, all stays as it is and works as well. Does nothing on other processors than x86-64. Before main.
void make_calls_direct(std::span<const Redirection> redirections) noexcept;

}  // namespace soak::probe
