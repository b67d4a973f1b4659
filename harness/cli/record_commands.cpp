// soak check, report, list, suggest, region: what reads a record, a region or benchmarks.toml. soak doctor, selftest.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "app/draw_record.hpp"
#include "app/examine.hpp"
#include "app/list_scenarios.hpp"
#include "app/print_verdict.hpp"
#include "app/region_json.hpp"
#include "cli/history_options.hpp"
#include "cli/subcommands.hpp"
#include "report/formats.hpp"

namespace soak::cli {

void add_check(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("check", "judge a record, or any benchmark.json, again");
  const auto options = std::make_shared<app::CheckOptions>();
  command
      ->add_option("RUN", options->run,
                   "a record's folder, its run.json, or Google Benchmark JSON with soak's counters")
      ->required();
  command->add_option("-c,--config", options->config_file, "limits [benchmarks.toml]");
  command->add_flag("--json", options->json, "the verdict for machines, on stdout");
  command->callback([options, &action] { action = [options] { return app::check(*options); }; });
}

void add_report(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("report", "draw a record: on the terminal, as a page, for machines");
  const auto options = std::make_shared<app::DrawOptions>();
  command->add_option("RUN", options->run,
                      "a record's folder, its run.json, or Google Benchmark JSON with soak's counters");
  std::string formats;
  for (const auto& format : report::all_formats())
    formats += fmt::format("{}{}", formats.empty() ? "" : ", ", format.name);
  command->add_option("--format", options->format, formats + "; without, text with every call site");
  command->add_option("-o,--output", options->output, "a file to write instead of stdout");
  command->add_option("--scenario", options->scenario, "of this scenario alone");
  command->add_option("--base", options->base,
                      "an older run, which html compares it with: named as for soak compare");
  command->add_flag("--history", options->is_site,
                    "instead of a run: a folder of pages about all runs, for --output");
  add_history_place(*command, options->place);
  command->callback([options, &action] { action = [options] { return app::draw(*options); }; });
}

void add_list(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("list", "show the scenarios and their limits");
  const auto options = std::make_shared<app::ListOptions>();
  command->add_option("BINARY", options->binaries, "scenario binaries; without any, those of [run] binaries");
  command->add_option("-c,--config", options->config_file, "limits [benchmarks.toml]");
  command->callback([options, &action] { action = [options] { return app::list_scenarios(*options); }; });
}

void add_suggest(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("suggest", "print tighter thresholds from what was measured, to paste into benchmarks.toml");
  const auto options = std::make_shared<app::SuggestOptions>();
  command->add_option("RUN", options->runs, "records whose scenarios passed; the more, the surer [results/latest]");
  command->add_option("-c,--config", options->config_file, "the limits so far [benchmarks.toml]");
  command->add_flag("--looser", options->looser, "also raise limits that were exceeded without a leak");
  command->callback([options, &action] { action = [options] { return app::suggest(*options); }; });
}

void add_region(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("region", "print what the probe counted in a process, as JSON");
  const auto file = std::make_shared<std::filesystem::path>();
  command->add_option("FILE", *file, "the file that SOAK_REGION named")->required();
  command->callback([file, &action] { action = [file] { return app::print_region(*file); }; });
}

void add_doctor(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("doctor", "see whether scenarios can be measured here, and what to do if not");
  const auto options = std::make_shared<app::DoctorOptions>();
  command->add_option("BINARY", options->binaries, "scenario binaries; without any, those of [run] binaries");
  command->add_option("-c,--config", options->config_file, "names binaries and results [benchmarks.toml]");
  command->add_flag("--json", options->json, "for machines, on stdout");
  command->callback([options, &action] { action = [options] { return app::examine(*options); }; });
}

void add_selftest(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand(
      "selftest", "plant leaks at the edge of the limits; fails unless each is caught and each twin passes");
  const auto options = std::make_shared<app::SelftestOptions>();
  command->add_option("-c,--config", options->config_file, "limits [benchmarks.toml]");
  command->add_option("--results", options->results, "keep the run record in this folder");
  command->add_flag("--json", options->json, "for machines, on stdout");
  command->callback([options, &action] { action = [options] { return app::selftest(*options); }; });
}

}  // namespace soak::cli
