#include <gtest/gtest.h>

#include <downloads/response_head.hpp>
#include <ostream>
#include <string>
#include <vector>

namespace downloads {
namespace {

using namespace std::chrono_literals;

constexpr auto none = std::nullopt;
/// Tue, 15 Nov 1994 08:12:31 GMT.
const auto noon = std::chrono::system_clock::from_time_t(784887151);

TEST(ParseContentRange, ReadsTheThreeFormsAndRefusesContradictions) {
  struct Case {
    std::string text;
    std::optional<ContentRange> expected;
  };
  const std::vector<Case> cases = {
      {"bytes 5-9/10", ContentRange{5, 9, 10}},
      {"bytes 0-0/1", ContentRange{0, 0, 1}},
      {"bytes 5-9/*", ContentRange{5, 9, none}},
      {"bytes */10", ContentRange{none, none, 10}},
      {"bytes 18446744073709551614-18446744073709551614/18446744073709551615",
       ContentRange{18446744073709551614U, 18446744073709551614U, 18446744073709551615U}},
      {"", none},
      {"bytes", none},
      {"bytes 5-9", none},
      {"bytes */*", none},
      {"bytes 9-5/10", none},
      {"bytes 5-10/10", none},
      {"bytes 5-/10", none},
      {"bytes -9/10", none},
      {"bytes 59/100", none},
      {"bytes 5-9/10x", none},
      {"bytes 5--9/10", none},
      {"bytes 0-18446744073709551616/*", none},
      {"items 5-9/10", none},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_content_range(text), expected) << '\'' << text << '\'';
}

TEST(ParseRetryAfter, ReadsSecondsAndDates) {
  struct Case {
    std::string text;
    std::optional<std::chrono::seconds> expected;
  };
  const std::vector<Case> cases = {
      {"0", 0s},
      {"120", 120s},
      {"Tue, 15 Nov 1994 08:12:41 GMT", 10s},
      {"Tuesday, 15-Nov-94 08:13:31 GMT", 60s},
      {"Tue, 15 Nov 1994 08:12:31 GMT", 0s},
      {"Mon, 14 Nov 1994 08:12:31 GMT", 0s},
      {"", none},
      {"-1", none},
      {"1.5", none},
      {"soon", none},
      {"20301231", 20301231s},
      {"99999999999", none},
      {"GMT", none},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(parse_retry_after(text, noon), expected) << '\'' << text << '\'';
}

TEST(ParseRetryAfter, RoundsUpSoThatTheDateHasCome) {
  EXPECT_EQ(parse_retry_after("Tue, 15 Nov 1994 08:12:41 GMT", noon + 300ms), 10s);
}

ResponseHead head_of(const std::vector<std::string>& lines) {
  ResponseHead head;
  for (const auto& line : lines) head.add_line(line + "\r\n", noon);
  return head;
}

TEST(ResponseHead, TakesWhatADownloadNeeds) {
  const auto head = head_of({"HTTP/1.1 206 Partial Content", "etag:  \"abc\" ", "X-CHECKSUM-crc32: cbf43926",
                             "Content-Range: bytes 5-9/10", "Retry-After: 7", "Content-Length: 5", ""});
  EXPECT_EQ(head.status, 206);
  EXPECT_EQ(head.entity_tag, "\"abc\"");
  EXPECT_EQ(head.crc32, 0xcbf43926U);
  EXPECT_EQ(head.content_range, (ContentRange{5, 9, 10}));
  EXPECT_EQ(head.retry_after, 7s);
}

TEST(ResponseHead, ForgetsAnInterimResponse) {
  const auto head = head_of({"HTTP/1.1 103 Early Hints", "ETag: \"early\"", "", "HTTP/1.1 200 OK", ""});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.entity_tag, "");
}

TEST(ResponseHead, ReadsTheStatusOfAnyVersionAndSurvivesNonsense) {
  EXPECT_EQ(head_of({"HTTP/2 503"}).status, 503);
  for (const auto* line : {"HTTP/", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 abc", "no colon", ": no name", ""})
    EXPECT_EQ(head_of({line}).status, 0) << line;
}

TEST(ChooseBodyAction, ResumesOnlyWhereTheRangeGoesOnFromTheFile) {
  struct Case {
    std::string name;
    int status;
    std::optional<ContentRange> range;
    std::uint64_t on_disk_bytes;
    BodyAction expected;
  };
  const std::vector<Case> cases = {
      {"all of it", 200, none, 0, BodyAction::restart},
      {"all of it, though a part was asked for", 200, none, 5, BodyAction::restart},
      {"the rest", 206, ContentRange{5, 9, 10}, 5, BodyAction::append},
      {"the rest of an unknown size", 206, ContentRange{5, 9, none}, 5, BodyAction::append},
      {"a gap", 206, ContentRange{6, 9, 10}, 5, BodyAction::reject},
      {"an overlap", 206, ContentRange{4, 9, 10}, 5, BodyAction::reject},
      {"a part that says nothing", 206, none, 5, BodyAction::reject},
      {"nothing left", 416, ContentRange{none, none, 10}, 10, BodyAction::complete},
      {"more on disk than there is", 416, ContentRange{none, none, 10}, 11, BodyAction::reject},
      {"nothing left, size unknown", 416, none, 10, BodyAction::reject},
      {"later", 503, none, 5, BodyAction::ignore},
      {"never", 404, none, 5, BodyAction::ignore},
      {"no content", 204, none, 0, BodyAction::ignore},
      {"no status line", 0, none, 0, BodyAction::ignore},
  };
  for (const auto& [name, status, range, on_disk_bytes, expected] : cases) {
    ResponseHead head;
    head.status = status;
    head.content_range = range;
    EXPECT_EQ(choose_body_action(head, on_disk_bytes), expected) << name;
  }
}

}  // namespace
}  // namespace downloads
