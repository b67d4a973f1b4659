// What the recorded programs share: a loop of soak's own checkpoints around a step, random numbers with a fixed seed.
#pragma once

#include <cstdint>
#include <random>
#include <soak/soak.hpp>
#include <string>

namespace soak::series {

/// Of every program that uses chance.
inline constexpr std::uint64_t seed = 20261124;

/// Runs `step(i)` for i = 0, 1, ... between checkpoints.
template <typename Step>
void run(benchmark::State& state, Step step) {
  std::int64_t i = 0;
  for (auto _ : checkpoints(state)) step(i++);
}

/// A library that programs of a file use: its version is a line of the recording.
struct Library {
  Library(const std::string& name, const std::string& version) {
    benchmark::AddCustomContext("library " + name, version);
  }
};

}  // namespace soak::series

/// One recorded program: a function of its name that makes its state, and runs it.
#define SOAK_SERIES(name)                    \
  static void name(benchmark::State& state); \
  SOAK_BENCHMARK(name)->Iterations(2000);    \
  static void name(benchmark::State& state)
