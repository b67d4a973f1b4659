#include "retry/error_report_log.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace recovery {
namespace {

using testing::ElementsAre;

ErrorContext report(std::uint64_t number) {
  ErrorContext context;
  context.message = std::to_string(number);
  return context;
}

std::vector<std::string> messages(const ErrorReportLog& log) {
  std::vector<std::string> all;
  for (const auto& kept : log.reports()) all.push_back(kept.message);
  return all;
}

TEST(ErrorReportLog, KeepsReportsInTheOrderOfArrival) {
  ErrorReportLog log(3);
  EXPECT_TRUE(log.reports().empty());
  log.add(report(1));
  log.add(report(2));
  EXPECT_THAT(messages(log), ElementsAre("1", "2"));
}

TEST(ErrorReportLog, KeepsTheNewestOnceItIsFull) {
  ErrorReportLog log(3);
  for (std::uint64_t i = 1; i <= 3; ++i) log.add(report(i));
  EXPECT_THAT(messages(log), ElementsAre("1", "2", "3"));
  log.add(report(4));
  EXPECT_THAT(messages(log), ElementsAre("2", "3", "4"));
  for (std::uint64_t i = 5; i <= 1000; ++i) log.add(report(i));
  EXPECT_THAT(messages(log), ElementsAre("998", "999", "1000"));
  EXPECT_EQ(log.size(), 3U);
  EXPECT_EQ(log.capacity(), 3U);
  EXPECT_EQ(log.total_added(), 1000U);
}

TEST(ErrorReportLog, RefusesToHaveNoRoom) { EXPECT_THROW(ErrorReportLog(0), std::invalid_argument); }

}  // namespace
}  // namespace recovery
