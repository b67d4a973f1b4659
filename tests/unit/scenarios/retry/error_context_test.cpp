#include "retry/error_context.hpp"

#include <gtest/gtest.h>

namespace recovery {
namespace {

using namespace std::chrono_literals;

AttemptRecord attempt(int number) { return {number, TimePoint() + std::chrono::seconds(number), 0s, "reset"}; }

TEST(ErrorContext, KeepsTheNewestAttemptsOnly) {
  ErrorContext error;
  for (int number = 1; number <= 16; ++number) error.add_attempt(attempt(number));
  ASSERT_EQ(error.history.size(), ErrorContext::kept_attempts);
  EXPECT_EQ(error.history.front().number, 1);
  for (int number = 17; number <= 1000; ++number) error.add_attempt(attempt(number));
  ASSERT_EQ(error.history.size(), ErrorContext::kept_attempts);
  EXPECT_EQ(error.history.front().number, 985);
  EXPECT_EQ(error.history.back().number, 1000);
}

TEST(ErrorContext, IsToldInFull) {
  ErrorContext error;
  error.info = {"download", "http://127.0.0.1/a.bin", {{"range", "bytes=10-"}}};
  error.started_at = TimePoint() + 500ms;
  error.failed_at = TimePoint() + 2s;
  error.attempts = 2;
  error.message = "connection reset";
  error.notes = {"recv(): ECONNRESET"};
  error.add_attempt({1, TimePoint() + 1s, 500ms, "503 Service Unavailable"});
  error.add_attempt({2, TimePoint() + 2s, 0s, "connection reset"});
  EXPECT_EQ(format_error(error),
            "download http://127.0.0.1/a.bin failed after 2 attempts in 1.500 s: connection reset\n"
            "  attempt 1 at 0.500 s: 503 Service Unavailable\n"
            "  attempt 2 at 1.500 s: connection reset\n"
            "  range: bytes=10-\n"
            "  in recv(): ECONNRESET\n");
}

}  // namespace
}  // namespace recovery
