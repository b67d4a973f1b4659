#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <system_error>

#include "base/files.hpp"
#include "test_folder.hpp"

namespace soak {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string error_of_writing(const fs::path& file, std::string_view content) {
  try {
    write_atomically(file, content);
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(WriteAtomically, CreatesAndReplacesAndLeavesNothingElse) {
  const TestFolder folder;
  write_atomically(folder / "run.json", "old");
  write_atomically(folder / "run.json", std::string("new\0er", 6));
  EXPECT_EQ(content_of(folder / "run.json"), std::string("new\0er", 6));
  EXPECT_THAT(folder.names(), ElementsAre("run.json"));
}

TEST(WriteAtomically, AReaderOfTheOldFileKeepsTheOldContent) {
  const TestFolder folder;
  std::ifstream reader(folder.write("run.json", "old"));
  write_atomically(folder / "run.json", "new");
  std::string content;
  reader >> content;
  EXPECT_EQ(content, "old");
}

TEST(WriteAtomically, HonoursTheUmask) {
  const TestFolder folder;
  const auto before = ::umask(027);
  write_atomically(folder / "run.json", "x");
  ::umask(before);
  EXPECT_EQ(fs::status(folder / "run.json").permissions(), fs::perms(0640));
}

TEST(WriteAtomically, WithoutTheFolderNamesFileAndReason) {
  const TestFolder folder;
  EXPECT_THAT(error_of_writing(folder / "no/run.json", "x"),
              AllOf(HasSubstr((folder / "no/run.json").string()), HasSubstr("No such file or directory")));
}

TEST(WriteAtomically, AFailedRenameLeavesNothingBehind) {
  const TestFolder folder;
  fs::create_directories(folder / "run.json/inside");
  EXPECT_THAT(error_of_writing(folder / "run.json", "x"), HasSubstr("directory"));
  EXPECT_THAT(folder.names(), ElementsAre("run.json"));
}

// A disk that fills up behaves like a limit on the size of files: a short write, then an error.
class SmallDisk {
 public:
  SmallDisk() : signal_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit small = before_;
    small.rlim_cur = 4096;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, signal_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  rlimit before_{};
  sighandler_t signal_;
};

TEST(WriteAtomically, AFullDiskKeepsTheOldFileAndLeavesNothingBehind) {
  const TestFolder folder;
  folder.write("run.json", "old");
  std::string error;
  {
    const SmallDisk disk;
    error = error_of_writing(folder / "run.json", std::string(10'000, 'x'));
  }
  EXPECT_THAT(error, AllOf(HasSubstr((folder / "run.json").string()), HasSubstr("File too large")));
  EXPECT_EQ(content_of(folder / "run.json"), "old");
  EXPECT_THAT(folder.names(), ElementsAre("run.json"));
}

}  // namespace
}  // namespace soak
