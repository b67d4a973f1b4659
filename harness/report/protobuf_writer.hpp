// The wire format of protocol buffers, as far as a profile needs it: varints and what has a length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace soak::report {

/// One message. Fields are written in the order of the calls.
class ProtobufWriter {
 public:
  /// Also of bool; 0, which readers take for granted, is left out.
  void number(int field, std::int64_t value);
  void text(int field, std::string_view value);
  void message(int field, const ProtobufWriter& value) { text(field, value.bytes()); }
  void packed(int field, const std::vector<std::int64_t>& values);

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value);
  void key(int field, unsigned wire_type);

  std::string bytes_;
};

}  // namespace soak::report
