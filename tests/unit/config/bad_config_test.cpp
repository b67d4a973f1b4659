// Everything that can be wrong in benchmarks.toml, with the whole message it is answered with.
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "config/config.hpp"
#include "config/keys.hpp"
#include "config/scenario_keys.hpp"
#include "message_of.hpp"

namespace soak::config {
namespace {

struct Bad {
  std::string name, text, message;
};

void expect_messages(const std::vector<Bad>& table) {
  for (const auto& [name, text, message] : table) EXPECT_EQ(message_about(text), message) << name;
}

std::string known_in_the_file() { return fmt::format("{}", fmt::join(names_of(file_keys), ", ")); }

const std::vector<Bad> schemas = {
    {"empty file", "", "benchmarks.toml:1:1: schema is missing; begin the file with: schema = 1"},
    {"missing", "[run]\ntimeout = \"1 s\"\n",
     "benchmarks.toml:1:1: schema is missing; begin the file with: schema = 1\n  [run]\n  ^"},
    {"newer, and nothing else is looked at", "schema = 2\n[novelty]\n",
     "benchmarks.toml:1:10: schema 2 is newer than this soak, which knows schema 1; use a newer soak\n"
     "  schema = 2\n"
     "           ^"},
    {"zero", "schema = 0\n", "benchmarks.toml:1:10: schema must be 1 or more\n  schema = 0\n           ^"},
    {"text", "schema = \"1\"\n",
     "benchmarks.toml:1:10: schema must be a whole number such as 1, not a string\n  schema = \"1\"\n           ^"},
};
TEST(BadConfig, Schema) { expect_messages(schemas); }

const std::vector<Bad> unknown_keys = {
    {"near one", "schema = 1\n[thresholds]\nfinal_grwth = \"5 MiB\"\n",
     "benchmarks.toml:3:1: unknown key 'final_grwth' in [thresholds]; did you mean 'final_growth'?\n"
     "  final_grwth = \"5 MiB\"\n"
     "  ^"},
    {"near none", "schema = 1\n[severity]\nawful = \"5 MiB\"\n",
     "benchmarks.toml:3:1: unknown key 'awful' in [severity]; known here: low, medium, high, critical\n"
     "  awful = \"5 MiB\"\n"
     "  ^"},
    {"of another table", "schema = 1\n[thresholds]\ntimeout = \"5 s\"\n",
     "benchmarks.toml:3:1: unknown key 'timeout' in [thresholds]; it belongs in [run] or [scenario.\"...\"]\n"
     "  timeout = \"5 s\"\n"
     "  ^"},
    {"outside the tables", "schema = 1\nbinaries = [\"a\"]\n",
     "benchmarks.toml:2:1: unknown key 'binaries'; it belongs in [run]\n"
     "  binaries = [\"a\"]\n"
     "  ^"},
    {"table", "schema = 1\n[threshold]\n",
     "benchmarks.toml:2:2: unknown key 'threshold'; did you mean 'thresholds'?\n"
     "  [threshold]\n"
     "   ^"},
    {"of a scenario", "schema = 1\n[scenario.\"R/a\"]\nwarmup = 5\n",
     "benchmarks.toml:3:1: unknown key 'warmup' in [scenario.\"R/a\"]; did you mean 'warm_up'?\n"
     "  warmup = 5\n"
     "  ^"},
    {"of a checkpoint", "schema = 1\n[scenario.\"R/a\".checkpoints]\n\"end\" = { heap = \"5 KiB\" }\n",
     "benchmarks.toml:3:11: unknown key 'heap' in checkpoint 'end'; did you mean 'heap_growth'?\n"
     "  \"end\" = { heap = \"5 KiB\" }\n"
     "            ^"},
    {"a scenario's name cut in two", "schema = 1\n[scenario.RetryLoop.adaptive]\nfinal_growth = \"5 MiB\"\n",
     "benchmarks.toml:2:21: unknown table 'adaptive' in [scenario.\"RetryLoop\"]; for a scenario of its own write "
     "[scenario.\"RetryLoop/adaptive\"]\n"
     "  [scenario.RetryLoop.adaptive]\n"
     "                      ^"},
    {"without a name", "schema = 1\n[run]\n\"\" = 5\n",
     "benchmarks.toml:3:1: unknown key '' in [run]; known here: binaries, results, timeout, checkpoint_count\n"
     "  \"\" = 5\n"
     "  ^"},
    {"with a name of great length", "schema = 1\n" + std::string(101, 'k') + " = 5\n",
     "benchmarks.toml:2:1: unknown key '" + std::string(100, 'k') + "...'; known here: " + known_in_the_file() +
         "\n  " + std::string(100, 'k') + "...\n  ^"},
    {"with an escape sequence", "schema = 1\n\"\\u001b[31m\" = 5\n",
     "benchmarks.toml:2:1: unknown key '\\u001B[31m'; known here: " + known_in_the_file() +
         "\n"
         "  \"\\u001b[31m\" = 5\n"
         "  ^"},
};
TEST(BadConfig, UnknownKeys) { expect_messages(unknown_keys); }

const std::vector<Bad> sizes = {
    {"no unit", "schema = 1\n[thresholds]\nfinal_growth = 5\n",
     "benchmarks.toml:3:16: final_growth: \"5\" has no unit; write \"5 MiB\"\n  final_growth = 5\n                 "
     "^"},
    {"no unit, fraction", "schema = 1\n[thresholds]\nfinal_growth = 5.5\n",
     "benchmarks.toml:3:16: final_growth: \"5.5\" has no unit; write \"5.5 MiB\"\n"
     "  final_growth = 5.5\n"
     "                 ^"},
    {"negative", "schema = 1\n[thresholds]\npeak_growth = \"-5 MiB\"\n",
     "benchmarks.toml:3:15: peak_growth: \"-5 MiB\" is negative\n  peak_growth = \"-5 MiB\"\n                ^"},
    {"unknown unit", "schema = 1\n[thresholds]\nvms_growth = \"5 MBit\"\n",
     "benchmarks.toml:3:14: vms_growth: \"5 MBit\" has the unknown unit 'MBit'; use B, KiB, MiB, GiB, TiB, kB, MB, "
     "GB "
     "or TB\n"
     "  vms_growth = \"5 MBit\"\n"
     "               ^"},
    {"overflowing", "schema = 1\n[thresholds]\npeak_rss = \"9999999999 TiB\"\n",
     "benchmarks.toml:3:12: peak_rss: \"9999999999 TiB\" is too large; the largest is 8 EiB less 1 B\n"
     "  peak_rss = \"9999999999 TiB\"\n"
     "             ^"},
    {"a limit nothing can keep", "schema = 1\n[thresholds]\npeak_rss = \"0 B\"\n",
     "benchmarks.toml:3:12: peak_rss must be more than 0 B\n  peak_rss = \"0 B\"\n             ^"},
    {"an iteration's", "schema = 1\n[thresholds]\nheap_growth_per_iteration = 0\n",
     "benchmarks.toml:3:29: heap_growth_per_iteration: \"0\" has no unit; write \"0 B\"\n"
     "  heap_growth_per_iteration = 0\n"
     "                              ^"},
    {"boolean", "schema = 1\n[thresholds]\nfinal_growth = false\n",
     "benchmarks.toml:3:16: final_growth must be a size such as \"5 MiB\", not a boolean\n"
     "  final_growth = false\n"
     "                 ^"},
    {"table", "schema = 1\n[thresholds.final_growth]\n",
     "benchmarks.toml:2:1: final_growth must be a size such as \"5 MiB\", not a table\n"
     "  [thresholds.final_growth]\n"
     "  ^"},
    {"a checkpoint's", "schema = 1\n[scenario.\"R\".checkpoints]\n\t\"\u4e2d\u6587\" = { rss_growth = 5 }\n",
     "benchmarks.toml:3:24: rss_growth: \"5\" has no unit; write \"5 MiB\"\n"
     "  \t\"\u4e2d\u6587\" = { rss_growth = 5 }\n"
     "  \t                        ^"},
};
TEST(BadConfig, Sizes) { expect_messages(sizes); }

const std::vector<Bad> counts = {
    {"negative", "schema = 1\n[thresholds]\nopen_files_growth = -1\n",
     "benchmarks.toml:3:21: open_files_growth must not be negative\n  open_files_growth = -1\n                      "
     "^"},
    {"text", "schema = 1\n[thresholds]\nthreads_growth = \"0\"\n",
     "benchmarks.toml:3:18: threads_growth must be a whole number such as 1, not a string\n"
     "  threads_growth = \"0\"\n"
     "                   ^"},
    {"fraction", "schema = 1\n[thresholds]\nobjects_growth = 1.5\n",
     "benchmarks.toml:3:18: objects_growth must be a whole number such as 1, not a number with a fraction\n"
     "  objects_growth = 1.5\n"
     "                   ^"},
    {"too few checkpoints", "schema = 1\n[run]\ncheckpoint_count = 1\n",
     "benchmarks.toml:3:20: checkpoint_count must be 2 or more\n  checkpoint_count = 1\n                     ^"},
    {"too many checkpoints", "schema = 1\n[run]\ncheckpoint_count = 1001\n",
     "benchmarks.toml:3:20: checkpoint_count must be 1000 or less\n  checkpoint_count = 1001\n                     "
     "^"},
    {"no iterations", "schema = 1\n[scenario.R]\niterations = 0\n",
     "benchmarks.toml:3:14: iterations must be 1 or more\n  iterations = 0\n               ^"},
    {"fixed by a number", "schema = 1\n[scenario.R]\nfixed = 1\n",
     "benchmarks.toml:3:9: fixed must be true or false, not a whole number\n  fixed = 1\n          ^"},
    {"nothing left after warm-up", "schema = 1\n[scenario.R]\nwarm_up = 100\niterations = 100\n",
     "benchmarks.toml:3:11: warm_up must be less than iterations (100)\n  warm_up = 100\n            ^"},
};
TEST(BadConfig, Counts) { expect_messages(counts); }

const std::vector<Bad> run_values = {
    {"binaries not an array", "schema = 1\n[run]\nbinaries = \"a\"\n",
     "benchmarks.toml:3:12: binaries must be an array of paths such as [\"soak_scenarios\"], not a string\n"
     "  binaries = \"a\"\n"
     "             ^"},
    {"binaries of numbers", "schema = 1\n[run]\nbinaries = [\"a\", 5]\n",
     "benchmarks.toml:3:18: binaries must be an array of paths such as [\"soak_scenarios\"], not one with a whole "
     "number\n"
     "  binaries = [\"a\", 5]\n"
     "                   ^"},
    {"no binaries", "schema = 1\n[run]\nbinaries = []\n",
     "benchmarks.toml:3:12: binaries must not be empty\n  binaries = []\n             ^"},
    {"empty binary", "schema = 1\n[run]\nbinaries = [\"\"]\n",
     "benchmarks.toml:3:13: binaries must not have an empty name\n  binaries = [\"\"]\n              ^"},
    {"the same binary twice", "schema = 1\n[run]\nbinaries = [\"a\", \"a\"]\n",
     "benchmarks.toml:3:18: binaries names 'a' twice\n  binaries = [\"a\", \"a\"]\n                   ^"},
    {"empty results", "schema = 1\n[run]\nresults = \"\"\n",
     "benchmarks.toml:3:11: results must not be empty\n  results = \"\"\n            ^"},
    {"NUL in results", "schema = 1\n[run]\nresults = \"a\\u0000\"\n",
     "benchmarks.toml:3:11: results must not contain a NUL character\n  results = \"a\\u0000\"\n            ^"},
    {"timeout without unit", "schema = 1\n[run]\ntimeout = 10\n",
     "benchmarks.toml:3:11: timeout: \"10\" has no unit; write \"10 s\"\n  timeout = 10\n            ^"},
    {"timeout a date", "schema = 1\n[run]\ntimeout = 2026-01-01\n",
     "benchmarks.toml:3:11: timeout must be a time such as \"10 min\", not a date\n  timeout = 2026-01-01\n          "
     "  ^"},
    {"timeout of nothing", "schema = 1\n[run]\ntimeout = \"0 s\"\n",
     "benchmarks.toml:3:11: timeout must be longer than 0\n  timeout = \"0 s\"\n            ^"},
    {"no table", "schema = 1\nrun = 5\n",
     "benchmarks.toml:2:7: run must be a table, not a whole number\n  run = 5\n        ^"},
};
TEST(BadConfig, Run) { expect_messages(run_values); }

const std::vector<Bad> severities = {
    {"not ascending", "schema = 1\n[severity]\nlow = \"10 MiB\"\nmedium = \"20 MiB\"\nhigh = \"20 MiB\"\n",
     "benchmarks.toml:5:8: severities must ascend, but high (20.0 MiB) is not above medium (20.0 MiB)\n"
     "  high = \"20 MiB\"\n"
     "         ^"},
    {"not below what is built in", "schema = 1\n[severity]\nlow = \"30 MiB\"\n",
     "benchmarks.toml:3:7: severities must ascend, but medium (20.0 MiB) is not above low (30.0 MiB)\n"
     "  low = \"30 MiB\"\n"
     "        ^"},
    {"zero", "schema = 1\n[severity]\nlow = \"0 B\"\n",
     "benchmarks.toml:3:7: low must be more than 0 B\n  low = \"0 B\"\n        ^"},
};
TEST(BadConfig, Severity) { expect_messages(severities); }

const std::vector<Bad> scenarios = {
    {"empty name", "schema = 1\n[scenario.\"\"]\n",
     "benchmarks.toml:2:11: empty scenario name\n  [scenario.\"\"]\n            ^"},
    {"NUL in the name", "schema = 1\n[scenario.\"a\\u0000\"]\n",
     "benchmarks.toml:2:11: a NUL character in the scenario name\n  [scenario.\"a\\u0000\"]\n            ^"},
    {"no table", "schema = 1\n[scenario]\n\"R/a\" = 5\n",
     "benchmarks.toml:3:9: R/a must be a table, not a whole number\n  \"R/a\" = 5\n          ^"},
    {"an array of tables", "schema = 1\n[[scenario]]\nname = \"R/a\"\n",
     "benchmarks.toml:2:1: scenario must be a table, not an array\n  [[scenario]]\n  ^"},
    {"env a string", "schema = 1\n[scenario.R]\nenv = \"A=1\"\n",
     "benchmarks.toml:3:7: env must be a table of strings such as { MALLOC_ARENA_MAX = \"1\" }, not a string\n"
     "  env = \"A=1\"\n"
     "        ^"},
    {"env with a number", "schema = 1\n[scenario.R]\nenv = { A = 1 }\n",
     "benchmarks.toml:3:13: A must be a string, not a whole number\n  env = { A = 1 }\n              ^"},
    {"env with '=' in a name", "schema = 1\n[scenario.R]\nenv = { \"A=\" = \"1\" }\n",
     "benchmarks.toml:3:9: env has a variable whose name contains '=' or a NUL character\n"
     "  env = { \"A=\" = \"1\" }\n"
     "          ^"},
    {"env without a name", "schema = 1\n[scenario.R]\nenv = { \"\" = \"1\" }\n",
     "benchmarks.toml:3:9: env has a variable without a name\n  env = { \"\" = \"1\" }\n          ^"},
    {"env with NUL", "schema = 1\n[scenario.R]\nenv = { A = \"\\u0000\" }\n",
     "benchmarks.toml:3:13: A must not contain a NUL character\n  env = { A = \"\\u0000\" }\n              ^"},
    {"env that soak sets itself", "schema = 1\n[scenario.R.env]\nSOAK_PROBE = \"off\"\n",
     "benchmarks.toml:3:1: env must not set what soak itself sets for every child; it would measure something else\n"
     "  SOAK_PROBE = \"off\"\n"
     "  ^"},
    {"env that changes the run", "schema = 1\n[scenario.R.env]\nBENCHMARK_DRY_RUN = \"1\"\n",
     "benchmarks.toml:3:1: env must not set BENCHMARK_ variables: Google Benchmark would take them for flags of the "
     "run\n"
     "  BENCHMARK_DRY_RUN = \"1\"\n"
     "  ^"},
    {"tags a string", "schema = 1\n[scenario.R]\ntags = \"slow\"\n",
     "benchmarks.toml:3:8: tags must be an array of strings such as [\"nightly\"], not a string\n"
     "  tags = \"slow\"\n"
     "         ^"},
    {"a tag twice", "schema = 1\n[scenario.R]\ntags = [\"slow\", \"slow\"]\n",
     "benchmarks.toml:3:17: tags names 'slow' twice\n  tags = [\"slow\", \"slow\"]\n                  ^"},
    {"no memory", "schema = 1\n[scenario.R]\nmemory_limit = \"0 MiB\"\n",
     "benchmarks.toml:3:16: memory_limit must be more than 0 B\n  memory_limit = \"0 MiB\"\n                 ^"},
};
TEST(BadConfig, Scenarios) { expect_messages(scenarios); }

const std::string checkpoints = "schema = 1\n[scenario.R.checkpoints]\n";
const std::vector<Bad> checkpoint_tables = {
    {"empty label", checkpoints + "\"\" = { heap_growth = \"1 B\" }\n",
     "benchmarks.toml:3:1: empty checkpoint label\n  \"\" = { heap_growth = \"1 B\" }\n  ^"},
    {"iteration 0", checkpoints + "0 = { heap_growth = \"1 B\" }\n",
     "benchmarks.toml:3:1: 0 is no iteration; iterations are counted from 1, without zeros before them\n"
     "  0 = { heap_growth = \"1 B\" }\n"
     "  ^"},
    {"zeros before it", checkpoints + "007 = { heap_growth = \"1 B\" }\n",
     "benchmarks.toml:3:1: 007 is no iteration; iterations are counted from 1, without zeros before them\n"
     "  007 = { heap_growth = \"1 B\" }\n"
     "  ^"},
    {"overflowing iteration", checkpoints + "99999999999999999999 = { heap_growth = \"1 B\" }\n",
     "benchmarks.toml:3:1: 99999999999999999999 is too large for an iteration\n"
     "  99999999999999999999 = { heap_growth = \"1 B\" }\n"
     "  ^"},
    {"a size alone", checkpoints + "500 = \"64 KiB\"\n",
     "benchmarks.toml:3:7: 500 must be a table such as { heap_growth = \"64 KiB\" }, not a string\n"
     "  500 = \"64 KiB\"\n"
     "        ^"},
    {"no limits", checkpoints + "500 = {}\n",
     "benchmarks.toml:3:7: 500 limits nothing; it takes rss_growth, vms_growth, heap_growth, open_files_growth, "
     "threads_growth, children_growth\n"
     "  500 = {}\n"
     "        ^"},
    {"no table", "schema = 1\n[scenario.R]\ncheckpoints = 5\n",
     "benchmarks.toml:3:15: checkpoints must be a table, not a whole number\n  checkpoints = 5\n                ^"},
};
TEST(BadConfig, Checkpoints) { expect_messages(checkpoint_tables); }

const std::string waiver = "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"heap_growth\"\nreason = \"known\"\n";
const std::vector<Bad> waivers = {
    {"a table alone", "schema = 1\n[waiver]\nscenario = \"A\"\n",
     "benchmarks.toml:2:2: waiver must be an array of tables: write [[waiver]]\n  [waiver]\n   ^"},
    {"not tables", "schema = 1\nwaiver = [5]\n",
     "benchmarks.toml:2:11: waiver must be a table, not a whole number\n  waiver = [5]\n            ^"},
    {"nothing in it", "schema = 1\n[[waiver]]\n",
     "benchmarks.toml:2:1: waiver has no scenario\n  [[waiver]]\n  ^\n"
     "benchmarks.toml:2:1: waiver has no metric and no site: one of them, or both\n  [[waiver]]\n  ^\n"
     "benchmarks.toml:2:1: waiver has no reason: whoever finds it next year will want to know\n  [[waiver]]\n  ^\n"
     "benchmarks.toml:2:1: waiver has no until: a waiver ends on a day, such as until = 2026-12-31\n"
     "  [[waiver]]\n  ^"},
    {"no end", waiver,
     "benchmarks.toml:2:1: waiver has no until: a waiver ends on a day, such as until = 2026-12-31\n"
     "  [[waiver]]\n  ^"},
    {"an end in quotes", waiver + "until = \"2026-12-31\"\n",
     "benchmarks.toml:6:9: until must be a date such as 2026-12-31, without quotes, not a string\n"
     "  until = \"2026-12-31\"\n          ^"},
    {"a metric misspelt",
     "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"heap_grwth\"\nreason = \"x\"\nuntil = 2026-01-01\n",
     "benchmarks.toml:4:10: metric 'heap_grwth' is unknown; did you mean 'heap_growth'?\n"
     "  metric = \"heap_grwth\"\n           ^"},
    {"a metric like none",
     "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"Z\"\nreason = \"x\"\nuntil = 2026-01-01\n",
     "benchmarks.toml:4:10: metric 'Z' is unknown; known are final_growth, peak_growth, peak_rss, heap_growth, "
     "open_files, threads, children, mappings, objects\n  metric = \"Z\"\n           ^"},
    {"what was not measured",
     "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"missing\"\nreason = \"x\"\nuntil = 2026-01-01\n",
     "benchmarks.toml:4:10: metric 'missing' cannot be waived: what was not measured never passes\n"
     "  metric = \"missing\"\n           ^"},
    {"no reason given",
     "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"threads\"\nreason = \"\"\nuntil = 2026-01-01\n",
     "benchmarks.toml:5:10: reason must not be empty\n  reason = \"\"\n           ^"},
    {"an unknown key", waiver + "until = 2026-12-31\nauthor = \"me\"\n",
     "benchmarks.toml:7:1: unknown key 'author' in [[waiver]]; known here: scenario, metric, site, reason, until\n"
     "  author = \"me\"\n  ^"},
};
TEST(BadConfig, Waivers) { expect_messages(waivers); }

}  // namespace
}  // namespace soak::config
