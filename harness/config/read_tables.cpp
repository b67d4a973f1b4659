// The tables of the file, one function each. keys.hpp says what each of them takes.
#include <fmt/format.h>

#include "base/units.hpp"
#include "config/keys.hpp"

namespace soak::config {
namespace {

/// Reads a table all of whose keys go to one target.
template <typename Target, std::size_t size>
void read_table(const Value& value, const Key<Target> (&keys)[size], Target& target) {
  const auto* table = value.as_table();
  if (table == nullptr) return;
  for (const auto& entry : entries(*table, *value.problems))
    if (!read_if_known(keys, entry, target)) fail_unknown_key(entry, fmt::format("[{}]", value.key), names_of(keys));
}

struct Step {
  std::string_view name;
  std::int64_t bytes;
};

/// The problem is shown at the upper of two steps, or at the lower one where the upper is not in the file.
void check_step(const Value& severity, const Step& lower, const Step& upper) {
  if (lower.bytes < upper.bytes) return;
  const auto& table = *severity.node->as_table();
  const auto* written = table.contains(upper.name) ? table.get(upper.name) : table.get(lower.name);
  severity.problems->add(written->source().begin,
                         fmt::format("severities must ascend, but {} ({}) is not above {} ({})", upper.name,
                                     format_bytes(static_cast<double>(upper.bytes)), lower.name,
                                     format_bytes(static_cast<double>(lower.bytes))));
}

}  // namespace

void check_schema(const Value& value, Config&) {
  const auto schema = read_positive_count(value);
  if (schema && *schema > schema_version)
    value.fail(
        fmt::format("{} is newer than this soak, which knows schema {}; use a newer soak", *schema, schema_version));
}

void read_run(const Value& value, Config& config) { read_table(value, run_keys, config); }

void read_thresholds(const Value& value, Config& config) { read_table(value, threshold_keys, config.defaults); }

void read_report(const Value& value, Config& config) { read_table(value, report_keys, config); }

void read_severity(const Value& value, Config& config) {
  auto& scale = config.severity;
  read_table(value, severity_keys, scale);
  if (!value.problems->empty()) return;
  const Step steps[] = {{"low", scale.low_bytes},
                        {"medium", scale.medium_bytes},
                        {"high", scale.high_bytes},
                        {"critical", scale.critical_bytes}};
  for (std::size_t i = 1; i < std::size(steps); ++i) check_step(value, steps[i - 1], steps[i]);
}

}  // namespace soak::config
