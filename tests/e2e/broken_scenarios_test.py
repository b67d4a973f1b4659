"""A scenario that goes wrong is an error that says why; the others still run and are judged."""

import os
import pathlib
import subprocess
import unittest

from soak_cli import BIN_DIR, FIGURES, NOT_MEASURED, SoakTestCase, by_name, kinds, wording_of

CONFIG = """schema = 1
[run]
binaries = ["broken_scenarios"]
[scenario.hangs]
timeout = "1 s"
[scenario.hangs_with_children]
timeout = "1 s"
"""

# scenario, kind of its finding, what its message names: the scenario's own words, a signal, a status
BROKEN = [
    ("throws", "missing", "the service is gone"),
    ("throws_a_number", "missing", ""),
    ("reports_an_error", "missing", "no server to talk to"),
    ("aborts", "crash", "Aborted"),
    ("segfaults", "crash", "Segmentation fault"),
    ("is_killed", "crash", "Killed"),
    ("exits_with_zero", "missing", "0"),
    ("exits_with_seven", "missing", "7"),
    ("hangs", "timeout", "1.0 s"),
    ("hangs_with_children", "timeout", "1.0 s"),
    ("skips_the_loop", None, ""),  # aborts where Google Benchmark is built with assertions
    ("has_no_checkpoints", "missing", ""),
]


def processes_named(name):
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")[0]
        except OSError:
            continue
        if command.decode(errors="replace").endswith("/" + name):
            found.append(int(folder.name))
    return found


class BrokenScenarios(SoakTestCase):
    def test_each_is_an_error_that_says_why_and_the_others_are_judged(self):
        finished, verdict = self.run_json(config=self.write_config(CONFIG))
        self.assertEqual(finished.returncode, NOT_MEASURED, finished.stderr)
        self.assertEqual(verdict["verdict"], "error")
        scenarios = by_name(verdict)
        self.assertEqual(scenarios["fine"]["verdict"], "pass", scenarios["fine"])
        self.assertEqual(scenarios["prints_a_lot"]["verdict"], "pass", scenarios["prints_a_lot"])
        for name, kind, message in BROKEN:
            with self.subTest(name):
                scenario = scenarios[name]
                self.assertEqual(scenario["verdict"], "error", scenario)
                self.assertTrue(scenario["findings"])
                if kind:
                    self.assertIn(kind, kinds(scenario))
                self.assertIn(message, " ".join(finding["message"] for finding in scenario["findings"]))
                if kind:
                    self.expect_golden("broken-scenarios", name, wording_of(scenario), FIGURES)
        self.assertEqual(processes_named("broken_scenarios"), [], "processes were left behind")
        record = {scenario["name"]: scenario for scenario in self.run_record()["scenarios"]}
        with self.subTest("what a crashed scenario had measured is kept"):
            self.assertGreater(len(record["segfaults"]["repetitions"][0]["checkpoints"]), 20)
        with self.subTest("a log of megabytes is kept within bounds, its end readable"):
            log = self.record_folder() / record["prints_a_lot"]["repetitions"][0]["log"]
            self.assertLess(log.stat().st_size, 2 << 20)
            self.assertIn("the last line", log.read_text(encoding="utf-8"))

    def test_results_that_are_not_as_promised_never_pass(self):
        for how in ["missing", "empty", "truncated", "other_iterations", "not_a_number", "foreign"]:
            with self.subTest(how):
                config = self.write_config('schema = 1\n[run]\nbinaries = ["broken_results"]\n'
                                           f'[scenario.fine.env]\nBROKEN_RESULTS = "{how}"\n')
                finished, verdict = self.run_json(config=config)
                self.assertEqual(finished.returncode, NOT_MEASURED, finished.stderr)
                self.assertEqual(by_name(verdict)["fine"]["verdict"], "error")

    def test_the_same_binary_passes_when_its_results_are_left_alone(self):
        finished, verdict = self.run_json(config=self.write_config('schema = 1\n[run]\nbinaries = ["broken_results"]\n'))
        self.assertEqual((finished.returncode, verdict["verdict"]), (0, "pass"), finished.stdout)

    def test_the_binary_alone_exits_with_3_for_error_rows_and_for_a_filter_that_matches_nothing(self):
        for scenario, status in [("^fine", 0), ("^throws/", NOT_MEASURED), ("^nothing$", NOT_MEASURED)]:
            with self.subTest(scenario):
                alone = subprocess.run([BIN_DIR / "broken_scenarios", "--benchmark_filter=" + scenario],
                                       capture_output=True, check=False, env=os.environ)
                self.assertEqual(alone.returncode, status, alone.stderr)


if __name__ == "__main__":
    unittest.main()
