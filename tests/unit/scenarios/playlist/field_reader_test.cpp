#include <gtest/gtest.h>

#include <playlist/field_reader.hpp>
#include <playlist/playlist_error.hpp>
#include <string>
#include <vector>

namespace playlist {
namespace {

using nlohmann::json;
using Amount = std::optional<std::int64_t>;

struct TextCase {
  std::string object;
  std::string expected;
};
const std::vector<TextCase> text_cases = {
    {R"({})", ""},
    {R"({"f": null})", ""},
    {R"({"f": ""})", ""},
    {R"({"f": "plain"})", "plain"},
    {R"({"f": "\u00fc \ud83c\udfac"})", "ü \U0001F3AC"},
    {R"({"f": 42})", "42"},
    {R"({"f": -1.5})", "-1.5"},
    {R"({"f": true})", ""},
    {R"({"f": ["x"]})", ""},
    {R"({"f": {"x": 1}})", ""},
};

TEST(ReadText, TakesTextsAndNumbers) {
  for (const auto& [object, expected] : text_cases)
    EXPECT_EQ(read_text(json::parse(object), "f"), expected) << object;
}

struct AmountCase {
  std::string object;
  Amount expected;
};
const std::vector<AmountCase> amount_cases = {
    {R"({})", {}},
    {R"({"f": null})", {}},
    {R"({"f": 0})", 0},
    {R"({"f": 42})", 42},
    {R"({"f": 9223372036854775807})", INT64_MAX},
    {R"({"f": 9223372036854775808})", {}},
    {R"({"f": 18446744073709551615})", {}},
    {R"({"f": 42.9})", 42},
    {R"({"f": 1e300})", {}},
    {R"({"f": 9223372036854775807.0})", {}},
    {R"({"f": -1})", {}},
    {R"({"f": -0.5})", {}},
    {R"({"f": "42"})", 42},
    {R"({"f": "-42"})", {}},
    {R"({"f": "42 MB"})", {}},
    {R"({"f": " 42"})", {}},
    {R"({"f": ""})", {}},
    {R"({"f": "99999999999999999999"})", {}},
    {R"({"f": true})", {}},
    {R"({"f": [42]})", {}},
};

TEST(ReadAmount, TakesWhatIsAWholeNumberOfAtLeastZero) {
  for (const auto& [object, expected] : amount_cases) {
    EXPECT_EQ(read_amount(json::parse(object), "f"), expected) << object;
  }
}

const std::vector<AmountCase> duration_cases = {
    {R"({})", {}},
    {R"({"f": 125})", 125},
    {R"({"f": 125.7})", 125},
    {R"({"f": "125"})", 125},
    {R"({"f": "2:05"})", 125},
    {R"({"f": "1:00:01"})", 3601},
    {R"({"f": "1:0:0:1"})", {}},
    {R"({"f": "2:"})", {}},
    {R"({"f": ":05"})", {}},
    {R"({"f": ""})", {}},
    {R"({"f": "2:-5"})", {}},
    {R"({"f": "live"})", {}},
    {R"({"f": "9223372036854775807:00"})", {}},
};

TEST(ReadDuration, TakesSecondsAndClockTimes) {
  for (const auto& [object, expected] : duration_cases) {
    EXPECT_EQ(read_duration(json::parse(object), "f"), expected) << object;
  }
}

TEST(ReadList, IsEmptyWhereThereIsNone) {
  for (const auto* object : {R"({})", R"({"f": null})", R"({"f": []})"}) {
    const auto parsed = json::parse(object);
    EXPECT_TRUE(read_list(parsed, "f").empty()) << object;
  }
}

TEST(ReadList, HasTheItemsInOrder) {
  const auto parsed = json::parse(R"({"f": [1, "two"]})");
  const auto items = read_list(parsed, "f");
  EXPECT_EQ(std::vector<json>(items.begin(), items.end()), (std::vector<json>{1, "two"}));
}

TEST(ReadList, RefusesWhatIsNoList) {
  for (const auto* object : {R"({"f": "x"})", R"({"f": {}})", R"({"f": 1})", R"({"f": false})"}) {
    EXPECT_THROW((void)read_list(json::parse(object), "f"), PlaylistError) << object;
  }
}

}  // namespace
}  // namespace playlist
