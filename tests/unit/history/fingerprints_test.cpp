#include "history/fingerprints.hpp"

#include <gmock/gmock.h>

#include "golden.hpp"

namespace soak::history {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::StartsWith;

const record::Fingerprint machine = {{"allocator", "glibc"}, {"compiler", "gcc 12.2.0"},
                                     {"cpu", "A"},           {"host", "one"},
                                     {"libc", "glibc 2.36"}, {"memory_bytes", "8589934592"}};

record::Fingerprint machine_with(const std::string& key, const std::string& value) {
  auto other = machine;
  other[key] = value;
  return other;
}

record::Fingerprint machine_without(const std::string& key) {
  auto other = machine;
  other.erase(key);
  return other;
}

struct Case {
  std::string name;
  record::Fingerprint head;
  std::string key, before, after;  // of the one difference
};
const std::vector<Case> cases = {
    {"the same", machine, "", "", ""},
    {"another compiler", machine_with("compiler", "gcc 13.1.0"), "compiler: ", "gcc 12.2.0", "gcc 13.1.0"},
    {"another host of the same kind", machine_with("host", "two"), "", "", ""},
    {"a kernel that keeps some memory more", machine_with("memory_bytes", "8500000000"), "", "", ""},
    {"half the memory", machine_with("memory_bytes", "4294967296"), "memory_bytes: ", "8 GiB", "4 GiB"},
    {"an unknown cpu", machine_without("cpu"), "cpu: ", "A ", ""},
    {"what a newer soak knows besides", machine_with("novelty", "x"), "", "", ""},
};
TEST(Fingerprints, DifferInWhatTimesDependOn) {
  for (const auto& [name, head, key, before, after] : cases) {
    const auto sentence = sentence_of(differences(machine, head));
    EXPECT_EQ(sentence.empty(), key.empty()) << name;
    EXPECT_THAT(sentence, AllOf(StartsWith(key + before), EndsWith(after))) << name;
    if (!key.empty()) expect_wording(name, sentence);
  }
}

TEST(Fingerprints, BothKnownAndUnlikeIsADifference) {
  EXPECT_THAT(sentence_of(differences(machine_with("sanitizer", ""), machine_with("sanitizer", "address"))),
              AllOf(StartsWith("sanitizer: none "), EndsWith(" address")));
  EXPECT_THAT(sentence_of(differences(machine_with("build_flags", "-O2"), machine_with("build_flags", "-O0"))),
              AllOf(StartsWith("build_flags: -O2 "), EndsWith(" -O0")));
}

TEST(Fingerprints, GoogleBenchmarksKeysAreOurs) {
  EXPECT_EQ(with_own_keys({{"soak_cpu", "A"}, {"num_cpus", "2"}, {"library_build_type", "debug"}}),
            (record::Fingerprint{{"cpu", "A"}, {"cpu_count", "2"}, {"benchmark_library_build_type", "debug"}}));
}

}  // namespace
}  // namespace soak::history
