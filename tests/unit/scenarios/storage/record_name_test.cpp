#include <gtest/gtest.h>

#include <stdexcept>
#include <storage/record_name.hpp>
#include <vector>

namespace storage {
namespace {

struct NameCase {
  std::string key;
  std::string file_name;
};
const std::vector<NameCase> name_cases = {
    {"plain_Key-9", "plain_Key-9.record"},
    {"video/42", "video%2F42.record"},
    {"..", "%2E%2E.record"},
    {"../../etc/passwd", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.record"},
    {"a.tmp", "a%2Etmp.record"},
    {"100%", "100%25.record"},
    {"ü", "%C3%BC.record"},
    {std::string("a\0b", 3), "a%00b.record"},
    {"line\nbreak", "line%0Abreak.record"},
};

TEST(RecordName, EncodesWhatFileSystemsGiveAMeaning) {
  for (const auto& [key, file_name] : name_cases) EXPECT_EQ(file_name_of(key), file_name) << key;
}

TEST(RecordName, DecodesToTheSameKey) {
  for (const auto& [key, file_name] : name_cases) EXPECT_EQ(key_of(file_name), key) << file_name;
}

TEST(RecordName, KnowsStrangers) {
  for (const auto* name : {"", ".record", "a", "a.record.0.tmp", "a b.record", "a%2e.record", "%41.record",
                           "%.record", "%4.record", "%zz.record", "a.recor"}) {
    EXPECT_EQ(key_of(name), std::nullopt) << name;
  }
}

TEST(RecordName, LimitsTheLengthOfTheEncodedKey) {
  EXPECT_EQ(file_name_of(std::string(230, 'k')).size(), 237U);
  EXPECT_THROW((void)file_name_of(std::string(231, 'k')), std::invalid_argument);
  EXPECT_EQ(file_name_of(std::string(76, '/')).size(), 235U);
  EXPECT_THROW((void)file_name_of(std::string(77, '/')), std::invalid_argument);
}

TEST(RecordName, RefusesAnEmptyKey) { EXPECT_THROW((void)file_name_of(""), std::invalid_argument); }

}  // namespace
}  // namespace storage
