// Threads, mappings and child processes by call site.
#include <gtest/gtest.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <thread>
#include <vector>

#include "own_resources.hpp"

namespace soak::probe {
namespace {

std::int64_t live(SiteKind kind) { return known_resources(kind).live(); }

std::atomic<int> endings{0};
void* nothing(void*) { return nullptr; }
/// By a destructor that runs as the thread ends.
void* say_that_it_ends(void*) {
  thread_local struct Ending {
    ~Ending() { ++endings; }
  } ending;
  static_cast<void>(&ending);
  return nullptr;
}

TEST(ThreadsByCallSite, AreThereUntilTheyEndedAndWereLetGo) {
  const auto before = live(SiteKind::thread);
  std::atomic<bool> stop{false};
  std::thread joined([&] { stop.wait(false); });
  EXPECT_EQ(live(SiteKind::thread) - before, 1) << "running";
  stop = true;
  stop.notify_all();
  joined.join();
  EXPECT_EQ(live(SiteKind::thread), before) << "joined";
  std::thread([] {}).join();
  EXPECT_EQ(live(SiteKind::thread), before);
}

TEST(ThreadsByCallSite, EndedButNotJoinedIsStillThere) {
  const auto before = live(SiteKind::thread);
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, nullptr, &say_that_it_ends, nullptr), 0);
  while (endings == 0) sched_yield();
  EXPECT_EQ(live(SiteKind::thread) - before, 1);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  EXPECT_EQ(live(SiteKind::thread), before);
}

/// Runs until told to; says when it has ended as far as the table is concerned.
struct Stoppable {
  std::atomic<bool> stop{false};
  static void* run(void* self) {
    static_cast<Stoppable*>(self)->stop.wait(false);
    return nullptr;
  }
  void end() {
    stop = true;
    stop.notify_all();
  }
};

void wait_until_live(std::int64_t wanted) {
  while (live(SiteKind::thread) != wanted) sched_yield();
}

TEST(ThreadsByCallSite, DetachedIsThereWhileItRuns) {
  const auto before = live(SiteKind::thread);
  Stoppable routine;
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, nullptr, &Stoppable::run, &routine), 0);
  ASSERT_EQ(pthread_detach(thread), 0);
  EXPECT_EQ(live(SiteKind::thread) - before, 1);
  routine.end();
  wait_until_live(before);
}

TEST(ThreadsByCallSite, CreatedDetachedIsThereWhileItRuns) {
  const auto before = live(SiteKind::thread);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  Stoppable routine;
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, &Stoppable::run, &routine), 0);
  EXPECT_EQ(live(SiteKind::thread) - before, 1);
  routine.end();
  wait_until_live(before);
  pthread_attr_destroy(&attributes);
}

TEST(ThreadsByCallSite, EveryWayToEndCounts) {
  const auto before = live(SiteKind::thread);
  const auto run = [](void* (*routine)(void*), void* expected) {
    pthread_t thread;
    void* result = nullptr;
    ASSERT_EQ(pthread_create(&thread, nullptr, routine, nullptr), 0);
    ASSERT_EQ(pthread_join(thread, &result), 0);
    EXPECT_EQ(result, expected);
  };
  run([](void*) -> void* { return reinterpret_cast<void*>(7); }, reinterpret_cast<void*>(7));
  run([](void*) -> void* { pthread_exit(reinterpret_cast<void*>(8)); }, reinterpret_cast<void*>(8));
  run(
      [](void*) -> void* {
        pthread_cancel(pthread_self());
        pthread_testcancel();
        return nullptr;
      },
      PTHREAD_CANCELED);
  EXPECT_EQ(live(SiteKind::thread), before);
}

TEST(ThreadsByCallSite, MayDetachThemselves) {
  const auto before = live(SiteKind::thread);
  const auto detach_itself = [](void*) -> void* {
    pthread_detach(pthread_self());
    return nullptr;
  };
  pthread_t thread;
  for (int i = 0; i < 100; ++i) ASSERT_EQ(pthread_create(&thread, nullptr, detach_itself, nullptr), 0);
  wait_until_live(before);
}

TEST(ThreadsByCallSite, OfC11AreFollowedToo) {
  const auto before = live(SiteKind::thread);
  thrd_t thread;
  ASSERT_EQ(thrd_create(
                &thread, [](void* argument) { return *static_cast<int*>(argument); }, std::vector{42}.data()),
            thrd_success);
  int result = 0;
  ASSERT_EQ(thrd_join(thread, &result), thrd_success);
  EXPECT_EQ(live(SiteKind::thread), before);
}

