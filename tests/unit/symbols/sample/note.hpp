// Tells the test where a call stands: its return address in the file, and the lines that the resolver has to find.
#pragma once

#include <cstdint>
#include <cstdio>

/// Where this executable or library begins in memory; each has its own.
extern "C" __attribute__((visibility("hidden"))) const char __ehdr_start;

// One for each file: a shared library's would otherwise be the executable's.
[[gnu::noinline]] static void note(const char* what, int inner_line, int outer_line) {
  const auto address = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  std::printf("%s %d %d %lx\n", what, inner_line, outer_line,
              address - reinterpret_cast<std::uintptr_t>(&__ehdr_start));
  asm volatile("");  // no tail call: the return address would be the caller's caller
}
