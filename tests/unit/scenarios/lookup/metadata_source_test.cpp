#include "lookup/metadata_source.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "lookup/metadata.hpp"
#include "lookup/zipf_keys.hpp"

namespace lookup {
namespace {

TEST(SeededMetadataSource, TheSameIdHasTheSameDocument) {
  const SeededMetadataSource source(1);
  const SeededMetadataSource same(1);
  const SeededMetadataSource other(2);
  EXPECT_EQ(source.document("video00000001"), same.document("video00000001"));
  EXPECT_NE(source.document("video00000001"), source.document("video00000002"));
  EXPECT_NE(source.document("video00000001"), other.document("video00000001"));
}

TEST(SeededMetadataSource, ThreeRequestsInTenFailByAnErrorOrABrokenDocument) {
  SeededMetadataSource source(1);
  int errors = 0;
  int broken = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto answer = source.fetch("video00000001");
    if (std::holds_alternative<recovery::Failure>(answer))
      ++errors;
    else if (std::get<std::string>(answer) != source.document("video00000001"))
      ++broken;
  }
  EXPECT_NEAR(errors, 400, 60);
  EXPECT_NEAR(broken, 200, 45);
}

// glibc hands out blocks of 16 n + 8 bytes.
std::size_t block_size(const std::string& text) { return (text.size() + 1 + 7) / 16; }

TEST(SeededMetadataSource, WhatServicesKeepTakesTheSameRoomForAllVideos) {
  const SeededMetadataSource source(1);
  std::set<std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>> shapes;
  for (std::size_t rank = 1; rank <= 500; ++rank) {
    const auto id = ZipfKeys::id_of(rank);
    const auto parsed = parse_metadata(source.document(id), id);
    ASSERT_TRUE(std::holds_alternative<Metadata>(parsed)) << id;
    const auto& metadata = std::get<Metadata>(parsed);
    shapes.emplace(block_size(metadata.title), block_size(metadata.channel), block_size(metadata.excerpt),
                   metadata.tags.size());
    for (const auto& tag : metadata.tags) EXPECT_LT(tag.size(), 16U) << "a tag on the heap: " << tag;
  }
  EXPECT_EQ(shapes.size(), 1U);
}

}  // namespace
}  // namespace lookup
