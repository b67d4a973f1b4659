// Threads by call site.
#include <gtest/gtest.h>
#include <pthread.h>
#include <threads.h>

#include <atomic>
#include <thread>
#include <vector>

#include "own_resources.hpp"

namespace soak::probe {
namespace {

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
  const auto before = live(layout::SiteKind::thread);
  std::atomic<bool> stop{false};
  std::thread joined([&] { stop.wait(false); });
  EXPECT_EQ(live(layout::SiteKind::thread) - before, 1) << "running";
  stop = true;
  stop.notify_all();
  joined.join();
  EXPECT_EQ(live(layout::SiteKind::thread), before) << "joined";
  std::thread([] {}).join();
  EXPECT_EQ(live(layout::SiteKind::thread), before);
}

TEST(ThreadsByCallSite, EndedButNotJoinedIsStillThere) {
  const auto before = live(layout::SiteKind::thread);
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, nullptr, &say_that_it_ends, nullptr), 0);
  while (endings == 0) sched_yield();
  EXPECT_EQ(live(layout::SiteKind::thread) - before, 1);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  EXPECT_EQ(live(layout::SiteKind::thread), before);
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
  while (live(layout::SiteKind::thread) != wanted) sched_yield();
}

TEST(ThreadsByCallSite, DetachedIsThereWhileItRuns) {
  const auto before = live(layout::SiteKind::thread);
  Stoppable routine;
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, nullptr, &Stoppable::run, &routine), 0);
  ASSERT_EQ(pthread_detach(thread), 0);
  EXPECT_EQ(live(layout::SiteKind::thread) - before, 1);
  routine.end();
  wait_until_live(before);
}

TEST(ThreadsByCallSite, CreatedDetachedIsThereWhileItRuns) {
  const auto before = live(layout::SiteKind::thread);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  Stoppable routine;
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, &Stoppable::run, &routine), 0);
  EXPECT_EQ(live(layout::SiteKind::thread) - before, 1);
  routine.end();
  wait_until_live(before);
  pthread_attr_destroy(&attributes);
}

TEST(ThreadsByCallSite, EveryWayToEndCounts) {
  const auto before = live(layout::SiteKind::thread);
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
  EXPECT_EQ(live(layout::SiteKind::thread), before);
}

TEST(ThreadsByCallSite, MayDetachThemselves) {
  const auto before = live(layout::SiteKind::thread);
  const auto detach_itself = [](void*) -> void* {
    pthread_detach(pthread_self());
    return nullptr;
  };
  pthread_t thread;
  for (int i = 0; i < 100; ++i) ASSERT_EQ(pthread_create(&thread, nullptr, detach_itself, nullptr), 0);
  wait_until_live(before);
}

TEST(ThreadsByCallSite, OfC11AreFollowedToo) {
  const auto before = live(layout::SiteKind::thread);
  thrd_t thread;
  ASSERT_EQ(thrd_create(
                &thread, [](void* argument) { return *static_cast<int*>(argument); }, std::vector{42}.data()),
            thrd_success);
  int result = 0;
  ASSERT_EQ(thrd_join(thread, &result), thrd_success);
  EXPECT_EQ(live(layout::SiteKind::thread), before);
}

TEST(ThreadsByCallSite, ThatCannotBeCreatedAreNotThere) {
  const auto before = known_resources(layout::SiteKind::thread).made;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{1} << 46);
  pthread_t thread;
  EXPECT_NE(pthread_create(&thread, &attributes, &nothing, nullptr), 0);
  EXPECT_EQ(known_resources(layout::SiteKind::thread).made, before);
  pthread_attr_destroy(&attributes);
}

TEST(ThreadsByCallSite, AddUpToTheKernelsFigure) {
  Stoppable routine;
  std::thread thread([&] { Stoppable::run(&routine); });
  settle();
  layout::Reading reading;
  soak_probe_read(&reading, false);
  EXPECT_EQ(live(layout::SiteKind::thread) + unknown_resources(layout::SiteKind::thread), reading.threads);
  routine.end();
  thread.join();
}

}  // namespace
}  // namespace soak::probe
