#include "lookup/metadata.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace lookup {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseMetadata, ReadsEveryField) {
  const auto parsed = parse_metadata(R"({"id": "v1", "title": "Größe", "channel": "Nature", "description": "Long.",
      "tags": ["a", "b"], "duration": 61, "views": 5000000000, "thumbnails": []})",
                                     "v1");
  ASSERT_TRUE(std::holds_alternative<Metadata>(parsed));
  const auto& metadata = std::get<Metadata>(parsed);
  EXPECT_EQ(metadata.id, "v1");
  EXPECT_EQ(metadata.title, "Größe");
  EXPECT_EQ(metadata.channel, "Nature");
  EXPECT_EQ(metadata.excerpt, "Long.");
  EXPECT_THAT(metadata.tags, ElementsAre("a", "b"));
  EXPECT_EQ(metadata.duration_seconds, 61);
  EXPECT_EQ(metadata.views, 5'000'000'000);
}

TEST(ParseMetadata, DoesWithoutWhatIsNotRequired) {
  const auto parsed = parse_metadata(R"({"id": "v1", "title": "t", "duration": 1})", "v1");
  ASSERT_TRUE(std::holds_alternative<Metadata>(parsed));
  const auto& metadata = std::get<Metadata>(parsed);
  EXPECT_EQ(metadata.channel, "");
  EXPECT_EQ(metadata.excerpt, "");
  EXPECT_TRUE(metadata.tags.empty());
  EXPECT_EQ(metadata.views, 0);
}

TEST(ParseMetadata, KeepsAnExcerptOfALongDescription) {
  const auto text = R"({"id": "v1", "title": "t", "duration": 1, "description": ")" + std::string(5000, 'x') + "\"}";
  EXPECT_EQ(std::get<Metadata>(parse_metadata(text, "v1")).excerpt, std::string(240, 'x'));
}

struct BrokenCase {
  std::string name;
  std::string json;
  std::string message;
};

const std::vector<BrokenCase> broken_cases = {
    {"empty", "", "not a complete JSON document"},
    {"cut short", R"({"id": "v1", "title": "t", "dura)", "not a complete JSON document"},
    {"not an object", "[]", "type"},
    {"no id", R"({"title": "t", "duration": 1})", "id"},
    {"no title", R"({"id": "v1", "duration": 1})", "title"},
    {"no duration", R"({"id": "v1", "title": "t"})", "duration"},
    {"title of a wrong type", R"({"id": "v1", "title": 7, "duration": 1})", "string"},
    {"tags of a wrong type", R"({"id": "v1", "title": "t", "duration": 1, "tags": [1]})", "string"},
    {"another video", R"({"id": "v2", "title": "t", "duration": 1})", "about another video: v2"},
};

TEST(ParseMetadata, SaysWhatIsWrongAndThatItMayBeTriedAgain) {
  for (const auto& [name, json, message] : broken_cases) {
    const auto parsed = parse_metadata(json, "v1");
    ASSERT_TRUE(std::holds_alternative<recovery::Failure>(parsed)) << name;
    EXPECT_THAT(std::get<recovery::Failure>(parsed).message, HasSubstr(message)) << name;
    EXPECT_TRUE(std::get<recovery::Failure>(parsed).retryable) << name;
  }
}

struct ExcerptCase {
  std::string text;
  std::size_t max_bytes;
  std::string excerpt;
};

const std::vector<ExcerptCase> excerpt_cases = {
    {"", 3, ""},
    {"abc", 3, "abc"},
    {"abcd", 3, "abc"},
    {"abcd", 0, ""},
    {"ab\u00e9", 4, "ab\u00e9"},
    {"ab\u00e9", 3, "ab"},
    {"\u6771\u4eac", 5, "\u6771"},
    {"\u6771\u4eac", 2, ""},
    {"\U0001F600!", 4, "\U0001F600"},
    {"\U0001F600!", 3, ""},
};

TEST(ExcerptOf, EndsAtAWholeCharacter) {
  for (const auto& [text, max_bytes, excerpt] : excerpt_cases)
    EXPECT_EQ(excerpt_of(text, max_bytes), excerpt) << text << " cut at " << max_bytes;
}

}  // namespace
}  // namespace lookup
