#include "doctor/prognosis.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "golden.hpp"

namespace soak::doctor {
namespace {

using symbols::ElfSummary;
using testing::HasSubstr;

struct Case {
  std::string name;
  std::optional<ElfSummary> file;
};
const std::vector<Case> without_a_probe = {
    {"a script", std::nullopt},
    {"a static program", ElfSummary{true, false, true, {}}},
    {"dropped by the linker", ElfSummary{false, false, true, {"libbenchmark.so.1", "libc.so.6"}}},
    {"turned off", ElfSummary{false, false, true, {"libsoak_probe.so", "libc.so.6"}}},
};
TEST(WithoutProbe, SaysWhyByTheFileAndWhatToDo) {
  for (const auto& [name, file] : without_a_probe) {
    const auto finding = without_probe("b", file);
    EXPECT_EQ(finding.health, Health::bad) << name;
    EXPECT_NE(finding.advice, "") << name;
    expect_wording(name, finding.what + "\n" + finding.advice);
  }
}

TEST(WithoutHeap, TellsAnAllocatorInTheProgramFromALibraryBeforeTheProbe) {
  const auto in_the_program = without_heap("b", "another definition", ElfSummary{false, true, true, {}}).advice;
  const auto before_the_probe = without_heap("b", "another definition", ElfSummary{}).advice;
  const auto sanitized = without_heap("b", "a sanitizer keeps malloc", ElfSummary{}).advice;
  EXPECT_EQ((std::set{in_the_program, before_the_probe, sanitized}).size(), 3U);
  expect_wording("in the program", in_the_program);
  expect_wording("before the probe", before_the_probe);
  expect_wording("a sanitizer", sanitized);
}

const std::vector<Finding> findings = {{Health::good, "this machine", "/proc may be read", {}},
                                       {Health::poor, "b", "has no debug info", "compile with -g"}};

TEST(Prognosis, TextSaysWhatToDo) {
  const auto text = text_of(findings);
  EXPECT_THAT(text, HasSubstr("compile with -g"));
  expect_wording("", text);
}

TEST(Prognosis, TheWorstDecides) {
  EXPECT_EQ(worst_of({}), Health::good);
  EXPECT_EQ(worst_of(findings), Health::poor);
  auto worse = findings;
  worse.insert(worse.begin(), {Health::bad, "c", "nothing", "give up"});
  EXPECT_EQ(worst_of(worse), Health::bad);
  expect_wording("", text_of(worse));
  EXPECT_THAT(json_of(worse), HasSubstr("\"health\": \"bad\",\n  \"findings\": ["));
}

TEST(CheckBinary, ThatIsNotThereIsAFindingAndNoException) {
  const auto found = check_binary("/nonexistent/binary");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].health, Health::bad);
  expect_wording("", found[0].what);
}

TEST(ElfSummary, OfThisTestIsThatOfADynamicProgram) {
  const auto summary = symbols::elf_summary(std::filesystem::read_symlink("/proc/self/exe"));
  ASSERT_TRUE(summary);
  EXPECT_FALSE(summary->is_static);
  EXPECT_FALSE(summary->defines_malloc);
  EXPECT_THAT(summary->needed, testing::Contains("libc.so.6"));
}

TEST(ElfSummary, OfWhatIsNoProgramIsEmpty) {
  EXPECT_FALSE(symbols::elf_summary("/nonexistent"));
  EXPECT_FALSE(symbols::elf_summary("/proc/self/status"));
  EXPECT_FALSE(symbols::elf_summary("/"));
}

}  // namespace
}  // namespace soak::doctor
