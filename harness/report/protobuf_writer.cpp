#include "report/protobuf_writer.hpp"

namespace soak::report {
namespace {

constexpr unsigned wire_varint = 0, wire_length = 2;

}  // namespace

void ProtobufWriter::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7F) | 0x80);
  bytes_ += static_cast<char>(value);
}

void ProtobufWriter::key(int field, unsigned wire_type) {
  varint(static_cast<std::uint64_t>(field) << 3 | wire_type);
}

void ProtobufWriter::number(int field, std::int64_t value) {
  if (value == 0) return;
  key(field, wire_varint);
  varint(static_cast<std::uint64_t>(value));
}

void ProtobufWriter::text(int field, std::string_view value) {
  key(field, wire_length);
  varint(value.size());
  bytes_ += value;
}

void ProtobufWriter::packed(int field, const std::vector<std::int64_t>& values) {
  ProtobufWriter inner;
  for (const auto value : values) inner.varint(static_cast<std::uint64_t>(value));
  text(field, inner.bytes());
}

}  // namespace soak::report
