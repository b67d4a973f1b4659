// Mappings by call site.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "own_resources.hpp"

namespace soak::probe {
namespace {

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
    const auto now = known_resources(layout::SiteKind::mapping);
    return {now.live() - before_.live(), (now.bytes - before_.bytes) / static_cast<std::int64_t>(page)};
  }

 private:
  ResourceTotals before_ = known_resources(layout::SiteKind::mapping);
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
  const auto overflows = [] {
    return sites_header().resource_overflows[static_cast<int>(layout::SiteKind::mapping)].load();
  };
  const auto before = overflows();
  constexpr std::size_t many = 9000;
  // Every second page: neighbours would be one.
  auto* const memory = map_pages(2 * many);
  for (std::size_t i = 0; i < many; ++i) munmap(memory + (2 * i + 1) * page, page);
  EXPECT_GT(overflows(), before);
  munmap(memory, 2 * many * page);
  EXPECT_EQ(change(), (Mapped{0, 0}));
}

}  // namespace
}  // namespace soak::probe
