#include <charconv>
#include <stdexcept>
#include <storage/record_name.hpp>

namespace storage {
namespace {

// 255 that file systems allow, less ".record", less ".999.tmp", and a little air.
constexpr std::size_t max_encoded_key = 230;
constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool stands_for_itself(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string encode(std::string_view key) {
  std::string encoded;
  for (const char c : key) {
    if (stands_for_itself(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', hex_digits[byte >> 4U], hex_digits[byte & 0xFU]};
    }
  }
  return encoded;
}

std::string decode(std::string_view encoded) {
  std::string key;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    unsigned byte = static_cast<unsigned char>(encoded[i]);
    if (encoded[i] == '%' && i + 2 < encoded.size()) {
      std::from_chars(&encoded[i + 1], &encoded[i + 1] + 2, byte, 16);
      i += 2;
    }
    key += static_cast<char>(byte);
  }
  return key;
}

}  // namespace

std::string file_name_of(std::string_view key) {
  if (key.empty()) throw std::invalid_argument("a record needs a key that is not empty");
  auto name = encode(key);
  if (name.size() > max_encoded_key) {
    throw std::invalid_argument("the key of a record is too long: '" + std::string(key) + "'");
  }
  return name.append(record_suffix);
}

std::optional<std::string> key_of(std::string_view file_name) {
  if (!file_name.ends_with(record_suffix)) return std::nullopt;
  file_name.remove_suffix(record_suffix.size());
  auto key = decode(file_name);
  // Decoding is lenient; encoding again settles whether the name is one of ours.
  if (key.empty() || encode(key) != file_name) return std::nullopt;
  return key;
}

}  // namespace storage
