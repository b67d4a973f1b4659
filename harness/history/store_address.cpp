#include "history/store_address.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>

namespace soak::history {
namespace {

constexpr std::string_view scheme = "postgresql://";

/// For a file: URI inside SOCI's quotes.
std::string percent_encoded(const std::string& path) {
  std::string encoded;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/._-").find(c) != std::string_view::npos;
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string with_parameter(const std::string& address, std::string_view name, std::string_view value) {
  if (address.find(fmt::format("{}=", name)) != std::string::npos) return address;
  return fmt::format("{}{}{}={}", address, address.find('?') == std::string::npos ? '?' : '&', name, value);
}

}  // namespace

bool is_postgresql(const std::string& address) { return address.starts_with(scheme); }

std::string printable_address(const std::string& address) {
  if (!is_postgresql(address)) return address;
  auto text = address;
  if (const auto key = text.find("password="); key != std::string::npos) {
    const auto begin = key + std::string_view("password=").size();
    text.replace(begin, std::min(text.find('&', begin), text.size()) - begin, "***");
  }
  const auto authority_end = std::min(text.find_first_of("/?", scheme.size()), text.size());
  const auto at = text.rfind('@', authority_end);
  if (at == std::string::npos || at < scheme.size() || at > authority_end) return text;
  const auto colon = text.find(':', scheme.size());
  return colon < at ? text.replace(colon + 1, at - colon - 1, "***") : text;
}

std::string sqlite_connection(const std::string& file, FileMode mode) {
  const auto path = percent_encoded(std::filesystem::absolute(file).string());
  const auto* const query = mode == FileMode::immutable ? "?immutable=1" : "";
  return fmt::format("db=\"file:{}{}\" timeout=120{}", path, query, mode == FileMode::create ? "" : " readonly=1");
}

std::string postgresql_connection(const std::string& address) {
  return with_parameter(with_parameter(address, "connect_timeout", "10"), "tcp_user_timeout", "60000");
}

}  // namespace soak::history
