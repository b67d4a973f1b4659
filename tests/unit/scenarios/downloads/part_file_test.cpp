#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <downloads/part_file.hpp>
#include <fstream>
#include <sstream>
#include <storage/temporary_folder.hpp>
#include <string>
#include <string_view>

namespace downloads {
namespace {

constexpr std::uint32_t crc32_of_digits = 0xcbf43926;  // Of "123456789".

class PartFileTest : public testing::Test {
 protected:
  static std::string content_of(const std::filesystem::path& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
  }
  static void write(const std::filesystem::path& path, std::string_view text) { std::ofstream(path) << text; }

  storage::TemporaryFolder folder_{"soak-downloads-"};
  const std::filesystem::path target_ = folder_.path() / "song.media";
  const std::filesystem::path part_ = folder_.path() / "song.media.part";
};

TEST_F(PartFileTest, HasATemporaryNameUntilItIsCommitted) {
  PartFile file(target_);
  file.append(std::string_view("123456789"));
  EXPECT_EQ(part_path(target_), part_);
  EXPECT_TRUE(exists(part_));
  EXPECT_FALSE(exists(target_));
  file.commit();
  EXPECT_FALSE(exists(part_));
  EXPECT_EQ(content_of(target_), "123456789");
}

TEST_F(PartFileTest, ReplacesAnOlderFileOfThatName) {
  write(target_, "old");
  PartFile file(target_);
  file.append(std::string_view("new"));
  EXPECT_EQ(content_of(target_), "old") << "until it is committed";
  file.commit();
  EXPECT_EQ(content_of(target_), "new");
}

TEST_F(PartFileTest, GoesOnWhereTheLastOneStopped) {
  { PartFile(target_).append(std::string_view("12345")); }
  PartFile file(target_);
  EXPECT_EQ(file.size_bytes(), 5U);
  file.append(std::string_view("6789"));
  EXPECT_EQ(file.size_bytes(), 9U);
  EXPECT_EQ(file.crc32(), crc32_of_digits) << "of all, not only of what this one wrote";
  file.commit();
  EXPECT_EQ(content_of(target_), "123456789");
}

TEST_F(PartFileTest, ReadsBackMoreThanOneBlock) {
  const std::string long_text(100'000, 'x');
  write(part_, long_text);
  Crc32 expected;
  expected.add(long_text);
  const PartFile file(target_);
  EXPECT_EQ(file.size_bytes(), long_text.size());
  EXPECT_EQ(file.crc32(), expected.value());
}

TEST_F(PartFileTest, ForgetsEverythingOnRestart) {
  write(part_, "left by another process");
  PartFile file(target_);
  file.append(std::string_view(" and more"));
  file.restart();
  EXPECT_EQ(file.size_bytes(), 0U);
  file.append(std::string_view("123456789"));
  EXPECT_EQ(file.crc32(), crc32_of_digits);
  file.commit();
  EXPECT_EQ(content_of(target_), "123456789");
}

TEST_F(PartFileTest, NamesThePathItCannotOpen) {
  const auto nowhere = folder_.path() / "missing" / "song.media";
  try {
    PartFile file(nowhere);
    FAIL() << "opened " << nowhere;
  } catch (const std::filesystem::filesystem_error& error) {
    EXPECT_EQ(error.path1(), part_path(nowhere));
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
}

/// Files cannot grow beyond `bytes` while it lives: the nearest thing to a full disk that a test can have.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(PartFileTest, SaysSoWhenTheDiskIsFull) {
  const FileSizeLimit limit(5);
  PartFile file(target_);
  const auto write_until_it_reaches_the_disk = [&file] {
    file.append(std::string_view("123456789"));
    file.commit();
  };
  EXPECT_THROW(write_until_it_reaches_the_disk(), std::filesystem::filesystem_error);
  EXPECT_FALSE(exists(target_));
}

}  // namespace
}  // namespace downloads
