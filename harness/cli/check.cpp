// soak check RUN: judges a record again, without running anything.
#include <filesystem>
#include <memory>

#include "app/judgement.hpp"
#include "cli/subcommands.hpp"
#include "record/record_file.hpp"
#include "run/work_files.hpp"

namespace soak::cli {
namespace {

struct Options {
  std::filesystem::path run;
  std::string config_file;
  bool json = false;
};

int check(const Options& options) {
  const auto config = chosen_config(options.config_file);
  auto run = record::load_run(options.run);
  run::take_unfinished_readings(run, app::folder_of_record(options.run));
  return app::judge_and_print(run, config, {app::folder_of_record(options.run), options.run},
                              options.json ? app::Print::json : app::Print::table);
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("check", "judge a record, or any benchmark.json, again");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("RUN", options->run,
                   "a record's folder, its run.json, or Google Benchmark JSON with soak's counters")
      ->required();
  command->add_option("-c,--config", options->config_file, "limits [benchmarks.toml]");
  command->add_flag("--json", options->json, "the verdict for machines, on stdout");
  command->callback([options, &action] { action = [options] { return check(*options); }; });
}

}  // namespace soak::cli
