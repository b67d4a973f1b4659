#include <gtest/gtest.h>

#include <downloads/server/media_object.hpp>
#include <stdexcept>
#include <string>

namespace media {
namespace {

std::string read(const MediaObject& object, std::uint64_t offset, std::size_t length) {
  std::string content(length, '\0');
  object.read(offset, content);
  return content;
}

TEST(MediaObject, ReadsTheSameBytesInAnyPieces) {
  const MediaObject object{"song", 50};
  const auto whole = read(object, 0, 50);
  for (std::size_t offset = 0; offset <= 50; ++offset)
    for (std::size_t length = 0; offset + length <= 50; ++length)
      ASSERT_EQ(read(object, offset, length), whole.substr(offset, length)) << offset << '+' << length;
}

TEST(MediaObject, DiffersFromOthers) { EXPECT_NE(read({"a", 64}, 0, 64), read({"b", 64}, 0, 64)); }

TEST(MediaObject, DoesNotRepeatItself) {
  const auto whole = read({"song", 1 << 16}, 0, 1 << 16);
  EXPECT_EQ(whole.find(whole.substr(0, 8), 1), std::string::npos);
}

TEST(MediaObject, EndsWhereItEnds) {
  std::string out(3, '\0');
  const MediaObject object{"song", 10};
  EXPECT_NO_THROW(object.read(7, out));
  EXPECT_THROW(object.read(8, out), std::out_of_range);
  EXPECT_THROW(object.read(UINT64_MAX, out), std::out_of_range);
}

// Worked out with another implementation of CRC-32, from what the server sent.
TEST(MediaObject, HasTheChecksumOfItsContent) {
  EXPECT_EQ((MediaObject{"a", 0}.crc32()), 0U);
  EXPECT_EQ((MediaObject{"a", 10}.crc32()), 0xdf3da72fU);
  EXPECT_EQ((MediaObject{"a", 100'000}.crc32()), 0x544bcf5bU);
}

TEST(EntityTag, IsAQuotedStringOfSizeAndChecksum) { EXPECT_EQ(entity_tag({"a", 255}, 0xab), "\"ff-000000ab\""); }

}  // namespace
}  // namespace media
