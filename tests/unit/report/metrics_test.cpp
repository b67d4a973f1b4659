#include <gtest/gtest.h>

#include <limits>

#include "report/openmetrics.hpp"

namespace soak::report {
namespace {

struct NumberCase {
  double value;
  std::string whole, rounded;
};

TEST(NumberText, ReadsAsTheSameNumber) {
  for (const auto& [value, whole, rounded] : std::vector<NumberCase>{
           {0, "0", "0"},
           {-0.0, "0", "0"},
           {24, "24", "24"},
           {-1536, "-1536", "-1540"},
           {0.25, "0.25", "0.25"},
           {1e15, "1000000000000000", "1000000000000000"},
           {1e30, "1e+30", "1000000000000000019884624838656"},
           {123456.789, "123456.789", "123000"},
           {0.00011612951200000001, "0.00011612951200000001", "0.000116"},
           {999.9, "999.9", "1000"},
       }) {
    EXPECT_EQ(number_text(value), whole);
    EXPECT_EQ(rounded_text(value), rounded);
  }
}

TEST(Metrics, WhatIsNotFiniteWasNotMeasured) {
  verdict::ScenarioVerdict scenario;
  scenario.heap_growth_bytes_per_iteration = std::numeric_limits<double>::quiet_NaN();
  scenario.iteration_time_ns = std::numeric_limits<double>::infinity();
  for (const auto& metric : metrics_of(scenario)) EXPECT_FALSE(metric.value) << metric.name;
  scenario.iteration_time_ns = 42'000;
  EXPECT_DOUBLE_EQ(metrics_of(scenario).back().value.value(), 42e-6);
}

}  // namespace
}  // namespace soak::report
