#include "history/fingerprints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace soak::history {
namespace {

constexpr std::array needed{"allocator", "compiler", "cpu", "libc"};
// These say where and when a run was made, not on what.
constexpr std::array not_compared{"host", "run", "commit", "dirty"};

std::string comparable(const std::string& key, const std::string& value) {
  if (key != "memory_bytes") return value;
  double bytes = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bytes);
  if (error != std::errc{}) return value;
  return fmt::format("{:.0f} GiB", std::round(bytes / (1 << 30)));
}

/// Empty if it is not known. A build without a sanitizer has an empty text in the record, which reads "none" here.
std::string value_of(const record::Fingerprint& fingerprint, const std::string& key) {
  const auto found = fingerprint.find(key);
  if (found == fingerprint.end()) return {};
  return found->second.empty() ? "none" : comparable(key, found->second);
}

bool differ(const std::string& key, const std::string& base, const std::string& head) {
  if (std::ranges::count(not_compared, key) > 0 || base == head) return false;
  const bool one_sided = base.empty() || head.empty();
  return !one_sided || std::ranges::count(needed, key) > 0;
}

}  // namespace

record::Fingerprint with_own_keys(const record::Fingerprint& fingerprint) {
  record::Fingerprint own;
  for (const auto& [key, value] : fingerprint) {
    if (key.starts_with("soak_"))
      own[key.substr(5)] = value;
    else if (key == "num_cpus")
      own["cpu_count"] = value;
    else if (key == "library_build_type" || key == "library_version")
      own["benchmark_" + key] = value;
    else
      own[key] = value;
  }
  return own;
}

std::vector<FingerprintDifference> differences(const record::Fingerprint& base, const record::Fingerprint& head) {
  std::set<std::string> keys;
  for (const auto& [key, value] : base) keys.insert(key);
  for (const auto& [key, value] : head) keys.insert(key);
  std::vector<FingerprintDifference> found;
  for (const auto& key : keys) {
    auto base_value = value_of(base, key), head_value = value_of(head, key);
    if (differ(key, base_value, head_value)) found.push_back({key, std::move(base_value), std::move(head_value)});
  }
  return found;
}

std::string sentence_of(const std::vector<FingerprintDifference>& differences) {
  std::string text;
  for (const auto& [key, base, head] : differences)
    text += fmt::format("{}{}: {} against {}", text.empty() ? "" : "; ", key, base.empty() ? "not known" : base,
                        head.empty() ? "not known" : head);
  return text;
}

}  // namespace soak::history
