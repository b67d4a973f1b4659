#include <gtest/gtest.h>

#include <downloads/failures.hpp>
#include <memory>
#include <retry/clock.hpp>
#include <retry/error_recovery_manager.hpp>
#include <retry/fixed_delay.hpp>

namespace downloads {
namespace {

using namespace std::chrono_literals;
using recovery::Duration;

ResponseHead head_with(int status, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
  ResponseHead head;
  head.status = status;
  head.retry_after = retry_after;
  return head;
}

TEST(StatusFailure, TriesAgainOnlyWhatMayPass) {
  for (const int status : {408, 429, 500, 502, 503, 504})
    EXPECT_TRUE(status_failure(head_with(status)).retryable) << status;
  for (const int status : {0, 204, 301, 400, 401, 403, 404, 410})
    EXPECT_FALSE(status_failure(head_with(status)).retryable) << status;
}

TEST(StatusFailure, NamesTheStatus) { EXPECT_EQ(status_failure(head_with(404)).message, "the server answered 404"); }

TEST(TransferFailure, TriesAgainUnlessTheRequestIsWrong) {
  for (const auto code : {CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING})
    EXPECT_TRUE(transfer_failure(code, "").retryable) << code;
  for (const auto code : {CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL})
    EXPECT_FALSE(transfer_failure(code, "").retryable) << code;
}

TEST(TransferFailure, PrefersTheDetailsToTheGeneralReason) {
  EXPECT_EQ(transfer_failure(CURLE_RECV_ERROR, "reset by peer").message, "reset by peer");
  EXPECT_EQ(transfer_failure(CURLE_PARTIAL_FILE, "").message, curl_easy_strerror(CURLE_PARTIAL_FILE));
}

/// When the next attempt is due, from the failure of the first on; empty where it is given up.
std::optional<Duration> next_attempt_after(const recovery::Failure& failure) {
  recovery::ManualClock clock;
  const recovery::RetryConfig config{.max_attempts = 3, .base_delay = 50ms, .max_delay = 1s};
  recovery::ErrorRecoveryManager manager(std::make_unique<recovery::FixedDelay>(config), clock);
  auto download = manager.start({"download", "http://127.0.0.1/media/a", {}});
  EXPECT_FALSE(download.begin_attempt());
  const auto due = download.failed(failure);
  return due ? std::optional<Duration>(*due - clock.now()) : std::nullopt;
}

TEST(Failures, DecideWhenTheNextAttemptIsDue) {
  EXPECT_EQ(next_attempt_after(status_failure(head_with(503))), 50ms) << "the strategy's own wish";
  EXPECT_EQ(next_attempt_after(status_failure(head_with(503, 0s))), 50ms) << "the server asks for less";
  EXPECT_EQ(next_attempt_after(status_failure(head_with(503, 3s))), 3s) << "the server asks for more";
  EXPECT_EQ(next_attempt_after(status_failure(head_with(404, 3s))), std::nullopt) << "never";
  EXPECT_EQ(next_attempt_after(transfer_failure(CURLE_RECV_ERROR, "")), 50ms);
  EXPECT_EQ(next_attempt_after(permanent_failure("disk full")), std::nullopt);
}

}  // namespace
}  // namespace downloads
