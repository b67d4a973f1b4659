#include "app/list_scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/chosen_config.hpp"
#include "app/output.hpp"
#include "base/units.hpp"
#include "base/user_error.hpp"
#include "record/identity.hpp"
#include "run/plan.hpp"

namespace soak::app {
namespace {

constexpr auto row_format = "{:<{}}  {:>10}  {:>12}  {:>11}  {:>16}  {:>10}\n";

template <typename Value, typename Format>
std::string limit_text(const std::optional<Value>& limit, Format format) {
  return limit ? format(static_cast<double>(*limit)) : "-";
}

std::string count_text(double count) { return fmt::format("{}", count); }

std::string row(const std::string& benchmark_name, const config::Config& config, std::size_t width) {
  const auto name = record::identity_of(benchmark_name);
  const auto limits = config.settings_for(name).limits;
  const auto iterations = record::iterations_in(benchmark_name);
  return fmt::format(row_format, name, width, iterations ? std::to_string(*iterations) : "-",
                     limit_text(limits.final_growth_bytes, format_bytes),
                     limit_text(limits.peak_growth_bytes, format_bytes),
                     limit_text(limits.heap_growth_bytes_per_iteration, format_bytes),
                     limit_text(limits.open_files_growth, count_text));
}

/// Programs of the config first, then what the binaries list.
std::vector<std::string> names_of(const ListOptions& options, const config::Config& config) {
  std::vector<std::string> names;
  if (options.binaries.empty())
    for (const auto& [name, table] : config.tables)
      if (table.settings.program) names.push_back(name);
  if (options.binaries.empty() && config.binaries.empty() && names.empty())
    throw UserError(
        "no scenario binary is named: pass one, or write [run] binaries = [\"...\"] into benchmarks.toml");
  for (const auto& binary : options.binaries.empty() ? config.binaries : options.binaries)
    for (auto& name : run::list_scenarios(run::find_binary(binary)).benchmark_names) names.push_back(std::move(name));
  return names;
}

}  // namespace

int list_scenarios(const ListOptions& options) {
  const auto config = chosen_config(options.config_file);
  const auto names = names_of(options, config);
  std::size_t width = 8;
  for (const auto& name : names) width = std::max(width, record::identity_of(name).size());
  auto table = fmt::format(row_format, "scenario", width, "iterations", "final growth", "peak growth",
                           "heap / iteration", "open files");
  for (const auto& name : names) table += row(name, config, width);
  return print_with_status(table);
}

}  // namespace soak::app
