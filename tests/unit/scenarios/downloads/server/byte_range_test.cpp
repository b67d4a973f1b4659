#include <gtest/gtest.h>

#include <downloads/server/byte_range.hpp>
#include <string>
#include <vector>

namespace media {
namespace {

using Kind = ByteRange::Kind;

TEST(ChooseByteRange, ReadsOneRangeAndIgnoresWhatItDoesNotUnderstand) {
  struct Case {
    std::string header;
    std::uint64_t size_bytes;
    ByteRange expected;
  };
  const std::vector<Case> cases = {
      {"", 10, {Kind::whole, 0, 10}},
      {"bytes=0-", 10, {Kind::part, 0, 10}},
      {"bytes=4-", 10, {Kind::part, 4, 6}},
      {"bytes=4-6", 10, {Kind::part, 4, 3}},
      {"bytes=9-9", 10, {Kind::part, 9, 1}},
      {"bytes=4-99", 10, {Kind::part, 4, 6}},
      {"bytes=-3", 10, {Kind::part, 7, 3}},
      {"bytes=-99", 10, {Kind::part, 0, 10}},
      {"bytes=10-", 10, {Kind::unsatisfiable, 0, 0}},
      {"bytes=-0", 10, {Kind::unsatisfiable, 0, 0}},
      {"bytes=0-", 0, {Kind::unsatisfiable, 0, 0}},
      {"bytes=-1", 0, {Kind::unsatisfiable, 0, 0}},
      {"bytes=6-4", 10, {Kind::whole, 0, 10}},
      {"bytes=0-1,4-5", 10, {Kind::whole, 0, 10}},
      {"bytes=-", 10, {Kind::whole, 0, 10}},
      {"bytes=x-", 10, {Kind::whole, 0, 10}},
      {"bytes=4", 10, {Kind::whole, 0, 10}},
      {"lines=4-", 10, {Kind::whole, 0, 10}},
      {"bytes=99999999999999999999-", 10, {Kind::whole, 0, 10}},
  };
  for (const auto& [header, size_bytes, expected] : cases)
    EXPECT_EQ(choose_byte_range(header, size_bytes), expected) << '\'' << header << "' of " << size_bytes;
}

TEST(ContentRange, NamesTheLastByteInclusively) {
  EXPECT_EQ(content_range({Kind::part, 4, 6}, 10), "bytes 4-9/10");
  EXPECT_EQ(content_range({Kind::unsatisfiable, 0, 0}, 10), "bytes */10");
}

}  // namespace
}  // namespace media
