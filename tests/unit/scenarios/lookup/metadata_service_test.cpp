#include "lookup/metadata_service.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "retry/fixed_delay.hpp"

namespace lookup {
namespace {

using namespace std::chrono_literals;

/// Fails as often as it is told to; the title of what it answers counts its answers.
class TestSource final : public MetadataSource {
 public:
  [[nodiscard]] recovery::Attempt<std::string> fetch(std::string_view id) override {
    ++requests;
    if (failures_to_come > 0) {
      --failures_to_come;
      recovery::Failure failure;
      failure.message = "down";
      return failure;
    }
    if (broken_to_come > 0) {
      --broken_to_come;
      return R"({"id": "v)";
    }
    return R"({"id": ")" + std::string(id) + R"(", "duration": 1, "title": ")" + std::to_string(++answers) + "\"}";
  }

  int failures_to_come = 0;
  int broken_to_come = 0;
  int requests = 0;
  int answers = 0;
};

class MetadataServiceTest : public testing::Test {
 protected:
  recovery::ManualClock clock_;
  recovery::ErrorRecoveryManager retries_{
      std::make_unique<recovery::FixedDelay>(recovery::RetryConfig{.max_attempts = 2, .base_delay = 100ms}), clock_};
  MetadataCache cache_{2, 10s, clock_};
  TestSource source_;
  MetadataService service_{cache_, source_, retries_};
};

TEST_F(MetadataServiceTest, AsksTheSourceOnceAndTheCacheThen) {
  EXPECT_EQ(service_.find("v1").origin, Origin::source);
  const auto again = service_.find("v1");
  EXPECT_EQ(again.origin, Origin::cache);
  EXPECT_EQ(again.metadata->title, "1");
  EXPECT_EQ(source_.requests, 1);
}

TEST_F(MetadataServiceTest, AsksTheSourceAgainAtTheInstantAnEntryExpires) {
  (void)service_.find("v1");
  clock_.advance(10s - 1ns);
  EXPECT_EQ(service_.find("v1").origin, Origin::cache);
  clock_.advance(1ns);
  const auto renewed = service_.find("v1");
  EXPECT_EQ(renewed.origin, Origin::source);
  EXPECT_EQ(renewed.metadata->title, "2");
  EXPECT_EQ(service_.find("v1").origin, Origin::cache);
}

TEST_F(MetadataServiceTest, RetriesAfterAnErrorAndAfterABrokenDocument) {
  source_.failures_to_come = 1;
  EXPECT_EQ(service_.find("v1").origin, Origin::source);
  source_.broken_to_come = 1;
  EXPECT_EQ(service_.find("v2").origin, Origin::source);
  EXPECT_EQ(source_.requests, 4);
  EXPECT_EQ(clock_.now(), recovery::TimePoint() + 200ms);
}

TEST_F(MetadataServiceTest, SaysWhyNothingIsKnownAndRemembersNothing) {
  source_.failures_to_come = 2;
  const auto failed = service_.find("v1");
  EXPECT_EQ(failed.origin, Origin::nowhere);
  EXPECT_EQ(failed.metadata, nullptr);
  EXPECT_EQ(failed.error, "down");
  EXPECT_EQ(cache_.size(), 0U);
  EXPECT_EQ(retries_.reports().total_added(), 1U);
  EXPECT_TRUE(retries_.active_recoveries().empty());
  EXPECT_EQ(service_.find("v1").origin, Origin::source);
}

TEST_F(MetadataServiceTest, AnExpiredAnswerHasToDoWhileTheSourceIsDown) {
  (void)service_.find("v1");
  clock_.advance(10s);
  source_.failures_to_come = 2;
  const auto old = service_.find("v1");
  EXPECT_EQ(old.origin, Origin::expired_cache);
  EXPECT_EQ(old.metadata->title, "1");
  EXPECT_EQ(old.error, "down");
  EXPECT_EQ(service_.find("v1").origin, Origin::source);
}

TEST_F(MetadataServiceTest, CountsWhereAnswersCameFrom) {
  (void)service_.find("v1");
  (void)service_.find("v1");
  (void)service_.find("v1");
  clock_.advance(10s);
  source_.failures_to_come = 4;
  (void)service_.find("v1");
  (void)service_.find("v2");
  EXPECT_EQ(service_.counts().from_source, 1U);
  EXPECT_EQ(service_.counts().from_cache, 2U);
  EXPECT_EQ(service_.counts().from_expired_cache, 1U);
  EXPECT_EQ(service_.counts().failed, 1U);
}

}  // namespace
}  // namespace lookup
