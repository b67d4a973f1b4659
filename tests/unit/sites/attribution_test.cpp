// Every byte and block is at the site where it was allocated, and at no other.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "own_sites.hpp"

#define SOAK_NOINLINE __attribute__((noinline, noclone))

namespace soak::probe {
namespace {

AllocationsBySite noted;

SOAK_NOINLINE void* here(std::size_t bytes) {
  void* const block = std::malloc(bytes);
  *static_cast<volatile char*>(block) = 1;
  return block;
}
SOAK_NOINLINE void* there(void* block, std::size_t bytes) {
  void* const resized = std::realloc(block, bytes);
  *static_cast<volatile char*>(resized) = 1;
  return resized;
}

/// The site that `allocate` allocates at, which is then known by its stack.
template <typename Allocate>
std::uint32_t site_of(Allocate allocate) {
  note_allocations(noted);
  allocate();
  return site_since(noted);
}

TEST(Attribution, CountsLiveBlocksAndBytesByUsableAndByRequestedSize) {
  void* blocks[11];
  std::uint32_t site = 0;
  for (std::size_t i = 0; i < 11; ++i) {
    const auto found = site_of([&] { blocks[i] = here(17); });
    if (i > 0) {
      EXPECT_EQ(found, site);
    }
    site = found;
  }
  ASSERT_NE(site, 0u);
  EXPECT_EQ(totals_of(site).live_blocks(), 11);
  EXPECT_EQ(totals_of(site).live_bytes, 11 * 24);
  EXPECT_EQ(totals_of(site).live_requested_bytes, 11 * 17);
  for (auto* const block : blocks) std::free(block);
  EXPECT_EQ(totals_of(site).live_blocks(), 0);
  EXPECT_EQ(totals_of(site).live_bytes, 0);
  EXPECT_EQ(totals_of(site).live_requested_bytes, 0);
  EXPECT_EQ(totals_of(site).allocations, 11);
}

TEST(Attribution, MovesABlockToTheSiteThatResizedIt) {
  void* block = nullptr;
  const auto first = site_of([&] { block = here(100); });
  const auto second = site_of([&] { block = there(block, 100'000); });
  ASSERT_NE(first, second);
  EXPECT_EQ(totals_of(first).live_blocks(), 0);
  EXPECT_EQ(totals_of(first).live_bytes, 0);
  EXPECT_EQ(totals_of(second).live_blocks(), 1);
  EXPECT_EQ(totals_of(second).live_requested_bytes, 100'000);
  std::free(block);
  EXPECT_EQ(totals_of(second).live_bytes, 0);
}

TEST(Attribution, LeavesABlockWhereItWasIfResizingFails) {
  void* block = nullptr;
  const auto site = site_of([&] { block = here(100); });
  volatile std::size_t too_much = PTRDIFF_MAX;
  void* (*volatile resize)(void*, std::size_t) = &std::realloc;  // else the compiler knows that it fails
  ASSERT_EQ(resize(block, too_much), nullptr);
  EXPECT_EQ(totals_of(site).live_blocks(), 1);
  EXPECT_EQ(totals_of(site).live_requested_bytes, 100);
  std::free(block);
  EXPECT_EQ(totals_of(site).live_blocks(), 0);
}

TEST(Attribution, ChargesAFreeByAnotherThreadToTheSiteOfTheAllocation) {
  void* block = nullptr;
  const auto site = site_of([&] { block = here(100); });
  std::thread([&] { std::free(block); }).join();
  EXPECT_EQ(totals_of(site).live_blocks(), 0);
  EXPECT_EQ(totals_of(site).live_bytes, 0);
}

TEST(Attribution, HasEveryFormOfAllocation) {
  const auto exact = [](void* (*allocate)(), std::int64_t requested) {
    void* block = nullptr;
    const auto site = site_of([&] { block = allocate(); });
    ASSERT_GT(site, layout::unknown_site);
    EXPECT_EQ(totals_of(site).live_requested_bytes, requested);
    EXPECT_EQ(totals_of(site).live_bytes, static_cast<std::int64_t>(malloc_usable_size(block)));
    std::free(block);
    EXPECT_EQ(totals_of(site).live_bytes, 0);
  };
  exact([] { return std::malloc(1'000'000); }, 1'000'000);
  exact([] { return std::calloc(10, 33); }, 330);
  exact([] { return std::realloc(nullptr, 33); }, 33);
  exact([] { return reallocarray(nullptr, 3, 33); }, 99);
  exact([] { return memalign(256, 33); }, 33);
  exact([] { return std::aligned_alloc(64, 128); }, 128);
  exact([] { return valloc(33); }, 33);
  exact([] { return pvalloc(33); }, getpagesize());
  exact([] { return ::operator new(77); }, 77);
  exact(
      [] {
        void* block = nullptr;
        return posix_memalign(&block, 128, 50) == 0 ? block : nullptr;
      },
      50);
}

TEST(Attribution, IsNotDisturbedByAForkedChild) {
  void* block = nullptr;
  const auto site = site_of([&] { block = here(100); });
  const pid_t child = fork();
  if (child == 0) {
    std::free(block);
    _exit(here(10) == nullptr ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(totals_of(site).live_blocks(), 1);
  std::free(block);
}

/// What threads hand to one another to free.
struct Exchange {
  std::mutex mutex;
  std::vector<void*> blocks;
  void* swap(void* block, std::size_t index) {
    const std::lock_guard lock(mutex);
    std::swap(blocks[index % blocks.size()], block);
    return block;
  }
};

void* any_block(std::mt19937& random) {
  const auto bytes = 1 + random() % (random() % 50 == 0 ? 300'000 : 700);
  void* aligned = nullptr;
  switch (random() % 6) {
    case 0:
      return std::calloc(3, bytes);
    case 1:
      return posix_memalign(&aligned, 64, bytes) == 0 ? aligned : nullptr;
    case 2:
      return there(here(bytes), bytes / 2 + 1);
    case 3:
      return there(nullptr, bytes);
    default:
      return here(bytes);
  }
}

SOAK_NOINLINE void* any_block_from_below(std::mt19937& random, unsigned depth) {
  volatile char room[32] = {};
  void* const block = depth == 0 ? any_block(random) : any_block_from_below(random, depth - 1);
  room[0] = block == nullptr ? 1 : 0;
  return room[0] == 1 ? nullptr : block;
}

void expect_sites_add_up() {
  layout::Reading reading;
  soak_probe_read(&reading, false);
  const auto sum = totals_of_all_sites();
  EXPECT_EQ(sum.live_bytes, reading.heap_bytes);
  EXPECT_EQ(sum.live_blocks(), reading.heap_blocks);
  EXPECT_EQ(sum.allocations, reading.allocations);
  EXPECT_EQ(sum.frees, reading.frees);
}

TEST(Attribution, AddsUpToTheExactCountersWhateverThreadsDid) {
  Exchange exchange;
  exchange.blocks.resize(500);
  // More threads than there are tables of their own.
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 24; ++i)
    threads.emplace_back([&exchange, i] {
      std::mt19937 random(i);
      for (int round = 0; round < 4000; ++round)
        std::free(exchange.swap(any_block_from_below(random, static_cast<unsigned>(random() % 12)), random()));
    });
  for (auto& thread : threads) thread.join();
  threads.clear();
  expect_sites_add_up();
  for (auto* const block : exchange.blocks) std::free(block);
  expect_sites_add_up();
  EXPECT_EQ(sites_header().site_overflows, 0);
}

TEST(Attribution, TakesItsOwnMemoryOffTheProcesss) {
  constexpr std::size_t blocks = 200'000;
  std::vector<void*> kept(blocks);
  malloc_trim(0);  // what was freed earlier is resident already
  layout::Reading before, after;
  soak_probe_read(&before, false);
  for (auto& block : kept) block = here(64);
  soak_probe_read(&after, false);
  for (auto* const block : kept) std::free(block);
  const auto chunks = static_cast<std::int64_t>(blocks * 80);
  // 4 bytes of shadow a 16 bytes of heap would be a quarter more.
  EXPECT_NEAR(static_cast<double>(after.resident_bytes - before.resident_bytes), static_cast<double>(chunks),
              0.05 * static_cast<double>(chunks));
}

}  // namespace
}  // namespace soak::probe
