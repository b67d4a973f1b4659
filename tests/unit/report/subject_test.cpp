#include "report/subject.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "hand_made.hpp"
#include "report/ci_reports.hpp"
#include "report/formats.hpp"
#include "report/html.hpp"
#include "report/markdown.hpp"
#include "report/openmetrics.hpp"
#include "report/profiles.hpp"
#include "report/sarif.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

TEST(ShownFile, IsRelativeToTheSourceFolder) {
  const auto made = one_of_each();
  auto subject = made.subject();
  EXPECT_EQ(shown_file(subject, "/src/a/b.cpp"), "a/b.cpp");
  EXPECT_EQ(shown_file(subject, "/src/build/../a/b.cpp"), "a/b.cpp");
  EXPECT_EQ(shown_file(subject, "/srcs/b.cpp"), "/srcs/b.cpp");
  EXPECT_EQ(shown_file(subject, "/usr/include/c++/12/string"), "/usr/include/c++/12/string");
  EXPECT_EQ(shown_file(subject, "relative.cpp"), "relative.cpp");
  subject.source_folder.clear();
  EXPECT_EQ(shown_file(subject, "/src/a/b.cpp"), "/src/a/b.cpp");
}

TEST(PlaceOf, AFindingIsTheLineToBlameElseWhereTheScenarioIsConfigured) {
  auto made = one_of_each();
  const auto place = [&](std::size_t index) {
    const auto& scenario = made.verdict.scenarios[index];
    const auto found = place_of(made.subject(), scenario, scenario.findings.front());
    return found.file + ":" + std::to_string(found.line);
  };
  EXPECT_EQ(place(0), "scenarios/retry/error_report_log.cpp:41");
  EXPECT_EQ(place(1), "benchmarks.toml:27");
  made.verdict.scenarios[0].findings[0].sites[0].site.line = 0;
  EXPECT_EQ(place(0), "benchmarks.toml:1");
}

TEST(ByUrgency, WhatIsProvenAndSevereComesFirst) {
  record::Run run;
  verdict::RunVerdict judged;
  using verdict::Verdict;
  for (const auto& [name, verdict, severity] : {std::tuple{"pass", Verdict::pass, config::Severity::none},
                                                {"growing", Verdict::growing, config::Severity::high},
                                                {"error", Verdict::error, config::Severity::none},
                                                {"low", Verdict::leak, config::Severity::low},
                                                {"over", Verdict::over_threshold, config::Severity::critical},
                                                {"high", Verdict::leak, config::Severity::high}}) {
    judged.scenarios.emplace_back();
    judged.scenarios.back().name = name;
    judged.scenarios.back().verdict = verdict;
    judged.scenarios.back().severity = severity;
  }
  std::string order;
  for (const auto& scenario : by_urgency(scenarios_of({run, judged}))) order += scenario.verdict.name + " ";
  EXPECT_EQ(order, "high low over error growing pass ");
}

TEST(Fingerprint, OutlivesLinesAddressesAndPaths) {
  auto made = one_of_each();
  auto& scenario = made.verdict.scenarios[0];
  auto& finding = scenario.findings[0];
  auto& stack = finding.sites[0].site.stack;
  const auto before = fingerprint_of(scenario, finding);
  for (auto& frame : stack) {
    frame.line += 7;
    frame.file += ".moved";
    frame.module = "elsewhere";
  }
  stack.push_back({"libc.so.6+0x2724a", "", 0, "libc.so.6"});
  finding.message = "another figure";
  EXPECT_EQ(fingerprint_of(scenario, finding), before);
  stack[1].function = "another";
  EXPECT_NE(fingerprint_of(scenario, finding), before);
  EXPECT_NE(fingerprint_of(scenario, {.kind = "open_files", .value = {}, .limit = {}, .message = {}}), before);
}

TEST(Formats, AreThoseThatBenchmarksTomlKnows) {
  std::vector<std::string_view> names;
  for (const auto& format : all_formats()) names.push_back(format.name);
  EXPECT_TRUE(std::ranges::equal(names, config::report_format_names));
  EXPECT_EQ(find_format("html")->file_name, "report.html");
  EXPECT_EQ(find_format("htm"), nullptr);
}

TEST(WithSeparators, GroupsThreeDigits) {
  for (const auto& [number, text] : {std::pair<std::int64_t, const char*>{0, "0"},
                                     {999, "999"},
                                     {1000, "1,000"},
                                     {-123456, "-123,456"},
                                     {1234567, "1,234,567"},
                                     {std::numeric_limits<std::int64_t>::min(), "-9,223,372,036,854,775,808"}})
    EXPECT_EQ(with_separators(number), text);
}

}  // namespace
}  // namespace soak::report
