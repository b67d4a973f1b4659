#include "run/program/checkpoint_times.hpp"

#include <algorithm>

namespace soak::run {
namespace {

/// splitmix64: the same everywhere, unlike std::hash.
std::uint64_t scrambled(std::uint64_t bits) {
  bits += 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  return bits ^ (bits >> 31);
}

}  // namespace

std::vector<std::int64_t> checkpoint_iterations(std::int64_t iterations, int count) {
  std::vector<std::int64_t> places;
  const auto cells = std::min<std::int64_t>(iterations, count);
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    const auto begin = cell * iterations / cells, end = (cell + 1) * iterations / cells;
    const auto seed = static_cast<std::uint64_t>(iterations) ^ (static_cast<std::uint64_t>(cell) << 32);
    places.push_back(begin + 1 +
                     static_cast<std::int64_t>(scrambled(seed) % static_cast<std::uint64_t>(end - begin)));
  }
  if (!places.empty()) places.back() = iterations;
  return places;
}

Samples::Samples(int wanted) : most_(2 * static_cast<std::size_t>(std::max(wanted, 8))) {}

void Samples::add(record::Checkpoint sample, Clock::time_point now) {
  samples_.push_back(std::move(sample));
  if (samples_.size() > most_) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < samples_.size(); i += 2) samples_[kept++] = std::move(samples_[i]);
    samples_.resize(kept);
    interval_ *= 2;
  }
  // Between half an interval and one and a half.
  jitter_ = scrambled(jitter_);
  const auto half = interval_.count() / 2;
  next_ = now + std::chrono::milliseconds(
                    half + static_cast<std::int64_t>(jitter_ % static_cast<std::uint64_t>(2 * half + 1)));
}

std::vector<record::Checkpoint> Samples::checkpoints() const {
  auto checkpoints = samples_;
  if (checkpoints.empty()) return checkpoints;
  for (auto& checkpoint : checkpoints) checkpoint.kind = record::CheckpointKind::interval;
  checkpoints.back().kind = record::CheckpointKind::final;
  checkpoints.front().kind = record::CheckpointKind::baseline;
  return checkpoints;
}

}  // namespace soak::run
