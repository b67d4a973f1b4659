#include <gmock/gmock.h>

#include "region/layout/region_layout.hpp"
#include "run/attribution.hpp"

namespace soak::run {
namespace {

using record::LivePoint;
using record::LiveType;
using record::TypeSource;

constexpr auto end_of_program = layout::absent;

std::string told(const std::vector<LiveType>& types) {
  std::string text;
  for (const auto& type : types) {
    text += type.name + ":";
    for (const auto& point : type.history)
      text += " " + std::to_string(point.count) + "/" + std::to_string(point.bytes);
    text += "\n";
  }
  return text;
}

TEST(NamedTypes, AreShortAndWithoutTheProgramsEnd) {
  const std::vector<region::RegionType> types = {
      {"N3app7SessionE", TypeSource::counted, {{0, 16, 2}, {10, 80, 10}, {end_of_program, 0, 0}}},
      {"St6vectorIiSaIiEE", TypeSource::vtable, {{0, 1, 1}}},
      {"my own text", TypeSource::counted, {{0, 1, 1}}}};
  EXPECT_EQ(told(named_types(types, ProgramEnd::left_out)),
            "app::Session: 2/16 10/80\nmy own text: 1/1\nstd::vector<int>: 1/1\n");
  EXPECT_THAT(told(named_types(types, ProgramEnd::included)), testing::HasSubstr("app::Session: 2/16 10/80 0/0\n"));
}

TEST(NamedTypes, AreNamedAfterWhatMakeSharedHolds) {
  const std::vector<region::RegionType> types = {
      {"St23_Sp_counted_ptr_inplaceIN3app3JobESaIvELN9__gnu_cxx12_Lock_policyE2EE", TypeSource::vtable, {{0, 48, 1}}},
      {"N3app3JobE", TypeSource::vtable, {{0, 32, 1}}},
      {"St15_Sp_counted_ptrIPN3app3JobELN9__gnu_cxx12_Lock_policyE2EE", TypeSource::vtable, {{0, 24, 1}}}};
  EXPECT_EQ(told(named_types(types, ProgramEnd::left_out)),
            "app::Job: 2/80\ncounts of std::shared_ptr<app::Job>: 1/24\n");
}

TEST(NamedTypes, WithoutRunTimeTypeInformationAreReadFromTheCompilersText) {
  EXPECT_EQ(
      told(named_types(
          {{"static const char* soak::Counted<T>::name() [with T = app::Session]", TypeSource::counted, {{0, 8, 1}}}},
          ProgramEnd::left_out)),
      "app::Session: 1/8\n");
}

ResolvedSite resolved(const region::RegionSite& counted, const std::string& type, std::vector<LivePoint> history) {
  ResolvedSite one{&counted, {}};
  one.site.type = type;
  one.site.history = std::move(history);
  return one;
}

TEST(TypesByFrames, LeaveOutWhatTheVtablesTold) {
  region::RegionSite first, second;
  first.typed_at_baseline = {1, 32};
  first.typed_at_final = {4, 128};
  const std::vector<ResolvedSite> sites = {resolved(first, "app::Job", {{0, 64, 2}, {5, 1, 1}, {10, 320, 10}}),
                                           resolved(second, "app::Job", {{0, 0, 0}, {5, 1, 1}, {10, 32, 1}}),
                                           resolved(second, "", {{0, 0, 0}, {10, 99, 9}})};
  EXPECT_EQ(told(types_by_frames(sites, ProgramEnd::left_out)), "app::Job: 1/32 7/224\n");
  // 10 and 1 of 20 by frames; of the other 9 none has a vtable.
  EXPECT_DOUBLE_EQ(typed_blocks_percent(sites, ProgramEnd::left_out).value(), 55);
}

TEST(TypesByFrames, HaveTheProgramsEndOrWhatWasLastSeen) {
  region::RegionSite ended, killed;
  ended.history = {{0, 10, 1, 10}, {end_of_program, 30, 3, 30}};
  ended.live_blocks = 1;
  killed.live_bytes = 500;
  killed.live_blocks = 5;
  EXPECT_EQ(told(types_by_frames({resolved(ended, "A", {}), resolved(killed, "B", {})}, ProgramEnd::included)),
            "A: 3/30\nB: 5/500\n");
}

TEST(KeepMostGrown, DropsTheLeastGrownAndTheUncounted) {
  std::vector<LiveType> types;
  for (std::int64_t i = 0; i < 300; ++i)
    types.push_back({std::to_string(i), TypeSource::vtable, {{0, 0, 0}, {1, 0, i}}});
  types.push_back({"never counted", TypeSource::counted, {}});
  keep_most_grown(types);
  ASSERT_EQ(types.size(), most_types);
  EXPECT_EQ(types.front().name, "299");
  EXPECT_EQ(types.back().name, "100");
}

}  // namespace
}  // namespace soak::run
