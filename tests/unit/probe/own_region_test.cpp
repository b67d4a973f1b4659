#include "probe/own_region.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "in_child.hpp"

namespace soak::probe {
namespace {

namespace fs = std::filesystem;

class RegionFile : public testing::Test {
 protected:
  RegionFile() {
    char name[] = "/tmp/soak_region_file_XXXXXX";
    folder = mkdtemp(name);
    path = folder / "region";
  }
  ~RegionFile() override { fs::remove_all(folder); }

  void write(const std::string& content) const { std::ofstream(path, std::ios::binary) << content; }
  [[nodiscard]] std::string read() const {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }

  /// Sets a region up in a child and says whether it could: the child is gone after it.
  [[nodiscard]] bool child_can_record() const {
    return in_child([this] { return region_in_file(path.c_str()) != nullptr ? 0 : 1; }) == 0;
  }
  /// What is told on stderr when it cannot.
  [[nodiscard]] std::string complaint() const {
    testing::internal::CaptureStderr();
    EXPECT_EQ(region_in_file(path.c_str()), nullptr);
    return testing::internal::GetCapturedStderr();
  }
  [[nodiscard]] std::string complaint_that_says(const std::string& why) const {
    return "soak: SOAK_REGION=" + path.string() + ": " + why + "; this process is not recorded\n";
  }

  fs::path folder, path;
};

TEST_F(RegionFile, IsMadeAndLaidOut) {
  auto* const region = region_in_file(path.c_str());
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region->magic, layout::region_magic);
  EXPECT_EQ(region->version, layout::region_version);
  EXPECT_EQ(region->header_bytes, sizeof(layout::RegionHeader));
  EXPECT_EQ(region->total_bytes, fs::file_size(path));
  EXPECT_EQ(region->owner_pid, getpid());
  EXPECT_EQ(region->exec_count, 0U);
  EXPECT_EQ(region->state, layout::ProcessState::running);
  EXPECT_EQ(region->planned_iterations, layout::absent);
  const auto& readings = region->sections[static_cast<std::size_t>(layout::SectionId::readings)];
  EXPECT_EQ(readings.capacity, layout::reading_capacity);
  EXPECT_LE(readings.offset + std::uint64_t{readings.capacity} * readings.entry_bytes, region->total_bytes);
  munmap(region, region->total_bytes);
}

TEST_F(RegionFile, IsOnlyItsOwnersToRead) {
  ASSERT_TRUE(child_can_record());
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(RegionFile, OfAnEndedProcessIsTakenOver) {
  ASSERT_TRUE(child_can_record());
  auto* const region = region_in_file(path.c_str());
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region->owner_pid, getpid());
  EXPECT_EQ(region->exec_count, 0U);
  munmap(region, region->total_bytes);
}

TEST_F(RegionFile, OfThisProcessFromBeforeAnExecIsKept) {
  auto* const before = region_in_file(path.c_str());
  ASSERT_NE(before, nullptr);
  before->planned_iterations = 5;
  munmap(before, before->total_bytes);
  auto* const after = region_in_file(path.c_str());
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(after->exec_count, 1U);
  EXPECT_EQ(after->planned_iterations, layout::absent);
  munmap(after, after->total_bytes);
}

TEST_F(RegionFile, OfALivingProcessIsLeftToItInSilence) {
  auto* const region = region_in_file(path.c_str());
  ASSERT_NE(region, nullptr);
  region->planned_iterations = 5;
  testing::internal::CaptureStderr();
  EXPECT_FALSE(child_can_record());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(region->planned_iterations, 5);
  EXPECT_EQ(region->owner_pid, getpid());
  munmap(region, region->total_bytes);
}

/// The number of a process that is gone may be that of another one now: that does not make it the owner.
TEST_F(RegionFile, IsTakenOverThoughTheNumberOfItsOwnerIsInUseAgain) {
  ASSERT_TRUE(child_can_record());
  std::fstream stream(path, std::ios::binary | std::ios::in | std::ios::out);
  const std::int32_t somebody = 1;
  stream.seekp(offsetof(layout::RegionHeader, owner_pid))
      .write(reinterpret_cast<const char*>(&somebody), sizeof(somebody));
  stream.close();
  EXPECT_TRUE(child_can_record());
}

TEST_F(RegionFile, ThatIsEmptyOrHoldsZerosIsUsed) {
  for (const std::size_t bytes : {0U, 1U, 7U, 8U, 4096U, 1'000'000U}) {
    write(std::string(bytes, '\0'));
    EXPECT_TRUE(child_can_record()) << bytes;
  }
}

TEST_F(RegionFile, ThatIsTooShortIsMadeWhole) {
  ASSERT_TRUE(child_can_record());
  const auto whole = fs::file_size(path);
  fs::resize_file(path, 100);
  EXPECT_TRUE(child_can_record());
  EXPECT_EQ(fs::file_size(path), whole);
}

TEST_F(RegionFile, OfSomethingElseIsLeftAsItIs) {
  const std::string content = "the only copy of a thesis";
  write(content);
  EXPECT_EQ(complaint(), complaint_that_says("holds something else, and is left as it is"));
  EXPECT_EQ(read(), content);
}

TEST_F(RegionFile, BehindASymbolicLinkIsUsed) {
  const auto link = folder / "link";
  fs::create_symlink(path, link);
  EXPECT_EQ(in_child([&] { return region_in_file(link.c_str()) != nullptr ? 0 : 1; }), 0);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_GT(fs::file_size(path), sizeof(layout::RegionHeader));
}

TEST_F(RegionFile, InAFolderThatIsNotThereIsTold) {
  path = folder / "missing" / "region";
  EXPECT_EQ(complaint(), complaint_that_says("No such file or directory"));
}

TEST_F(RegionFile, ThatIsAFolderIsTold) {
  fs::create_directory(path);
  EXPECT_EQ(complaint(), complaint_that_says("Is a directory"));
}

TEST_F(RegionFile, ThatIsNoRegularFileIsToldWithoutWaitingForIt) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(complaint(), complaint_that_says("not a regular file"));
  path = "/dev/null";
  EXPECT_EQ(complaint(), complaint_that_says("not a regular file"));
}

