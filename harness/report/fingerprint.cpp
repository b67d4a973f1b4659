#include "report/fingerprint.hpp"

#include <fmt/format.h>

namespace soak::report {
namespace {

/// FNV-1a, 64 bits. Fields are kept apart by a byte that is in no text.
class Hash {
 public:
  void add(std::string_view field) {
    for (const char byte : field) mix(static_cast<unsigned char>(byte));
    mix(0);
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3U; }
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// A name made of an address says nothing about the function.
bool is_name(std::string_view function) { return function.find("+0x") == std::string_view::npos; }

}  // namespace

std::string fingerprint_of(const verdict::ScenarioVerdict& scenario, const verdict::Finding& finding) {
  Hash hash;
  hash.add(scenario.name);
  hash.add(finding.kind);
  if (!finding.sites.empty())
    for (const auto& frame : finding.sites.front().site.stack)
      if (is_name(frame.function)) hash.add(frame.function);
  return fmt::format("{:016x}", hash.value());
}

}  // namespace soak::report
