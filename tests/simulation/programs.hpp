// Programs that exist only as curves: how much memory each holds after so many iterations. docs/verdict.md states
// what they are drawn from.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "record/record.hpp"

namespace soak::simulation {

using Random = std::mt19937_64;

/// What is alive after `i` iterations, in blocks, which may be fractions of one. Of one run: `i` only grows.
using Curve = std::function<double(std::int64_t i)>;

/// A kind of program without a leak: draws what all runs of one program share, and hands back what makes the curve of
/// a run of so many iterations. What moves for ever is up to so many blocks large; steps and caches may be larger.
struct Kind {
  std::string name;
  std::function<std::function<Curve(std::int64_t iterations, Random&)>(Random&, double most_blocks)> draw;
};

/// Noise, dependent noise, steps, caches that fill in 60 % of the planned run, saw-teeth, logarithms.
[[nodiscard]] const std::vector<Kind>& kinds();

struct Leak {
  std::int64_t every_iterations = 0;  ///< One block each; 0: none.
};

/// One program, which can be run at any length as `soak run` would. The heap is counted, or only resident memory
/// read.
class Program {
 public:
  enum class Reads { heap, resident_memory };

  Program(const Kind& kind, Leak leak, Reads reads, std::uint64_t seed);
  /// It leaks so much besides, in blocks of the smallest size or, where only resident memory is read, in pages. What
  /// is left to chance stays as it would have been.
  void plant(double bytes_per_iteration) { planted_bytes_per_iteration_ = bytes_per_iteration; }
  /// A new run: what is left to chance in it differs from run to run.
  [[nodiscard]] record::Repetition run(std::int64_t iterations);
  [[nodiscard]] std::int64_t planned_iterations() const { return planned_iterations_; }

 private:
  Random random_;
  Leak leak_;
  Reads reads_;
  std::int64_t planned_iterations_;
  double seconds_per_iteration_;
  std::int64_t block_bytes_;
  double planted_bytes_per_iteration_ = 0;
  std::function<Curve(std::int64_t, Random&)> curve_;
};

}  // namespace soak::simulation
