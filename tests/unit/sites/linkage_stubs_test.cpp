// Stacks that begin in a linkage stub (.plt), or in the dynamic linker that binds it.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <ucontext.h>

#include <algorithm>
#include <cstring>

#include "two_stacks.hpp"

namespace soak::probe {
namespace {

/// What ours has of a stack: all of it, or its innermost frames, and then it says so.
bool is_a_true_part(const Stack& stack) {
  if (stack.depth < 2 || stack.depth > expected.depth) return false;
  for (std::uint32_t i = 1; i < stack.depth; ++i)
    if (stack.address(i) != expected.addresses[i]) return false;
  return stack.depth == expected.depth || stack.end == layout::StackEnd::stopped;
}

const char* file_of(std::uint64_t address) {
  Dl_info info{};
  return dladdr(reinterpret_cast<void*>(address), &info) != 0 ? info.dli_fname : "";
}

bool is_of_the_dynamic_linker(std::uint64_t address) { return std::strstr(file_of(address), "ld-linux") != nullptr; }

#if defined(__x86_64__)

constexpr std::int64_t trap_flag = 0x100;

/// One more than it is of the instruction that was interrupted: of the plug-in's, but of none of its functions.
bool is_in_stub(std::uint64_t address) {
  Dl_info info{};
  return dladdr(reinterpret_cast<void*>(address), &info) != 0 &&
         std::strstr(info.dli_fname, "sites_stubs") != nullptr && info.dli_sname == nullptr;
}

struct Stepped {
  int steps = 0, in_stub = 0, whole_in_stub = 0, beyond_the_linker = 0;
  std::uint64_t wrong_at = 0;
};
Stepped stepped;
bool is_over;

/// After each single instruction.
void at_instruction(int, siginfo_t*, void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  if (is_over) {
    registers[REG_EFL] &= ~trap_flag;
    return;
  }
  point();
  ++stepped.steps;
  const auto stack = stack_of(seen_site);
  const auto pc = static_cast<std::uint64_t>(registers[REG_RIP]);
  if (!is_a_true_part(stack)) {
    if (stepped.wrong_at == 0) stepped.wrong_at = pc;
    return;
  }
  const bool is_whole = stack.depth == expected.depth && stack.end == layout::StackEnd::complete;
  stepped.in_stub += is_in_stub(pc) ? 1 : 0;
  stepped.whole_in_stub += is_in_stub(pc) && is_whole ? 1 : 0;
  if (!is_whole && !is_of_the_dynamic_linker(stack.address(stack.depth - 1) - 1)) ++stepped.beyond_the_linker;
}

SOAK_NOINLINE void step_through(long (*function)(long)) {
  is_over = false;
  asm volatile("pushf; orq %0, (%%rsp); popf" : : "i"(trap_flag) : "memory", "cc");
  const auto value = function(-7);
  is_over = true;
  EXPECT_EQ(value, 7);
}

class LinkageStubs : public testing::TestWithParam<const char*> {};

/// Instruction by instruction: through the stub before it is bound, the binding, and the stub once more.
TEST_P(LinkageStubs, AreWalkedThroughAtEveryInstruction) {
  void* const library = dlopen(GetParam(), RTLD_LAZY);
  ASSERT_NE(library, nullptr) << dlerror();
  const auto call = reinterpret_cast<long (*)(long)>(dlsym(library, "call_through_stub"));
  point();
  struct sigaction step {
  }, before{};
  step.sa_sigaction = &at_instruction;
  step.sa_flags = SA_SIGINFO;
  sigaction(SIGTRAP, &step, &before);
  for (const char* const when : {"as it is bound", "once it is bound"}) {
    stepped = {};
    step_through(call);
    EXPECT_EQ(stepped.wrong_at, 0u) << when << ": in " << file_of(stepped.wrong_at);
    EXPECT_GT(stepped.in_stub, 0) << when;
    EXPECT_EQ(stepped.whole_in_stub, stepped.in_stub) << when;
    EXPECT_EQ(stepped.beyond_the_linker, 0) << when;
  }
  EXPECT_GT(stepped.steps, 10);
  sigaction(SIGTRAP, &before, nullptr);
  dlclose(library);
}
INSTANTIATE_TEST_SUITE_P(, LinkageStubs, testing::Values(SOAK_STUBS_FILE, SOAK_STUBS_IBT_FILE));

#endif

/// The linker's entry finds its caller by a register that no one keeps for us: there the walk stops, and says so.
TEST(LinkageStub, WhatIsAllocatedWhileOneIsBoundHasItsInnermostFrames) {
  void* const library = dlopen(SOAK_STUBS_FILE, RTLD_LAZY);
  ASSERT_NE(library, nullptr) << dlerror();
  const auto on_binding = reinterpret_cast<void (*)(void (*)())>(dlsym(library, "call_while_binding"));
  const auto call = reinterpret_cast<long (*)(long)>(dlsym(library, "call_what_is_chosen_late"));
  seen_site = 0;
  on_binding(&point);
  EXPECT_EQ(call(7), 7);
  ASSERT_NE(seen_site, 0u) << "bound before it was called";
  const auto stack = stack_of(seen_site);
  EXPECT_TRUE(is_a_true_part(stack));
  EXPECT_TRUE(stack.depth == expected.depth || is_of_the_dynamic_linker(stack.address(stack.depth - 1) - 1));
  dlclose(library);
}

}  // namespace
}  // namespace soak::probe
