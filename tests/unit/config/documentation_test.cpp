// The reference and the shipped file keep step with the keys that are read.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "config/keys.hpp"

namespace soak::config {
namespace {

const std::filesystem::path project = SOAK_SOURCE_DIR;

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// The section of the reference about a table: from its heading to the next heading.
std::string section_about(const std::string& table, const std::string& page) {
  const auto heading = page.find("\n## " + (table.empty() ? "The file" : "`" + table + "`"));
  if (heading == std::string::npos) return "";
  return page.substr(heading, page.find("\n## ", heading + 1) - heading);
}

TEST(Reference, ExplainsEveryKeyInTheSectionOfItsTable) {
  const auto page = text_of(project / "docs/benchmarks-toml.md");
  for (const auto& [table, keys] : all_keys()) {
    const auto section = section_about(table, page);
    EXPECT_FALSE(section.empty()) << "no section about " << table;
    for (const auto& key : keys)
      EXPECT_NE(section.find("| `" + key + "` |"), std::string::npos) << key << " in " << table;
  }
}

/// What stands between ```toml and ``` in a page.
std::vector<std::string> toml_examples(const std::string& page) {
  const std::string fence = "\n```toml\n";
  std::vector<std::string> examples;
  for (auto at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    const auto begin = at + fence.size();
    examples.push_back(page.substr(begin, page.find("\n```", begin) + 1 - begin));
  }
  return examples;
}

TEST(Reference, ItsExamplesAreAccepted) {
  const auto examples = toml_examples(text_of(project / "docs/benchmarks-toml.md"));
  EXPECT_FALSE(examples.empty());
  for (const auto& example : examples) EXPECT_NO_THROW((void)parse_config(example, "example.toml")) << example;
}

TEST(ShippedBenchmarksToml, IsAcceptedAndLimitsTheShippedScenarios) {
  const auto config = load_config(project / "benchmarks.toml");
  const std::vector<std::string> shipped = {
      "ConcurrentDownloads/16", "ConcurrentDownloads/4", "LargePlaylist/10000",       "LargePlaylist/150",
      "MetadataLookup",         "RetryLoop/adaptive",    "RetryLoop/circuit_breaker", "RetryLoop/exponential_backoff",
      "RetryLoop/fixed_delay",  "StorageWrites",
  };
  EXPECT_NO_THROW(config.require_tables_match(shipped));
  EXPECT_EQ(config.tables.size(), shipped.size());
  EXPECT_EQ(config.binaries, std::vector<std::filesystem::path>{"soak_scenarios"});
  EXPECT_EQ(config.results, project / "results");
}

}  // namespace
}  // namespace soak::config
