#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <storage/atomic_file.hpp>

#include "test_files.hpp"

namespace storage {
namespace {

using storage_test::content_of;
using storage_test::names_in;
using storage_test::put_file;
using testing::ElementsAre;
using testing::IsEmpty;

class AtomicFileTest : public testing::Test {
 protected:
  TemporaryFolder folder_{"storage-test-"};
  std::filesystem::path target_ = folder_.path() / "record";
};

TEST_F(AtomicFileTest, AppearsOnlyAtCommit) {
  AtomicFile file(target_);
  file.write("first, ");
  file.write("second");
  EXPECT_FALSE(std::filesystem::exists(target_));
  file.commit();
  EXPECT_EQ(content_of(target_), "first, second");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("record"));
}

TEST_F(AtomicFileTest, ReplacesWhatWasThere) {
  for (const auto durability : {Durability::fast, Durability::durable}) {
    put_file(target_, "old and longer");
    write_file_atomically(target_, "new", durability);
    EXPECT_EQ(content_of(target_), "new");
  }
}

TEST_F(AtomicFileTest, IsAbandonedWithoutCommit) {
  put_file(target_, "old");
  { AtomicFile(target_).write("new"); }
  EXPECT_EQ(content_of(target_), "old");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("record"));
}

TEST_F(AtomicFileTest, CrashBetweenWriteAndRenameLeavesTheOldContent) {
  put_file(target_, "old");
  const pid_t child = ::fork();
  if (child == 0) {
    AtomicFile file(target_);
    file.write("new");
    ::_exit(0);
  }
  ASSERT_GT(child, 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_EQ(content_of(target_), "old");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("record", "record.0.tmp"));
}

TEST_F(AtomicFileTest, LeftoverOfACrashIsNotInTheWay) {
  put_file(target_.native() + ".0.tmp", "half");
  write_file_atomically(target_, "whole");
  EXPECT_EQ(content_of(target_), "whole");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("record", "record.0.tmp"));
}

TEST_F(AtomicFileTest, TwoWritersDoNotMixAndTheLastCommitStands) {
  AtomicFile one(target_);
  AtomicFile two(target_);
  one.write("one");
  two.write("two");
  two.commit();
  one.commit();
  EXPECT_EQ(content_of(target_), "one");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("record"));
}

TEST_F(AtomicFileTest, MissingFolderIsAnErrorWithThePath) {
  try {
    AtomicFile file(folder_.path() / "missing" / "record");
    FAIL() << "opened a file in a folder that is not there";
  } catch (const std::filesystem::filesystem_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    EXPECT_THAT(error.what(), testing::HasSubstr((folder_.path() / "missing" / "record").string()));
  }
}

TEST_F(AtomicFileTest, FailedRenameLeavesNothingBehind) {
  std::filesystem::create_directories(target_ / "in the way");
  EXPECT_THROW(write_file_atomically(target_, "new"), std::filesystem::filesystem_error);
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("record"));
}

// Holds files of this process to a size, as a full disk would.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limited{bytes, before_.rlim_max};
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_F(AtomicFileTest, WriteThatDoesNotFitIsAnErrorAndKeepsTheOldContent) {
  put_file(target_, "old");
  {
    const FileSizeLimit limit(100);
    EXPECT_THROW(write_file_atomically(target_, std::string(101, 'x')), std::filesystem::filesystem_error);
  }
  EXPECT_EQ(content_of(target_), "old");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("record"));
}

}  // namespace
}  // namespace storage
