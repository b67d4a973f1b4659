#include "report/protobuf_writer.hpp"

#include <gtest/gtest.h>

namespace soak::report {
namespace {

std::string hex(const std::string& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4];
    text += digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

TEST(ProtobufWriter, WritesWhatTheSpecificationShows) {
  ProtobufWriter number;
  number.number(1, 150);
  EXPECT_EQ(hex(number.bytes()), "089601");
  ProtobufWriter text;
  text.text(2, "testing");
  EXPECT_EQ(hex(text.bytes()), "120774657374696e67");
  ProtobufWriter outer;
  outer.message(3, number);
  EXPECT_EQ(hex(outer.bytes()), "1a03089601");
  ProtobufWriter packed;
  packed.packed(6, {3, 270, 86942});
  EXPECT_EQ(hex(packed.bytes()), "3206038e029ea705");
}

TEST(ProtobufWriter, NegativeNumbersTakeTenBytesAndZeroNone) {
  ProtobufWriter writer;
  writer.number(1, 0);
  EXPECT_EQ(writer.bytes(), "");
  writer.number(1, -2);
  EXPECT_EQ(hex(writer.bytes()), "08feffffffffffffffff01");
  ProtobufWriter packed;
  packed.packed(1, {0, -1});
  EXPECT_EQ(hex(packed.bytes()), "0a0b00ffffffffffffffffff01");
}

TEST(ProtobufWriter, LargeFieldNumbersTakeTwoBytes) {
  ProtobufWriter writer;
  writer.number(16, 1);
  EXPECT_EQ(hex(writer.bytes()), "800101");
}

}  // namespace
}  // namespace soak::report
