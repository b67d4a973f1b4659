// The shape of a series that never falls: where it rises, how far apart and by how much.
#include <algorithm>
#include <cmath>

#include "verdict/misfit.hpp"
#include "verdict/shape_rules.hpp"

namespace soak::verdict {
namespace {

constexpr std::size_t fewest_readings = 6;
// Quiet for so many times the longest pause between two rises: it has stopped, or had not begun. Capacity that
// doubles is quiet for up to twice the pause before; of jumps at random, one in a hundred or so is.
constexpr double pauses_that_end = 2.5;
constexpr std::size_t readings_that_end = 3;
// The exponents of scaling.cpp, as what a doubling of the iterations adds against the doubling before it.
constexpr double least_logarithmic = 0.6, least_square_root = 1.19, least_linear = 1.67, least_faster = 2.83;
// The last quarter against the one before: 1 of a line, 0.84 of a square root, 0.71 of a logarithm.
constexpr double line_from = 0.92, line_to = 1.12;

struct Rise {
  std::size_t index;  ///< The reading that is higher than the one before it.
  std::int64_t amount;
};

std::vector<Rise> rises_of(std::span<const Sample> kept) {
  std::vector<Rise> rises;
  for (std::size_t i = 1; i < kept.size(); ++i)
    if (kept[i].value > kept[i - 1].value) rises.push_back({i, kept[i].value - kept[i - 1].value});
  return rises;
}

std::int64_t growth_of(std::span<const Sample> kept) { return kept.back().value - kept.front().value; }

double slope_of(std::span<const Sample> kept) {
  const auto iterations = kept.back().iteration - kept.front().iteration;
  return iterations > 0 ? static_cast<double>(growth_of(kept)) / static_cast<double>(iterations) : 0;
}

SeriesShape going_on(Shape shape, std::span<const Sample> kept) {
  return {shape, slope_of(kept), {}, kept.front().iteration};
}

std::int64_t longest_pause(std::span<const Sample> kept, const std::vector<Rise>& rises) {
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < rises.size(); ++i)
    longest = std::max(longest, kept[rises[i].index].iteration - kept[rises[i - 1].index].iteration);
  return longest;
}

bool is_long(std::int64_t pause, std::int64_t longest) {
  return static_cast<double>(pause) > pauses_that_end * static_cast<double>(longest);
}

// The rise after which it has stopped: what comes later means nothing, and would have been long in coming. 0 where it
// goes on.
std::size_t last_rise(std::span<const Sample> kept, std::vector<Rise> rises, std::int64_t wavering) {
  while (rises.size() > 1 && kept.back().value - kept[rises.back().index - 1].value <= wavering) rises.pop_back();
  const auto last = rises.back().index;
  const bool is_over = kept.size() - 1 - last >= readings_that_end &&
                       is_long(kept.back().iteration - kept[last].iteration, longest_pause(kept, rises));
  return is_over ? last : 0;
}

// Where growth begins after a long quiet; 0 where it does from the start on.
std::size_t quiet_head(std::span<const Sample> kept, const std::vector<Rise>& rises) {
  const auto first = rises.front().index - 1;
  const bool quiet = first >= readings_that_end && kept.size() - first >= fewest_readings &&
                     is_long(kept[first].iteration - kept.front().iteration, longest_pause(kept, rises));
  return quiet ? first : 0;
}

// Of a line between the readings on both sides.
double value_at(std::span<const Sample> kept, double part) {
  const auto at = static_cast<double>(kept.front().iteration) +
                  part * static_cast<double>(kept.back().iteration - kept.front().iteration);
  std::size_t i = 1;
  while (i + 1 < kept.size() && static_cast<double>(kept[i].iteration) < at) ++i;
  const auto &before = kept[i - 1], &after = kept[i];
  const auto share = (at - static_cast<double>(before.iteration)) /
                     static_cast<double>(std::max<std::int64_t>(after.iteration - before.iteration, 1));
  return static_cast<double>(before.value) + share * static_cast<double>(after.value - before.value);
}

double growth_between(std::span<const Sample> kept, double from, double to) {
  return value_at(kept, to) - value_at(kept, from);
}

double ratio(double later, double earlier) { return earlier > 0 ? later / earlier : HUGE_VAL; }

// Jumps: rises at no more than half of the readings.
bool is_sparse(std::span<const Sample> kept, const std::vector<Rise>& rises) {
  return 2 * rises.size() <= kept.size() - 1;
}

// Each jump larger than the one before and further from it: capacity that doubles, which keeps pace in steps.
bool doubles(std::span<const Sample> kept, const std::vector<Rise>& rises) {
  if (rises.size() < 4) return false;
  // The first rise may be several, that came before the first reading.
  for (std::size_t i = 2; i < rises.size(); ++i)
    if (static_cast<double>(rises[i].amount) < 1.3 * static_cast<double>(rises[i - 1].amount)) return false;
  const auto pause = [&](std::size_t i) {
    return kept[rises[i].index].iteration - kept[rises[i - 1].index].iteration;
  };
  return pause(rises.size() - 1) > pause(1);
}

// Where the jumps stand, weighed by their heights: 1/2 of the run on average for a steady rate, 1/3 for a square
// root.
SeriesShape shape_of_jumps(std::span<const Sample> kept, const std::vector<Rise>& rises) {
  if (doubles(kept, rises)) return going_on(Shape::linear, kept);
  double position = 0, squares = 0;
  const auto growth = static_cast<double>(growth_of(kept));
  for (const auto& [index, amount] : rises) {
    const auto share = static_cast<double>(amount) / growth;
    // Somewhere between two readings.
    const auto at = static_cast<double>(kept[index].iteration + kept[index - 1].iteration) / 2;
    position += share * (at - static_cast<double>(kept.front().iteration)) /
                static_cast<double>(kept.back().iteration - kept.front().iteration);
    squares += share * share;
  }
  const auto doubt = 2 * std::sqrt(squares / 12);  // of as many jumps of equal height, twice the standard error
  if (std::abs(position - 0.5) <= doubt) return going_on(Shape::intermittent, kept);
  const auto exponent = position / (1 - position);
  if (exponent > 1) return going_on(Shape::faster, kept);
  return going_on(exponent < 0.25 ? Shape::logarithmic : Shape::square_root, kept);
}

// The first reading from which on the line through the last half holds.
std::size_t line_begins(std::span<const Sample> kept) {
  const auto middle = value_at(kept, 0.5), end = value_at(kept, 1);
  const auto span = static_cast<double>(kept.back().iteration - kept.front().iteration);
  const auto slope = (end - middle) / (span / 2);
  const auto allowed = std::max(0.025 * (end - middle), 1.0);
  std::size_t first = kept.size() - 1;
  while (first > 0) {
    const auto& sample = kept[first - 1];
    const auto expected = end - slope * static_cast<double>(kept.back().iteration - sample.iteration);
    if (std::abs(static_cast<double>(sample.value) - expected) > allowed) break;
    --first;
  }
  return first;
}

SeriesShape line(std::span<const Sample> kept) {
  const auto begin = line_begins(kept);
  // Where jumps make it too rough for that, it is the last half that says so.
  const bool is_rough = 10 * begin > 6 * kept.size();
  return going_on(Shape::linear, kept.subspan(is_rough ? kept.size() / 2 : begin));
}

std::int64_t nearly_full_at(std::span<const Sample> kept) {
  const auto enough = kept.back().value - growth_of(kept) / 20;
  return std::ranges::lower_bound(kept, enough, {}, &Sample::value)->iteration;
}

double identity(double x) { return x; }
double square_root(double x) { return std::sqrt(x); }
double logarithm(double x) { return std::log1p(x); }

// The mean slope of the last half, where the curve bends.
SeriesShape curve(Shape shape, std::span<const Sample> kept) {
  auto found = going_on(shape, kept);
  found.per_iteration = slope_of(kept.subspan(kept.size() / 2));
  return found;
}

// By chance a curve may look like a line for a while: where it explains the whole run as well as a line explains its
// last part, it is a curve. The first reading is left out, since first use may stand between it and the second.
SeriesShape line_or_curve(std::span<const Sample> kept, const SeriesShape& found, std::size_t last_part) {
  const auto begin = kept.front().iteration;
  const auto of_line = misfit(kept.subspan(last_part), identity, begin);
  const auto of_root = misfit(kept.subspan(1), square_root, begin);
  const auto of_logarithm = misfit(kept.subspan(1), logarithm, begin);
  if (std::min(of_root, of_logarithm) > of_line) return found;
  return curve(of_root < of_logarithm ? Shape::square_root : Shape::logarithmic, kept);
}

SeriesShape dense_shape(std::span<const Sample> kept) {
  const auto last_quarters = ratio(growth_between(kept, 0.75, 1), growth_between(kept, 0.5, 0.75));
  if (last_quarters > line_from && last_quarters < line_to) return line_or_curve(kept, line(kept), kept.size() / 2);
  // Growth that bent into a slower line late is a line too; the last eighths of a curve differ by more.
  const auto last_eighths = ratio(growth_between(kept, 0.875, 1), growth_between(kept, 0.75, 0.875));
  const auto doubling = ratio(growth_between(kept, 0.5, 1), growth_between(kept, 0.25, 0.5));
  if (doubling < least_square_root && last_eighths > 0.96 && last_eighths < 1.04) {
    const auto last = kept.size() * 3 / 4;
    return line_or_curve(kept, going_on(Shape::linear, kept.subspan(last)), last);
  }
  if (doubling < least_logarithmic) return {Shape::warm_up, 0, {}, nearly_full_at(kept)};
  if (doubling < least_linear)
    return curve(doubling < least_square_root ? Shape::logarithmic : Shape::square_root, kept);
  return doubling < least_faster ? line_or_curve(kept, line(kept), kept.size() / 2) : going_on(Shape::faster, kept);
}

// One rise that is nearly all of the growth, and what comes after it.
SeriesShape shape_of_step(std::span<const Sample> kept, const Rise& largest, std::size_t rises,
                          std::int64_t tolerance, std::int64_t wavering) {
  const auto after = kept.subspan(largest.index);
  if (after.size() >= fewest_readings && growth_of(after) > std::max(tolerance, wavering))
    return kept_shape(after, tolerance, wavering);
  // Between the baseline and the first reading after it, a step cannot be told from warm-up.
  const bool is_start = largest.index == 1 || rises > 2;
  return {is_start ? Shape::warm_up : Shape::step, 0, {}, kept[largest.index].iteration};
}

}  // namespace

SeriesShape kept_shape(std::span<const Sample> kept, std::int64_t tolerance, std::int64_t wavering) {
  if (kept.size() < fewest_readings) return {};
  if (growth_of(kept) <= tolerance) return {Shape::saw_tooth, 0, {}, kept.front().iteration};
  const auto rises = rises_of(kept);
  const auto largest = std::ranges::max(rises, {}, &Rise::amount);
  if (10 * largest.amount >= 9 * growth_of(kept))
    return shape_of_step(kept, largest, rises.size(), tolerance, wavering);
  if (const auto last = last_rise(kept, rises, wavering); last > 0)
    return {Shape::warm_up, 0, {}, kept[last].iteration};
  if (const auto head = quiet_head(kept, rises); head > 0) return kept_shape(kept.subspan(head), tolerance, wavering);
  return is_sparse(kept, rises) ? shape_of_jumps(kept, rises) : dense_shape(kept);
}

}  // namespace soak::verdict
