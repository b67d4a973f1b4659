#include <algorithm>

#include "verdict/evidence.hpp"

namespace soak::verdict {
namespace {

using config::Severity;
using record::Checkpoint;

constexpr double nanoseconds_a_day = 86'400e9;

// Growth that noise could have made is not projected: a day would make gigabytes of it.
double heap_growth_a_day(const Evidence& evidence) {
  const auto growth = evidence.windowed(&Checkpoint::heap_bytes);
  const auto& iteration_time_ns = evidence.repetition.iteration_time_ns;
  if (!growth || is_heap_growth_noise(evidence) || !growth->rises()) return 0;
  if (!iteration_time_ns || *iteration_time_ns <= 0) return 0;
  return growth->per_iteration() * nanoseconds_a_day / *iteration_time_ns;
}

}  // namespace

Severity severity_of(const Evidence& evidence, const config::SeverityScale& scale) {
  const auto resident = static_cast<double>(evidence.growth(&Checkpoint::rss_bytes).value_or(0));
  const auto bytes = std::max(resident, heap_growth_a_day(evidence));
  const auto reaches = [&](std::int64_t from) { return bytes >= static_cast<double>(from); };
  if (reaches(scale.critical_bytes)) return Severity::critical;
  if (reaches(scale.high_bytes)) return Severity::high;
  if (reaches(scale.medium_bytes)) return Severity::medium;
  return reaches(scale.low_bytes) ? Severity::low : Severity::none;
}

}  // namespace soak::verdict
