// soak list: the scenarios and their limits.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/units.hpp"
#include "base/user_error.hpp"
#include "cli/subcommands.hpp"
#include "record/identity.hpp"
#include "run/binaries.hpp"

namespace soak::cli {
namespace {

struct Options {
  std::vector<std::filesystem::path> binaries;
  std::string config_file;
};

template <typename Value, typename Format>
std::string limit_text(const std::optional<Value>& limit, Format format) {
  return limit ? format(static_cast<double>(*limit)) : "-";
}

std::string count_text(double count) { return fmt::format("{}", count); }

void print_row(const std::string& benchmark_name, const config::Config& config, std::size_t width) {
  const auto name = record::identity_of(benchmark_name);
  const auto limits = config.settings_for(name).limits;
  const auto iterations = record::iterations_in(benchmark_name);
  fmt::print("{:<{}}  {:>10}  {:>12}  {:>11}  {:>16}  {:>10}\n", name, width,
             iterations ? std::to_string(*iterations) : "-", limit_text(limits.final_growth_bytes, format_bytes),
             limit_text(limits.peak_growth_bytes, format_bytes),
             limit_text(limits.heap_growth_bytes_per_iteration, format_bytes),
             limit_text(limits.open_files_growth, count_text));
}

int list(const Options& options) {
  const auto config = chosen_config(options.config_file);
  std::vector<std::string> names;
  if (options.binaries.empty())
    for (const auto& [name, table] : config.tables)
      if (table.settings.program) names.push_back(name);
  if (options.binaries.empty() && config.binaries.empty() && names.empty())
    throw UserError(
        "no scenario binary is named: pass one, or write [run] binaries = [\"...\"] into benchmarks.toml");
  for (const auto& binary : options.binaries.empty() ? config.binaries : options.binaries)
    for (auto& name : run::list_scenarios(run::find_binary(binary)).benchmark_names) names.push_back(std::move(name));
  std::size_t width = 8;
  for (const auto& name : names) width = std::max(width, record::identity_of(name).size());
  fmt::print("{:<{}}  {:>10}  {:>12}  {:>11}  {:>16}  {:>10}\n", "scenario", width, "iterations", "final growth",
             "peak growth", "heap / iteration", "open files");
  for (const auto& name : names) print_row(name, config, width);
  return std::fflush(stdout) == 0 ? 0 : not_measured;
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("list", "show the scenarios and their limits");
  const auto options = std::make_shared<Options>();
  command->add_option("BINARY", options->binaries, "scenario binaries; without any, those of [run] binaries");
  command->add_option("-c,--config", options->config_file, "limits [benchmarks.toml]");
  command->callback([options, &action] { action = [options] { return list(*options); }; });
}

}  // namespace soak::cli
