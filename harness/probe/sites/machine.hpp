// All that unwinding has to know of the processor. x86-64 and aarch64.
#pragma once

#include <cstddef>
#include <cstdint>

namespace soak::probe {

/// Where a thread is, seen from one frame. `pc` is a return address, or one more than an interrupted instruction's.
struct Registers {
  std::uint64_t pc = 0, sp = 0, fp = 0;
  std::uint64_t slot = 0;  ///< Where in memory pc was found; 0 for an interrupted instruction.
};

/// Tells threads apart, without a call.
inline std::uint64_t thread_address() noexcept { return reinterpret_cast<std::uint64_t>(__builtin_thread_pointer()); }

inline std::uint64_t word_at(std::uint64_t address) noexcept {
  return *reinterpret_cast<const std::uint64_t*>(address);
}

// SOAK_OWN_FRAME(): a function's own frame, for caller_of.
#if defined(__x86_64__)

inline constexpr std::uint64_t dwarf_frame_pointer = 6, dwarf_stack_pointer = 7, dwarf_return_address = 16;
/// The call instruction itself stores the return address, so it is there before any rule says so.
inline constexpr bool call_pushes_return_address = true;
inline std::uint64_t without_signature(std::uint64_t return_address) noexcept { return return_address; }

/// What the kernel saved when a signal interrupted the thread lies where the handler returns to: ucontext_t, whose
/// uc_mcontext begins at 40.
inline constexpr std::uint64_t signal_frame_fp = 120, signal_frame_sp = 160, signal_frame_pc = 168;
/// What a handler returns to: mov $15, %rax (rt_sigreturn); syscall.
inline constexpr unsigned char signal_return_code[] = {0x48, 0xc7, 0xc0, 15, 0, 0, 0, 0x0f, 0x05};

#define SOAK_OWN_FRAME() __builtin_frame_address(0), nullptr

/// A function that asks for its caller's registers has saved the caller's frame pointer so far below its CFA.
inline constexpr bool saves_fp_below_cfa = true;
inline constexpr std::uint64_t saved_fp_below_cfa = 16;

/// `frame` is where the function saved its caller's frame pointer, below its return address.
inline Registers caller_of(const void* frame, const void*) noexcept {
  const auto at = reinterpret_cast<std::uint64_t>(frame);
  return {word_at(at + 8), at + 16, word_at(at), at + 8};
}

#elif defined(__aarch64__)

inline constexpr std::uint64_t dwarf_frame_pointer = 29, dwarf_stack_pointer = 31, dwarf_return_address = 30;
inline constexpr bool call_pushes_return_address = false;
/// Removes a pointer authentication code, if there is one; a no-op where the processor has none.
inline std::uint64_t without_signature(std::uint64_t return_address) noexcept {
  register std::uint64_t x30 asm("x30") = return_address;
  asm("hint #7" : "+r"(x30));  // xpaclri
  return x30;
}

/// struct rt_sigframe: siginfo_t (128), then ucontext_t, whose uc_mcontext begins at 176 with the fault address.
inline constexpr std::uint64_t signal_frame_regs = 128 + 176 + 8;
inline constexpr std::uint64_t signal_frame_fp = signal_frame_regs + 29 * 8,
                               signal_frame_sp = signal_frame_regs + 248, signal_frame_pc = signal_frame_regs + 256;
/// What a handler returns to: mov x8, #139 (rt_sigreturn); svc #0.
inline constexpr unsigned char signal_return_code[] = {0x68, 0x11, 0x80, 0xd2, 0x01, 0, 0, 0xd4};

#define SOAK_OWN_FRAME() __builtin_frame_address(0), __builtin_dwarf_cfa()

/// The frame record may be anywhere in the frame.
inline constexpr bool saves_fp_below_cfa = false;
inline constexpr std::uint64_t saved_fp_below_cfa = 0;

/// `frame` is the function's frame record (frame pointer, link register), `cfa` its caller's stack pointer.
inline Registers caller_of(const void* frame, const void* cfa) noexcept {
  const auto at = reinterpret_cast<std::uint64_t>(frame);
  return {without_signature(word_at(at + 8)), reinterpret_cast<std::uint64_t>(cfa), word_at(at), at + 8};
}

#else
#error "unwinding is written for x86-64 and aarch64"
#endif

/// The registers of the function's caller. Only in a function that is never inlined.
#define SOAK_CALLER_REGISTERS() (::soak::probe::caller_of(SOAK_OWN_FRAME()))

}  // namespace soak::probe
