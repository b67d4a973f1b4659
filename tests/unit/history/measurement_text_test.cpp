#include <gtest/gtest.h>

#include <limits>

#include "history/measurement.hpp"
#include "record/record_file.hpp"

namespace soak::history {
namespace {

TEST(MeasurementText, FiguresComeBackToTheBit) {
  const Figures figures = {{"a", {0.1, 1e300, -3}}, {"b", {1.0 / 3}}};
  EXPECT_EQ(read_figures(figures_text(figures), "here"), figures);
}

TEST(MeasurementText, WhatIsNotFiniteIsNotKept) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(figures_text({{"a", {infinity, 1, std::numeric_limits<double>::quiet_NaN()}}, {"b", {infinity}}}),
            R"({"a":[1.0]})");
}

Measurement full_measurement() {
  Measurement measurement;
  measurement.curves.iterations = {0, 500, 1000};
  measurement.curves.readings = {{"heap_bytes", {70'000, 70'016, 69'000}}, {"open_files", {4, 4, 5}}};
  measurement.has_sites = measurement.has_types = true;
  measurement.sites = {{.kind = record::SiteKind::descriptor,
                        .function = "open_it",
                        .file = "a.cpp",
                        .line = 41,
                        .type = "int",
                        .stack = {{"open_it", "a.cpp", 41, "bin", true}, {"main", "", 0, "bin", false}},
                        .bytes_per_iteration = 0.5,
                        .count_per_iteration = 1,
                        .made_per_iteration = 2}};
  measurement.types = {{"std::string", 32, 1}};
  return measurement;
}

TEST(MeasurementText, DetailsComeBack) {
  const auto full = full_measurement();
  Measurement back;
  read_details(details_text(full), "here", back);
  EXPECT_EQ(back.curves, full.curves);
  EXPECT_EQ(back.sites, full.sites);
  EXPECT_EQ(back.types, full.types);
  EXPECT_TRUE(back.has_sites && back.has_types);
}

TEST(MeasurementText, OfNothingIsNothing) {
  Measurement back;
  read_details(details_text(Measurement{}), "here", back);
  EXPECT_TRUE(back.curves.iterations.empty());
  EXPECT_FALSE(back.has_sites || back.has_types);
}

TEST(MeasurementText, WhatIsNoneOfItIsRefused) {
  Measurement measurement;
  for (const char* const text : {"", "[", R"({"iterations": [0], "readings": {"a": [1, 2]}})",
                                 R"({"iterations": [0]})", R"({"sites": [{}]})", R"({"types": [["a"]]})"})
    EXPECT_THROW(read_details(text, "here", measurement), record::UnreadableRecord) << text;
  EXPECT_THROW(static_cast<void>(read_figures(R"({"a": ["b"]})", "here")), record::UnreadableRecord);
}

}  // namespace
}  // namespace soak::history
