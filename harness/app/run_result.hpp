// A run and what it means: scenarios are measured, suspects followed, and the whole is judged once.
//
// While scenarios run, the verdict says which to run again, and how long; the runner only asks. What comes out is all
// that the terminal, verdict.json, the reports, the history and the exit status are made of.
#pragma once

#include <filesystem>
#include <string>

#include "config/config.hpp"
#include "record/record.hpp"
#include "run/soak_run.hpp"
#include "verdict/confirmation.hpp"
#include "verdict/explain/run_length.hpp"
#include "verdict/verdict.hpp"

namespace soak::app {

struct RunResult {
  record::Run run;
  verdict::RunVerdict verdict;
  std::filesystem::path folder;  ///< The record's.
  std::string record_error;      ///< Why the record on disk is not whole; empty if it is.
};

enum class Confirm { no, yes };

/// How suspects are followed.
struct Following {
  Confirm confirm = Confirm::yes;                          ///< Run suspects again, at other lengths.
  verdict::Explain explain = verdict::Explain::automatic;  ///< Run what leaks once more, with call sites on.
};

/// A quarter of the machine's memory, and what a child may open.
[[nodiscard]] verdict::MachineLimits machine_limits();

/// The record of the request, without a verdict: bisection judges by a metric. Sets what the request leaves open of
/// the machine's limits. Throws what run::run_scenarios throws.
[[nodiscard]] run::RunOutcome measure(run::RunRequest request, const config::Config& config, const Following& how);

/// The same, judged.
[[nodiscard]] RunResult measure_and_judge(run::RunRequest request, const config::Config& config,
                                          const Following& how);

/// A record that is there already, judged again. Throws what verdict::judge throws.
[[nodiscard]] RunResult judge_again(record::Run run, std::filesystem::path folder, const config::Config& config);

}  // namespace soak::app
