#include "history/curves.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "record/checkpoint_fields.hpp"

namespace soak::history {
namespace {

constexpr std::array<std::string_view, 6> kept{"heap_bytes",  "heap_blocks", "rss_bytes",
                                               "allocations", "open_files",  "threads"};

using Points = std::vector<const record::Checkpoint*>;

Points unlabelled(const std::vector<record::Checkpoint>& checkpoints) {
  Points points;
  for (const auto& checkpoint : checkpoints)
    if (checkpoint.kind != record::CheckpointKind::labelled) points.push_back(&checkpoint);
  return points;
}

std::vector<std::int64_t> readings_of(const Points& points, const record::CheckpointField& field) {
  std::vector<std::int64_t> readings;
  for (const auto* point : points)
    if (const auto& reading = point->*field.member) readings.push_back(*reading);
  return readings;
}

CurvePair pair_of(const std::string& reading, const Curves& base, const Curves& head) {
  return {.reading = reading,
          .base_iterations = base.iterations,
          .base_values = base.readings.at(reading),
          .head_iterations = head.iterations,
          .head_values = head.readings.at(reading),
          .first_difference = {},
          .largest_difference = 0};
}

/// Growth, since what a process holds before its baseline is not the scenario's.
void find_differences(CurvePair& pair, std::int64_t tolerance) {
  if (pair.base_iterations != pair.head_iterations) return;
  for (std::size_t i = 0; i < pair.base_values.size(); ++i) {
    const auto base = pair.base_values[i] - pair.base_values.front();
    const auto head = pair.head_values[i] - pair.head_values.front();
    if (std::abs(head - base) <= tolerance) continue;
    if (!pair.first_difference) pair.first_difference = pair.base_iterations[i];
    if (std::abs(head - base) > std::abs(pair.largest_difference)) pair.largest_difference = head - base;
  }
}

}  // namespace

Curves curves_of(const std::vector<record::Checkpoint>& checkpoints) {
  const auto points = unlabelled(checkpoints);
  Curves curves;
  for (const auto* point : points) curves.iterations.push_back(point->iteration);
  for (const auto& field : record::checkpoint_fields) {
    if (std::ranges::count(kept, field.name) == 0) continue;
    auto readings = readings_of(points, field);
    if (readings.size() == points.size()) curves.readings.emplace(field.name, std::move(readings));
  }
  return curves;
}

std::vector<CurvePair> compare_curves(const Curves& base, const Curves& head, std::int64_t tolerance_bytes) {
  std::vector<CurvePair> pairs;
  for (const auto& [reading, values] : base.readings) {
    if (values.empty() || !head.readings.contains(reading) || head.readings.at(reading).empty()) continue;
    auto pair = pair_of(reading, base, head);
    find_differences(pair, reading == "heap_bytes" ? tolerance_bytes : 0);
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

}  // namespace soak::history
