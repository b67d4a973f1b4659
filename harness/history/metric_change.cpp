#include "history/metric_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "history/rank_test.hpp"
#include "record/record_names.hpp"

namespace soak::history {

namespace {

using Values = std::vector<double>;

constexpr double granule_bytes = 16;
constexpr double peak_step_bytes = 32 * 1024;  // the step in which a thread adds its growth to the process's peak
constexpr double resident_noise_bytes = 512 * 1024;

const Values& values_of(const Measurement& measurement, std::string_view metric) {
  static const Values none;
  const auto found = measurement.figures.find(std::string(metric));
  return found == measurement.figures.end() ? none : found->second;
}

/// A note about a side's disturbed times; empty if none was.
std::string disturbance_of(const Sides& sides) {
  const auto base = values_of(sides.base, disturbed_time).size(), head = values_of(sides.head, disturbed_time).size();
  if (base + head == 0) return "";
  return fmt::format("left out are {} of base and {} of head, as other programs had the processor meanwhile", base,
                     head);
}

void fill_side(const Values& values, std::optional<double>& middle, double& low, double& high,
               std::size_t& repetitions) {
  repetitions = values.size();
  if (values.empty()) return;
  middle = median(values);
  low = *std::ranges::min_element(values);
  high = *std::ranges::max_element(values);
}

std::int64_t most_threads(const Measurement& measurement) {
  const auto threads = measurement.curves.readings.find("threads");
  if (threads == measurement.curves.readings.end() || threads->second.empty()) return measurement.threads;
  return std::max<std::int64_t>(measurement.threads, *std::ranges::max_element(threads->second));
}

std::int64_t live_blocks(const Measurement& measurement) {
  const auto blocks = measurement.curves.readings.find("heap_blocks");
  return blocks == measurement.curves.readings.end() || blocks->second.empty() ? 0 : blocks->second.back();
}

bool same_blocks(const Sides& sides) {
  const auto& base = values_of(sides.base, "heap_growth_blocks");
  const auto& head = values_of(sides.head, "heap_growth_blocks");
  return !base.empty() && !head.empty() && median(base) == median(head);
}

/// Differences of the metric up to this are insignificant.
double tolerance_of(const record::Metric& metric, const Sides& sides) {
  if (metric.name == "heap_growth_bytes") return rounding_bytes(sides);
  if (metric.name != "heap_peak_bytes") return 0;
  const auto threads = std::max(most_threads(sides.base), most_threads(sides.head));
  const double steps = threads > 1 ? peak_step_bytes * static_cast<double>(threads) : 0;
  return std::max(steps,
                  granule_bytes * static_cast<double>(std::max(live_blocks(sides.base), live_blocks(sides.head))));
}

/// The distance between the ranges of both sides; negative if head is below; 0 if they overlap.
double distance(const MetricChange& change) {
  if (change.head_low > change.base_high) return change.head_low - change.base_high;
  if (change.head_high < change.base_low) return change.head_high - change.base_low;
  return 0;
}

Outcome outcome_of(double difference) { return difference > 0 ? Outcome::worse : Outcome::better; }

void compare_counts(MetricChange& change, double tolerance) {
  change.is_exact = change.base_low == change.base_high && change.head_low == change.head_high;
  if (!change.is_exact) change.note = "repetitions differ in it, so that it is no exact count here";
  const double apart = distance(change);
  change.outcome = std::abs(apart) <= tolerance ? Outcome::same : outcome_of(apart);
}

void add_ranks(MetricChange& change, const Values& base, const Values& head) {
  const auto ranks = mann_whitney(base, head);
  change.p_value = ranks.p_value;
  change.greater_share = ranks.greater_share;
}

/// The relative noise: the median absolute deviation, scaled to equal the standard deviation of normal noise.
double noise_of(const Values& values) {
  const double middle = median(values);
  Values deviations;
  for (const double value : values) deviations.push_back(std::abs(value - middle));
  return 1.4826 * median(std::move(deviations)) / middle;
}

void compare_times(MetricChange& change, const Sides& sides, const Values& base, const Values& head) {
  change.note = disturbance_of(sides);
  change.ratio = shift_ratio(base, head);
  if (smallest_p_value(base.size(), head.size()) >= largest_p_value) {
    change.outcome = Outcome::too_few_repetitions;
    change.note = fmt::format("not enough repetitions ({} and {}); 5 a side tell: soak run --repetitions 5{}{}",
                              base.size(), head.size(), change.note.empty() ? "" : "; ", change.note);
    return;
  }
  add_ranks(change, base, head);
  const double shift = *change.ratio - 1;
  const double least_shift = std::max(least_effect, noise_of(base) + noise_of(head));
  const bool is_change = *change.p_value < largest_p_value && std::abs(shift) >= least_shift;
  change.outcome = is_change ? outcome_of(shift) : Outcome::same;
}

void compare_resident(MetricChange& change, const Values& base, const Values& head) {
  if (smallest_p_value(base.size(), head.size()) < largest_p_value) add_ranks(change, base, head);
  const double spread = std::max(change.base_high - change.base_low, change.head_high - change.head_low);
  const double size = std::max(std::abs(*change.base), std::abs(*change.head));
  const double noise = std::max({resident_noise_bytes, least_effect * size, spread});
  const double difference = *change.head - *change.base;
  const bool is_change = std::abs(difference) > noise && change.p_value.value_or(0) < largest_p_value;
  change.outcome = is_change ? outcome_of(difference) : Outcome::same;
}

}  // namespace

double rounding_bytes(const Sides& sides) {
  if (!same_blocks(sides)) return 0;
  return granule_bytes * static_cast<double>(std::max(live_blocks(sides.base), live_blocks(sides.head)));
}

std::optional<MetricChange> compare_metric(const record::Metric& metric, const Sides& sides) {
  const auto& base = values_of(sides.base, metric.name);
  const auto& head = values_of(sides.head, metric.name);
  const auto disturbance = metric.name == "iteration_time_ns" ? disturbance_of(sides) : "";
  if (base.empty() && head.empty() && disturbance.empty()) return {};
  MetricChange change;
  change.metric = metric.name;
  change.unit = metric.unit;
  change.is_exact = metric.is_exact;
  fill_side(base, change.base, change.base_low, change.base_high, change.base_repetitions);
  fill_side(head, change.head, change.head_low, change.head_high, change.head_repetitions);
  if (base.empty() || head.empty()) {
    const auto& trouble = !disturbance.empty() ? disturbance : base.empty() ? sides.base.trouble : sides.head.trouble;
    change.note =
        fmt::format("not measured in {}{}", base.empty() ? "base" : "head", trouble.empty() ? "" : ": " + trouble);
    return change;
  }
  if (*change.base > 0) change.ratio = *change.head / *change.base;
  if (metric.is_exact)
    compare_counts(change, tolerance_of(metric, sides));
  else if (metric.unit == record::Unit::nanoseconds)
    compare_times(change, sides, base, head);
  else
    compare_resident(change, base, head);
  return change;
}

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

/// Growth is compared, because what a process holds before its baseline is not the scenario's.
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

namespace {

/// The part of the loop's time that it did not use itself: others cannot have had more. 0 if threads of its own
/// together used more than there was.
double idle_seconds(const record::Repetition& repetition, double loop_seconds) {
  if (!repetition.iteration_cpu_time_ns || !repetition.iterations) return loop_seconds;
  const auto used = *repetition.iteration_cpu_time_ns * 1e-9 * static_cast<double>(*repetition.iterations);
  return std::max(0.0, loop_seconds - used);
}

}  // namespace

bool is_time_disturbed(const record::Repetition& repetition) {
  if (!repetition.preemptions || repetition.checkpoints.empty()) return false;
  const double loop_seconds = repetition.checkpoints.back().elapsed_seconds;
  const double lost = std::min(static_cast<double>(*repetition.preemptions) * seconds_a_preemption,
                               idle_seconds(repetition, loop_seconds));
  return lost > largest_lost_share * loop_seconds;
}

}  // namespace soak::history