TEST(ThreadsByCallSite, ThatCannotBeCreatedAreNotThere) {
  const auto before = known_resources(SiteKind::thread).made;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{1} << 46);
  pthread_t thread;
  EXPECT_NE(pthread_create(&thread, &attributes, &nothing, nullptr), 0);
  EXPECT_EQ(known_resources(SiteKind::thread).made, before);
  pthread_attr_destroy(&attributes);
}

TEST(ThreadsByCallSite, AddUpToTheKernelsFigure) {
  Stoppable routine;
  std::thread thread([&] { Stoppable::run(&routine); });
  settle();
  Reading reading;
  soak_probe_read(&reading, false);
  EXPECT_EQ(live(SiteKind::thread) + unknown_resources(SiteKind::thread), reading.threads);
  routine.end();
  thread.join();
}

const std::size_t page = static_cast<std::size_t>(getpagesize());

char* map_pages(std::size_t pages) {
  return static_cast<char*>(mmap(nullptr, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

struct Mapped {
  std::int64_t count = 0, pages = 0;
  bool operator==(const Mapped&) const = default;
};
void PrintTo(const Mapped& mapped, std::ostream* to) { *to << mapped.count << " of " << mapped.pages << " pages"; }

class MappingsByCallSite : public ::testing::Test {
 protected:
  [[nodiscard]] Mapped change() const {
    const auto now = known_resources(SiteKind::mapping);
    return {now.live() - before_.live(), (now.bytes - before_.bytes) / static_cast<std::int64_t>(page)};
  }

 private:
  ResourceTotals before_ = known_resources(SiteKind::mapping);
};

TEST_F(MappingsByCallSite, AreThoseThatAreMapped) {
  auto* const memory = map_pages(10);
  EXPECT_EQ(change(), (Mapped{1, 10}));
  EXPECT_EQ(munmap(memory, 10 * page), 0);
  EXPECT_EQ(change(), (Mapped{0, 0}));
}

TEST_F(MappingsByCallSite, AreUnmappedPieceByPiece) {
  auto* const memory = map_pages(10);
  munmap(memory, page);
  EXPECT_EQ(change(), (Mapped{1, 9})) << "the front";
  munmap(memory + 9 * page, 1);
  EXPECT_EQ(change(), (Mapped{1, 8})) << "the back, in bytes less than a page";
  munmap(memory + 4 * page, 2 * page);
  EXPECT_EQ(change(), (Mapped{2, 6})) << "the middle";
  munmap(memory, 10 * page);
  EXPECT_EQ(change(), (Mapped{0, 0})) << "over pieces and holes";
}

TEST_F(MappingsByCallSite, SeveralAreUnmappedAtOnce) {
  auto* const memory = map_pages(9);
  for (const std::size_t third : {0u, 3u, 6u})
    mmap(memory + third * page, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  EXPECT_EQ(change(), (Mapped{3, 9})) << "mapped over";
  munmap(memory + page, 7 * page);
  EXPECT_EQ(change(), (Mapped{2, 2}));
  munmap(memory, 9 * page);
  EXPECT_EQ(change(), (Mapped{0, 0}));
}

TEST_F(MappingsByCallSite, AreOfTheSiteThatResizedThem) {
  auto* memory = map_pages(4);
  memory = static_cast<char*>(mremap(memory, 4 * page, 100 * page, MREMAP_MAYMOVE));
  EXPECT_EQ(change(), (Mapped{1, 100}));
  memory = static_cast<char*>(mremap(memory, 100 * page, 2 * page, 0));
  EXPECT_EQ(change(), (Mapped{1, 2}));
  EXPECT_EQ(mremap(memory, 2 * page, std::size_t{1} << 60, 0), MAP_FAILED);
  EXPECT_EQ(change(), (Mapped{1, 2})) << "refused";
  munmap(memory, 2 * page);
  EXPECT_EQ(change(), (Mapped{0, 0}));
}

TEST_F(MappingsByCallSite, RefusedCallsChangeNothing) {
  auto* const memory = map_pages(2);
  EXPECT_EQ(munmap(memory + 1, page), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(mmap(nullptr, 0, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(change(), (Mapped{1, 2}));
  munmap(memory, 2 * page);
}

TEST_F(MappingsByCallSite, UnmappedBehindOurBackAreGoneAtTheNextReading) {
  auto* const memory = map_pages(3);
  auto* const kept = map_pages(5);
  syscall(SYS_munmap, memory, 3 * page);
  settle();
  EXPECT_EQ(change(), (Mapped{1, 5}));
  munmap(kept, 5 * page);
}

TEST_F(MappingsByCallSite, OfMallocAreTheHeaps) {
  auto* const block = static_cast<volatile char*>(std::malloc(10 << 20));
  block[0] = 1;
  EXPECT_EQ(change(), (Mapped{0, 0}));
  std::free(const_cast<char*>(block));
}

TEST_F(MappingsByCallSite, OfThreadsAreExact) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([] {
      for (int i = 0; i < 500; ++i) {
        auto* const memory = map_pages(3);
        munmap(memory + page, page);
        munmap(memory, 3 * page);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(change(), (Mapped{0, 0}));
}

TEST_F(MappingsByCallSite, BeyondTheTablesRoomAreCounted) {
  const auto overflows = [] { return sites_header().resource_overflows[static_cast<int>(SiteKind::mapping)].load(); };
  const auto before = overflows();
  constexpr std::size_t many = 9000;
  // Every second page: neighbours would be one.
  auto* const memory = map_pages(2 * many);
  for (std::size_t i = 0; i < many; ++i) munmap(memory + (2 * i + 1) * page, page);
  EXPECT_GT(overflows(), before);
  munmap(memory, 2 * many * page);
  EXPECT_EQ(change(), (Mapped{0, 0}));
}

TEST(ChildrenByCallSite, AreThereUntilTheyAreWaitedFor) {
  const auto before = live(SiteKind::child);
  const auto ended = [] {
    const pid_t child = fork();
    if (child == 0) _exit(3);
    return child;
  };
  int status = 0;
  siginfo_t info{};
  const pid_t first = ended();
  EXPECT_EQ(live(SiteKind::child) - before, 1);
  EXPECT_EQ(waitid(P_PID, static_cast<id_t>(first), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(live(SiteKind::child) - before, 1) << "looked at only";
  EXPECT_EQ(waitpid(first, &status, 0), first);
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_EQ(live(SiteKind::child), before) << "waitpid";
  const pid_t second = ended();
  EXPECT_EQ(waitid(P_PID, static_cast<id_t>(second), nullptr, WEXITED), 0);
  EXPECT_EQ(live(SiteKind::child), before) << "waitid";
  const pid_t third = ended();
  EXPECT_EQ(wait4(third, nullptr, 0, nullptr), third);
  EXPECT_EQ(live(SiteKind::child), before) << "wait4";
  const pid_t fourth = ended();
  EXPECT_EQ(wait(nullptr), fourth);
  EXPECT_EQ(live(SiteKind::child), before) << "wait";
}

TEST(ChildrenByCallSite, StoppedIsStillThere) {
  const auto before = live(SiteKind::child);
  const pid_t child = fork();
  if (child == 0) {
    raise(SIGSTOP);
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
  EXPECT_TRUE(WIFSTOPPED(status));
  EXPECT_EQ(live(SiteKind::child) - before, 1);
  kill(child, SIGCONT);
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(live(SiteKind::child), before);
}

TEST(ChildrenByCallSite, SpawnedAndPopenedAreFollowed) {
  const auto before = live(SiteKind::child);
  char name[] = "true";
  char* arguments[] = {name, nullptr};
  pid_t child = 0;
  ASSERT_EQ(posix_spawnp(&child, name, nullptr, nullptr, arguments, environ), 0);
  EXPECT_EQ(live(SiteKind::child) - before, 1);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_EQ(live(SiteKind::child), before);
  char missing[] = "/none/such";
  EXPECT_EQ(posix_spawn(&child, missing, nullptr, nullptr, arguments, environ), ENOENT);
  EXPECT_EQ(live(SiteKind::child), before);
  auto* const command = popen("true", "r");
  EXPECT_EQ(live(SiteKind::child) - before, 1);
  EXPECT_EQ(pclose(command), 0);
  EXPECT_EQ(live(SiteKind::child), before);
}

TEST(ChildrenByCallSite, ReapedBehindOurBackAreGoneAtTheNextReading) {
  const auto before = live(SiteKind::child);
  const pid_t child = fork();
  if (child == 0) _exit(0);
  EXPECT_EQ(syscall(SYS_wait4, child, nullptr, 0, nullptr), child);
  EXPECT_EQ(live(SiteKind::child) - before, 1);
  settle();
  EXPECT_EQ(live(SiteKind::child), before);
}

TEST(ChildrenByCallSite, MadeByVforkAreUnknown) {
  settle();
  const auto before = unknown_resources(SiteKind::child);
  const pid_t child = vfork();
  if (child == 0) _exit(0);
  settle();
  EXPECT_EQ(unknown_resources(SiteKind::child) - before, 1);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  settle();
  EXPECT_EQ(unknown_resources(SiteKind::child), before);
}

}  // namespace
}  // namespace soak::probe
