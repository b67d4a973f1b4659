#include "probe/counters.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>

#include <atomic>
#include <thread>
#include <vector>

#include "in_child.hpp"
#include "probe/own_region.hpp"

namespace soak::probe {
namespace {

/// As constructors of libraries allocate before there is a region.
__attribute__((constructor)) void count_early() {
  count_allocation(20'000);
  count_allocation(30'000);
  count_allocation(7);
  count_free(7);
}

/// Attaches a region of its own, as the probe does when it is loaded. Threads count into it; the test's own does,
/// too.
class Counters : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    watch_thread_ends();
    ASSERT_EQ(madvise(&attached, sizeof(attached), MADV_WIPEONFORK), 0);
    auto* const region = region_in_memory();
    ASSERT_NE(region, nullptr);
    end_early_counting(region);
    early_carried_bytes = region->carried_bytes;
    early_totals = read_heap(*region);
    munmap(region, region->total_bytes);
  }
  void SetUp() override {
    ASSERT_NE(region, nullptr);
    attached.region = region;
  }
  void TearDown() override {
    attached.region = nullptr;
    own_slot = nullptr;
    munmap(region, region->total_bytes);
  }

  [[nodiscard]] HeapTotals totals() const { return read_heap(*region); }
  [[nodiscard]] int slots_in_use() const {
    int in_use = 0;
    const auto* const slots = layout::section_begin<layout::ThreadSlot>(*region, layout::SectionId::thread_slots);
    for (std::uint32_t i = 0; i < layout::thread_slot_capacity; ++i) in_use += slots[i].owner_tid != 0 ? 1 : 0;
    return in_use;
  }

  layout::RegionHeader* region = region_in_memory();
  static inline HeapTotals early_totals;
  static inline std::int64_t early_carried_bytes = 0;
};

template <typename Body>
void in_thread(Body body) {
  std::thread(body).join();
}

TEST_F(Counters, StartAtNothing) {
  EXPECT_EQ(totals().bytes, 0);
  EXPECT_EQ(totals().blocks, 0);
  EXPECT_EQ(totals().peak_bytes, 0);
}

TEST_F(Counters, AddUpAllocationsAndFrees) {
  in_thread([] {
    count_allocation(100);
    count_allocation(50);
    count_free(100);
  });
  EXPECT_EQ(totals().bytes, 50);
  EXPECT_EQ(totals().blocks, 1);
  EXPECT_EQ(totals().allocations, 2);
  EXPECT_EQ(totals().frees, 1);
}

TEST_F(Counters, ForgetAFreeThatDidNotHappen) {
  in_thread([] {
    count_allocation(100);
    count_free(100);
    take_back_free(100);
  });
  EXPECT_EQ(totals().bytes, 100);
  EXPECT_EQ(totals().blocks, 1);
  EXPECT_EQ(totals().frees, 0);
}

TEST_F(Counters, BlockFreedByAnotherThreadIsNotALeak) {
  in_thread([] { count_allocation(100'000); });
  in_thread([] { count_free(100'000); });
  EXPECT_EQ(totals().bytes, 0);
  EXPECT_EQ(totals().blocks, 0);
}

TEST_F(Counters, PeakIsThatOfTheProcessAndStays) {
  in_thread([] {
    count_allocation(1'000'000);
    count_free(1'000'000);
  });
  EXPECT_EQ(totals().bytes, 0);
  EXPECT_EQ(totals().peak_bytes, 1'000'000);
}

TEST_F(Counters, PeakIsAtMostAStepTooLow) {
  in_thread([] {
    for (int i = 0; i < 10'000; ++i) count_allocation(100);
    for (int i = 0; i < 10'000; ++i) count_free(100);
  });
  EXPECT_LE(totals().peak_bytes, 1'000'000);
  EXPECT_GE(totals().peak_bytes, 1'000'000 - layout::peak_step_bytes);
}

TEST_F(Counters, AReadingLiftsThePeakToWhatIsAlive) {
  in_thread([] { count_allocation(10); });
  EXPECT_EQ(totals().peak_bytes, 10);
}

TEST_F(Counters, SlotsGoOnToTheNextThreadWithTheirCounts) {
  for (int i = 0; i < 2000; ++i) in_thread([] { count_allocation(16); });
  EXPECT_EQ(totals().allocations, 2000);
  EXPECT_EQ(totals().bytes, 32'000);
  EXPECT_EQ(slots_in_use(), 0);
  EXPECT_EQ(layout::section_begin<layout::ThreadSlot>(*region, layout::SectionId::thread_slots)[0].allocations, 2000);
}

TEST_F(Counters, ThreadsBeyondTheSlotsShareOne) {
  constexpr int threads = layout::thread_slot_capacity + 50;
  std::atomic<int> counted{0};
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&] {
      count_allocation(16);
      ++counted;
      counted.notify_all();
      for (int seen = counted; seen < threads; seen = counted) counted.wait(seen);
      count_free(16);
    });
  for (auto& thread : all) thread.join();
  EXPECT_EQ(totals().allocations, threads);
  EXPECT_EQ(totals().frees, threads);
  EXPECT_EQ(totals().bytes, 0);
  EXPECT_EQ(region->overflow.allocations, 50);
  EXPECT_EQ(slots_in_use(), 0);
}

TEST_F(Counters, AThreadBeingTornDownStillCounts) {
  in_thread([] {
    // Its destructor runs after that of the probe's key, which was made earlier.
    pthread_key_t key = 0;
    pthread_key_create(&key, [](void*) { count_allocation(40); });
    pthread_setspecific(key, &key);
    count_allocation(2);
  });
  EXPECT_EQ(totals().bytes, 42);
  EXPECT_EQ(region->overflow.live_bytes, 40);
  EXPECT_EQ(slots_in_use(), 0);
}

TEST_F(Counters, AForkedChildCountsNothing) {
  in_thread([] {
    count_allocation(8);
    EXPECT_EQ(in_child([] {
                count_allocation(1000);
                return attached.region == nullptr ? 0 : 1;
              }),
              0);
  });
  EXPECT_EQ(totals().allocations, 1);
}

TEST_F(Counters, AThreadThatEndsInAForkedChildLeavesItsParentsSlotAlone) {
  char path[] = "/tmp/soak_counters_XXXXXX";
  close(mkstemp(path));
  auto* const shared = region_in_file(path);
  unlink(path);
  ASSERT_NE(shared, nullptr);
  attached.region = shared;
  in_thread([] {
    count_allocation(8);
    const auto tid = own_slot->owner_tid.load();
    const pid_t child = fork();
    if (child == 0) {
      atexit([] { _exit(0); });
      pthread_exit(nullptr);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(own_slot->owner_tid, tid);
  });
  munmap(shared, shared->total_bytes);
}

TEST_F(Counters, AThreadThatFoundNoSlotGoesOnWithoutOne) {
  auto* const slots = layout::section_begin<layout::ThreadSlot>(*region, layout::SectionId::thread_slots);
  for (std::uint32_t i = 0; i < layout::thread_slot_capacity; ++i) slots[i].owner_tid = 1;
  in_thread([&] {
    count_allocation(8);
    for (std::uint32_t i = 0; i < layout::thread_slot_capacity; ++i) slots[i].owner_tid = 0;
    count_allocation(8);
    EXPECT_EQ(own_slot, nullptr);
  });
  EXPECT_EQ(region->overflow.allocations, 2);
}

TEST_F(Counters, WhatWasCountedBeforeTheRegionMovesIntoIt) {
  EXPECT_EQ(early_totals.allocations, 3);
  EXPECT_EQ(early_totals.frees, 1);
  EXPECT_EQ(early_totals.bytes, 50'000);
  EXPECT_EQ(early_carried_bytes, 50'000);
}

TEST_F(Counters, WithoutARegionNothingIsCountedAnyMore) {
  attached.region = nullptr;
  count_allocation(5);
  attached.region = region;
  end_early_counting(region);
  EXPECT_EQ(totals().bytes, 50'000) << "what was counted early, once more";
}

std::int64_t counted_by_handler = 0;

/// It may come between any two instructions of the counting it interrupts.
TEST_F(Counters, ASignalHandlerThatCountsLosesNothing) {
  count_allocation(0);
  struct sigaction count_one {
  }, before{};
  count_one.sa_handler = [](int) {
    add_single_writer(own_slot->allocations, 1);
    add_single_writer(own_slot->live_bytes, 1);
    ++counted_by_handler;
  };
  sigaction(SIGALRM, &count_one, &before);
  const itimerval often{{0, 20}, {0, 20}}, never{};
  setitimer(ITIMER_REAL, &often, nullptr);
  std::int64_t counted = 1;
  for (; __atomic_load_n(&counted_by_handler, __ATOMIC_RELAXED) < 300; ++counted) {
    add_single_writer(own_slot->allocations, 1);
    add_single_writer(own_slot->live_bytes, 16);
  }
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &before, nullptr);
  EXPECT_EQ(totals().allocations, counted + counted_by_handler);
  EXPECT_EQ(totals().bytes, (counted - 1) * 16 + counted_by_handler);
}

TEST_F(Counters, ManyThreadsLoseNothing) {
  constexpr int threads = 8, rounds = 20'000;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([i] {
      for (int round = 0; round < rounds; ++round) {
        count_allocation(static_cast<std::size_t>(32 + i));
        if (round % 4 != 0) count_free(static_cast<std::size_t>(32 + i));
      }
    });
  for (auto& thread : all) thread.join();
  EXPECT_EQ(totals().allocations, threads * rounds);
  EXPECT_EQ(totals().blocks, threads * rounds / 4);
  EXPECT_EQ(totals().bytes, (32 * threads + 28) * rounds / 4);
}

}  // namespace
}  // namespace soak::probe
