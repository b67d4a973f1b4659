#include "verdict/trouble.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "verdict/growth.hpp"
#include "verdict/heap_rule.hpp"

namespace soak::verdict {
namespace {

using config::Severity;
using record::Checkpoint;

constexpr double nanoseconds_a_day = 86'400e9;

// Growth that noise could have made is not projected: a day would make gigabytes of it.
double heap_growth_a_day(const Evidence& evidence) {
  const auto growth = rising_heap_per_iteration(evidence);
  const auto& iteration_time_ns = evidence.repetition.iteration_time_ns;
  if (!growth || !iteration_time_ns || *iteration_time_ns <= 0) return 0;
  return *growth * nanoseconds_a_day / *iteration_time_ns;
}

bool has_finding(const ScenarioVerdict& verdict, std::initializer_list<std::string_view> kinds) {
  return std::ranges::any_of(verdict.findings,
                             [&](const Finding& finding) { return std::ranges::count(kinds, finding.kind) > 0; });
}

// Confirmed over several lengths where it was, else of the run itself. A limit at one checkpoint is no slope.
double heap_slope(const Evidence& evidence, const ScenarioVerdict& verdict) {
  for (const auto& finding : verdict.findings) {
    if (finding.kind != "heap_growth" || finding.verdict == Verdict::over_threshold) continue;
    if (finding.per_iteration && *finding.per_iteration > 0) return *finding.per_iteration;
    return rising_heap_per_iteration(evidence).value_or(finding.value.value_or(0));
  }
  return 0;
}

double resident_slope(const Evidence& evidence, const ScenarioVerdict& verdict) {
  if (!has_finding(verdict, {"final_growth", "peak_growth", "peak_rss"})) return 0;
  const auto rise = certain_rise(evidence.judged_series(&Checkpoint::rss_bytes), 0, 0);
  return rise && !rise->interval ? rise->per_iteration : 0;
}

std::optional<double> seconds_until(std::optional<std::int64_t> limit, std::optional<std::int64_t> now,
                                    double bytes_per_second) {
  if (!limit || !now) return {};
  const auto left = static_cast<double>(*limit) - static_cast<double>(*now);
  return std::max(left, 0.0) / bytes_per_second;
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

std::optional<std::int64_t> default_memory_limit_bytes(const record::Run& run) {
  constexpr std::int64_t part_of_the_machine = 4;
  const auto memory = run.fingerprint.find("memory_bytes");
  if (memory == run.fingerprint.end()) return {};
  const auto& text = memory->second;
  std::int64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc() || end != text.data() + text.size() || bytes <= 0) return {};
  return bytes / part_of_the_machine;
}

void fill_time_to_trouble(const Evidence& evidence, ScenarioVerdict& verdict) {
  const auto& iteration_time_ns = evidence.repetition.iteration_time_ns;
  const auto slope = std::max(heap_slope(evidence, verdict), resident_slope(evidence, verdict));
  if (!iteration_time_ns || *iteration_time_ns <= 0 || !(slope > 0) || evidence.last == nullptr) return;
  const auto bytes_per_second = slope * 1e9 / *iteration_time_ns;
  verdict.seconds_to_peak_limit =
      seconds_until(evidence.settings.limits.peak_growth_bytes, verdict.rss_peak_growth_bytes, bytes_per_second);
  verdict.seconds_to_memory_limit =
      seconds_until(evidence.settings.memory_limit_bytes, evidence.last->rss_bytes, bytes_per_second);
}

}  // namespace soak::verdict
