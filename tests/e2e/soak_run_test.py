"""`soak run` on the shipped scenarios: what it prints, what it leaves, how it is interrupted."""

import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

from soak_cli import BIN_DIR, INTERRUPTED, NOT_MEASURED, PASSED, SOURCE_DIR, SoakTestCase, by_name, soak

RETRY_LOOPS = {f"RetryLoop/{strategy}" for strategy in
               ["adaptive", "exponential_backoff", "circuit_breaker", "fixed_delay"]}


class SoakRun(SoakTestCase):
    def test_four_retry_loops_pass_and_the_json_is_the_contract(self):
        finished, verdict = self.run_json("--benchmark_filter=RetryLoop", config=SOURCE_DIR / "benchmarks.toml")
        self.assertEqual(finished.returncode, PASSED, finished.stdout + finished.stderr)
        self.assertEqual((verdict["schema_version"], verdict["verdict"]), (1, "pass"))
        self.assertEqual(set(by_name(verdict)), RETRY_LOOPS)
        for name, scenario in by_name(verdict).items():
            with self.subTest(name):
                self.assertEqual((scenario["verdict"], scenario["severity"], scenario["iterations"], scenario["findings"]),
                                 ("pass", "none", 1000, []))
                for figure in ["heap_growth_bytes_per_iteration", "rss_growth_bytes", "rss_peak_growth_bytes"]:
                    self.assertIsInstance(scenario[figure], (int, float))

    def test_the_binary_alone_runs_like_any_google_benchmark_binary(self):
        out = self.folder / "out.json"
        alone = subprocess.run([BIN_DIR / "soak_scenarios", "--benchmark_filter=RetryLoop/adaptive",
                                f"--benchmark_out={out}"], capture_output=True, text=True, check=False)
        self.assertEqual(alone.returncode, 0, alone.stderr)
        self.assertTrue(all(len(line) < 300 for line in alone.stdout.splitlines()), "the console stays readable")
        row = json.loads(out.read_text())["benchmarks"][0]
        for counter in ["cp00.iteration", "cp00.rss_bytes", "cp00.vms_bytes", "cp00.heap_bytes", "cp00.heap_blocks",
                        "cp00.allocations", "cp00.open_files", "cp00.threads", "cp00.children", "cp00.cpu_percent",
                        "cp63.iteration", "rss_growth_bytes", "rss_peak_bytes", "heap_growth_bytes", "heap_peak_bytes",
                        "heap_growth_bytes_per_iteration", "allocations_per_iteration", "open_files_growth",
                        "threads_growth"]:
            self.assertIn(counter, row)
        self.assertEqual((row["cp00.iteration"], row["cp63.iteration"]), (0, 1000))

    def test_the_record_and_its_benchmark_json_are_judged_alike(self):
        finished, verdict = self.run_json("--benchmark_filter=RetryLoop/adaptive|MetadataLookup")
        self.assertEqual(finished.returncode, PASSED, finished.stdout)
        folder = self.record_folder()
        self.assertEqual(json.loads((folder / "verdict.json").read_text()), verdict)
        again = soak("check", "--json", "--config", self.folder / "benchmarks.toml", folder)
        self.assertEqual((again.returncode, json.loads(again.stdout)), (PASSED, verdict))
        from_rows = soak("check", "--json", "--config", self.folder / "benchmarks.toml", folder / "benchmark.json")
        self.assertEqual(from_rows.returncode, PASSED, from_rows.stderr)
        for scenario in json.loads(from_rows.stdout)["scenarios"]:
            original = by_name(verdict)[scenario["name"]]
            for figure in ["verdict", "heap_growth_bytes_per_iteration", "rss_growth_bytes", "rss_peak_growth_bytes"]:
                self.assertEqual(scenario[figure], original[figure], figure)
        context = json.loads((folder / "benchmark.json").read_text())["context"]
        for key in ["soak_commit", "soak_allocator", "soak_libc", "soak_compiler", "soak_kernel", "soak_cpu", "soak_page_bytes"]:
            self.assertIn(key, context)

    def test_repetitions_are_processes_merged_as_repetition_rows(self):
        finished, _ = self.run_json("--benchmark_filter=RetryLoop/adaptive", "--repetitions=3")
        self.assertEqual(finished.returncode, PASSED, finished.stdout)
        rows = json.loads((self.record_folder() / "benchmark.json").read_text())["benchmarks"]
        self.assertEqual([(row["repetitions"], row["repetition_index"]) for row in rows], [(3, 0), (3, 1), (3, 2)])
        self.assertEqual(len(self.run_record()["scenarios"][0]["repetitions"]), 3)

    def test_a_wanted_number_of_iterations_is_run_and_keeps_the_name(self):
        finished, verdict = self.run_json("--benchmark_filter=RetryLoop/fixed", "--iterations=2500")
        self.assertEqual(finished.returncode, PASSED, finished.stdout + finished.stderr)
        self.assertEqual([(s["name"], s["iterations"]) for s in verdict["scenarios"]], [("RetryLoop/fixed_delay", 2500)])

    def test_benchmark_variables_of_the_caller_do_not_reach_the_scenario(self):
        finished, verdict = self.run_json("--benchmark_filter=RetryLoop/adaptive", env={
            "BENCHMARK_FILTER": "nothing", "BENCHMARK_REPETITIONS": "5", "SOAK_PROBE": "off", "SOAK_ITERATIONS": "3"})
        self.assertEqual((finished.returncode, verdict["scenarios"][0]["iterations"]), (PASSED, 1000), finished.stdout)

    @staticmethod
    def end(runner):
        runner.kill()
        runner.wait()
        for stream in (runner.stdout, runner.stderr):
            if stream:
                stream.close()

    def wait_until_measured(self, record, scenario):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            so_far = soak("check", "--json", "--config", self.folder / "benchmarks.toml", record)
            if by_name(json.loads(so_far.stdout))[scenario]["rss_growth_bytes"] is not None:
                return
            time.sleep(0.05)  # polls for a state, proves nothing by time
        self.fail(f"{scenario} never measured anything")

    def start_long_run(self):
        """A run of one short scenario and one that takes minutes; returns once the second is under way."""
        config = self.write_config('schema = 1\n[run]\nbinaries = ["soak_scenarios"]\n'
                                   '[scenario."StorageWrites"]\niterations = 100000000\n')
        runner = subprocess.Popen([BIN_DIR / "soak", "run", "--json", "--config", config, "--results",
                                   self.folder / "results", "--benchmark_filter=RetryLoop/fixed|StorageWrites"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, runner)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for record in (self.folder / "results").glob("*/run.json"):
                states = [s["repetitions"][0]["ending"] for s in json.loads(record.read_text())["scenarios"]]
                if states == ["finished", "running"]:
                    return runner, record.parent
            time.sleep(0.05)  # polls for a state, proves nothing by time
        self.fail("the second scenario never began")

    def assert_first_judged_and_second_named(self, verdict):
        scenarios = by_name(verdict)
        self.assertEqual(scenarios["RetryLoop/fixed_delay"]["verdict"], "pass")
        self.assertEqual(scenarios["StorageWrites"]["verdict"], "error")
        self.assertTrue(scenarios["StorageWrites"]["findings"])

    def assert_scenario_ends(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not [p for p in pathlib.Path("/proc").glob("[0-9]*/environ") if self.measures_for_us(p)]:
                return
            time.sleep(0.05)
        self.fail("the scenario's process outlived its runner")

    def measures_for_us(self, environ):
        try:
            return str(self.folder).encode() in environ.read_bytes()
        except OSError:
            return False

    def test_a_killed_runner_leaves_a_record_that_says_what_had_finished(self):
        runner, record = self.start_long_run()
        self.wait_until_measured(record, "StorageWrites")
        runner.send_signal(signal.SIGKILL)
        runner.wait()
        checked = soak("check", "--json", "--config", self.folder / "benchmarks.toml", record)
        self.assertEqual(checked.returncode, NOT_MEASURED, checked.stderr)
        verdict = json.loads(checked.stdout)
        self.assert_first_judged_and_second_named(verdict)
        self.assertIsNotNone(by_name(verdict)["StorageWrites"]["rss_growth_bytes"], "what it had measured is shown")
        self.assertEqual(self.record_folder(), record.resolve(), "latest is the newest, however it ended")
        self.assert_scenario_ends()

    def test_a_run_whose_messages_nobody_reads_ends_with_its_verdict(self):
        for redirection in ["2>/dev/full", "2>&-", "2>&1 >/dev/null | true"]:
            with self.subTest(redirection):
                results = self.folder / "r"
                ran = subprocess.run(
                    ["bash", "-c", f'"$0" "$@" {redirection}; exit "${{PIPESTATUS[0]}}"', BIN_DIR / "soak", "run",
                     "--config", self.write_config(), "--results", results, "--benchmark_filter=RetryLoop"],
                    stdout=subprocess.DEVNULL, check=False)
                self.assertEqual(ran.returncode, PASSED)
                verdict = json.loads((results / "latest" / "verdict.json").read_text())
                self.assertEqual((verdict["verdict"], len(verdict["scenarios"])), ("pass", 4))

    def test_a_verdict_that_cannot_be_printed_is_no_success(self):
        ran = subprocess.run(["bash", "-c", '"$0" "$@" >/dev/full', BIN_DIR / "soak", "run", "--json", "--config",
                              self.write_config(), "--results", self.folder / "r", "--benchmark_filter=RetryLoop/fixed"],
                             capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, NOT_MEASURED, ran.stderr)
        self.assertIn("No space left on device", ran.stderr)

    def test_interrupted_at_any_time_it_exits_130_with_a_verdict(self):
        for delay in range(6):
            with self.subTest(delay):
                results = self.folder / f"r{delay}"
                runner = subprocess.Popen([BIN_DIR / "soak", "run", "--json", "--config", self.write_config(), "--results",
                                           results, "--benchmark_filter=RetryLoop", "--repetitions=50"],
                                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                self.addCleanup(self.end, runner)
                while not list(results.glob("*/run.json")):
                    self.assertIsNone(runner.poll(), "it ended before it began")
                    time.sleep(0.01)
                time.sleep(delay * 0.037)  # whichever moment this hits has to be handled
                runner.send_signal(signal.SIGINT)
                out, _ = runner.communicate(timeout=30)
                self.assertEqual(runner.returncode, INTERRUPTED)
                self.assertIn("scenarios", json.loads(out))

    def test_memory_beyond_the_limit_ends_the_scenario(self):
        config = self.write_config('schema = 1\n[run]\nbinaries = ["soak_scenarios"]\n'
                                   '[scenario."LargePlaylist/10000"]\nmemory_limit = "16 MiB"\n')
        finished, verdict = self.run_json("--benchmark_filter=LargePlaylist/10000", config=config)
        self.assertEqual(finished.returncode, NOT_MEASURED, finished.stdout)
        self.assertIn("memory_limit", verdict["scenarios"][0]["findings"][0]["message"])

    def test_ctrl_c_ends_the_child_keeps_what_is_done_and_exits_130(self):
        runner, record = self.start_long_run()
        runner.send_signal(signal.SIGINT)
        out, _ = runner.communicate(timeout=30)
        self.assertEqual(runner.returncode, INTERRUPTED)
        self.assert_first_judged_and_second_named(json.loads(out))
        self.assert_scenario_ends()
        self.assertFalse((record / "work").exists())

    @unittest.skipUnless(os.geteuid() == 0, "mounting a small disk needs root")
    def test_a_full_disk_is_said_and_the_verdict_still_printed(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=800k", "tmpfs", disk], check=False)
        if mounted.returncode != 0:
            self.skipTest("tmpfs cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk], check=False)
        finished = soak("run", "--json", "--config", self.write_config(), "--results", disk / "results",
                        "--benchmark_filter=RetryLoop")
        self.assertEqual(finished.returncode, NOT_MEASURED, finished.stderr)
        self.assertIn("No space left on device", finished.stderr)
        self.assertEqual(set(by_name(json.loads(finished.stdout))), RETRY_LOOPS)


if __name__ == "__main__":
    unittest.main()
