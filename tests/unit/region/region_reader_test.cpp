#include "region/region_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <vector>

#include "region/layout/region_layout.hpp"
#include "test_folder.hpp"

namespace soak::region {
namespace {

using layout::Reading;
using layout::ReadingKind;
using layout::RegionHeader;
using layout::ThreadSlot;

/// A region as the probe lays it out, with readings of our choosing.
class RegionFile {
 public:
  static constexpr std::size_t slots_at = sizeof(RegionHeader) + 64 + 8 * sizeof(Reading), slots = 3;
  RegionFile() : bytes_(slots_at + slots * sizeof(ThreadSlot)) {
    header().magic = layout::region_magic;
    header().version = layout::region_version;
    header().planned_iterations = 1000;
    header().heap_before_setup_bytes = header().heap_after_teardown_bytes = layout::absent;
    header().sections[static_cast<std::size_t>(layout::SectionId::readings)] = {sizeof(RegionHeader), sizeof(Reading),
                                                                                8};
    header().sections[static_cast<std::size_t>(layout::SectionId::thread_slots)] = {slots_at, sizeof(ThreadSlot),
                                                                                    slots};
    header().heap_is_counted = 1;
  }
  RegionHeader& header() { return *reinterpret_cast<RegionHeader*>(bytes_.data()); }
  void add(const Reading& reading) {
    const auto at = sizeof(RegionHeader) + header().reading_count++ * sizeof(Reading);
    std::memcpy(bytes_.data() + at, static_cast<const void*>(&reading), sizeof(reading));
  }
  void set_slot(std::size_t index, std::int64_t allocations, std::int64_t frees, std::int64_t live_bytes) {
    ThreadSlot slot;
    slot.allocations = allocations;
    slot.frees = frees;
    slot.live_bytes = live_bytes - 10;
    slot.uncarried_bytes = 10;
    std::memcpy(bytes_.data() + slots_at + index * sizeof(slot), static_cast<const void*>(&slot), sizeof(slot));
  }
  [[nodiscard]] std::optional<RegionContents> read(std::size_t cut = 0) const {
    std::ofstream(folder_.path() / "region", std::ios::binary)
        .write(bytes_.data(), static_cast<std::streamsize>(bytes_.size() - cut));
    return read_region(folder_.path() / "region");
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  TestFolder folder_;
  std::vector<char> bytes_;
};

Reading reading(ReadingKind kind, std::int64_t iteration, std::int64_t heap_bytes) {
  Reading made;
  made.kind = kind;
  made.iteration = iteration;
  made.heap_bytes = heap_bytes;
  return made;
}

TEST(ReadRegion, GivesReadingsInOrderAndLeavesEmptyWhatWasNotMeasured) {
  RegionFile file;
  file.add(reading(ReadingKind::baseline, 0, 100));
  auto labelled = reading(ReadingKind::labelled, 7, 130);
  std::strcpy(labelled.label, "after clean-up");
  file.add(labelled);
  auto last = reading(ReadingKind::final, 10, 120);
  last.resident_before_trim_bytes = 9000;
  last.resident_bytes = 8000;
  file.add(last);
  const auto contents = file.read();
  ASSERT_TRUE(contents);
  ASSERT_EQ(contents->checkpoints.size(), 3u);
  EXPECT_EQ(contents->checkpoints[0].kind, record::CheckpointKind::baseline);
  EXPECT_EQ(contents->checkpoints[1].label, "after clean-up");
  EXPECT_EQ(contents->checkpoints[2].heap_bytes, 120);
  EXPECT_EQ(contents->checkpoints[2].open_files, std::nullopt);
  EXPECT_EQ(contents->rss_before_trim_bytes, 9000);
  EXPECT_EQ(contents->rss_after_trim_bytes, 8000);
  EXPECT_EQ(contents->planned_iterations, 1000);
}

TEST(ReadRegion, WorksOutProcessorUseBetweenReadings) {
  RegionFile file;
  auto first = reading(ReadingKind::baseline, 0, 0), second = reading(ReadingKind::interval, 1, 0);
  first.monotonic_ns = 1'000'000;
  first.cpu_ns = 0;
  second.monotonic_ns = 3'000'000;
  second.cpu_ns = 5'000'000;
  file.add(first);
  file.add(second);
  EXPECT_DOUBLE_EQ(file.read()->checkpoints[1].cpu_percent, 250);
}

TEST(ReadRegion, CountsPreemptionsFromTheBaselineToTheFinalReading) {
  RegionFile file;
  auto first = reading(ReadingKind::baseline, 0, 0), last = reading(ReadingKind::final, 1, 0);
  first.preemptions = 5;
  last.preemptions = 7;
  file.add(first);
  EXPECT_EQ(file.read()->preemptions, std::nullopt) << "it did not get to the end";
  file.add(last);
  EXPECT_EQ(file.read()->preemptions, 2);
}

TEST(ReadRegion, RefusesWhatIsNoRegion) {
  const TestFolder folder;
  EXPECT_FALSE(read_region(folder.path() / "missing"));
  EXPECT_FALSE(read_region(folder.path()));
  RegionFile other_magic, newer;
  other_magic.header().magic = 1;
  newer.header().version = layout::region_version + 1;
  EXPECT_FALSE(other_magic.read());
  EXPECT_FALSE(newer.read());
  EXPECT_FALSE(RegionFile().read(RegionFile().size() - 10));
}

TEST(ReadRegion, NeverReadsBeyondTheFileWhateverItClaims) {
  RegionFile file;
  file.add(reading(ReadingKind::baseline, 0, 1));
  file.add(reading(ReadingKind::interval, 1, 2));
  file.header().reading_count = 4'000'000'000u;
  EXPECT_LE(file.read()->checkpoints.size(), 8u);
  file.header().reading_count = 2;
  const auto slots = RegionFile::slots * sizeof(ThreadSlot);
  EXPECT_EQ(file.read(slots + 64 + 7 * sizeof(Reading) + 1)->checkpoints.size(), 0u);
  file.header().sections[static_cast<std::size_t>(layout::SectionId::readings)].offset = ~0ull;
  EXPECT_TRUE(file.read()->checkpoints.empty());
}

TEST(ReadRegion, SumsTheHeapOverAllThreadsAndThoseThatHadNoSlot) {
  RegionFile file;
  file.set_slot(0, 100, 30, 5000);
  file.set_slot(2, 1, 60, -4000);  // frees what another allocated
  file.header().overflow.allocations = 7;
  file.header().overflow.live_bytes = 70;
  file.header().peak_bytes = 9000;
  EXPECT_EQ(file.read()->heap, (HeapTotals{1070, 18, 108, 90, 9000}));
}

TEST(ReadRegion, TheHeapsPeakIsAtLeastWhatIsAlive) {
  RegionFile file;
  file.set_slot(1, 1, 0, 500);
  EXPECT_EQ(file.read()->heap->peak_bytes, 500);
}

TEST(ReadRegion, AHeapThatWasNotCountedIsNotZero) {
  RegionFile file;
  file.set_slot(0, 100, 30, 5000);
  file.header().heap_is_counted = 0;
  EXPECT_EQ(file.read()->heap, std::nullopt);
}

TEST(ReadRegion, SlotsAreNeverReadBeyondTheFile) {
  RegionFile file;
  for (std::size_t i = 0; i < RegionFile::slots; ++i) file.set_slot(i, 1, 0, 10);
  EXPECT_EQ(file.read(1)->heap->bytes, 20);
  auto& section = file.header().sections[static_cast<std::size_t>(layout::SectionId::thread_slots)];
  section.capacity = 4'000'000'000u;
  EXPECT_EQ(file.read()->heap->bytes, 30);
  section.offset = ~0ull;
  EXPECT_EQ(file.read()->heap->bytes, 0);
}

TEST(ReadRegion, TellsTheEndFromTheTimeAfterIt) {
  RegionFile file;
  auto last = reading(ReadingKind::final, 10, 1);
  last.open_files = 5;
  file.add(last);
  file.set_slot(0, 9, 9, 0);
  file.header().end_reading = reading(ReadingKind::ended, 0, 300);
  file.header().end_reading.heap_blocks = 3;
  file.header().end_reading.open_files = 4;
  file.header().state = layout::ProcessState::running;
  EXPECT_EQ(file.read()->state, RegionState::running);
  EXPECT_EQ(file.read()->open_files, 5);
  EXPECT_EQ(file.read()->heap_at_end, std::nullopt);
  file.header().state = layout::ProcessState::ended;
  const auto ended = file.read();
  EXPECT_EQ(ended->state, RegionState::ended);
  EXPECT_EQ(ended->open_files, 4);
  EXPECT_EQ(ended->heap->bytes, 0);
  EXPECT_EQ(ended->heap_at_end->bytes, 300);
  EXPECT_EQ(ended->heap_at_end->blocks, 3);
}

TEST(ReadRegion, TellsWhatSetUpAndTearDownKept) {
  RegionFile file;
  file.header().heap_before_setup_bytes = 100;
  file.header().heap_after_teardown_bytes = 90;
  file.add(reading(ReadingKind::baseline, 0, 300));
  file.add(reading(ReadingKind::final, 1000, 350));
  EXPECT_EQ(file.read()->setup_growth_bytes, 200);
  EXPECT_EQ(file.read()->teardown_growth_bytes, -260);
}

TEST(ReadRegion, TellsWhetherTheScenarioSaysThatItCannotBeScaled) {
  RegionFile file;
  EXPECT_FALSE(file.read()->is_fixed);
  file.header().is_fixed = 1;
  EXPECT_TRUE(file.read()->is_fixed);
}

TEST(ReadRegion, WithoutReadingsAroundTheLoopThereIsNoSuchGrowth) {
  RegionFile file;
  file.header().heap_before_setup_bytes = file.header().heap_after_teardown_bytes = layout::absent;
  file.add(reading(ReadingKind::baseline, 0, 300));
  file.add(reading(ReadingKind::final, 1000, 350));
  EXPECT_EQ(file.read()->setup_growth_bytes, std::nullopt);
  EXPECT_EQ(file.read()->teardown_growth_bytes, std::nullopt);
}

}  // namespace
}  // namespace soak::region
