#include <gtest/gtest.h>

#include <playlist/format_choice.hpp>
#include <vector>

namespace playlist {
namespace {

struct ChoiceCase {
  std::string name;
  std::vector<Format> formats;
  std::string expected_id;  ///< Empty for none.
};

Format format(std::string id, std::optional<std::int64_t> height, std::optional<std::int64_t> bytes = {}) {
  return {.id = std::move(id), .extension = "mp4", .height = height, .bytes = bytes};
}

const std::vector<ChoiceCase> choice_cases = {
    {"no formats", {}, ""},
    {"one", {format("a", 360)}, "a"},
    {"highest that is low enough", {format("a", 360), format("b", 720), format("c", 2160)}, "b"},
    {"exactly the limit", {format("a", 720), format("b", 1080)}, "b"},
    {"lowest where all are too high", {format("a", 4320), format("b", 2160)}, "b"},
    {"known before unknown height", {format("a", {}), format("b", 4320)}, "b"},
    {"first where no height is known", {format("a", {}), format("b", {})}, "a"},
    {"smallest of the same height", {format("a", 720, 90), format("b", 720, 80)}, "b"},
    {"known before unknown size", {format("a", 720), format("b", 720, 80)}, "b"},
    {"first of equals", {format("a", 720, 80), format("b", 720, 80)}, "a"},
    {"a format without id cannot be asked for", {format("", 720), format("b", 360)}, "b"},
    {"only formats without id", {format("", 720)}, ""},
};

TEST(ChooseFormat, TakesTheBestUpTo1080Lines) {
  for (const auto& [name, formats, expected_id] : choice_cases) {
    const auto* chosen = choose_format(formats, 1080);
    EXPECT_EQ(chosen == nullptr ? "" : chosen->id, expected_id) << name;
  }
}

}  // namespace
}  // namespace playlist
