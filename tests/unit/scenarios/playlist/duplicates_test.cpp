#include <gtest/gtest.h>

#include <playlist/duplicates.hpp>

#include "test_videos.hpp"

namespace playlist {
namespace {

struct DuplicateCase {
  std::string name;
  std::vector<std::string> ids;
  std::vector<std::string> expected_ids;
};
const std::vector<DuplicateCase> duplicate_cases = {
    {"no videos", {}, {}},
    {"all different", {"a", "b", "c"}, {"a", "b", "c"}},
    {"neighbours", {"a", "a", "b"}, {"a", "b"}},
    {"far apart", {"a", "b", "c", "a", "b"}, {"a", "b", "c"}},
    {"all the same", {"a", "a", "a"}, {"a"}},
    {"ids differ in case", {"a", "A"}, {"a", "A"}},
    {"ids longer than a short string", {std::string(40, 'x'), std::string(40, 'x')}, {std::string(40, 'x')}},
};

TEST(RemoveDuplicates, KeepsTheFirstOfEachIdInOrder) {
  for (const auto& [name, ids, expected_ids] : duplicate_cases) {
    auto videos = playlist_test::videos(ids);
    EXPECT_EQ(remove_duplicates(videos), ids.size() - expected_ids.size()) << name;
    std::vector<std::string> left;
    for (const auto& video : videos) left.push_back(video.id);
    EXPECT_EQ(left, expected_ids) << name;
  }
}

TEST(RemoveDuplicates, FirstKeepsItsOwnFields) {
  auto videos = playlist_test::videos({"a", "a"});
  videos[0].title = "first";
  videos[1].title = "second";
  remove_duplicates(videos);
  EXPECT_EQ(videos[0].title, "first");
}

}  // namespace
}  // namespace playlist
