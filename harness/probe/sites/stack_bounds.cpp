#include "probe/sites/stack_bounds.hpp"

#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

extern "C" void* __libc_stack_end;

namespace soak::probe {
namespace {

/// The least page size; asking twice a larger page does no harm.
constexpr std::uint64_t page = 4096;
constexpr std::uint64_t farthest_frame = 1 << 20, deepest_stack = 64 << 20;
/// A stretch this small is always tried: a stack that grows.
constexpr std::uint64_t usual_growth = 64 << 10;
constexpr unsigned pages_a_call = 64;

std::uint64_t page_of(std::uint64_t address) noexcept { return address & ~(page - 1); }

/// Changes nothing: with no such `how` the kernel reads the set, and refuses.
bool is_page_readable(std::uint64_t address) noexcept {
  constexpr int no_such_how = -1;
  return syscall(SYS_rt_sigprocmask, no_such_how, address, nullptr, 8) == -1 && errno == EINVAL;
}

bool are_pages_readable(std::uint64_t first, unsigned count) noexcept {
  char bytes[pages_a_call];
  iovec remote[pages_a_call];
  for (unsigned i = 0; i < count; ++i) remote[i] = {reinterpret_cast<void*>(first + i * page), 1};
  const iovec local{bytes, count};
  const auto got = process_vm_readv(getpid(), &local, 1, remote, count, 0);
  if (got >= 0 || errno == EFAULT) return got == static_cast<ssize_t>(count);
  // A sandbox may refuse the call, an emulator not have it: then page by page.
  for (unsigned i = 0; i < count; ++i)
    if (!is_page_readable(first + i * page)) return false;
  return true;
}

}  // namespace

bool is_readable(std::uint64_t begin, std::uint64_t end) noexcept {
  const int saved_errno = errno;
  bool readable = true;
  for (auto at = page_of(begin); at < end && readable; at += pages_a_call * page) {
    const auto left = (end - at + page - 1) / page;
    readable = are_pages_readable(at, static_cast<unsigned>(left < pages_a_call ? left : pages_a_call));
  }
  errno = saved_errno;
  return readable;
}

OwnStack own_stack() noexcept {
  // glibc keeps a thread's control block at the upper end of its stack; the first thread's is elsewhere.
  const bool is_first_thread = gettid() == getpid();
  const auto top = is_first_thread ? reinterpret_cast<std::uint64_t>(__libc_stack_end)
                                   : static_cast<std::uint64_t>(pthread_self());
  OwnStack own;
  own.low = own.high = top & ~std::uint64_t{15};
  return own;
}

bool OwnStack::extend_down(std::uint64_t sp) noexcept {
  if (sp >= low || low - sp > deepest_stack || (sp <= refused && low - sp > usual_growth)) return false;
  if (is_readable(sp, low)) {
    low = page_of(sp);
    return true;
  }
  refused = sp;
  return false;
}

ReadableStack readable_stack(OwnStack& own, std::uint64_t sp) noexcept {
  if (own.has(sp) || own.extend_down(sp)) [[likely]]
    return {sp, own.high, true};
  return {sp, sp, false};
}

bool ReadableStack::extend_up(std::uint64_t address) noexcept {
  if (is_own || address < low || address - high > farthest_frame) return false;
  const auto end = page_of(address + 7) + page;
  if (!is_readable(high, end)) return false;
  high = end;
  return true;
}

}  // namespace soak::probe
