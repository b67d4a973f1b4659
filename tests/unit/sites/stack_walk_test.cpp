// The stack kept for an allocation is, frame by frame, the one that libgcc's unwinder sees at the same place.
#include <dlfcn.h>
#include <ftw.h>
#include <gtest/gtest.h>
#include <link.h>
#include <search.h>
#include <signal.h>
#include <ucontext.h>
#include <unwind.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "two_stacks.hpp"

namespace soak::probe {
namespace {

SOAK_NOINLINE void recurse(int depth, int rounds) {
  volatile char room[48] = {};
  room[0] = static_cast<char>(depth);
  if (depth == 0)
    point();
  else
    for (int i = 0; i < rounds; ++i) recurse(depth - 1, i == 0 ? rounds : 1);
  room[1] = room[0];
}

SOAK_NOINLINE void with_alloca(std::size_t bytes) {
  auto* const room = static_cast<volatile char*>(__builtin_alloca(bytes));
  room[0] = 1;
  point();
  room[bytes - 1] = room[0];
}

SOAK_NOINLINE void with_aligned_local() {
  alignas(128) volatile char room[256] = {};
  room[0] = 1;
  point();
  room[255] = room[0];
}

SOAK_NOINLINE void with_aligned_local_and_alloca(std::size_t bytes) {
  alignas(64) volatile char room[64] = {};
  auto* const more = static_cast<volatile char*>(__builtin_alloca(bytes));
  more[0] = room[0];
  point();
  room[1] = more[0];
}

SOAK_NOINLINE void with_a_large_frame() {
  volatile char room[300'000];
  room[0] = 1;
  point();
  room[299'999] = room[0];
}

struct PointWhenDestroyed {
  ~PointWhenDestroyed() { point(); }
};
SOAK_NOINLINE void throw_past(int value) {
  const PointWhenDestroyed guard;
  if (value > 0) throw value;
}

[[noreturn]] SOAK_NOINLINE void point_and_throw() {
  point();
  throw 1;
}
/// The call is its last instruction: the return address is another function's.
SOAK_NOINLINE void never_returns(int value) {
  if (value > 0) point_and_throw();
}

SOAK_NOINLINE __attribute__((cold)) void point_rarely() {
  volatile char room[64] = {};
  room[0] = 1;
  point();
  room[1] = room[0];
}
/// Its rare branch lies in another section, with rules of its own.
SOAK_NOINLINE void with_cold_part(volatile int& value) {
  volatile char room[80] = {};
  room[0] = static_cast<char>(value);
  if (value > 0) {
    point_rarely();
    value = room[0];
  } else {
    room[1] = room[0];
  }
}

SOAK_NOINLINE void cannot_throw() noexcept { recurse(2, 1); }

int compare_with_point(const void*, const void*) {
  point();
  return 0;
}

void check_in_signal_handler() {
  struct sigaction action {};
  action.sa_handler = [](int) { point(); };
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, nullptr);
  raise(SIGUSR1);
}

struct Place {
  const char* name;
  std::function<void()> go;
};

const std::vector<Place> places = {
    {"directly", [] { point(); }},
    {"recursion", [] { recurse(20, 1); }},
    {"alloca", [] { with_alloca(1000); }},
    {"aligned local", [] { with_aligned_local(); }},
    {"aligned local and alloca", [] { with_aligned_local_and_alloca(777); }},
    {"large frame", [] { with_a_large_frame(); }},
    {"destructor", [] { throw_past(0); }},
    {"destructor while an exception flies",
     [] {
       try {
         throw_past(1);
       } catch (int) {
       }
     }},
    {"catch clause",
     [] {
       try {
         throw 1;
       } catch (int) {
         point();
       }
     }},
    {"last call of a function",
     [] {
       try {
         never_returns(1);
       } catch (int) {
       }
     }},
    {"cold part of a function",
     [] {
       volatile int value = 1;
       with_cold_part(value);
     }},
    {"function that cannot throw", [] { cannot_throw(); }},
    {"qsort",
     [] {
       int values[2] = {2, 1};
       qsort(values, 2, sizeof(int), &compare_with_point);
     }},
    {"bsearch",
     [] {
       static const int values[1] = {1};
       sink = bsearch(values, values, 1, sizeof(int), &compare_with_point);
     }},
    {"once",
     [] {
       std::once_flag once;
       std::call_once(once, [] { point(); });
     }},
    {"file tree walk",
     [] {
       ftw(
           "/proc/self/fdinfo",
           [](const char*, const struct stat*, int) {
             point();
             return 1;
           },
           4);
     }},
    {"loader's list",
     [] {
       dl_iterate_phdr(
           [](dl_phdr_info*, std::size_t, void*) {
             point();
             return 1;
           },
           nullptr);
     }},
    {"thread", [] { std::thread([] { recurse(5, 1); }).join(); }},
    {"signal handler", [] { check_in_signal_handler(); }},
    {"at the end of a thread", [] { std::thread([] { thread_local const PointWhenDestroyed guard; }).join(); }},
};

TEST(StackWalk, SeesWhatLibgccSees) {
  for (const auto& [name, go] : places) {
    seen_site = 0;
    go();
    expect_same_stack(name);
  }
}

TEST(StackWalk, SeesItAgainFromWhatItRemembers) {
  for (int round = 0; round < 3; ++round)
    for (const auto& [name, go] : places) {
      go();
      expect_same_stack(name);
      go();
      expect_same_stack(name);
    }
}

/// Shapes that follow one another, each sharing some outer frames with the one before.
SOAK_NOINLINE void wander(unsigned seed, int depth) {
  volatile char room[16] = {};
  room[0] = 1;
  const auto next = seed * 1664525u + 1013904223u;
  if (depth == 0 || next >> 29 == 0) {
    point();
    expect_same_stack("wandering");
    return;
  }
  switch (next >> 30) {
    case 0:
      return wander(next, depth - 1);
    case 1:
      wander(next, depth - 1);
      return wander(next + 1, depth - 1);
    case 2: {
      auto* const more = static_cast<volatile char*>(__builtin_alloca(16 + (next >> 24)));
      more[0] = 1;
      wander(next, depth - 1);
      more[1] = room[0];
      return;
    }
    default: {
      alignas(64) volatile char aligned[64] = {};
      wander(next, depth - 1);
      aligned[0] = static_cast<char>(room[0] + aligned[1]);
    }
  }
}

TEST(StackWalk, SeesWhatLibgccSeesOnManyStacksInARow) {
  for (unsigned seed = 0; seed < 400 && !HasFatalFailure(); ++seed) wander(seed * 7919, 9);
}

TEST(StackWalk, KeepsTheInnermostFramesOfAStackThatIsTooDeep) {
  for (int round = 0; round < 2; ++round) {
    recurse(400, 1);
    const auto stack = stack_of(seen_site);
    EXPECT_EQ(stack.end, layout::StackEnd::too_deep);
    ASSERT_EQ(stack.depth, layout::max_stack_depth);
    for (std::uint32_t i = 1; i < stack.depth; ++i) ASSERT_EQ(stack.address(i), expected.addresses[i]) << i;
  }
}

TEST(StackWalk, LeavesASignalsOwnStackForTheInterruptedOne) {
  static char room[256 * 1024];
  const stack_t own = {room, 0, sizeof(room)};
  ASSERT_EQ(sigaltstack(&own, nullptr), 0);
  check_in_signal_handler();
  expect_same_stack("first");
  check_in_signal_handler();
  expect_same_stack("again");
  const stack_t none = {nullptr, SS_DISABLE, 0};
  sigaltstack(&none, nullptr);
}

ucontext_t main_context, fiber_context;
void fiber_body() { recurse(3, 1); }

TEST(StackWalk, EndsAtTheEndOfAFibersStack) {
  static char room[256 * 1024];
  getcontext(&fiber_context);
  fiber_context.uc_stack.ss_sp = room;
  fiber_context.uc_stack.ss_size = sizeof(room);
  fiber_context.uc_link = &main_context;
  makecontext(&fiber_context, &fiber_body, 0);
  swapcontext(&main_context, &fiber_context);
  ASSERT_NE(seen_site, 0u);
  const auto stack = stack_of(seen_site);
  ASSERT_GE(stack.depth, 5u);
  for (std::uint32_t i = 1; i < 5; ++i) EXPECT_EQ(stack.address(i), expected.addresses[i]) << i;
}

TEST(StackWalk, GoesThroughLibrariesThatNobodyHereBuilt) {
  const std::string text = "a value, another value, and a third one that is longer";
  const auto before = site_count();
  const std::regex words("([a-z]+)( [a-z]+)*");
  std::size_t matches = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), words), end; it != end; ++it) ++matches;
  EXPECT_GT(matches, 1u);
  for (auto site = before; site < site_count(); ++site)
    EXPECT_EQ(stack_of(site).end, layout::StackEnd::complete) << "site " << site;
}

TEST(StackWalk, GoesThroughACallbackOfSqlite) {
  void* const library = dlopen("libsqlite3.so.0", RTLD_NOW);
  if (library == nullptr) GTEST_SKIP() << "no libsqlite3.so.0";
  using Callback = int (*)(void*, int, char**, char**);
  const auto open_database = reinterpret_cast<int (*)(const char*, void**)>(dlsym(library, "sqlite3_open"));
  const auto execute =
      reinterpret_cast<int (*)(void*, const char*, Callback, void*, char**)>(dlsym(library, "sqlite3_exec"));
  const auto close_database = reinterpret_cast<int (*)(void*)>(dlsym(library, "sqlite3_close"));
  void* database = nullptr;
  ASSERT_EQ(open_database(":memory:", &database), 0);
  const auto callback = [](void*, int, char**, char**) {
    point();
    return 0;
  };
  EXPECT_EQ(execute(database, "select 1", callback, nullptr, nullptr), 0);
  expect_same_stack("sqlite3_exec");
  close_database(database);
}

}  // namespace
}  // namespace soak::probe
