#include "probe/direct_calls.hpp"

#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/next_allocator.hpp"

extern "C" {
// Set by the linker around the section of this name.
extern __attribute__((visibility("hidden"))) const unsigned char __start_soak_hot[], __stop_soak_hot[];
extern __attribute__((visibility("hidden"))) const ElfW(Ehdr) __ehdr_start;
}

namespace soak::probe {
namespace {

#if defined(__x86_64__)

constexpr std::ptrdiff_t instruction_bytes = 6;  // of both kinds

std::int32_t displacement_at(const unsigned char* code) noexcept {
  std::int32_t displacement = 0;
  memcpy(&displacement, code, sizeof(displacement));
  return displacement;
}

bool is_of_next(const unsigned char* pointer) noexcept {
  const auto* const first = reinterpret_cast<const unsigned char*>(&next);
  return pointer >= first && pointer < first + offsetof(NextAllocator, is_glibc) && (pointer - first) % 8 == 0;
}

/// Read-only since this library was relocated: the addresses of functions of its own and of others'.
bool is_relocated_for_good(const unsigned char* pointer) noexcept {
  const auto* const base = reinterpret_cast<const unsigned char*>(&__ehdr_start);
  const auto* const segments = reinterpret_cast<const ElfW(Phdr)*>(base + __ehdr_start.e_phoff);
  for (int i = 0; i < __ehdr_start.e_phnum; ++i) {
    const auto* const first = base + segments[i].p_vaddr;
    if (segments[i].p_type == PT_GNU_RELRO && pointer >= first && pointer < first + segments[i].p_memsz) return true;
  }
  return false;
}

/// Where the pointer at this address leads for as long as the program runs; null where nobody knows.
const unsigned char* target_of(const unsigned char* pointer) noexcept {
  const unsigned char* function = nullptr;
  if (is_of_next(pointer) || is_relocated_for_good(pointer)) memcpy(&function, pointer, sizeof(function));
  return function;
}

/// `copy` is a copy of the code at `code`, in whose place it will be.
void write_jump(const unsigned char* code, unsigned char* copy, const unsigned char* target) noexcept {
  constexpr std::ptrdiff_t jump_bytes = 5;
  const auto distance = static_cast<std::int32_t>(target - (code + jump_bytes));
  if (distance != target - (code + jump_bytes)) return;
  copy[0] = 0xe9;
  memcpy(copy + 1, &distance, sizeof(distance));
}

/// The same for an instruction, if it is one of those looked for: call or jmp through memory.
void make_direct(const unsigned char* code, unsigned char* copy) noexcept {
  const bool is_call = code[0] == 0xff && code[1] == 0x15, is_jump = code[0] == 0xff && code[1] == 0x25;
  if (!is_call && !is_jump) return;
  const auto* const target = target_of(code + instruction_bytes + displacement_at(code + 2));
  if (target == nullptr) return;
  if (is_jump) return write_jump(code, copy, target);  // what is left of it is never reached
  const auto distance = static_cast<std::int32_t>(target - (code + instruction_bytes));
  if (distance != target - (code + instruction_bytes)) return;
  copy[0] = 0x67;  // a prefix without effect, for the length
  copy[1] = 0xe8;
  memcpy(copy + 2, &distance, sizeof(distance));
}

/// The pages are replaced at one stroke by a rewritten copy, so that no memory is ever both writable and executable,
/// and another thread runs either the one or the other.
void rewrite(const unsigned char* first_page, std::size_t bytes, std::span<const Redirection> redirections) noexcept {
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  memcpy(memory, first_page, bytes);
  auto* const copy = static_cast<unsigned char*>(memory);
  for (const auto* code = __start_soak_hot; code + instruction_bytes <= __stop_soak_hot; ++code)
    make_direct(code, copy + (code - first_page));
  for (const auto& [from, to] : redirections) {
    const auto* const code = static_cast<const unsigned char*>(from);
    write_jump(code, copy + (code - first_page), static_cast<const unsigned char*>(to));
  }
  if (mprotect(memory, bytes, PROT_READ | PROT_EXEC) != 0 ||
      mremap(memory, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, const_cast<unsigned char*>(first_page)) ==
          MAP_FAILED)
    munmap(memory, bytes);
}

#endif

}  // namespace

void make_calls_direct([[maybe_unused]] std::span<const Redirection> redirections) noexcept {
#if defined(__x86_64__)
  const int saved_errno = errno;
  const auto page = static_cast<std::uintptr_t>(getpagesize());
  const auto first = reinterpret_cast<std::uintptr_t>(__start_soak_hot) & ~(page - 1);
  const auto last = (reinterpret_cast<std::uintptr_t>(__stop_soak_hot) + page - 1) & ~(page - 1);
  rewrite(reinterpret_cast<const unsigned char*>(first), last - first, redirections);
  errno = saved_errno;
#endif
}

}  // namespace soak::probe
