// Every number that a verdict depends on, each with its reason. tests/unit/verdict/numbers_test.cpp moves them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace soak::verdict::numbers {

// ---- What growth is compared with ----
// A figure that grew as x^e from 0 adds (x2^e - x1^e) / (x1^e - x0^e) times as much from x1 to x2 as from x0 to x1:
// for any places, e = 1 for a line, 1/2 for a square root, near 0 for a logarithm.

/// Halfway between a square root and a line. A pool that doubles and is read at four times the length, and blocks
/// that come by chance, stay above it (recorded series, 10,002 simulated programs).
inline constexpr double keeps_pace_exponent = 0.74;
/// Over spans of very different lengths an exponent forgives too much: what was full after half of the last span
/// keeps half of the slope before, and capacity that doubles is that far behind at worst.
inline constexpr double least_slope_kept = 0.5;
/// Halfway between a line and a square.
inline constexpr double faster_exponent = 1.5;
/// What adds less than this exponent says is bounded: what is still to come adds up to a finite sum. Below 0, since
/// chance may make a logarithm look so.
inline constexpr double bounded_exponent = -0.25;
/// A noisy figure must be certain to grow faster than a square root before it is accused.
inline constexpr double certain_exponent = 0.5;
/// The spans of one run, as parts of its length: the first eighth is warm-up, the rest two spans of two octaves and
/// one.
inline constexpr double span_starts[] = {0.125, 0.5, 1.0};
/// A reading is on a line if it is off by no more than this of the line's growth, or by one rise: whichever is more.
inline constexpr double line_tolerance = 0.025;
/// Noise leaves too little to be seen in short spans: of noisy figures the halves are compared.
inline constexpr double noisy_span_starts[] = {0.0, 0.5, 1.0};
/// Growth that bent into a line late is compared within the last half and the last quarter.
inline constexpr double late_spans[][3] = {{0.5, 0.75, 1.0}, {0.75, 0.875, 1.0}};

// ---- How many readings it takes ----

/// Two in each of the three spans.
inline constexpr std::size_t fewest_readings = 6;
/// Kendall's statistic has a normal distribution from about 8 values on.
inline constexpr std::size_t fewest_noisy_readings = 8;
/// Pairs grow with the square of the readings: a day sampled each second has enough in every 340th.
inline constexpr std::size_t most_noisy_readings = 256;
/// Fewer readings of resident memory alone may be all warm-up.
inline constexpr std::size_t readings_that_accuse = 32;
/// Three lengths have two spans between them, which can be compared.
inline constexpr std::size_t lengths_that_prove = 3;
/// A length must be half as long again as the one before: nearer ones compare noise with noise.
inline constexpr double least_distance_of_lengths = 1.5;

// ---- When growth has stopped ----

/// Quiet for so many times the longest pause between two rises. Capacity that doubles is quiet for up to twice the
/// pause before; of jumps by chance one series in a hundred is.
inline constexpr double pauses_that_end = 2.5;
/// Nor less than so many readings, or nothing has been seen of it.
inline constexpr std::size_t readings_that_end = 3;
/// One rise that is so much of all growth is a step.
inline constexpr double share_of_a_step = 0.9;
/// What wavers may rise so many times over, by chance, before it falls back.
inline constexpr std::int64_t falls_by_chance = 4;
/// Wavering is a small part of the range, or it is something else.
inline constexpr std::int64_t ranges_of_wavering = 200;
/// Troughs are hit by chance: those of a saw-tooth that were read differ by a part of its height.
inline constexpr std::int64_t troughs_differ_by_range_over = 8;
/// What is there only at the end may go again: the last eighth of a run counts by its lowest reading.
inline constexpr std::int64_t ends_of_runs = 8;

// ---- What several runs must agree in ----

/// Of the slope between the ends of runs, what the longest run must itself have grown by: capacity that doubles is
/// that far behind at worst.
inline constexpr double least_borne_out = 0.4;
/// Of the slope in the last half of the run before, what the longest keeps at four times the length: 1 of a line, 0.5
/// of a square root.
inline constexpr double least_steady = 0.7;
/// Steps that are left out where the slope beside them is asked for: where they stand is chance.
inline constexpr int most_steps = 3;
/// A step is at least a quarter of all growth, or five times what is usual between readings.
inline constexpr std::int64_t step_share = 4, usual_rises_of_a_step = 5;

// ---- Certainty, as the quantile of the normal distribution ----

inline constexpr double certain_95 = 1.960;
inline constexpr double certain_999 = 3.291;

// ---- How far a suspect is followed ----

/// The next length against the longest: two octaves, so that two spans show an exponent.
inline constexpr std::int64_t length_factor = 4;
/// The longest. Bounded programs that fill only after 17,000 to 100,000 iterations exist.
inline constexpr std::int64_t most_iterations = 1'000'000;
/// Seconds, or the first run's so many times over: two more lengths, of 4 and of 16 first runs, fit in.
inline constexpr double shortest_budget_seconds = 10, budget_in_first_runs = 20;

// ---- What a pass claims ----

/// Leaks are planted at rates so far apart, from large to small; a claim is at most so much larger than need be.
inline constexpr double rates_apart = 1.1;
/// What a leak adds to the first run must exceed what comes and goes at the end of runs by this, since the next run
/// may move further.
inline constexpr double noise_exceeded = 1.5;
/// A leak that adds so many times what readings move by is seen in any noise.
inline constexpr double surely_seen = 16;
/// Of the largest rate tried: below, nothing is claimed any more.
inline constexpr double smallest_rate_tried = 1e-9;

// ---- What means nothing ----

/// The least that malloc hands out on 64-bit glibc.
inline constexpr std::int64_t smallest_block_bytes = 24;
/// glibc rounds requests up to multiples of this, so that a constant number of blocks drifts by up to it.
inline constexpr std::int64_t rounding_bytes_per_block = 16;
inline constexpr std::int64_t page_bytes = 4096;
/// The kernel counts resident pages in batches of up to 64 a processor.
inline constexpr std::int64_t resident_batch_bytes = 64 * page_bytes;
/// An arena of malloc's reserves so much address space at once.
inline constexpr std::int64_t arena_bytes = std::int64_t{64} << 20;
/// Resident memory of a program that is watched over time moves by as much.
inline constexpr std::int64_t restless_bytes = std::int64_t{1} << 20;
/// Two runs of one length show a part of the noise only.
inline constexpr std::int64_t allowance_for_luck = 4;

// ---- Shortest runs ----

/// Below, warm-up is all there is.
inline constexpr std::int64_t fewest_iterations = 8;
inline constexpr std::int64_t fewest_seconds = 6;

}  // namespace soak::verdict::numbers
