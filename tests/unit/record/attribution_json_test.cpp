#include "record/attribution_json.hpp"

#include <gmock/gmock.h>

#include "golden.hpp"
#include "record/record_file.hpp"

namespace soak::record {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Frame add{"Cache::add(int)", "/src/cache.cpp", 12, "/bin/app", false};
const Frame serve{"serve()", "/src/main.cpp", 30, "/bin/app", true};
const Frame nameless{"app+0x1f0", "", 0, "/bin/app", false};

CallSite site(SiteKind kind, std::vector<Frame> stack) {
  CallSite site;
  site.kind = kind;
  site.function = stack.front().function;
  site.file = stack.front().file;
  site.line = stack.front().line;
  site.stack = std::move(stack);
  return site;
}

// Every field has a value unlike every other, so that a mix-up cannot hide.
Run explained_run() {
  auto heap = site(SiteKind::heap, {add, serve, nameless});
  heap.type = "node of std::map<int, Page>";
  heap.is_stack_complete = true;
  heap.total_bytes = 1, heap.total_count = 2;
  heap.history = {{0, 3, 4, 5}, {500, 6, 7, 8}, {1000, 9, 10, 11}};
  auto descriptor = site(SiteKind::descriptor, {serve, nameless});
  descriptor.history = {{0, 0, 1}, {1000, 0, 2}};

  Attribution attribution;
  attribution.sites = {heap, descriptor};
  attribution.omitted_sites = 12, attribution.omitted_live_bytes = 13, attribution.omitted_live_blocks = 14;
  attribution.unattributed_live_bytes = 15, attribution.unattributed_live_blocks = 16;
  attribution.overflowed_allocations = 17;
  attribution.typed_blocks_percent = 18.5;

  Repetition repetition;
  repetition.ending = Ending::finished;
  repetition.attribution = attribution;
  repetition.types = {{"app::Page", TypeSource::vtable, {{0, 19, 20}, {1000, 21, 22}}},
                      {"app::Job", TypeSource::counted, {}}};
  Run run;
  run.scenarios = {{"A", "A", "app", 1000, 1, "", {Repetition{}}, {}, ScaledRun{16'000, repetition}}};
  return run;
}

Repetition read_back(const Run& run) {
  return run_from_json(to_json(run), "r").scenarios.at(0).explained_run.value().repetition;
}

TEST(AttributionJson, EveryFieldComesBack) {
  const auto text = to_json(explained_run());
  const auto back = run_from_json(text, "run.json");
  EXPECT_EQ(to_json(back), text);
  ASSERT_TRUE(back.scenarios.at(0).explained_run);
  EXPECT_EQ(back.scenarios[0].explained_run->iterations, 16'000);
  const auto written = explained_run().scenarios[0].explained_run->repetition;
  const auto read = back.scenarios[0].explained_run->repetition;
  ASSERT_TRUE(read.attribution);
  ASSERT_EQ(read.attribution->sites.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto &was = written.attribution->sites[i], &is = read.attribution->sites[i];
    EXPECT_EQ(is.kind, was.kind);
    EXPECT_EQ(is.function, was.function);
    EXPECT_EQ(is.file, was.file);
    EXPECT_EQ(is.line, was.line);
    EXPECT_EQ(is.type, was.type);
    EXPECT_EQ(is.stack, was.stack);
    EXPECT_EQ(is.is_stack_complete, was.is_stack_complete);
    EXPECT_EQ(is.total_bytes, was.total_bytes);
    EXPECT_EQ(is.total_count, was.total_count);
    EXPECT_EQ(is.history, was.history);
  }
  EXPECT_EQ(read.attribution->omitted_sites, 12);
  EXPECT_EQ(read.attribution->omitted_live_bytes, 13);
  EXPECT_EQ(read.attribution->omitted_live_blocks, 14);
  EXPECT_EQ(read.attribution->unattributed_live_bytes, 15);
  EXPECT_EQ(read.attribution->unattributed_live_blocks, 16);
  EXPECT_EQ(read.attribution->overflowed_allocations, 17);
  EXPECT_EQ(read.attribution->typed_blocks_percent, 18.5);
  ASSERT_EQ(read.types.size(), 2u);
  EXPECT_EQ(read.types[0].name, "app::Page");
  EXPECT_EQ(read.types[0].source, TypeSource::vtable);
  EXPECT_EQ(read.types[0].history, written.types[0].history);
  EXPECT_EQ(read.types[1].source, TypeSource::counted);
}

TEST(AttributionJson, AFrameOfManyStacksStandsInTheFileOnce) {
  const auto text = to_json(explained_run());
  EXPECT_EQ(text.find("app+0x1f0"), text.rfind("app+0x1f0"));
  auto run = explained_run();
  run.scenarios[0].explained_run->repetition.attribution->sites[1].stack[0].line = 31;
  EXPECT_EQ(read_back(run).attribution->sites[1].stack[0].line, 31);
}

TEST(AttributionJson, AFigureThatNeverChangedIsOneNumber) {
  auto run = explained_run();
  auto& site = run.scenarios[0].explained_run->repetition.attribution->sites[0];
  site.history = {{0, 3, 0, 5}, {500, 3, 1, 5}, {1000, 3, 2, 5}};
  EXPECT_THAT(to_json(run), AllOf(HasSubstr("\"bytes\": 3,"), HasSubstr("\"requested_bytes\": 5")));
  EXPECT_EQ(read_back(run).attribution->sites[0].history, site.history);
}

TEST(AttributionJson, WhatIsNotThereIsAbsent) {
  record::Run run;  // Test::Run is gtest's
  run.scenarios = {{"A", "A", "app", 1000, 1, "", {Repetition{}}, {}, {}}};
  EXPECT_THAT(to_json(run),
              AllOf(Not(HasSubstr("explained_run")), Not(HasSubstr("attribution")), Not(HasSubstr("types"))));
  Attribution none;
  none.unavailable = "the probe ran without call sites";
  run.scenarios[0].repetitions[0].attribution = none;
  const auto back = run_from_json(to_json(run), "r").scenarios[0].repetitions[0];
  ASSERT_TRUE(back.attribution);
  EXPECT_EQ(back.attribution->unavailable, none.unavailable);
  EXPECT_EQ(back.attribution->typed_blocks_percent, std::nullopt);
  EXPECT_TRUE(back.types.empty());
}

std::string complaint_about(const std::string& attribution) {
  try {
    (void)run_from_json(R"({"schema_version": 1, "scenarios": [{"name": "A", "repetitions": [{"ending": "finished",
        "checkpoints": [], "attribution": )" +
                            attribution + "}]}]}",
                        "r");
  } catch (const UnreadableRecord& error) {
    return error.what();
  }
  return "accepted";
}

std::string with_site(const std::string& stack, const std::string& history) {
  return R"({"frames": [{"function": "f"}], "sites": [{"kind": "heap", "function": "f", "stack": )" + stack +
         R"(, "history": )" + history + "}]}";
}
const std::string no_history = R"({"iterations": [], "bytes": [], "counts": []})";

TEST(AttributionJson, WhatIsNoneIsRefusedWithItsPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {with_site("[0]", no_history), "accepted"},
      {"[]", "attribution:"},
      {R"({"sites": []})", "'frames'"},
      {R"({"frames": []})", "'sites'"},
      {R"({"frames": [{}], "sites": []})", "frames[0]: 'function'"},
      {R"({"frames": [{"function": "f", "line": -1}], "sites": []})", "frames[0].line:"},
      {R"({"frames": [], "sites": [{"kind": "heap", "function": "f", "stack": [0]}]})", "stack[0]:"},
      {R"({"frames": [], "sites": [{"kind": "stack"}]})", "sites[0].kind:"},
      {with_site("[1]", no_history), "sites[0].stack[0]:"},
      {with_site("[-1]", no_history), "sites[0].stack[0]:"},
      {with_site("[0]", "{}"), "history: 'iterations'"},
      {with_site("[0]", R"({"iterations": [0, 5], "bytes": [1], "counts": 1})"), "history.bytes:"},
      {with_site("[0]", R"({"iterations": [0, 5], "bytes": 1, "counts": "1"})"), "history.counts:"},
      {with_site("[0]", R"({"iterations": [-5], "bytes": 1, "counts": 1})"), "iterations[0]:"},
  };
  std::string all;
  for (const auto& [json, place] : cases) {
    const auto complaint = complaint_about(json);
    EXPECT_THAT(complaint, HasSubstr(place)) << json;
    all += complaint + "\n";
  }
  expect_wording("", all);
}

TEST(AttributionJson, ASmallFileThatUnfoldsToALargeOneIsRefused) {
  const std::string megabyte(1 << 20, 'f');
  std::string stack = "[0";
  for (int i = 0; i < 300; ++i) stack += ",0";
  const auto complaint = complaint_about(R"({"frames": [{"function": ")" + megabyte +
                                         R"("}], "sites": [{"kind": "heap", "function": "f", "stack": )" + stack +
                                         "], \"history\": " + no_history + "}]}");
  EXPECT_THAT(complaint, HasSubstr("sites[0].stack: "));
  expect_wording("", complaint);
}

}  // namespace
}  // namespace soak::record
