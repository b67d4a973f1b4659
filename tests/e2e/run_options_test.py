"""--jobs, --for and --gdb: several scenarios at a time, a given time for all, one scenario under a debugger."""

import json
import os
import pathlib
import signal
import stat
import subprocess
import time
import unittest

from soak_cli import BIN_DIR, INTERRUPTED, LEAK, PASSED, WRONG_REQUEST, SoakTestCase, by_name, soak

# Scenarios whose every allocation is the same each time.
EXACT = "^(Leaky|Fixed)/(seen_ids|interned_strings|unclosed_file|rare_error_path)/"


def heap_curve(scenario):
    checkpoints = scenario["repetitions"][0]["checkpoints"]
    return [(point["iteration"], point["heap_bytes"] - checkpoints[0]["heap_bytes"]) for point in checkpoints]


class Jobs(SoakTestCase):
    def run_exact(self, *options):
        finished, verdict = self.run_json("leaky_twins", "--benchmark_filter=" + EXACT, "--explain=never", *options)
        return finished, verdict, self.run_record()

    def test_exact_counts_survive_neighbours_and_times_are_marked(self):
        alone, verdict_alone, record_alone = self.run_exact()
        beside, verdict_beside, record_beside = self.run_exact("--jobs=3")
        self.assertEqual((alone.returncode, beside.returncode), (LEAK, LEAK), beside.stderr)
        self.assertEqual((record_alone["jobs"], record_beside["jobs"]), (1, 3))
        self.assertEqual((verdict_alone["times_beside_others"], verdict_beside["times_beside_others"]), (False, True))
        for one, other in zip(record_alone["scenarios"], record_beside["scenarios"], strict=True):
            with self.subTest(one["name"]):
                self.assertEqual(one["name"], other["name"], "in the order planned")
                self.assertEqual(heap_curve(one), heap_curve(other))
        self.assertEqual({name: scenario["verdict"] for name, scenario in by_name(verdict_alone).items()},
                         {name: scenario["verdict"] for name, scenario in by_name(verdict_beside).items()})

    def test_ctrl_c_ends_all_of_them(self):
        runner = subprocess.Popen(
            [BIN_DIR / "soak", "run", BIN_DIR / "broken_scenarios", "--benchmark_filter=^hangs", "--jobs=2", "--json",
             "--config", self.write_config(), "--results", self.folder / "results"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.wait_until(lambda: len(self.regions()) == 2)
        runner.send_signal(signal.SIGINT)
        out, _ = runner.communicate(timeout=60)
        self.assertEqual(runner.returncode, INTERRUPTED)
        self.assertEqual(json.loads(out)["completed"], False)
        self.assertEqual(self.survivors(), [])

    def regions(self):
        return list(self.folder.glob("results/*-*/work/*.region"))

    def wait_until(self, is_so, seconds=60):
        ends = time.monotonic() + seconds
        while not is_so():
            self.assertLess(time.monotonic(), ends, "took too long")
            os.sched_yield()

    def survivors(self):
        """Processes whose environment says that they belong to a run of this test."""
        mark, alive = str(self.folder).encode(), []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes():
                    alive.append(process.name)
            except OSError:
                continue
        return alive


class For(SoakTestCase):
    def test_scenarios_fill_their_share_and_a_leak_is_still_told(self):
        began = time.monotonic()
        finished, verdict = self.run_json(
            "leaky_twins", "--for=4 s", "--explain=never", "--benchmark_filter=^(Leaky|Fixed)/(unclosed_file|seen_ids)/")
        took = time.monotonic() - began
        self.assertEqual(finished.returncode, LEAK, finished.stderr)
        self.assertEqual({name: scenario["verdict"] for name, scenario in by_name(verdict).items()},
                         {"Leaky/unclosed_file": "leak", "Fixed/unclosed_file": "pass",
                          "Leaky/seen_ids": "leak", "Fixed/seen_ids": "pass"}, finished.stdout)
        self.assertLess(took, 60, "a share is no licence to run on")
        scenario = {scenario["name"]: scenario for scenario in self.run_record()["scenarios"]}["Fixed/seen_ids"]
        planned = int(scenario["benchmark_name"].rsplit(":", 1)[1])
        self.assertGreater(scenario["planned_iterations"], planned)
        self.assertEqual(scenario["repetitions"][0]["iterations"], scenario["planned_iterations"])
        self.assertEqual(scenario["scaled_runs"][0]["iterations"], planned, "the first, short run is kept beside it")
        self.assertIn(f"--iterations={scenario['planned_iterations']}", scenario["rerun_command"])

    def test_times_that_make_no_sense_are_refused(self):
        for options, named in {("--for=8",): "8", ("--for=0 s",): "0 s", ("--for=soon",): "soon",
                               ("--for=1 h", "--iterations=5"): "--iterations"}.items():
            with self.subTest(options):
                finished = soak("run", "soak_selftest_scenarios", *options, cwd=self.folder)
                self.assertEqual(finished.returncode, WRONG_REQUEST)
                self.assertIn(named, finished.stderr)
                if len(options) == 1:  # the wording of options that exclude each other is the parser's
                    self.expect_golden("requests", "run " + options[0], finished)


class Gdb(SoakTestCase):
    def run_under(self, *arguments, path=None):
        return soak("run", "soak_selftest_scenarios", "--config", self.write_config(
            'schema = 1\n[scenario."Free/crash"]\nenv = { MALLOC_ARENA_MAX = "2" }\niterations = 77\n'),
            "--gdb", *arguments, env={"PATH": path or os.environ["PATH"]}, cwd=self.folder)

    def fake_debugger(self):
        """Prints what it was started with."""
        debugger = self.folder / "gdb"
        debugger.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\nenv\n', encoding="utf-8")
        debugger.chmod(debugger.stat().st_mode | stat.S_IXUSR)
        return f"{self.folder}:{os.environ['PATH']}"

    def test_it_gets_the_scenario_as_the_runner_starts_it(self):
        finished = self.run_under("--benchmark_filter=^Free/crash/", path=self.fake_debugger())
        self.assertEqual(finished.returncode, PASSED, finished.stderr)
        lines = finished.stdout.splitlines()
        self.assertEqual(lines[:3], ["-q", "--args", str(BIN_DIR / "soak_selftest_scenarios")])
        self.assertTrue(lines[3].startswith("--benchmark_filter=^Free/crash("), lines[3])
        self.assertIn("MALLOC_ARENA_MAX=2", lines)
        self.assertIn("SOAK_ITERATIONS=77", lines)

    def test_it_is_for_one_scenario(self):
        finished = self.run_under("--benchmark_filter=^Free/")
        self.assertEqual(finished.returncode, WRONG_REQUEST)
        self.assertRegex(finished.stderr, r"\b12\b")
        self.expect_golden("requests", "gdb: several scenarios", finished)

    def test_without_a_debugger_it_says_what_to_install(self):
        finished = self.run_under("--benchmark_filter=^Free/crash/", path="/nonexistent")
        self.assertEqual(finished.returncode, WRONG_REQUEST)
        self.assertIn("apt-get install gdb", finished.stderr)
        self.expect_golden("requests", "gdb: not installed", finished)


if __name__ == "__main__":
    unittest.main()
