#include "record/identity.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>
#include <set>

namespace soak::record {
namespace {

struct NameCase {
  std::string full, identity;
  std::optional<std::int64_t> iterations;
  int threads;
};
const std::vector<NameCase> name_cases = {
    {"RetryLoop/adaptive", "RetryLoop/adaptive", {}, 1},
    {"RetryLoop/adaptive/iterations:1000", "RetryLoop/adaptive", 1000, 1},
    {"A/4/iterations:1000/repeats:3/real_time", "A/4", 1000, 1},
    {"A/min_time:0.500/min_warmup_time:1.0/process_time/real_time", "A", {}, 1},
    {"A/manual_time", "A", {}, 1},
    {"A/threads:4", "A/threads:4", {}, 4},
    {"A/iterations:10/real_time/threads:4", "A/threads:4", 10, 4},
    {"A/threads:1", "A/threads:1", {}, 1},
    {"A/real_time/8", "A/real_time/8", {}, 1},
    {"A/iterations:5/b", "A/iterations:5/b", {}, 1},
    {"A/iterations:x", "A", {}, 1},
    {"A/iterations:-1", "A", {}, 1},
    {"A/iterations:99999999999999999999", "A", {}, 1},
    {"A/size:8/iterations:2", "A/size:8", 2, 1},
    {"BM<std::vector<int>>/2/iterations:7", "BM<std::vector<int>>/2", 7, 1},
    {"real_time", "real_time", {}, 1},
    {"/real_time", "/real_time", {}, 1},
    {"", "", {}, 1},
};

TEST(Identity, DropsWhatGoogleBenchmarkAppendsAndKeepsThreads) {
  for (const auto& [full, identity, iterations, threads] : name_cases) {
    EXPECT_EQ(identity_of(full), identity) << full;
    EXPECT_EQ(iterations_in(full), iterations) << full;
    EXPECT_EQ(threads_in(full), threads) << full;
  }
}

TEST(Identity, OfAnIdentityIsItself) {
  for (const auto& c : name_cases) EXPECT_EQ(identity_of(c.identity), c.identity) << c.full;
}

const std::vector<std::string> tricky_names = {
    "NAME",
    "NAME/4",
    "NAME/4/8",
    "NAME/40",
    "XNAME",
    "NAMEX",
    "NAME/threads:4",
    "NAME/threads:40",
    "NAME/4/threads:4",
    "NAME/threads:1",
    "a.b",
    "aXb",
    "a.b/4",
    "BM<int>",
    "BM<int>/4",
    "BM<std::pair<int, long>>",
    "v[3]",
    "v3",
    "f(x)",
    "fx",
    "a+b",
    "aab",
    "a*",
    "a^b$",
    "p|q",
    "p",
    "q",
    "{2}",
    "a{2}",
    "aa",
    "back\\slash",
    "q?",
    "]",
    "}",
    "[",
    "-x",
    "NAME/size:4",
    "NAME/real_time/b",
};

std::vector<std::string> spellings_of(const std::string& identity) {
  const auto threads = identity.find("/threads:");
  const auto name = identity.substr(0, threads);
  const auto tail = threads == std::string::npos ? std::string() : identity.substr(threads);
  std::vector<std::string> spellings;
  for (const auto* suffixes :
       {"", "/iterations:1000", "/min_time:0.5", "/iterations:7/repeats:3/process_time/real_time",
        "/min_warmup_time:1.000/manual_time"})
    spellings.push_back(name + suffixes + tail);
  return spellings;
}

// As Google Benchmark compiles --benchmark_filter; it searches the full name with it.
std::regex compiled(const std::string& filter) {
  return std::regex(filter, std::regex_constants::extended | std::regex_constants::nosubs);
}

TEST(ExactFilter, SelectsOneScenarioAtAnyIterationsAndNoOther) {
  for (const auto& wanted : tricky_names) {
    const auto filter = compiled(exact_filter(wanted));
    for (const auto& other : tricky_names)
      for (const auto& full_name : spellings_of(other))
        EXPECT_EQ(std::regex_search(full_name, filter), wanted == other)
            << exact_filter(wanted) << " on " << full_name;
  }
}

TEST(ExactFilter, IsWhatTheRulingsSay) {
  EXPECT_EQ(exact_filter("A/b.c"),
            "^A/b\\.c(/(iterations|repeats|min_time|min_warmup_time):[^/]*|/(real_time|process_time|manual_time))*$");
}

TEST(FileName, StaysReadable) {
  EXPECT_EQ(file_name_of("RetryLoop/adaptive"), "RetryLoop-adaptive");
  EXPECT_EQ(file_name_of("v1.2_x"), "v1.2_x");
}

TEST(FileName, IsSafeAndUnlikeForUnlikeIdentities) {
  const auto long_name = std::string(300, 'x');
  auto identities = tricky_names;
  identities.insert(identities.end(),
                    {"", ".", "..", "../..", "/", "//", "a/b", "a-b", "a//b", "a/-b", "a b", "a\nb",
                     std::string("a\0b", 3), "\xff", "ä", long_name, long_name + "y", "A/B", "a/B"});
  std::set<std::string> seen;
  for (const auto& identity : identities) {
    const auto name = file_name_of(identity);
    EXPECT_TRUE(seen.insert(name).second) << identity << " shares " << name;
    EXPECT_THAT(name, testing::MatchesRegex("[A-Za-z0-9_-][A-Za-z0-9._-]*")) << identity;
    EXPECT_LE(name.size(), 128U) << identity;
  }
}

TEST(FileName, OfOneIdentityCannotBeSpelledByAnother) {
  const auto hashed = file_name_of("a b");  // a-b--<hash>
  EXPECT_NE(file_name_of("a/b//" + hashed.substr(5)), hashed);
}

TEST(Slug, IsLowerCaseLettersDigitsAndUnderscores) {
  EXPECT_EQ(slug_of("After cleanup"), "after_cleanup");
  EXPECT_EQ(slug_of("phase.2-ü"), "phase_2___");
  EXPECT_EQ(slug_of(""), "unnamed");
}

}  // namespace
}  // namespace soak::record
