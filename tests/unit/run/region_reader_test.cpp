#include "run/region_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <vector>

#include "probe/region.hpp"
#include "temporary_folder.hpp"

namespace soak::run {
namespace {

using probe::Reading;
using probe::ReadingKind;
using probe::RegionHeader;

/// A region as the probe lays it out, with readings of our choosing.
class RegionFile {
 public:
  RegionFile() : bytes_(sizeof(RegionHeader) + 64 + 8 * sizeof(Reading)) {
    header().magic = probe::region_magic;
    header().version = probe::region_version;
    header().planned_iterations = 1000;
    header().sections[static_cast<std::size_t>(probe::SectionId::readings)] = {sizeof(RegionHeader), sizeof(Reading),
                                                                               8};
  }
  RegionHeader& header() { return *reinterpret_cast<RegionHeader*>(bytes_.data()); }
  void add(const Reading& reading) {
    const auto at = sizeof(RegionHeader) + header().reading_count++ * sizeof(Reading);
    std::memcpy(bytes_.data() + at, static_cast<const void*>(&reading), sizeof(reading));
  }
  [[nodiscard]] std::optional<RegionContents> read(std::size_t cut = 0) const {
    std::ofstream(folder_.path() / "region", std::ios::binary)
        .write(bytes_.data(), static_cast<std::streamsize>(bytes_.size() - cut));
    return read_region(folder_.path() / "region");
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  TemporaryFolder folder_;
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

TEST(ReadRegion, RefusesWhatIsNoRegion) {
  const TemporaryFolder folder;
  EXPECT_FALSE(read_region(folder.path() / "missing"));
  RegionFile other_magic, newer;
  other_magic.header().magic = 1;
  newer.header().version = probe::region_version + 1;
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
  EXPECT_EQ(file.read(64 + 7 * sizeof(Reading) + 1)->checkpoints.size(), 0u);
  file.header().sections[static_cast<std::size_t>(probe::SectionId::readings)].offset = ~0ull;
  EXPECT_TRUE(file.read()->checkpoints.empty());
}

}  // namespace
}  // namespace soak::run