TEST_F(RegionFile, ThatMayNotBeWrittenIsTold) {
  write("");
  fs::permissions(path, fs::perms::owner_read);
  fs::permissions(folder, fs::perms::others_exec, fs::perm_options::add);
  EXPECT_EQ(in_child([this] {
              constexpr uid_t nobody = 65534;
              if (geteuid() == 0 && setresuid(nobody, nobody, nobody) != 0) return 2;  // root may write everything
              return complaint() == complaint_that_says("Permission denied") ? 0 : 1;
            }),
            0);
}

TEST_F(RegionFile, BeyondTheLimitOfFileSizesIsToldAndEndsNoProcess) {
  EXPECT_EQ(in_child([this] {
              const rlimit small{4096, 4096};
              setrlimit(RLIMIT_FSIZE, &small);
              return complaint() == complaint_that_says("File too large") ? 0 : 1;
            }),
            0);
}

TEST_F(RegionFile, WithoutMemoryForItIsGoneWithout) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "ThreadSanitizer needs memory itself";
#endif
  EXPECT_EQ(in_child([this] {
              const rlimit none{0, 0};
              setrlimit(RLIMIT_AS, &none);
              return region_in_file(path.c_str()) == nullptr && region_in_memory() == nullptr ? 0 : 1;
            }),
            0);
}

TEST(RegionInMemory, IsThisProcessesOwn) {
  auto* const region = region_in_memory();
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region->owner_pid, getpid());
  EXPECT_EQ(region->magic, layout::region_magic);
  munmap(region, region->total_bytes);
}

}  // namespace
}  // namespace soak::probe
