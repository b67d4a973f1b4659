#include "verdict/growth_in_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <random>
#include <string>

namespace soak::verdict {
namespace {

using Value = std::function<double(double)>;

/// Readings at `count` iterations evenly spread over 0 to `iterations`, each moved a little, as soak's are.
Series series_of(const Value& value, std::int64_t iterations = 1000, std::size_t count = 66) {
  std::mt19937_64 random(7);
  const auto distance = static_cast<double>(iterations) / static_cast<double>(count - 1);
  std::uniform_real_distribution<> jitter(-distance / 3, distance / 3);
  Series series;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_end = i == 0 || i + 1 == count;
    const auto at = std::llround(distance * static_cast<double>(i) + (is_end ? 0 : jitter(random)));
    series.push_back({at, std::llround(value(static_cast<double>(at)))});
  }
  return series;
}

Value noise(double deviation, unsigned seed = 1) {
  return [deviation, random = std::mt19937_64(seed)](double) mutable {
    return std::normal_distribution<>(0, deviation)(random);
  };
}

Value sum(Value a, Value b) {
  return [a = std::move(a), b = std::move(b)](double i) { return a(i) + b(i); };
}

/// A block of 16 bytes at random, on average each `mean` iterations.
Value now_and_then(double mean, unsigned seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<> pause(1 / mean);
  std::vector<double> at;
  for (double next = pause(random); next <= 1'000'000; next += pause(random)) at.push_back(next);
  return [at](double i) { return 16.0 * static_cast<double>(std::ranges::upper_bound(at, i) - at.begin()); };
}

/// Blocks of 16 bytes that come by chance, so many as `expected` says.
Value by_chance(Value expected, unsigned seed) {
  return
      [expected = std::move(expected), random = std::mt19937_64(seed), before = 0.0, blocks = 0.0](double i) mutable {
        const auto more = expected(i) - before;
        if (more > 0) blocks += std::poisson_distribution<>(more)(random);
        before += more;
        return 16 * blocks;
      };
}

double tooth(double i, double period, double height) { return std::fmod(i, period) / period * height; }

struct ExactCase {
  std::string name;
  Series series;
  Shape expected;
  double per_iteration = 0;
  std::int64_t since = 0, give_or_take = 0;
};

const std::vector<ExactCase> exact_cases = {
    {"a constant", series_of([](double) { return 5000; }), Shape::flat},
    {"a spike", series_of([](double i) { return i > 500 && i < 515 ? 9000 : 5000; }), Shape::flat},
    {"given back", series_of([](double i) { return 5000 - i; }), Shape::flat},
    {"a cache that fills", series_of([](double i) { return 48 * std::min(i, 600.0); }), Shape::stopped, 0, 600, 32},
    {"a cache of random keys", series_of([](double i) { return 48'000 * (1 - std::exp(-i / 150)); }), Shape::stopped,
     0, 450, 32},
    {"a cache that wavers by granules when it is full",
     series_of([](double i) { return 100 * std::min(i, 400.0) + 16 * std::fmod(7 * i, 3); }), Shape::stopped, 0, 400,
     32},
    {"a small leak behind a cache that wavers",
     series_of([](double i) { return 100 * std::min(i, 400.0) + 16 * std::fmod(7 * i, 3) + 4 * i; }), Shape::linear,
     4, 400, 32},
    {"first use", series_of([](double i) { return i < 1 ? 0 : 4096; }), Shape::stopped, 0, 15, 16},
    {"first use that wavers by granules",
     series_of([](double i) { return i < 1 ? 0 : 20'000 + 16 * std::fmod(7 * i, 3); }), Shape::stopped, 0, 15, 16},
    {"a late step", series_of([](double i) { return i < 700 ? 0 : 4096; }), Shape::stopped, 0, 700, 16},
    {"a saw-tooth", series_of([](double i) { return tooth(i, 130, 9000); }), Shape::flat},
    {"a slow saw-tooth", series_of([](double i) { return tooth(i, 390, 9000); }), Shape::flat},
    {"a saw-tooth behind a warm-up", series_of([](double i) { return std::min(500 * i, 9e4) + tooth(i, 130, 9e4); }),
     Shape::flat},
    {"a logarithm", series_of([](double i) { return 3000 * std::log1p(i); }), Shape::slower, 4.2},
    {"a square root", series_of([](double i) { return 900 * std::sqrt(i); }), Shape::slower, 16.5},
    {"a logarithm by chance, behind first use",
     series_of(
         sum([](double i) { return i < 1 ? 0 : 4000; }, by_chance([](double i) { return 200 * std::log1p(i); }, 17))),
     Shape::slower, 4.5},
    {"a square root by chance", series_of(by_chance([](double i) { return 10 * std::sqrt(i); }, 2)), Shape::slower,
     3},
    {"a square root by chance, behind first use",
     series_of(
         sum([](double i) { return i < 1 ? 0 : 4000; }, by_chance([](double i) { return 20 * std::sqrt(i); }, 16))),
     Shape::slower, 5.9},
    {"a block an iteration", series_of([](double i) { return 16 * i; }), Shape::linear, 16},
    {"a leak behind a warm-up", series_of([](double i) { return 500 * std::min(i, 200.0) + 16 * i; }), Shape::linear,
     16, 200, 32},
    {"a leak behind a late warm-up", series_of([](double i) { return 500 * std::min(i, 600.0) + 16 * i; }),
     Shape::linear, 16, 700, 100},
    {"a leak behind first use", series_of([](double i) { return (i < 1 ? 0 : 1e6) + 16 * i; }), Shape::linear, 16, 15,
     16},
    {"a leak that begins late", series_of([](double i) { return 16 * std::max(i - 512, 0.0); }), Shape::linear, 16,
     512, 16},
    {"a leak that grows faster later on", series_of([](double i) { return 16 * i + 160 * std::max(i - 512, 0.0); }),
     Shape::linear, 176, 512, 26},
    {"a leak under a saw-tooth", series_of([](double i) { return 48 * i + tooth(i, 60, 9000); }), Shape::linear, 48,
     0, 300},
    {"a leak beside something that is freed", series_of([](double i) { return 24 * i - (i > 560 ? 2000 : 0); }),
     Shape::linear, 21, 600, 100},
    {"a leak under noise", series_of(sum([](double i) { return 48 * i; }, noise(3000))), Shape::linear, 48, 0, 0},
    {"capacity that doubles", series_of([](double i) { return 16 * std::exp2(std::ceil(std::log2(i + 1))); }),
     Shape::linear, 16.4},
    {"one block each hundredth iteration", series_of([](double i) { return 16 * std::floor(i / 100); }),
     Shape::linear, 0.16},
    {"one block now and then", series_of(now_and_then(60, 3)), Shape::linear, 0.27},
    {"a square", series_of([](double i) { return i * i / 10; }), Shape::faster, 100},
    {"a few readings of a line", series_of([](double i) { return 32 * i; }, 1000, 8), Shape::linear, 32},
    {"a few readings of a cache", series_of([](double i) { return 32 * std::min(i, 400.0); }, 1000, 8),
     Shape::stopped, 0, 428, 150},
    {"too few readings", series_of([](double i) { return 32 * i; }, 1000, 5), Shape::unknown},
};

class ExactGrowth : public testing::TestWithParam<ExactCase> {};

TEST_P(ExactGrowth, IsTold) {
  const auto& expected = GetParam();
  const auto shape = growth_in_run(expected.series, Reader::exact);
  EXPECT_EQ(to_string(shape.shape), to_string(expected.expected));
  EXPECT_NEAR(shape.per_iteration, expected.per_iteration, 0.12 * expected.per_iteration);
  EXPECT_NEAR(static_cast<double>(shape.since_iteration), static_cast<double>(expected.since),
              static_cast<double>(expected.give_or_take));
}

std::string test_name(const std::string& name) {
  auto text = name;
  std::ranges::replace_if(
      text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return text;
}

INSTANTIATE_TEST_SUITE_P(Of, ExactGrowth, testing::ValuesIn(exact_cases),
                         [](const auto& tested) { return test_name(tested.param.name); });

struct NoisyCase {
  std::string name;
  Value value;
  Shape expected;
};

constexpr double page = 4096;

const std::vector<NoisyCase> noisy_cases = {
    {"noise", noise(20 * page), Shape::flat},
    {"a cache that fills", sum([](double i) { return page * std::min(i, 600.0); }, noise(5 * page)), Shape::stopped},
    {"a cache that fills early", sum([](double i) { return 3 * page * std::min(i, 200.0); }, noise(5 * page)),
     Shape::stopped},
    {"a cache that fills in a few readings",
     sum([](double i) { return 3 * page * std::min(i, 150.0); }, noise(5 * page)), Shape::stopped},
    {"a cache that fills late", sum([](double i) { return page * std::min(i, 650.0); }, noise(20 * page)),
     Shape::stopped},
    {"an early step", sum([](double i) { return i < 200 ? 0 : 300 * page; }, noise(5 * page)), Shape::stopped},
    {"a late step", sum([](double i) { return i < 700 ? 0 : 300 * page; }, noise(5 * page)), Shape::stopped},
    {"a logarithm", sum([](double i) { return 300 * page * std::log1p(i); }, noise(5 * page)), Shape::slower},
    {"a logarithm under noise", sum([](double i) { return 300 * page * std::log1p(i); }, noise(80 * page)),
     Shape::slower},
    {"a square root", sum([](double i) { return 30 * page * std::sqrt(i); }, noise(5 * page)), Shape::slower},
    {"a line", sum([](double i) { return page * i; }, noise(50 * page)), Shape::linear},
    {"a square", sum([](double i) { return page * i * i / 1000; }, noise(5 * page)), Shape::faster},
};

TEST(NoisyGrowth, IsToldWithAnIntervalThatHoldsTheSlope) {
  for (const auto& [name, value, expected] : noisy_cases) {
    const auto shape = growth_in_run(series_of(value), Reader::noisy);
    EXPECT_EQ(to_string(shape.shape), to_string(expected)) << name;
    ASSERT_TRUE(shape.interval.has_value()) << name;
    EXPECT_LE(shape.interval->low, shape.per_iteration) << name;
    EXPECT_GE(shape.interval->high, shape.per_iteration) << name;
  }
}

TEST(Shape, ToleratesWhatMeansNothing) {
  const auto series = series_of([](double i) { return i / 10; });
  EXPECT_EQ(growth_in_run(series, Reader::exact, 100).shape, Shape::flat);
  EXPECT_EQ(growth_in_run(series, Reader::exact, 60).shape, Shape::linear);
  EXPECT_EQ(growth_in_run({}, Reader::exact).shape, Shape::unknown);
}

}  // namespace
}  // namespace soak::verdict
