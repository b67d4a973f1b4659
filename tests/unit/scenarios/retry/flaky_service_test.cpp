#include "retry/flaky_service.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace recovery {
namespace {

std::vector<Attempt<Page>> fetch_all(std::uint64_t seed, int requests) {
  FlakyService service(seed);
  std::vector<Attempt<Page>> answers;
  for (int i = 0; i < requests; ++i) answers.push_back(service.fetch());
  return answers;
}

std::string told(const Attempt<Page>& answer) {
  const auto* failure = std::get_if<Failure>(&answer);
  return failure ? failure->message : std::to_string(std::get<Page>(answer).checksum);
}

TEST(FlakyService, TheSameSeedGivesTheSameAnswers) {
  const auto one = fetch_all(1, 100);
  const auto same = fetch_all(1, 100);
  const auto other = fetch_all(2, 100);
  int differences = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(told(one[i]), told(same[i])) << i;
    if (told(one[i]) != told(other[i])) ++differences;
  }
  EXPECT_GT(differences, 50);
}

TEST(FlakyService, PagesCarryTheChecksumOfTheirBody) {
  for (const auto& answer : fetch_all(3, 50)) {
    if (const auto* page = std::get_if<Page>(&answer)) {
      EXPECT_EQ(page->body.size(), 12288U);
      EXPECT_EQ(page->checksum, checksum_of(page->body));
    }
  }
}

TEST(FlakyService, FailsInEveryWayAndInBursts) {
  std::set<std::string> messages;
  int failures = 0;
  int longest_burst = 0;
  int burst = 0;
  for (const auto& answer : fetch_all(4, 1000)) {
    const auto* failure = std::get_if<Failure>(&answer);
    burst = failure ? burst + 1 : 0;
    longest_burst = std::max(longest_burst, burst);
    if (!failure) continue;
    ++failures;
    messages.insert(failure->message);
  }
  EXPECT_EQ(messages.size(), 4U);
  EXPECT_GT(failures, 500);
  EXPECT_LT(failures, 750);
  EXPECT_GE(longest_burst, 10);
}

// glibc hands out blocks of 16 n + 8 bytes.
std::size_t block_size(const std::string& text) { return (text.capacity() + 1 + 7) / 16; }

TEST(FlakyService, FailuresTakeTheSameRoomWhateverTheirKind) {
  std::set<std::vector<std::size_t>> shapes;
  for (const auto& answer : fetch_all(5, 200)) {
    const auto* failure = std::get_if<Failure>(&answer);
    if (!failure) continue;
    std::vector<std::size_t> shape{block_size(failure->message)};
    for (const auto& note : failure->notes) shape.push_back(block_size(note));
    shapes.insert(shape);
  }
  EXPECT_EQ(shapes.size(), 1U);
}

TEST(DescribeRequest, TakesTheSameRoomWhateverItsNumber) {
  const auto first = describe_request(0);
  const auto last = describe_request(99'999'999);
  EXPECT_EQ(first.url.size(), last.url.size());
  ASSERT_EQ(first.headers.size(), last.headers.size());
  for (std::size_t i = 0; i < first.headers.size(); ++i)
    EXPECT_EQ(first.headers[i].second.size(), last.headers[i].second.size()) << first.headers[i].first;
}

}  // namespace
}  // namespace recovery
