#include <gtest/gtest.h>

#include <playlist/chunks.hpp>
#include <stdexcept>

#include "test_videos.hpp"

namespace playlist {
namespace {

struct ChunkCase {
  std::string name;
  std::size_t videos;
  std::size_t chunk_size;
  std::vector<std::size_t> expected_sizes;
};
const std::vector<ChunkCase> chunk_cases = {
    {"none", 0, 3, {}},         {"one", 1, 3, {1}},
    {"one short", 2, 3, {2}},   {"exactly one chunk", 3, 3, {3}},
    {"one over", 4, 3, {3, 1}}, {"exactly two", 6, 3, {3, 3}},
    {"ones", 3, 1, {1, 1, 1}},  {"larger than all", 2, SIZE_MAX, {2}},
};

TEST(ChunksOf, CutsAtTheSizeAndLosesNothing) {
  for (const auto& [name, count, chunk_size, expected_sizes] : chunk_cases) {
    const std::vector<Video> videos(count);
    std::vector<std::size_t> sizes;
    const auto* next = videos.data();
    for (const auto chunk : chunks_of(videos, chunk_size)) {
      sizes.push_back(chunk.size());
      EXPECT_EQ(chunk.data(), next) << name;
      next += chunk.size();
    }
    EXPECT_EQ(sizes, expected_sizes) << name;
  }
}

TEST(ChunksOf, RefusesChunksOfNothing) { EXPECT_THROW((void)chunks_of({}, 0), std::invalid_argument); }

}  // namespace
}  // namespace playlist
