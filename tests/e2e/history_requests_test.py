"""compare and trend: how a side is named, gates, and everything that can be wrong with a request."""

import copy
import json
import subprocess
import unittest

from generate_records import generate, record, write_record
from soak_cli import LEAK, NOT_MEASURED, PASSED, WRONG_REQUEST, SoakTestCase, soak


class Requests(SoakTestCase):
    def setUp(self):
        super().setUp()
        self.commits = generate(self.folder, runs=6, scenarios=4, checkpoints=8)
        self.repository = self.folder / "repository"
        self.results = self.folder / "results"
        self.git("checkout", "--quiet", "main")
        self.soak("history", "import", self.results)

    def git(self, *arguments):
        return subprocess.run(["git", "-C", self.repository, *arguments], check=True, capture_output=True,
                              text=True).stdout.strip()

    def soak(self, *arguments, cwd=None):
        return soak(*arguments, "--store", self.folder / "history.db", cwd=cwd or self.repository)

    def compare(self, *arguments):
        done = self.soak("compare", "--json", *arguments)
        self.assertEqual(done.returncode, PASSED, done.stderr)
        return json.loads(done.stdout)

    def assert_refused(self, name, status, *named, command):
        done = self.soak(*command)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        for value in named:
            self.assertIn(value, done.stderr)
        self.expect_golden("history", name, done)

    def test_sides_are_records_commits_branches_tags_latest_and_relative_revisions(self):
        self.git("branch", "topic", self.commits[1])
        self.git("tag", "v1", self.commits[2])
        for asked, run in {str(self.results / "run000000"): 0, str(self.results / "run000003/run.json"): 3,
                           self.commits[4]: 4, self.commits[4][:9]: 4, "topic": 1, "v1": 2, "HEAD~3": 2, "latest": 5,
                           "run000002": 2}.items():
            with self.subTest(asked):
                self.assertEqual(self.compare(asked, "latest")["base"]["run"], f"run{run:06}")

    def test_a_commit_without_a_run_names_the_nearest_that_has_one(self):
        self.soak("history", "prune", "--before", "2026-01-03")  # the runs of the first two days
        self.assert_refused("a commit without a run", WRONG_REQUEST, self.commits[2][:12],
                            command=["compare", self.commits[1], "latest"])

    def test_unknown_and_ambiguous_revisions(self):
        self.assert_refused("unknown revision", WRONG_REQUEST, "'nowhere'", command=["compare", "nowhere", "latest"])
        self.git("branch", "twice", self.commits[1])
        self.git("tag", "twice", self.commits[2])
        self.assert_refused("ambiguous revision", WRONG_REQUEST, "'twice'", "refs/tags/twice", command=["compare", "twice", "latest"])
        self.assertEqual(self.compare("refs/tags/twice", "latest")["base"]["run"], "run000002")
        done = soak("compare", "--store", self.folder / "history.db", "--", "--output=x", "latest", cwd=self.repository)
        self.assertEqual(done.returncode, WRONG_REQUEST)
        self.expect_golden("history", "an option instead of a revision", done)

    def test_outside_a_repository_records_can_be_named_and_commits_cannot(self):
        outside = self.folder / "outside"
        outside.mkdir()
        done = self.soak("compare", self.results / "run000000", self.results / "run000001", cwd=outside)
        self.assertEqual(done.returncode, PASSED, done.stderr)
        for command in (["compare", "main", "latest"], ["trend"], ["bisect", "a", "b", "--scenario", "x"]):
            done = soak(*command, cwd=outside) if command[0] == "bisect" else self.soak(*command, cwd=outside)
            self.assertEqual(done.returncode, WRONG_REQUEST, command)
            self.expect_golden("history", f"{command[0]} outside a repository", done)

    def test_files_that_are_no_records_are_refused_with_the_place(self):
        cases = {"truncated": '{"schema_version": 1, "scenarios": [', "foreign": '{"a": 1}', "empty": "",
                 "newer": '{"schema_version": 99, "scenarios": []}',
                 "nan": '{"context": {}, "benchmarks": [{"name": "A", "run_type": "iteration", "iterations": 1, '
                        '"real_time": NaN, "cpu_time": 1, "time_unit": "ns"}]}'}
        for name, text in cases.items():
            with self.subTest(name):
                file = self.folder / f"{name}.json"
                file.write_text(text)
                self.assert_refused(f"compare: a {name} file", NOT_MEASURED, f"{name}.json", command=["compare", file, "latest"])

    def google_benchmark(self, name, times, **context):
        file = self.folder / name
        rows = [{"name": "BM_sort", "run_type": "iteration", "iterations": 10, "real_time": time, "cpu_time": time,
                 "time_unit": "us"} for time in times]
        file.write_text(json.dumps({"context": {"num_cpus": 2, "library_build_type": "release", **context},
                                    "benchmarks": rows}))
        return file

    def test_plain_google_benchmark_json_is_compared_by_time(self):
        base = self.google_benchmark("base.json", [10, 10.1, 10.2, 10.3, 10.4])
        head = self.google_benchmark("head.json", [12, 12.1, 12.2, 12.3, 12.4])
        scenario = self.compare(base, head)["scenarios"][0]
        self.assertEqual((scenario["name"], scenario["base_verdict"]), ("BM_sort", None))
        self.assertEqual([(m["metric"], m["outcome"]) for m in scenario["metrics"]], [("iteration_time_ns", "worse")])
        few = self.google_benchmark("few.json", [12])
        self.assertEqual(self.compare(base, few)["scenarios"][0]["metrics"][0]["outcome"], "too_few_repetitions")
        self.expect_golden("history", "compare: few repetitions", self.soak("compare", base, few))

    def test_unlike_machines_are_refused_for_times_and_named(self):
        base = self.google_benchmark("base.json", [10, 10.1, 10.2, 10.3, 10.4])
        head = self.google_benchmark("head.json", [12, 12.1, 12.2, 12.3, 12.4], num_cpus=64)
        done = self.soak("compare", base, head)
        self.assertIn("cpu_count: 2 -> 64", done.stdout)
        self.assertIn("--across-machines", done.stdout)
        self.expect_golden("history", "compare: different machines", done)
        across = self.compare(base, head, "--across-machines")
        self.assertEqual(across["scenarios"][0]["metrics"][0]["outcome"], "worse")

    def test_gates_decide_the_exit_status(self):
        for gates, sides, status in [
                ('allocations_per_iteration = "+0 %"', (2, 4), LEAK), ('allocations_per_iteration = "+10 %"', (2, 4), PASSED),
                ('allocations_per_iteration = "+0 %"', (0, 1), PASSED), ('iteration_time_ns = "+5 %"', (0, 1), NOT_MEASURED),
                ('heap_growth_bytes_per_iteration = "+0 B"', (2, 4), LEAK)]:
            with self.subTest(gates):
                config = self.write_config(f"schema = 1\n[compare]\n{gates}\n")
                done = self.soak("compare", "--config", config, *(self.results / f"run{side:06}" for side in sides))
                self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.expect_golden("history", "compare: a broken gate", done)

    def test_markdown_has_a_table_and_escapes_what_is_markup(self):
        odd = record(5, 6, self.commits[5], 4, 8)
        odd["scenarios"][1]["name"] = "A|<b>*x*"
        other = copy.deepcopy(odd)
        other["scenarios"][1]["repetitions"][0]["checkpoints"][-1]["allocations"] += 1000
        write_record(self.folder / "odd/base", odd)
        write_record(self.folder / "odd/head", other)
        done = self.soak("compare", "--markdown", self.folder / "odd/base", self.folder / "odd/head")
        self.assertEqual(done.returncode, PASSED, done.stderr)
        self.assertIn("| A\\|&lt;b\\>\\*x\\* | allocations\\_per\\_iteration | 13 | 14 |", done.stdout)

    def test_a_scenario_without_repetitions_is_not_measured(self):
        empty = record(5, 6, self.commits[5], 4, 8)
        empty["scenarios"][0]["repetitions"] = []
        write_record(self.folder / "empty", empty)
        scenario = next(s for s in self.compare("run000004", self.folder / "empty")["scenarios"]
                        if s["name"] == "Scenario000/work")
        self.assertEqual({m["outcome"] for m in scenario["metrics"]}, {"not_measured"})
        self.expect_golden("history", "compare: no repetition", scenario["metrics"][0]["note"])

    def test_a_renamed_scenario_keeps_its_history(self):
        renamed = record(5, 6, self.commits[5], 4, 8)
        renamed["scenarios"][1]["name"] = "Renamed/work"
        write_record(self.folder / "renamed", renamed)
        self.soak("history", "prune", "--before", "2026-01-07")
        self.soak("history", "import", *(self.results / f"run{run:06}" for run in range(5)), self.folder / "renamed")
        config = self.write_config('schema = 1\n[rename]\n"Scenario001/work" = "Renamed/work"\n')
        comparison = self.compare("--config", config, "run000000", self.folder / "renamed")
        self.assertEqual((comparison["only_in_base"], comparison["only_in_head"]), ([], []))
        done = self.soak("trend", "Scenario001/work", "--metric", "allocations_per_iteration", "--json", "--config", config)
        trend = json.loads(done.stdout)["metrics"][0]
        self.assertEqual((trend["scenario"], len(trend["points"]), len(trend["changes"])), ("Renamed/work", 6, 1))

    def test_times_that_other_programs_disturbed_are_left_out_and_that_is_said(self):
        disturbed = record(5, 6, self.commits[5], 4, 8)
        loop = disturbed["scenarios"][0]["repetitions"][0]
        loop.update(preemptions=3, iteration_time_ns=900_000)  # 12 ms at most, of a loop of 10 ms
        write_record(self.folder / "disturbed", disturbed)
        self.soak("history", "import", self.folder / "disturbed")
        asked = ["trend", "Scenario000/work", "--metric", "iteration_time_ns"]
        trend = json.loads(self.soak(*asked, "--json").stdout)
        self.assertLess(max(point["value"] for point in trend["metrics"][0]["points"]), 2000)
        self.assertRegex(trend["notes"][0], r"\b1\b")
        self.assertIn(trend["notes"][0], self.soak(*asked).stdout)
        self.expect_golden("history", "trend: a time left out", trend["notes"][0])
        times = next(m for s in self.compare("run000004", self.folder / "disturbed")["scenarios"]
                     if s["name"] == "Scenario000/work" for m in s["metrics"] if m["metric"] == "iteration_time_ns")
        self.assertEqual(times["outcome"], "not_measured")
        self.assertRegex(times["note"], r"\b0\b.*\b1\b")
        self.expect_golden("history", "compare: a time left out", times["note"])

    def test_trend_says_where_and_by_how_much_and_fails_when_asked_to(self):
        done = self.soak("trend", "Scenario001/work", "--metric", "allocations_per_iteration")
        self.assertEqual(done.returncode, PASSED, done.stderr)
        self.assertRegex(done.stdout, rf"{self.commits[3][:12]}.* 12 -> 13 \(\+8\.3 %\)")
        self.assertIn("commit 3", done.stdout)
        self.expect_golden("history", "trend: one commit", done)
        done = self.soak("trend", "--fail-on-regression")
        self.assertEqual(done.returncode, LEAK)
        self.assertIn("Scenario002/work", done.stdout)
        done = self.soak("trend", "Scenario000/work", "--fail-on-regression")
        self.assertEqual(done.returncode, PASSED, done.stdout)
        done = self.soak("trend", "--fail-on-regression", "--since", self.commits[3])
        self.assertEqual(done.returncode, PASSED, "the change lies before")

    def test_trend_names_the_commits_that_nobody_measured(self):
        self.soak("history", "prune", "--before", "2027-01-01")
        self.soak("history", "import", *(self.results / f"run{run:06}" for run in (0, 1, 4, 5)))
        done = self.soak("trend", "Scenario001/work", "--metric", "allocations_per_iteration")
        self.assertIn(f"{self.commits[1][:12]}..{self.commits[4][:12]}", done.stdout)
        self.assertIn("soak bisect", done.stdout)
        self.expect_golden("history", "trend: several commits", done)

    def test_unknown_scenarios_and_metrics_get_the_nearest_spelling(self):
        self.assert_refused("trend: misspelt scenario", WRONG_REQUEST, "'Scenario001/work'", command=["trend", "Scenaro001/work"])
        self.assert_refused("trend: misspelt metric", WRONG_REQUEST, "'heap_peak_bytes'",
                            command=["trend", "--metric", "heap_peek_bytes"])

    def test_times_of_another_machine_are_left_out_of_a_trend(self):
        other = record(4, 6, self.commits[4], 4, 8)
        other["fingerprint"] = {**other["fingerprint"], "cpu": "another"}
        self.soak("history", "prune", "--before", "2027-01-01")
        write_record(self.folder / "other", other)
        self.soak("history", "import", *(self.results / f"run{run:06}" for run in (0, 1, 5)), self.folder / "other")
        for extra, points in ([], 3), (["--across-machines"], 4):
            done = self.soak("trend", "Scenario000/work", "--metric", "iteration_time_ns", "--json", *extra)
            self.assertEqual(len(json.loads(done.stdout)["metrics"][0]["points"]), points)
        done = self.soak("trend", "Scenario000/work", "--metric", "heap_peak_bytes", "--json")
        self.assertEqual(len(json.loads(done.stdout)["metrics"][0]["points"]), 4, "counts are counts anywhere")


if __name__ == "__main__":
    unittest.main()
