#include <gmock/gmock.h>

#include <filesystem>

#include "doctor/doctor.hpp"

namespace soak::doctor {
namespace {

using symbols::ElfSummary;
using testing::HasSubstr;

struct Case {
  std::string name;
  std::optional<ElfSummary> file;
  std::string what;
};
const std::vector<Case> without_a_probe = {
    {"a script", std::nullopt, "is no executable of this system"},
    {"a static program", ElfSummary{true, false, true, {}}, "is statically linked"},
    {"dropped by the linker", ElfSummary{false, false, true, {"libbenchmark.so.1", "libc.so.6"}},
     "is not linked to libsoak_probe.so"},
    {"turned off", ElfSummary{false, false, true, {"libsoak_probe.so", "libc.so.6"}}, "yet the probe left no trace"},
};
TEST(WithoutProbe, SaysWhyByTheFileAndWhatToDo) {
  for (const auto& [name, file, what] : without_a_probe) {
    const auto finding = without_probe("b", file);
    EXPECT_EQ(finding.health, Health::bad) << name;
    EXPECT_THAT(finding.what, HasSubstr(what)) << name;
    EXPECT_NE(finding.advice, "") << name;
  }
}

TEST(WithoutHeap, TellsAnAllocatorInTheProgramFromALibraryBeforeTheProbe) {
  EXPECT_THAT(without_heap("b", "another definition", ElfSummary{false, true, true, {}}).advice,
              HasSubstr("allocator of its own"));
  EXPECT_THAT(without_heap("b", "another definition", ElfSummary{}).advice, HasSubstr("comes first"));
  EXPECT_THAT(without_heap("b", "a sanitizer keeps malloc", ElfSummary{}).advice, HasSubstr("without sanitizers"));
}

const std::vector<Finding> findings = {{Health::good, "this machine", "/proc may be read", {}},
                                       {Health::poor, "b", "has no debug info", "compile with -g"}};

TEST(Prognosis, TextSaysWhatToDo) {
  EXPECT_EQ(text_of(findings),
            "ok    this machine: /proc may be read\n"
            "poor  b: has no debug info\n"
            "      what to do: compile with -g\n"
            "\nall that matters can be measured here\n");
}

TEST(Prognosis, TheWorstDecides) {
  EXPECT_EQ(worst_of({}), Health::good);
  EXPECT_EQ(worst_of(findings), Health::poor);
  auto worse = findings;
  worse.insert(worse.begin(), {Health::bad, "c", "nothing", "give up"});
  EXPECT_EQ(worst_of(worse), Health::bad);
  EXPECT_THAT(text_of(worse), HasSubstr("\nnot everything can be measured here\n"));
  EXPECT_THAT(json_of(worse), HasSubstr("\"health\": \"bad\",\n  \"findings\": ["));
}

TEST(CheckBinary, ThatIsNotThereIsAFindingAndNoException) {
  const auto found = check_binary("/nonexistent/binary");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].health, Health::bad);
  EXPECT_THAT(found[0].what, HasSubstr("there is no such binary"));
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
