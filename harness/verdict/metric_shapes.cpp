#include "verdict/metric_shapes.hpp"

#include "verdict/growth_in_run.hpp"
#include "verdict/heap_rule.hpp"
#include "verdict/numbers.hpp"
#include "verdict/resident_rules.hpp"

namespace soak::verdict {
namespace {

using config::Limits;
using record::Checkpoint;

struct Metric {
  const char* name;  ///< As in checkpoints of the record.
  Reading reading;
  Reader reader;
  std::optional<std::int64_t> Limits::*limit;  ///< Growth over the run that is accepted; null where none is set here.
};

constexpr Metric metrics[] = {
    {"heap_bytes", &Checkpoint::heap_bytes, Reader::exact, nullptr},
    {"heap_blocks", &Checkpoint::heap_blocks, Reader::exact, nullptr},
    {"rss_bytes", &Checkpoint::rss_bytes, Reader::noisy, &Limits::final_growth_bytes},
    {"vms_bytes", &Checkpoint::vms_bytes, Reader::exact, &Limits::vms_growth_bytes},
    {"open_files", &Checkpoint::open_files, Reader::exact, &Limits::open_files_growth},
    {"threads", &Checkpoint::threads, Reader::exact, &Limits::threads_growth},
    {"joinable_threads", &Checkpoint::joinable_threads, Reader::exact, &Limits::threads_growth},
    {"children", &Checkpoint::children, Reader::exact, &Limits::children_growth},
};

std::int64_t tolerance_of(const Evidence& evidence, Reading reading) {
  if (reading == &Checkpoint::rss_bytes) return numbers::resident_batch_bytes;
  return reading == &Checkpoint::heap_bytes ? rounding_bytes(evidence) : 0;
}

// One page, or one thing, more than is accepted over the whole run.
std::optional<double> smallest_seen(const Evidence& evidence, const Metric& metric) {
  if (metric.reading == &Checkpoint::heap_bytes) return smallest_heap_leak_seen(evidence);
  if (metric.limit == nullptr || evidence.last == nullptr || evidence.last->iteration <= 0) return {};
  const auto& limits = evidence.settings.limits;
  if (metric.reading == &Checkpoint::rss_bytes && !evidence.growth(&Checkpoint::heap_bytes))
    if (const auto& limit = limits.heap_growth_bytes_per_iteration)
      return smallest_resident_leak_seen(evidence, *limit);
  const auto accepted = limits.*metric.limit;
  if (!accepted) return {};
  const auto least = static_cast<double>(*accepted) + (is_bytes(metric.reading) ? numbers::page_bytes : 1);
  return least / static_cast<double>(evidence.last->iteration);
}

}  // namespace

std::vector<MetricShape> metric_shapes(const Evidence& evidence, bool is_pass) {
  std::vector<MetricShape> shapes;
  for (const auto& metric : metrics) {
    const auto series = evidence.growing_series(metric.reading);
    if (series.empty()) continue;
    const auto shape = growth_in_run(series, metric.reader, tolerance_of(evidence, metric.reading));
    shapes.push_back({metric.name, shape, is_pass ? smallest_seen(evidence, metric) : std::nullopt});
  }
  return shapes;
}

}  // namespace soak::verdict
