// A record on disk, with the verdicts beside it.
#include <algorithm>
#include <system_error>

#include "base/files.hpp"
#include "base/user_error.hpp"
#include "history/measure.hpp"
#include "record/json_document.hpp"
#include "record/record_file.hpp"
#include "verdict/verdict.hpp"

namespace soak::history {
namespace fs = std::filesystem;
namespace {

/// Empty where the file is not there or is none of this run.
Verdicts read_verdicts(const fs::path& file, const std::string& run_id) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  try {
    const auto origin = file.string();
    const auto document = record::parse_document(read_file(file, record::largest_file_bytes), origin);
    const record::JsonSpot json(document, origin);
    if (json.at("run").text() != run_id) return {};
    Verdicts verdicts;
    for (const auto& scenario : json.at("scenarios").elements())
      verdicts[scenario.at("name").text()] = scenario.at("verdict").text();
    return verdicts;
  } catch (const std::exception&) {
    return {};  // it can be made again: the record is what counts
  }
}

bool has_soak_counters(const record::Run& run) {
  return std::ranges::any_of(run.scenarios, [](const record::Scenario& scenario) {
    return std::ranges::any_of(scenario.repetitions, [](const auto& r) { return !r.checkpoints.empty(); });
  });
}

fs::path folder_of(const fs::path& path) { return fs::is_directory(path) ? path : path.parent_path(); }

}  // namespace

Verdicts verdicts_of(const verdict::RunVerdict& verdict) {
  Verdicts verdicts;
  for (const auto& scenario : verdict.scenarios) verdicts[scenario.name] = verdict::to_string(scenario.verdict);
  return verdicts;
}

Verdicts judge_anyhow(const record::Run& run, const config::Config& config) {
  try {
    return verdicts_of(verdict::judge(run, config));
  } catch (const UserError&) {
    auto without_names = run;
    without_names.known_scenarios.clear();
    return verdicts_of(verdict::judge(without_names, config));
  }
}

MeasuredRun load_measured(const fs::path& path, const config::Config& config) {
  const auto run = record::load_run(path);
  const bool is_record = fs::is_directory(path) || path.filename() == "run.json";
  Verdicts verdicts;
  if (is_record) verdicts = read_verdicts(folder_of(path) / "verdict.json", run.id);
  if (verdicts.empty() && (is_record || has_soak_counters(run))) verdicts = judge_anyhow(run, config);
  auto measured = measure(run, verdicts, config);
  std::error_code ignored;
  const auto place = fs::canonical(is_record ? folder_of(path) : path, ignored);
  measured.info.record = (ignored ? path : place).string();
  return measured;
}

}  // namespace soak::history
