// Live objects by type: what this process's region says of objects that the test makes.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <soak/counted.hpp>
#include <string>
#include <thread>
#include <typeinfo>
#include <utility>
#include <vector>

#include "own_resources.hpp"
#include "region/layout/type_layout.hpp"
#include "region/region_sites.hpp"

namespace soak::probe {
namespace {

void keep(layout::ReadingKind kind, std::int64_t iteration) {
  layout::Reading reading;
  reading.kind = kind;
  reading.iteration = iteration;
  soak_probe_keep(&reading);
}

/// Counts of one type at the readings of this loop; nothing where the region does not know it.
std::optional<std::vector<std::int64_t>> counts_of(const std::string& name, record::TypeSource source) {
  const auto read = region::read_region_types(std::getenv("SOAK_REGION"));
  for (const auto& type : read.types) {
    if (type.name != name || type.source != source) continue;
    std::vector<std::int64_t> counts;
    for (const auto& point : type.history) counts.push_back(point.count);
    return counts;
  }
  return {};
}

template <typename T>
std::optional<std::vector<std::int64_t>> counted() {
  return counts_of(typeid(T).name(), record::TypeSource::counted);
}

/// How many blocks hold one now.
template <typename T>
std::int64_t by_vtable() {
  soak_probe_begin_pass(1);
  keep(layout::ReadingKind::baseline, 0);
  const std::string name = *typeid(T).name() == '*' ? typeid(T).name() + 1 : typeid(T).name();
  auto& region = *soak_probe_region();
  const auto types =
      layout::section_begin<layout::TypesHeader>(region, layout::SectionId::type_header)->type_count.load();
  for (std::uint32_t i = 0; i < types; ++i) {
    const auto& type = layout::section_begin<layout::TypeEntry>(region, layout::SectionId::types)[i];
    if (type.source == layout::TypeSource::vtable &&
        layout::section_begin<char>(region, layout::SectionId::type_names) + type.name_offset == name)
      return layout::section_begin<layout::TypePoint>(region, layout::SectionId::type_points)[i].count;
  }
  return 0;
}

struct Session : Counted<Session> {
  int number = 0;
};
struct Holder {
  [[no_unique_address]] Counted<Holder> counted;
  int number = 0;
};
static_assert(sizeof(Session) == sizeof(int) && sizeof(Holder) == sizeof(int));

TEST(Counted, ConstructorsCountOneMoreAndDestructorsOneLess) {
  const auto before = Counted<Session>::live();
  {
    Session first;
    EXPECT_EQ(Counted<Session>::live() - before, 1) << "made";
    Session copied(first);
    EXPECT_EQ(Counted<Session>::live() - before, 2) << "copied";
    Session moved(std::move(first));
    EXPECT_EQ(Counted<Session>::live() - before, 3) << "what was moved from is still an object";
    copied = moved;
    moved = std::move(copied);
    EXPECT_EQ(Counted<Session>::live() - before, 3) << "assignment makes none";
    std::vector<Session> many(10);
    many.reserve(100);
    EXPECT_EQ(Counted<Session>::live() - before, 13) << "moved to another buffer";
  }
  EXPECT_EQ(Counted<Session>::live(), before);
}

TEST(Counted, WhatAConstructorThrowsOutOfIsNoObject) {
  struct Throwing : Counted<Throwing> {
    Throwing() { throw std::bad_alloc(); }
  };
  EXPECT_THROW(Throwing(), std::bad_alloc);
  EXPECT_EQ(Counted<Throwing>::live(), 0);
}

TEST(Counted, AMemberCountsAsABaseDoes) {
  const std::vector<Holder> holders(5);
  EXPECT_EQ(Counted<Holder>::live(), 5);
}

TEST(Counted, ThreadsCountExactly) {
  struct Shared : Counted<Shared> {};
  std::vector<std::thread> threads;
  std::atomic<int> kept{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) Shared();
      if (new Shared) ++kept;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(Counted<Shared>::live(), kept);
}

TEST(Counted, EveryReadingHasTheNumber) {
  soak_probe_begin_pass(3);
  std::vector<Session> sessions;
  for (int i = 0; i <= 3; ++i) {
    keep(i == 0   ? layout::ReadingKind::baseline
         : i == 3 ? layout::ReadingKind::final
                  : layout::ReadingKind::interval,
         i);
    sessions.resize(sessions.size() + 10);
  }
  EXPECT_EQ(counted<Session>(), (std::vector<std::int64_t>{0, 10, 20, 30}));
  soak_probe_begin_pass(1);
  keep(layout::ReadingKind::baseline, 0);
  EXPECT_EQ(counted<Session>(), (std::vector<std::int64_t>{40})) << "of the last loop only";
}

TEST(Counted, OfManyReadingsTheFirstAndTheLastAreKept) {
  soak_probe_begin_pass(500);
  std::vector<std::unique_ptr<Session>> sessions;
  for (int i = 0; i <= 500; ++i) {
    keep(i == 0     ? layout::ReadingKind::baseline
         : i == 500 ? layout::ReadingKind::final
                    : layout::ReadingKind::interval,
         i);
    sessions.push_back(std::make_unique<Session>());
  }
  const auto counts = counted<Session>();
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->front(), 0);
  EXPECT_EQ(counts->back(), 500);
  EXPECT_GE(counts->size(), 30u);
  EXPECT_TRUE(std::is_sorted(counts->begin(), counts->end()));
}

struct Shape {
  virtual ~Shape() = default;
  int sides = 0;
};
struct Circle : Shape {
  double radius = 0;
};
struct Other {
  virtual ~Other() = default;
  virtual void act() {}
};
struct Both : Circle, Other {};
struct Virtually : virtual Shape {};
struct Plain {
  long words[4] = {};
};

template <typename T>
std::vector<std::unique_ptr<T>> some(std::size_t count) {
  std::vector<std::unique_ptr<T>> objects;
  for (std::size_t i = 0; i < count; ++i) objects.push_back(std::make_unique<T>());
  return objects;
}

TEST(TypesByVtable, AreTheMostDerivedOnes) {
  const auto shapes = some<Shape>(3);
  const auto circles = some<Circle>(40);
  const auto both = some<Both>(7);
  const auto virtually = some<Virtually>(5);
  EXPECT_EQ(by_vtable<Shape>(), 3);
  EXPECT_EQ(by_vtable<Circle>(), 40);
  EXPECT_EQ(by_vtable<Other>(), 0) << "a second base is not where the block begins";
  EXPECT_EQ(by_vtable<Both>(), 7);
  EXPECT_EQ(by_vtable<Virtually>(), 5);
}

TEST(TypesByVtable, GoWithTheirObjects) {
  auto circles = some<Circle>(40);
  circles.resize(30);
  EXPECT_EQ(by_vtable<Circle>(), 30);
  circles.clear();
  EXPECT_EQ(by_vtable<Circle>(), 0);
}

TEST(TypesByVtable, OfOtherThreadsAndOfEverySizeAreSeen) {
  struct Large : Shape {
    char bytes[300'000] = {};  // Mapped by itself.
  };
  std::vector<std::unique_ptr<Shape>> kept;
  std::thread([&] {
    for (int i = 0; i < 20; ++i) kept.push_back(std::make_unique<Circle>());
    for (int i = 0; i < 3; ++i) kept.push_back(std::make_unique<Large>());
  }).join();
  EXPECT_EQ(by_vtable<Circle>(), 20);
  EXPECT_EQ(by_vtable<Large>(), 3);
}

TEST(TypesByVtable, MakeSharedIsSeenByItsControlBlock) {
  const auto plain = std::make_shared<Plain>();
  soak_probe_begin_pass(1);
  keep(layout::ReadingKind::baseline, 0);
  bool is_there = false;
  const auto read = region::read_region_types(std::getenv("SOAK_REGION"));
  for (const auto& type : read.types)
    is_there = is_there || (type.name.find("_Sp_counted_ptr_inplace") != std::string::npos &&
                            type.name.find("Plain") != std::string::npos && type.history.at(0).count == 1);
  EXPECT_TRUE(is_there);
}

/// A block that begins with this word.
struct Odd {
  std::uint64_t* block;
  explicit Odd(std::uint64_t word) : block(static_cast<std::uint64_t*>(std::malloc(64))) {
    std::memset(block, 0, 64);
    *block = word;
  }
  ~Odd() { std::free(block); }
  Odd(const Odd&) = delete;
  Odd& operator=(const Odd&) = delete;
};

std::uint64_t address_of(const void* at) { return reinterpret_cast<std::uint64_t>(at); }

TEST(TypesByVtable, NothingThatStandsInABlockDoesHarm) {
  const Circle circle;
  std::uint64_t table = 0;
  std::memcpy(&table, static_cast<const void*>(&circle), sizeof(table));
  auto* const hole = static_cast<char*>(mmap(nullptr, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  static const std::uint64_t crooked[4] = {0, 0x10, 0, 0};  // Would be a table whose type_info lies at 16.
  const std::vector<std::uint64_t> words = {0,
                                            1,
                                            8,
                                            ~0ull,
                                            1ull << 63,
                                            0x7fff'ffff'f000,
                                            table + 1,
                                            table + 8,
                                            table - 8,
                                            table - 16,
                                            address_of(&circle),
                                            address_of(hole),
                                            address_of(hole) + 4096,
                                            address_of(&typeid(Circle)),
                                            address_of(typeid(Circle).name()),
                                            address_of(crooked + 2),
                                            address_of(reinterpret_cast<const void*>(&std::malloc)),
                                            address_of(&errno)};
  std::vector<std::unique_ptr<Odd>> odd;
  for (const auto word : words) odd.push_back(std::make_unique<Odd>(word));
  EXPECT_EQ(by_vtable<Circle>(), 0);
  odd.push_back(std::make_unique<Odd>(table));
  EXPECT_EQ(by_vtable<Circle>(), 1) << "and what does is told by its table alone";
  munmap(hole, 8192);
}

TEST(TypesByVtable, ThreadsMayMakeAndFreeObjectsMeanwhile) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      while (!stop) {
        const auto circles = some<Circle>(200);
        const auto mapped = std::make_unique<char[]>(400'000);
      }
    });
  for (int i = 0; i < 20; ++i) {
    const auto seen = by_vtable<Circle>();
    EXPECT_GE(seen, 0);
    EXPECT_LE(seen, 400);
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(by_vtable<Circle>(), 0);
}

TEST(TypesByVtable, TellWhichSitesHoldThem) {
  const auto circles = some<Circle>(40);
  static_cast<void>(by_vtable<Circle>());
  std::int64_t blocks = 0;
  const auto* const typed =
      layout::section_begin<layout::TypedSite>(*soak_probe_region(), layout::SectionId::typed_sites);
  for (std::uint32_t site = 0; site < site_count(); ++site) blocks += typed[site].blocks;
  EXPECT_GE(blocks, 40);
}

}  // namespace
}  // namespace soak::probe
