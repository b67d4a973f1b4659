// soak suggest [RUN...]: tighter thresholds, from what was measured.
#include "verdict/suggest.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/subcommands.hpp"
#include "record/record_file.hpp"

namespace soak::cli {
namespace {

struct Options {
  std::vector<std::filesystem::path> runs;
  std::string config_file;
  bool looser = false;
};

int suggest(const Options& options) {
  const auto config = chosen_config(options.config_file);
  const auto latest = std::vector{config.results / "latest"};
  std::vector<record::Run> runs;
  for (const auto& path : options.runs.empty() ? latest : options.runs) runs.push_back(record::load_run(path));
  fmt::print("{}",
             verdict::suggest_thresholds(runs, config, options.looser ? verdict::Looser::yes : verdict::Looser::no));
  return std::fflush(stdout) == 0 ? 0 : not_measured;
}

}  // namespace

void add_suggest(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("suggest", "print tighter thresholds from what was measured, to paste into benchmarks.toml");
  const auto options = std::make_shared<Options>();
  command->add_option("RUN", options->runs, "records whose scenarios passed; the more, the surer [results/latest]");
  command->add_option("-c,--config", options->config_file, "the limits so far [benchmarks.toml]");
  command->add_flag("--looser", options->looser, "also raise limits that were exceeded without a leak");
  command->callback([options, &action] { action = [options] { return suggest(*options); }; });
}

}  // namespace soak::cli
