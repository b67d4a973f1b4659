#include "programs.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace soak::simulation {
namespace {

constexpr std::int64_t planned = 1000;
constexpr int checkpoints = 66;  // baseline, 64, final
constexpr std::int64_t page_bytes = 4096, smallest_block_bytes = 24;

double between(Random& random, double low, double high) {
  return std::uniform_real_distribution<>(low, high)(random);
}

// As many small ones as large ones.
double log_between(Random& random, double low, double high) {
  return std::exp(between(random, std::log(low), std::log(high)));
}

using Runs = std::function<Curve(std::int64_t, Random&)>;

Runs noise(Random& random, double most_blocks) {
  const auto deviation = log_between(random, most_blocks / 64, most_blocks);
  return [deviation](std::int64_t, Random& run) {
    return [deviation, &run](std::int64_t) { return std::normal_distribution<>(0, deviation)(run); };
  };
}

// What is read now depends on what was read at the checkpoint before.
Runs dependent_noise(Random& random, double most_blocks) {
  const auto deviation = log_between(random, most_blocks / 64, most_blocks), dependence = between(random, 0.3, 0.95);
  return [=](std::int64_t, Random& run) {
    const auto fresh = deviation * std::sqrt(1 - dependence * dependence);
    const auto state = std::make_shared<double>(std::normal_distribution<>(0, deviation)(run));
    return
        [=, &run](std::int64_t) { return *state = dependence * *state + std::normal_distribution<>(0, fresh)(run); };
  };
}

// One to three, of a size of their own; where they stand is chance in each run, or belongs to the program.
Runs steps(Random& random, double) {
  struct Step {
    double part, blocks;
  };
  std::vector<Step> steps(std::uniform_int_distribution<std::size_t>(1, 3)(random));
  for (auto& step : steps) step = {between(random, 0, 1), log_between(random, 1, 10'000)};
  const bool by_chance = between(random, 0, 1) < 0.5;
  return [=](std::int64_t iterations, Random& run) {
    auto standing = steps;
    if (by_chance)
      for (auto& step : standing) step.part = between(run, 0, 1);
    const auto length = static_cast<double>(by_chance ? iterations : planned);
    return [=](std::int64_t i) {
      double blocks = 0;
      for (const auto& step : standing) blocks += static_cast<double>(i) >= step.part * length ? step.blocks : 0;
      return blocks;
    };
  };
}

// In a straight line, or of keys at random, of which ever fewer are new.
Runs cache(Random& random, double) {
  const auto capacity = log_between(random, 10, 20'000);
  const bool random_keys = between(random, 0, 1) < 0.5;
  const auto full_at = 0.6 * static_cast<double>(planned);
  return [=](std::int64_t, Random&) {
    return [=](std::int64_t i) {
      const auto part = static_cast<double>(i) / full_at;
      // 99.9 % of the keys are there when the other kind is full.
      return capacity * (random_keys ? 1 - std::exp(-6.9 * part) : std::min(part, 1.0));
    };
  };
}

Runs saw_tooth(Random& random, double most_blocks) {
  const auto period = log_between(random, 8, 1.5 * static_cast<double>(planned));
  const auto height = log_between(random, most_blocks / 16, 4 * most_blocks);
  return [=](std::int64_t, Random& run) {
    const auto phase = between(run, 0, period);
    return [=](std::int64_t i) { return height * std::fmod(static_cast<double>(i) + phase, period) / period; };
  };
}

Runs logarithm(Random& random, double most_blocks) {
  const auto height = log_between(random, most_blocks / 16, 2 * most_blocks), scale = log_between(random, 1, 100);
  return [=](std::int64_t, Random&) {
    return [=](std::int64_t i) { return height * std::log1p(static_cast<double>(i) / scale); };
  };
}

// As soak plans them: evenly spread, each moved a little.
std::vector<std::int64_t> positions(std::int64_t iterations) {
  Random random(static_cast<std::uint64_t>(iterations));
  std::vector<std::int64_t> at{0};
  const auto distance = static_cast<double>(iterations) / (checkpoints - 1);
  for (int i = 1; i + 1 < checkpoints; ++i)
    at.push_back(std::llround(distance * i + between(random, -0.4, 0.4) * distance));
  at.push_back(iterations);
  at.erase(std::unique(at.begin(), at.end()), at.end());
  return at;
}

// A thirty-second of what the leak adds over the planned run, so that it could be seen at all.
double most_blocks(Leak leak) {
  const auto every = std::max<std::int64_t>(leak.every_iterations, 1);
  return static_cast<double>(planned) / static_cast<double>(every) / 32;
}

record::Checkpoint checkpoint_at(std::int64_t iteration) {
  record::Checkpoint checkpoint;
  checkpoint.iteration = iteration;
  checkpoint.rss_bytes = 8 << 20;
  checkpoint.open_files = 4;
  checkpoint.threads = 1;
  checkpoint.children = 0;
  return checkpoint;
}

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {{"noise", noise},         {"dependent noise", dependent_noise},
                                        {"steps", steps},         {"cache", cache},
                                        {"saw-tooth", saw_tooth}, {"logarithm", logarithm}};
  return all;
}

Program::Program(const Kind& kind, Leak leak, Reads reads, std::uint64_t seed)
    : random_(seed),
      leak_(leak),
      reads_(reads),
      planned_iterations_(planned),
      seconds_per_iteration_(log_between(random_, 2e-6, 1e-2)),
      block_bytes_(reads == Reads::heap ? 16 * std::uniform_int_distribution<>(1, 8)(random_) : page_bytes),
      curve_(kind.draw(random_, most_blocks(leak))) {}

record::Repetition Program::run(std::int64_t iterations) {
  record::Repetition repetition;
  repetition.ending = record::Ending::finished;
  repetition.iterations = iterations;
  repetition.wall_seconds = 0.02 + seconds_per_iteration_ * static_cast<double>(iterations);
  repetition.iteration_time_ns = 1e9 * seconds_per_iteration_;
  const auto curve = curve_(iterations, random_);
  for (const auto iteration : positions(iterations)) {
    auto& checkpoint = repetition.checkpoints.emplace_back(checkpoint_at(iteration));
    const auto leaked = leak_.every_iterations == 0 ? 0 : iteration / leak_.every_iterations;
    const auto others = std::llround(curve(iteration));
    const auto planted_bytes =
        static_cast<std::int64_t>(planted_bytes_per_iteration_ * static_cast<double>(iteration));
    if (reads_ == Reads::heap) {
      const auto planted_blocks = planted_bytes / smallest_block_bytes;
      checkpoint.heap_blocks = 2000 + others + leaked + planted_blocks;
      checkpoint.heap_bytes = 100'000 + block_bytes_ * others + 16 * leaked + smallest_block_bytes * planted_blocks;
    } else {
      *checkpoint.rss_bytes += block_bytes_ * (others + leaked) + planted_bytes / page_bytes * page_bytes;
      repetition.heap_unavailable = "watched from outside";
    }
  }
  repetition.checkpoints.front().kind = record::CheckpointKind::baseline;
  repetition.checkpoints.back().kind = record::CheckpointKind::final;
  return repetition;
}

}  // namespace soak::simulation
