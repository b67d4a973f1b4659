"""A request that cannot be carried out exits with 2, names the place and the way out, and writes no verdict."""

import os
import unittest

from soak_cli import BIN_DIR, NOT_MEASURED, WRONG_REQUEST, DEFAULT_CONFIG, SoakTestCase, soak

GOOD = DEFAULT_CONFIG

# what is wrong, benchmarks.toml, the place and the values that the message names
BAD_CONFIGS = [
    ("syntax error", 'schema = 1\n[run\n', ["benchmarks.toml:2:"]),
    ("unknown key", 'schema = 1\n[thresholds]\nfinal_groth = "5 MiB"\n', ["benchmarks.toml:3:1", "final_growth"]),
    ("wrong type", 'schema = 1\n[thresholds]\nopen_files_growth = "many"\n', ["benchmarks.toml:3:"]),
    ("unknown unit", 'schema = 1\n[thresholds]\nfinal_growth = "5 MBit"\n', ["benchmarks.toml:3:", "MBit"]),
    ("no unit", 'schema = 1\n[thresholds]\nfinal_growth = 5\n', ["benchmarks.toml:3:"]),
    ("negative size", 'schema = 1\n[thresholds]\nfinal_growth = "-5 MiB"\n', ["benchmarks.toml:3:"]),
    ("overflow", 'schema = 1\n[thresholds]\nfinal_growth = "99999999999 TiB"\n', ["benchmarks.toml:3:"]),
    ("unknown scenario", GOOD + '[scenario."RetryLop/adaptive"]\nfinal_growth = "1 MiB"\n',
     ["benchmarks.toml:4:", "'RetryLoop/adaptive'"]),
    ("missing binary", 'schema = 1\n[run]\nbinaries = ["./not_built"]\n', ["not_built"]),
    ("newer schema", "schema = 99\n", ["benchmarks.toml:1:", "99"]),
    ("not UTF-8", b'schema = 1\n# \xff\xfe\n', ["benchmarks.toml"]),
]

BAD_RECORDS = [("empty.json", ""), ("half.json", '{"context": {'), ("foreign.json", '{"a": 1}'),
               ("no_rows.json", '{"context": {}, "benchmarks": []}'),
               ("newer.json", '{"schema_version": 99, "scenarios": []}'), ("nan.json", '{"benchmarks": [nan]}')]


class BadRequests(SoakTestCase):
    def assert_refused(self, name, finished, *parts):
        self.assertEqual(finished.returncode, WRONG_REQUEST, finished.stderr)
        self.assertEqual(finished.stdout, "", "nothing but a result may stand on stdout")
        for part in parts:
            self.assertIn(part, finished.stderr)
        self.expect_golden("requests", name, finished)

    def test_everything_wrong_in_the_config_is_named_with_its_place(self):
        for what, text, parts in BAD_CONFIGS:
            with self.subTest(what):
                config = self.folder / "benchmarks.toml"
                config.write_bytes(text if isinstance(text, bytes) else text.encode())
                finished = soak("run", "--config", config, "--results", self.folder / "r")
                self.assert_refused("config: " + what, finished, *parts)

    def test_a_config_that_is_not_there_or_a_folder(self):
        self.assert_refused("config: missing", soak("run", "--config", self.folder / "no.toml"), "no.toml")
        self.assert_refused("config: a folder", soak("run", "--config", self.folder), str(self.folder))

    def run_good(self, *arguments, **keywords):
        return soak("run", "--config", self.write_config(), "--results", self.folder / "results", *arguments, **keywords)

    def test_a_filter_that_matches_nothing_offers_the_nearest_name(self):
        self.assert_refused("filter: matches nothing", self.run_good("--benchmark_filter=RetryLoop/adaptiv$"),
                            "RetryLoop/adaptive")

    def test_a_filter_that_does_not_compile(self):
        self.assert_refused("filter: not a regular expression", self.run_good("--benchmark_filter=("))

    def test_an_option_without_a_value_takes_no_other_for_it(self):
        listed = soak("list", "--config=", BIN_DIR / "broken_scenarios", cwd=self.folder)
        self.assertIn("throws", listed.stdout)
        finished = soak("run", "--benchmark_filter=", "--json", "--config", self.write_config(), "--results",
                        self.folder / "results", BIN_DIR / "broken_results")
        self.assertTrue(finished.stdout.startswith("{"), finished.stdout)

    def test_list_without_anything_to_list(self):
        self.assert_refused("list: nothing to list", soak("list", cwd=self.folder))

    def test_binaries_that_hang_or_print_without_end_are_given_up(self):
        for name, script in [("hangs", "sleep 600 & echo Foo/iterations:10"), ("prints without end", "exec yes")]:
            with self.subTest(script):
                binary = self.folder / "binary"
                binary.write_text(f"#!/bin/sh\n{script}\n")
                binary.chmod(0o755)
                self.assert_refused("binary: " + name, self.run_good(binary, "--benchmark_filter=nothing$", timeout=30))

    def test_an_unknown_flag_and_a_missing_subcommand(self):
        self.assertEqual(soak("run", "--no_such_flag").returncode, WRONG_REQUEST)
        self.assertEqual(soak().returncode, WRONG_REQUEST)
        self.assertEqual(soak("soka").returncode, WRONG_REQUEST)

    def test_binaries_that_are_no_scenario_binaries(self):
        text = self.folder / "text"
        text.write_text("no program\n")
        self.assert_refused("binary: not executable", self.run_good(text), "text")
        text.chmod(0o755)
        self.assert_refused("binary: a text", self.run_good(text), "text")
        self.assert_refused("binary: a folder", self.run_good(self.folder), str(self.folder))
        self.assert_refused("binary: lists nothing", self.run_good("/bin/false"), "/bin/false")

    @unittest.skipIf(os.geteuid() == 0 and not os.path.exists("/proc/self/mem"), "needs /proc")
    def test_a_results_folder_that_cannot_be_written(self):
        finished = soak("run", "--config", self.write_config(), "--results", "/proc/no/results",
                        "--benchmark_filter=RetryLoop/adaptive")
        self.assert_refused("results: cannot be written", finished, "/proc/no/results")

    def test_check_of_what_is_no_record(self):
        self.assert_refused("check: missing", soak("check", self.folder / "nowhere"), "nowhere")
        for name, content in BAD_RECORDS:
            with self.subTest(name):
                file = self.folder / name
                file.write_text(content)
                finished = soak("check", file)
                self.assertEqual(finished.returncode, NOT_MEASURED, finished.stderr)
                self.assertIn(name, finished.stderr)
                self.assertEqual(finished.stdout, "")
                self.expect_golden("requests", "check: " + name, finished)


if __name__ == "__main__":
    unittest.main()
