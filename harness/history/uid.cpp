#include "history/uid.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "history/measurement_text.hpp"

namespace soak::history {
namespace {

/// FNV-1a, 64 bits: not against malice, only to tell records apart.
std::uint64_t digest(std::string_view text, std::uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

std::string uid_by_content(const MeasuredRun& run) {
  std::uint64_t first = 0xcbf29ce484222325U, second = ~first;
  const auto take = [&](std::string_view text) {
    first = digest(text, first);
    second = digest(text, digest("|", second));
  };
  take(run.info.started_at);
  take(run.info.commit);
  take(fingerprint_text(run.info.fingerprint));
  for (const auto& measurement : run.measurements) {
    take(measurement.scenario);
    take(figures_text(measurement.figures));
    take(details_text(measurement));
  }
  return fmt::format("{:016x}{:016x}", first, second);
}

}  // namespace soak::history
