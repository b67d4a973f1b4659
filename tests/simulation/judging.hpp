// A simulated program, run and judged as `soak run` does it: by the real rules, at the lengths that they ask for.
#pragma once

#include "programs.hpp"
#include "verdict/verdict.hpp"

namespace soak::simulation {

[[nodiscard]] verdict::ScenarioVerdict judged(Program& program);

/// How often it came to which end.
struct Tally {
  std::int64_t programs = 0, leak = 0, growing = 0, inconclusive = 0, pass = 0, others = 0;
  std::int64_t scaled_runs = 0;

  [[nodiscard]] double leak_share() const { return static_cast<double>(leak) / static_cast<double>(programs); }
};

/// So many programs of one kind, each with a seed of its own that is a function of kind, leak and number.
[[nodiscard]] Tally judge_programs(const Kind& kind, Leak leak, Program::Reads reads, std::int64_t programs);

}  // namespace soak::simulation
