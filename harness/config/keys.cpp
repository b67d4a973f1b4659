#include "config/keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/spelling.hpp"
#include "base/text.hpp"

namespace soak::config {
namespace {

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// "; it belongs in [run] or [scenario."..."]", or nothing where no table has the key.
std::string where_it_belongs(std::string_view key) {
  std::vector<std::string> tables;
  for (const auto& [table, keys] : all_keys())
    if (!table.empty() && std::ranges::count(keys, key) > 0) tables.push_back(table);
  return tables.empty() ? "" : fmt::format("; it belongs in {}", fmt::join(tables, " or "));
}

}  // namespace

const std::vector<TableKeys>& all_keys() {
  static const std::vector<TableKeys> tables = {
      {"", names_of(file_keys)},
      {"[run]", names_of(run_keys)},
      {"[thresholds]", names_of(threshold_keys)},
      {"[severity]", names_of(severity_keys)},
      {"[report]", names_of(report_keys)},
      {"[history]", names_of(history_keys)},
      {"[compare]", metric_names()},
      {"[scenario.\"...\"]", joined(names_of(threshold_keys), names_of(scenario_keys))},
      {"[scenario.\"...\".checkpoints]", names_of(checkpoint_keys)},
      {"[[waiver]]", names_of(waiver_keys)},
  };
  return tables;
}

void fail_unknown_key(const Value& value, std::string_view table, const std::vector<std::string>& known) {
  auto hint = where_it_belongs(value.key);
  if (hint.empty()) hint = did_you_mean(value.key, known);
  if (hint.empty()) hint = fmt::format("; known here: {}", fmt::join(known, ", "));
  const auto where = table.empty() ? "" : fmt::format(" in {}", table);
  value.fail_key(fmt::format("unknown key '{}'{}{}", sanitize(value.key, quote_length), where, hint));
}

}  // namespace soak::config
