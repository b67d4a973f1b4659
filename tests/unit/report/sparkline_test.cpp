#include "report/sparkline.hpp"

#include <gtest/gtest.h>

namespace soak::report {
namespace {

struct SparklineCase {
  std::string name;
  std::vector<CurvePoint> points;
  std::int64_t least_span;
  std::string expected;
};

TEST(Sparkline, IsAsHighAsTheCurve) {
  for (const auto& [name, points, least_span, expected] : std::vector<SparklineCase>{
           {"nothing", {}, 1, ""},
           {"one point is no curve", {{0, 5}}, 1, ""},
           {"a line", {{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}, {8, 7}}, 1, "▁▂▃▄▅▆▇█"},
           {"flat", {{0, 9}, {4, 9}, {8, 9}}, 1, "▁▁▁▁▁▁▁▁"},
           {"noise stays low", {{0, 0}, {4, 64}, {8, 0}}, 4096, "▁▁▁▁▁▁▁▁"},
           {"a step", {{0, 0}, {4, 0}, {5, 8}, {8, 8}}, 1, "▁▁▁▁▁███"},
           {"a peak between", {{0, 0}, {1, 0}, {2, 100}, {3, 0}, {8, 0}}, 1, "▁▁█▁▁▁▁▁"},
           {"falls", {{0, 8}, {4, 0}, {8, 0}}, 1, "████▁▁▁▁"},
           {"all at one iteration", {{3, 1}, {3, 2}}, 1, "▁▁▁▁▁▁▁▁"},
           {"beyond what a sum of two holds",
            {{0, -4'000'000'000'000'000'000}, {8, 4'000'000'000'000'000'000}},
            1,
            "▁▁▁▁▁▁▁█"},
       })
    EXPECT_EQ(sparkline(points, 8, least_span, Glyphs::unicode), expected) << name;
}

TEST(Sparkline, HasPlainLetters) {
  EXPECT_EQ(sparkline({{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}, {8, 7}}, 8, 1, Glyphs::ascii),
            "_.,-~=*#");
}

TEST(HeapCurve, IsResidentMemoryWhereTheHeapWasNotCounted) {
  record::Repetition repetition;
  repetition.checkpoints.resize(3);
  repetition.checkpoints[0].rss_bytes = 10;
  repetition.checkpoints[2].iteration = 7;
  repetition.checkpoints[2].rss_bytes = 20;
  EXPECT_EQ(heap_curve(repetition), (std::vector<CurvePoint>{{0, 10}, {7, 20}}));
  repetition.checkpoints[1].heap_bytes = 5;
  EXPECT_EQ(heap_curve(repetition), (std::vector<CurvePoint>{{0, 5}}));
}

}  // namespace
}  // namespace soak::report
