// Everything that can be wrong in benchmarks.toml, and the place that the message names.
#include <gtest/gtest.h>

#include "config/config.hpp"
#include "message_of.hpp"

namespace soak::config {
namespace {

void expect_messages(const std::vector<Bad>& table) {
  for (const auto& bad : table) expect_refused(bad);
}

const std::vector<Bad> schemas = {
    {"empty file", "", "1:1"},
    {"missing", "[run]\ntimeout = \"1 s\"\n", "1:1"},
    {"newer, and nothing else is looked at", "schema = 2\n[novelty]\n", "1:10"},
    {"zero", "schema = 0\n", "1:10"},
    {"text", "schema = \"1\"\n", "1:10"},
};
TEST(BadConfig, Schema) { expect_messages(schemas); }

const std::vector<Bad> unknown_keys = {
    {"near one", "schema = 1\n[thresholds]\nfinal_grwth = \"5 MiB\"\n", "3:1", "final_growth"},
    {"near none", "schema = 1\n[severity]\nawful = \"5 MiB\"\n", "3:1"},
    {"of another table", "schema = 1\n[thresholds]\ntimeout = \"5 s\"\n", "3:1"},
    {"outside the tables", "schema = 1\nbinaries = [\"a\"]\n", "2:1"},
    {"table", "schema = 1\n[threshold]\n", "2:2", "thresholds"},
    {"of a scenario", "schema = 1\n[scenario.\"R/a\"]\nwarmup = 5\n", "3:1", "warm_up"},
    {"of a checkpoint", "schema = 1\n[scenario.\"R/a\".checkpoints]\n\"end\" = { heap = \"5 KiB\" }\n", "3:11",
     "heap_growth"},
    {"a scenario's name cut in two", "schema = 1\n[scenario.RetryLoop.adaptive]\nfinal_growth = \"5 MiB\"\n", "2:21"},
    {"without a name", "schema = 1\n[run]\n\"\" = 5\n", "3:1"},
    {"with a name of great length", "schema = 1\n" + std::string(101, 'k') + " = 5\n", "2:1"},
    {"with an escape sequence", "schema = 1\n\"\\u001b[31m\" = 5\n", "2:1"},
};
TEST(BadConfig, UnknownKeys) { expect_messages(unknown_keys); }

const std::vector<Bad> sizes = {
    {"no unit", "schema = 1\n[thresholds]\nfinal_growth = 5\n", "3:16"},
    {"no unit, fraction", "schema = 1\n[thresholds]\nfinal_growth = 5.5\n", "3:16"},
    {"negative", "schema = 1\n[thresholds]\npeak_growth = \"-5 MiB\"\n", "3:15"},
    {"unknown unit", "schema = 1\n[thresholds]\nvms_growth = \"5 MBit\"\n", "3:14"},
    {"overflowing", "schema = 1\n[thresholds]\npeak_rss = \"9999999999 TiB\"\n", "3:12"},
    {"a limit nothing can keep", "schema = 1\n[thresholds]\npeak_rss = \"0 B\"\n", "3:12"},
    {"an iteration's", "schema = 1\n[thresholds]\nheap_growth_per_iteration = 0\n", "3:29"},
    {"boolean", "schema = 1\n[thresholds]\nfinal_growth = false\n", "3:16"},
    {"table", "schema = 1\n[thresholds.final_growth]\n", "2:1"},
    {"a checkpoint's", "schema = 1\n[scenario.\"R\".checkpoints]\n\t\"\u4e2d\u6587\" = { rss_growth = 5 }\n", "3:24"},
};
TEST(BadConfig, Sizes) { expect_messages(sizes); }

const std::vector<Bad> counts = {
    {"negative", "schema = 1\n[thresholds]\nopen_files_growth = -1\n", "3:21"},
    {"text", "schema = 1\n[thresholds]\nthreads_growth = \"0\"\n", "3:18"},
    {"fraction", "schema = 1\n[thresholds]\nobjects_growth = 1.5\n", "3:18"},
    {"too few checkpoints", "schema = 1\n[run]\ncheckpoint_count = 1\n", "3:20"},
    {"too many checkpoints", "schema = 1\n[run]\ncheckpoint_count = 1001\n", "3:20"},
    {"no iterations", "schema = 1\n[scenario.R]\niterations = 0\n", "3:14"},
    {"fixed by a number", "schema = 1\n[scenario.R]\nfixed = 1\n", "3:9"},
    {"nothing left after warm-up", "schema = 1\n[scenario.R]\nwarm_up = 100\niterations = 100\n", "3:11"},
};
TEST(BadConfig, Counts) { expect_messages(counts); }

const std::vector<Bad> run_values = {
    {"binaries not an array", "schema = 1\n[run]\nbinaries = \"a\"\n", "3:12"},
    {"binaries of numbers", "schema = 1\n[run]\nbinaries = [\"a\", 5]\n", "3:18"},
    {"no binaries", "schema = 1\n[run]\nbinaries = []\n", "3:12"},
    {"empty binary", "schema = 1\n[run]\nbinaries = [\"\"]\n", "3:13"},
    {"the same binary twice", "schema = 1\n[run]\nbinaries = [\"a\", \"a\"]\n", "3:18"},
    {"empty results", "schema = 1\n[run]\nresults = \"\"\n", "3:11"},
    {"NUL in results", "schema = 1\n[run]\nresults = \"a\\u0000\"\n", "3:11"},
    {"timeout without unit", "schema = 1\n[run]\ntimeout = 10\n", "3:11"},
    {"timeout a date", "schema = 1\n[run]\ntimeout = 2026-01-01\n", "3:11"},
    {"timeout of nothing", "schema = 1\n[run]\ntimeout = \"0 s\"\n", "3:11"},
    {"no table", "schema = 1\nrun = 5\n", "2:7"},
};
TEST(BadConfig, Run) { expect_messages(run_values); }

const std::vector<Bad> severities = {
    {"not ascending", "schema = 1\n[severity]\nlow = \"10 MiB\"\nmedium = \"20 MiB\"\nhigh = \"20 MiB\"\n", "5:8"},
    {"not below what is built in", "schema = 1\n[severity]\nlow = \"30 MiB\"\n", "3:7"},
    {"zero", "schema = 1\n[severity]\nlow = \"0 B\"\n", "3:7"},
};
TEST(BadConfig, Severity) { expect_messages(severities); }

const std::vector<Bad> scenarios = {
    {"empty name", "schema = 1\n[scenario.\"\"]\n", "2:11"},
    {"NUL in the name", "schema = 1\n[scenario.\"a\\u0000\"]\n", "2:11"},
    {"no table", "schema = 1\n[scenario]\n\"R/a\" = 5\n", "3:9"},
    {"an array of tables", "schema = 1\n[[scenario]]\nname = \"R/a\"\n", "2:1"},
    {"env a string", "schema = 1\n[scenario.R]\nenv = \"A=1\"\n", "3:7"},
    {"env with a number", "schema = 1\n[scenario.R]\nenv = { A = 1 }\n", "3:13"},
    {"env with '=' in a name", "schema = 1\n[scenario.R]\nenv = { \"A=\" = \"1\" }\n", "3:9"},
    {"env without a name", "schema = 1\n[scenario.R]\nenv = { \"\" = \"1\" }\n", "3:9"},
    {"env with NUL", "schema = 1\n[scenario.R]\nenv = { A = \"\\u0000\" }\n", "3:13"},
    {"env that soak sets itself", "schema = 1\n[scenario.R.env]\nSOAK_PROBE = \"off\"\n", "3:1"},
    {"env that changes the run", "schema = 1\n[scenario.R.env]\nBENCHMARK_DRY_RUN = \"1\"\n", "3:1"},
    {"tags a string", "schema = 1\n[scenario.R]\ntags = \"slow\"\n", "3:8"},
    {"a tag twice", "schema = 1\n[scenario.R]\ntags = [\"slow\", \"slow\"]\n", "3:17"},
    {"no memory", "schema = 1\n[scenario.R]\nmemory_limit = \"0 MiB\"\n", "3:16"},
};
TEST(BadConfig, Scenarios) { expect_messages(scenarios); }

const std::string checkpoints = "schema = 1\n[scenario.R.checkpoints]\n";
const std::vector<Bad> checkpoint_tables = {
    {"empty label", checkpoints + "\"\" = { heap_growth = \"1 B\" }\n", "3:1"},
    {"iteration 0", checkpoints + "0 = { heap_growth = \"1 B\" }\n", "3:1"},
    {"zeros before it", checkpoints + "007 = { heap_growth = \"1 B\" }\n", "3:1"},
    {"overflowing iteration", checkpoints + "99999999999999999999 = { heap_growth = \"1 B\" }\n", "3:1"},
    {"a size alone", checkpoints + "500 = \"64 KiB\"\n", "3:7"},
    {"no limits", checkpoints + "500 = {}\n", "3:7"},
    {"no table", "schema = 1\n[scenario.R]\ncheckpoints = 5\n", "3:15"},
};
TEST(BadConfig, Checkpoints) { expect_messages(checkpoint_tables); }

const std::string waiver = "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"heap_growth\"\nreason = \"known\"\n";
const std::vector<Bad> waivers = {
    {"a table alone", "schema = 1\n[waiver]\nscenario = \"A\"\n", "2:2"},
    {"not tables", "schema = 1\nwaiver = [5]\n", "2:11"},
    {"nothing in it", "schema = 1\n[[waiver]]\n", "2:1"},
    {"no end", waiver, "2:1"},
    {"an end in quotes", waiver + "until = \"2026-12-31\"\n", "6:9"},
    {"a metric misspelt",
     "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"heap_grwth\"\nreason = \"x\"\nuntil = 2026-01-01\n",
     "4:10", "heap_growth"},
    {"a metric like none",
     "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"Z\"\nreason = \"x\"\nuntil = 2026-01-01\n", "4:10"},
    {"what was not measured",
     "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"missing\"\nreason = \"x\"\nuntil = 2026-01-01\n", "4:10"},
    {"no reason given",
     "schema = 1\n[[waiver]]\nscenario = \"A\"\nmetric = \"threads\"\nreason = \"\"\nuntil = 2026-01-01\n", "5:10"},
    {"an unknown key", waiver + "until = 2026-12-31\nauthor = \"me\"\n", "7:1"},
};
TEST(BadConfig, Waivers) { expect_messages(waivers); }

}  // namespace
}  // namespace soak::config
