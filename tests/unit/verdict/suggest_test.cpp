#include "verdict/suggest.hpp"

#include "golden.hpp"
#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using testing::HasSubstr;
using testing::Not;

record::Repetition grown_by(std::int64_t rss_bytes, std::int64_t peak_bytes, std::int64_t files = 0) {
  return thousand_iterations([=](Checkpoint& c) {
    if (c.iteration == 0) return;
    *c.rss_bytes += rss_bytes, *c.peak_rss_bytes += peak_bytes, *c.open_files += files;
  });
}

std::string suggested(const std::vector<record::Repetition>& repetitions,
                      const config::Config& config = config::default_config(), Looser looser = Looser::no) {
  return suggest_thresholds({run_of({scenario_of(repetitions, "A/b")})}, config, looser);
}

TEST(Suggest, IsATableWithWhatWasMeasuredBehindEachLimit) {
  const auto text =
      suggested({grown_by(100 * kib, 4 * mib), grown_by(300 * kib, 4 * mib), grown_by(200 * kib, 4 * mib)});
  EXPECT_TRUE(text.starts_with("# ")) << text;
  expect_message(text,
                 {"2026-08-01T00-00-00-abc\n", "\n[scenario.\"A/b\"]\n", "final_growth = \"896 KiB\"  # 100 KiB",
                  "300 KiB", "5.0 MiB\n", "peak_growth = \"5 MiB\"  # 4.0 MiB", "50.0 MiB\n"});
}

TEST(Suggest, OneRepetitionHasTheLargerMargin) {
  expect_message(suggested({grown_by(0, 8 * mib)}), {"peak_growth = \"12 MiB\"", "8.0 MiB"});
  EXPECT_THAT(suggested({grown_by(0, 8 * mib), grown_by(0, 8 * mib), grown_by(0, 8 * mib)}),
              HasSubstr("peak_growth = \"10 MiB\""));
}

TEST(Suggest, NeverLoosensUnasked) {
  auto config = config::default_config();
  config.defaults.final_growth_bytes = 400 * kib;
  config.defaults.peak_growth_bytes = 400 * kib;
  for (const auto looser : {Looser::no, Looser::yes}) {  // what holds stays
    const auto nothing = suggested({grown_by(300 * kib, 300 * kib)}, config, looser);
    EXPECT_THAT(nothing, Not(HasSubstr("_growth = ")));
    expect_message(nothing, {}, looser == Looser::no ? "kept" : "kept, though looser ones were allowed");
  }
  const auto exceeded = suggested({grown_by(500 * kib, 500 * kib)}, config);
  expect_message(exceeded, {"A/b", "--looser"});
  EXPECT_THAT(exceeded, Not(HasSubstr("[scenario")));
  expect_message(suggested({grown_by(500 * kib, 500 * kib)}, config, Looser::yes),
                 {"final_growth = \"1 MiB\"", "500 KiB", "400 KiB"});
}

TEST(Suggest, CountsAreExactAndSoIsTheHeap) {
  auto config = config::default_config();
  config.defaults.open_files_growth = 20;
  config.defaults.heap_growth_bytes_per_iteration = 100;
  expect_message(suggested({grown_by(0, 0, 3)}, config),
                 {"open_files_growth = 3", "20", "heap_growth_per_iteration = \"0 B\"", "0 B", "100 B"});
  const auto growing =
      thousand_iterations([](Checkpoint& c) { *c.heap_bytes += c.iteration * 24, *c.heap_blocks += c.iteration; });
  expect_message(suggested({growing}, config), {"heap_growth_per_iteration = \"30 B\"", "24 B"});
}

TEST(Suggest, NothingFromALeak) {
  const auto leaking = thousand_iterations([](Checkpoint& c) { *c.open_files += c.iteration; });
  expect_message(suggested({leaking}), {"A/b"});
  EXPECT_THAT(suggested({leaking}, config::default_config(), Looser::yes), Not(HasSubstr("[scenario")));
}

TEST(Suggest, ALeakInOneOfSeveralRunsIsEnough) {
  auto leaking = thousand_iterations([](Checkpoint& c) { *c.open_files += c.iteration; });
  const std::vector runs{run_of({scenario_of({thousand_iterations()})}), run_of({scenario_of({leaking})})};
  EXPECT_THAT(suggest_thresholds(runs, config::default_config(), Looser::no), Not(HasSubstr("[scenario")));
}

TEST(Suggest, SaysWhereTheTableStandsAlready) {
  const auto config =
      config::parse_config("schema = 1\n[scenario.\"A/b\"]\npeak_growth = \"80 MiB\"\n", "benchmarks.toml");
  expect_message(suggested({grown_by(0, 0)}, config), {"benchmarks.toml:2", "[scenario.\"A/b\"]"});
}

TEST(Suggest, CanBeReadAndItsRunsPassByIt) {
  const std::vector<std::string> names{"A/b", "Parse<int*>", "say \"hi\"\n[run]", "back\\slash?", "\u4e2d\u6587/1"};
  record::Run run = run_of({});
  for (std::size_t i = 0; i < names.size(); ++i)
    run.scenarios.push_back(
        scenario_of({grown_by(static_cast<std::int64_t>(i) * 444'444, static_cast<std::int64_t>(i) * 3'333'333),
                     grown_by(static_cast<std::int64_t>(i) * 333'333, 0)},
                    names[i]));
  run.id = "a\nb";
  const auto config = config::parse_config(
      "schema = 1\n" + suggest_thresholds({run}, config::default_config(), Looser::no), "s.toml");
  EXPECT_EQ(config.tables.size(), names.size());
  EXPECT_NO_THROW(config.require_tables_match(names));
  for (const auto& name : names) EXPECT_LT(config.settings_for(name).limits.final_growth_bytes, 5 * mib) << name;
  EXPECT_EQ(judge(run, config).verdict, Verdict::pass);
}

TEST(RoundedUp, IsTheNextQuarterOfAPowerOfTwo) {
  const std::vector<std::pair<std::int64_t, std::int64_t>> cases = {
      {0, 0},
      {1, 1},
      {4, 4},
      {5, 5},
      {9, 10},
      {1024, 1024},
      {1025, 1280},
      {700 * kib, 768 * kib},
      {mib, mib},
      {mib + 1, mib + 256 * kib},
      {30 * mib, 32 * mib},
      {33 * mib, 40 * mib},
  };
  for (const auto& [bytes, expected] : cases) EXPECT_EQ(rounded_up(bytes), expected) << bytes;
}

}  // namespace
}  // namespace soak::verdict
