// What is no TOML, no text or no file.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/config.hpp"
#include "message_of.hpp"

namespace soak::config {
namespace {

namespace fs = std::filesystem;

const std::vector<Bad> no_texts = {
    {"NUL byte", std::string("schema = 1\nx\0y\n", 15), "2:2"},
    {"Latin-1", "schema = 1\n# caf\xE9\n", "2:6"},
    {"cut in a character", "schema = 1\n# \xC3", "2:3"},
    {"nested beyond reason",
     "schema = 1\na" +
         [] {
           std::string s;
           for (int i = 0; i < 50'000; ++i) s += ".a";
           return s;
         }() +
         " = 1\n",
     ""},
};
TEST(BadFile, NoText) {
  for (const auto& bad : no_texts) expect_refused(bad);
}

// What toml++ says may change with its version; where it says it must not.
struct Syntax {
  std::string name, text, start, quote;
};
const std::vector<Syntax> syntax_errors = {
    {"key twice", "schema = 1\nschema = 2\n", "benchmarks.toml:2:10: ", "\n  schema = 2\n           ^"},
    {"table twice", "schema = 1\n[run]\n[run]\n", "benchmarks.toml:3:1: ", "\n  [run]\n  ^"},
    {"checkpoint twice", "schema = 1\n[scenario.R.checkpoints]\n500 = {}\n500 = {}\n",
     "benchmarks.toml:4:7: ", "\n  500 = {}\n        ^"},
    {"no value", "schema = \n", "benchmarks.toml:1:10: ", "\n  schema = \n           ^"},
    {"open string", "schema = 1\n[run]\nresults = \"x\n",
     "benchmarks.toml:3:13: ", "\n  results = \"x\n              ^"},
    {"unit without quotes", "schema = 1\n[thresholds]\n\tfinal_growth = 5 MiB\n",
     "benchmarks.toml:3:19: ", "\n  \tfinal_growth = 5 MiB\n  \t                 ^"},
    {"name without quotes", "schema = 1\n[scenario.RetryLoop/adaptive]\n", "benchmarks.toml:2:20: ",
     "[scenario.\"RetryLoop/adaptive\"]\n  [scenario.RetryLoop/adaptive]\n"
     "                     ^"},
};
TEST(BadFile, SyntaxErrorsAreShownWhereTheyAre) {
  for (const auto& [name, text, start, quote] : syntax_errors) {
    const auto message = message_about(text);
    EXPECT_TRUE(message.starts_with(start)) << name << ": " << message;
    EXPECT_TRUE(message.ends_with(quote)) << name << ": " << message;
    EXPECT_GT(message.size(), start.size() + quote.size() + 10) << name << " is not described: " << message;
  }
}

/// A folder of this test, gone when it is over.
class BadFileOnDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / (std::string("soak_config_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  static std::string message_about(const fs::path& file) {
    return message_of([&] { (void)load_config(file); });
  }

  /// The message names the file.
  void expect_refused(const fs::path& file) const {
    auto message = message_about(file);
    EXPECT_THAT(message, testing::HasSubstr(file.string()));
    for (auto at = message.find(folder_.string()); at != std::string::npos; at = message.find(folder_.string()))
      message.replace(at, folder_.string().size(), "FOLDER");
    expect_wording("", message);
  }

  fs::path folder_;
};

TEST_F(BadFileOnDisk, Missing) { expect_refused(folder_ / "benchmarks.toml"); }

TEST_F(BadFileOnDisk, Folder) { expect_refused(folder_); }

TEST_F(BadFileOnDisk, Huge) { expect_refused(write("benchmarks.toml", "schema = 1\n" + std::string(1 << 20, '#'))); }

TEST_F(BadFileOnDisk, WithoutEnd) { expect_refused("/dev/zero"); }

TEST_F(BadFileOnDisk, FileThatFailsWhileItIsRead) {
  // Its start is not mapped: the kernel opens it and refuses to read.
  expect_refused("/proc/self/mem");
}

TEST_F(BadFileOnDisk, MessagesNameTheFileAsItWasGiven) {
  const auto file = write("nightly.toml", "schema = 7\n");
  EXPECT_TRUE(message_about(file).starts_with(file.string() + ":1:10: ")) << message_about(file);
}

}  // namespace
}  // namespace soak::config
