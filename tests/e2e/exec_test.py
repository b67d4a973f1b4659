"""soak exec: any program is judged rightly, and nothing of it is left running."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import unittest

from soak_cli import BIN_DIR, LEAK, NOT_MEASURED, PASSED, WRONG_REQUEST, SoakTestCase, kinds, soak

PROGRAM = BIN_DIR / "odd_program"


def processes_of(*names):
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        try:
            executable = os.readlink(folder / "exe") if folder.name.isdigit() else ""
        except OSError:
            continue
        if os.path.basename(executable) in names and str(BIN_DIR) in executable:
            found.append(int(folder.name))
    return found


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class ExecTestCase(SoakTestCase):
    def exec_json(self, *arguments, config="schema = 1\n", **keywords):
        """`soak exec --json` with results in this test's folder: the process and the verdict on its scenario."""
        finished = soak("exec", "--json", "--config", self.write_config(config), "--results", self.folder / "results",
                        *arguments, cwd=self.folder, **keywords)
        verdict = json.loads(finished.stdout) if finished.stdout else None
        self.assertEqual(processes_of("odd_program", "static_program"), [], "processes were left behind")
        return finished, verdict["scenarios"][0] if verdict else None

    def messages(self, scenario):
        return " ".join(finding["message"] for finding in scenario["findings"])

    def assert_verdict(self, verdict, status, *arguments, **keywords):
        finished, scenario = self.exec_json(*arguments, **keywords)
        self.assertEqual((scenario["verdict"], finished.returncode), (verdict, status), finished.stdout + finished.stderr)
        return scenario


class ProgramWithASize(ExecTestCase):
    LENGTHS = "--iterations=100,400,1600"

    def test_is_judged_by_what_is_alive_at_its_end_against_its_length(self):
        for habit, verdict, status, kind in [
                ("keeps_nothing", "pass", PASSED, None),
                ("fills_a_cache", "pass", PASSED, None),
                ("keeps_all", "leak", LEAK, "heap_growth"),
                ("opens_files", "leak", LEAK, "open_files"),
                ("closes_its_descriptors", "leak", LEAK, "heap_growth"),
                ("execs_something_else", "leak", LEAK, "heap_growth"),
        ]:
            with self.subTest(habit):
                # 1,600 descriptors are more than some limits allow.
                lengths = "--iterations=50,200,800" if habit == "opens_files" else self.LENGTHS
                scenario = self.assert_verdict(verdict, status, lengths, "--", PROGRAM, habit, "{iterations}")
                if kind:
                    self.assertIn(kind, kinds(scenario))

    def test_the_leak_is_told_with_its_rate_at_each_length(self):
        scenario = self.assert_verdict("leak", LEAK, self.LENGTHS, "--explain=never", "--", PROGRAM, "keeps_all", "{iterations}")
        finding = next(f for f in scenario["findings"] if f["kind"] == "heap_growth")
        self.assertEqual([step["iterations"] for step in finding["confirmed"]], [100, 400, 1600])
        self.assertAlmostEqual(finding["bytes_per_iteration"], 152, delta=20)

    def test_one_length_goes_on_to_others_by_itself(self):
        self.assert_verdict("leak", LEAK, "--iterations=200", "--", PROGRAM, "keeps_all", "{iterations}")
        self.assert_verdict("pass", PASSED, "--iterations=200", "--", PROGRAM, "fills_a_cache", "{iterations}")

    def test_the_line_that_leaks_is_named_and_also_after_more_stacks_than_the_probe_has_room_for(self):
        for habit in ["keeps_all", "keeps_all_after_many_stacks"]:
            with self.subTest(habit):
                scenario = self.assert_verdict("leak", LEAK, self.LENGTHS, "--", PROGRAM, habit, "{iterations}")
                finding = next(f for f in scenario["findings"] if f["kind"] == "heap_growth")
                self.assertIn("odd_program.cpp", json.dumps(finding.get("sites", [])))

    def test_a_single_run_tells_nothing_and_is_an_error_with_a_way_out(self):
        scenario = self.assert_verdict("error", NOT_MEASURED, "--", PROGRAM, "keeps_nothing", "10")
        self.assertIn("--iterations=100,400,1600", self.messages(scenario))

    def test_what_cannot_be_preloaded_is_judged_by_resident_memory_and_that_is_said(self):
        # Long enough to be sampled: without the probe nothing is known of a program that ended before anybody looked.
        scenario = self.assert_verdict("pass", PASSED, "--iterations=3000000,12000000", "--", BIN_DIR / "static_program",
                                       "keeps_nothing", "{iterations}")
        self.assertIn("statically linked", " ".join(scenario["notes"]))
        scenario = self.assert_verdict("over_threshold", LEAK, "--iterations=500000,2000000", "--no-confirm", "--", BIN_DIR / "static_program",
                                       "keeps_all", "{iterations}")
        self.assertIn("final_growth", kinds(scenario))

    def test_a_loop_with_soak_iteration_has_checkpoints(self):
        loop = BIN_DIR / "loop_program"
        for habit, verdict, status in [("clean", "pass", PASSED), ("ignored", "pass", PASSED), ("leak", "leak", LEAK)]:
            with self.subTest(habit):
                self.assert_verdict(verdict, status, "--iterations=2000", "--", loop, habit, "{iterations}")
        record = self.run_record()["scenarios"][0]["repetitions"][0]
        self.assertGreater(len(record["checkpoints"]), 50)
        self.assertIn("half way", [c.get("label") for c in record["checkpoints"]])

    def test_the_loop_runs_the_same_without_the_probe(self):
        alone = subprocess.run([BIN_DIR / "loop_program", "clean", "100000"], check=False, timeout=60)
        self.assertEqual(alone.returncode, 0)


PYTHON = "/usr/bin/python3"
RETRY = """
import asyncio, sys

active_recoveries = {}

async def failing_operation(i):
    await asyncio.sleep(0)
    raise ConnectionError(f"operation {i} failed")

async def execute_with_retry(i, leak):
    context = {"id": i, "errors": []}
    active_recoveries[i] = context
    for attempt in range(3):
        try:
            await failing_operation(i)
        except ConnectionError as error:
            context["errors"].append(str(error))
    if not leak:
        del active_recoveries[i]

async def main():
    for i in range(int(sys.argv[1])):
        await execute_with_retry(i, sys.argv[2] == "leaking")

asyncio.run(main())
"""


@unittest.skipUnless(pathlib.Path(PYTHON).exists(), "no system Python: python3 is not installed")
class PythonRetryLoop(ExecTestCase):
    def test_a_thousand_failing_operations_with_retries_and_its_leaking_twin_are_told_apart(self):
        script = self.folder / "retry.py"
        script.write_text(RETRY, encoding="utf-8")
        for twin, verdict, status in [("clean", "pass", PASSED), ("leaking", "leak", LEAK)]:
            with self.subTest(twin):
                scenario = self.assert_verdict(verdict, status, "--iterations=1000", "--name=retry", "--", PYTHON, script,
                                               "{iterations}", twin)
                self.assertIn("PYTHONMALLOC=malloc", " ".join(scenario["notes"]))


class Service(ExecTestCase):
    def drive(self, habit, *options, **keywords):
        return self.exec_json(*options, "--", PROGRAM, habit, "{port}", **keywords)

    CURL = "curl -sf -o /dev/null http://127.0.0.1:{port}/{iteration}"

    def setUp(self):
        super().setUp()
        if shutil.which("curl") is None:
            self.skipTest("curl is not installed")

    def test_that_keeps_something_of_each_request_leaks_and_its_twin_passes(self):
        for ready in ["tcp", "log:listening", "http://127.0.0.1:{port}/"]:
            with self.subTest(ready):
                finished, scenario = self.drive("serves", "--iterations=20", "--ready", ready, "--drive", self.CURL)
                self.assertEqual(scenario["verdict"], "pass", finished.stdout)
        finished, scenario = self.drive("serves_and_keeps", "--iterations=8,32,128", "--ready", "tcp", "--drive", self.CURL)
        self.assertEqual((scenario["verdict"], finished.returncode), ("leak", LEAK), finished.stdout)
        self.assertIn("odd_program.cpp", json.dumps(scenario["findings"]))

    def test_a_failing_driver_is_counted_shown_and_put_up_with_as_far_as_allowed(self):
        flaky = "[ {iteration} -ne 3 ] || { echo no luck; exit 9; }"
        finished, scenario = self.drive("serves", "--iterations=5", "--ready", "tcp", "--drive", flaky)
        self.assertEqual((scenario["verdict"], finished.returncode), ("error", NOT_MEASURED), finished.stdout)
        self.assertIn("in iteration 3", self.messages(scenario))
        self.assertIn("no luck", self.messages(scenario))
        finished, scenario = self.drive("serves", "--iterations=8", "--ready", "tcp", "--drive", flaky,
                                        "--max-driver-failures=1")
        self.assertEqual(scenario["verdict"], "pass", finished.stdout)
        self.assertIn("driver failed 1 time", " ".join(scenario["notes"]))

    def test_one_long_driver_is_sampled_over_time(self):
        long = "end=$(( $(date +%s) + 8 )); while [ $(date +%s) -lt $end ]; do curl -sf -o /dev/null http://127.0.0.1:{port}/; done"
        finished, scenario = self.drive("serves_and_keeps", "--ready", "tcp", "--explain=never", "--drive", long)
        # The driver's pace is the machine's: where it slows down, growth over time does, and is not proven.
        self.assertIn(scenario["verdict"], ("leak", "growing"), finished.stdout)
        self.assertIn("live heap grows", self.messages(scenario))
        self.assertIn("per second", self.messages(scenario))

    def test_a_port_that_is_in_use_is_said(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            finished, scenario = self.exec_json("--iterations=5", "--ready", f"tcp:{port}", "--drive", "true", "--",
                                                PROGRAM, "serves", port)
        self.assertEqual((scenario["verdict"], finished.returncode), ("error", NOT_MEASURED), finished.stdout)
        self.assertIn(f"port {port} is in use", self.messages(scenario))

    def test_a_service_in_benchmarks_toml(self):
        config = self.write_config(f'schema = 1\n[scenario.service]\ncommand = ["{PROGRAM}", "serves_and_keeps", "{{port}}"]\n'
                                   f'ready = "tcp"\ndrive = "{self.CURL}"\niterations = [8, 32, 128]\n'
                                   f'[scenario.import]\ncommand = ["{PROGRAM}", "keeps_nothing", "{{iterations}}"]\n'
                                   'iterations = [100, 400]\n')
        finished, verdict = self.run_json(config=config)
        self.assertEqual({s["name"]: s["verdict"] for s in verdict["scenarios"]}, {"service": "leak", "import": "pass"},
                         finished.stderr)


class ProgramThatRunsOn(ExecTestCase):
    def test_is_judged_over_time(self):
        for habit, verdict, status in [("works", "pass", PASSED), ("works_and_keeps", "leak", LEAK)]:
            with self.subTest(habit):
                self.assert_verdict(verdict, status, "--for=8s", "--explain=never", "--", PROGRAM, habit)

    def test_children_are_summed_and_itemised(self):
        scenario = self.assert_verdict("pass", PASSED, "--for=7s", "--", PROGRAM, "forks_a_hundred")
        repetition = self.run_record()["scenarios"][0]["repetitions"][0]
        self.assertEqual(repetition["checkpoints"][-1]["children"], 100)
        self.assertEqual(len(repetition["processes"]), 64)
        self.assertEqual(scenario["findings"], [])

    def test_that_ignores_term_is_killed_and_that_is_said(self):
        scenario = self.assert_verdict("pass", PASSED, "--for=7s", "--", PROGRAM, "ignores_term")
        self.assertIn("was killed", " ".join(scenario["notes"]))


class BadPrograms(ExecTestCase):
    # habit, options, what the message says
    CASES = [
        ("exits_with_seven", ["--iterations=10,40", "--", "{iterations}"], "exited with status 7"),
        ("dies_in_iteration_412", ["--iterations=100,400,1600", "--", "{iterations}"], "at 1600 iterations it died of signal 6"),
        ("goes_into_the_background", ["--iterations=10,40", "--", "{iterations}"], "in the foreground"),
        ("goes_into_the_background", ["--for=7s", "--"], "in the foreground"),
        ("exits_with_seven", ["--for=7s", "--"], "exited with status 7"),
        ("keeps_nothing", ["--for=7s", "--"], "ended by itself with status 0"),
        ("never_listens", ["--iterations=5", "--timeout=1s", "--ready=tcp", "--drive=true", "--"], "was not ready within 1 s"),
        ("never_listens", ["--iterations=5", "--timeout=1s", "--", "{iterations}"], "did not end within its timeout"),
    ]

    def test_each_is_an_error_that_says_why(self):
        for habit, options, message in self.CASES:
            with self.subTest(f"{habit} {options}"):
                cut = options.index("--") + 1
                scenario = self.assert_verdict("error", NOT_MEASURED, "--no-confirm", "--explain=never", *options[:cut], PROGRAM, habit,
                                               *options[cut:])
                self.assertIn(message, self.messages(scenario))

    def test_a_flooded_log_is_kept_within_bounds(self):
        self.assert_verdict("pass", PASSED, "--iterations=1,4", "--", PROGRAM, "floods_the_log", "{iterations}")
        log = self.record_folder() / self.run_record()["scenarios"][0]["repetitions"][0]["log"]
        self.assertLess(log.stat().st_size, 2 << 20)

    WRONG = [
        (["--", "no_such_command"], "no_such_command: there is no such command"),
        (["--", "./no_such_file"], "there is no such file"),
        (["--", "/"], "is a folder"),
        (["--iterations=10", "--", PROGRAM, "keeps_nothing", "{iteratons}"], "did you mean 'iterations'?"),
        (["--iterations=10", "--", PROGRAM, "keeps_nothing"], "nothing in the command says {iterations}"),
        (["--", PROGRAM, "{iterations}"], "no lengths are given"),
        (["--iterations=400,100", "--", PROGRAM, "{iterations}"], "must ascend"),
        (["--for=5", "--", PROGRAM], "has no unit"),
        (["--for=5s", "--ready=soon", "--", PROGRAM], "none of \"tcp\""),
        (["--for=5s", "--stop=SIGNAL", "--", PROGRAM], "is no signal"),
        (["--drive=true {iteration}", "--", PROGRAM], "no number of iterations is given"),
        ([], "COMMAND is required"),
    ]

    def test_wrong_requests_are_refused_before_anything_runs(self):
        for arguments, message in self.WRONG:
            with self.subTest(arguments):
                finished, _ = self.exec_json(*arguments)
                self.assertEqual(finished.returncode, WRONG_REQUEST, finished.stderr)
                self.assertIn(message, finished.stderr)
                self.assertFalse((self.folder / "results").exists())

    def test_an_interrupted_soak_leaves_nothing(self):
        running = subprocess.Popen([BIN_DIR / "soak", "exec", "--results", self.folder / "results", "--for=60s", "--ready=log:listening",
                                    "--", PROGRAM, "serves", str(free_port())], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   cwd=self.folder)
        while not processes_of("odd_program"):
            self.assertIsNone(running.poll())
        running.send_signal(signal.SIGINT)
        self.assertEqual(running.wait(timeout=60), 130)
        running.stderr.close()
        self.assertEqual(processes_of("odd_program"), [])


class Watch(ExecTestCase):
    def watch(self, habit, *options):
        process = subprocess.Popen([PROGRAM, habit], stdout=subprocess.DEVNULL)
        try:
            return soak("watch", "--json", "--config", self.write_config("schema = 1\n"), "--results", self.folder / "results",
                        *options, process.pid, cwd=self.folder), process
        finally:
            self.assertIsNone(process.poll(), "the watched process was ended")
            process.kill()
            process.wait()

    def test_watches_a_running_process_by_the_systems_figures_and_leaves_it_alone(self):
        finished, _ = self.watch("works", "--for=7s")
        scenario = json.loads(finished.stdout)["scenarios"][0]
        self.assertEqual((scenario["verdict"], finished.returncode), ("pass", PASSED), finished.stdout)
        self.assertIn("only the operating system's figures", " ".join(scenario["notes"]))

    def test_no_such_process_is_a_wrong_request(self):
        finished = soak("watch", "--for=1s", "--results", self.folder / "results", 4194300, cwd=self.folder)
        self.assertEqual(finished.returncode, WRONG_REQUEST)
        self.assertIn("no such process", finished.stderr)


class ForeignBenchmarks(SoakTestCase):
    def test_a_binary_built_without_us_is_judged_rightly(self):
        finished, verdict = self.run_json(BIN_DIR / "foreign_benchmarks", config=self.write_config("schema = 1\n"))
        scenarios = {scenario["name"]: scenario for scenario in verdict["scenarios"]}
        self.assertEqual({name: scenario["verdict"] for name, scenario in scenarios.items()},
                         {"BM_clean": "pass", "BM_leaking": "leak", "BM_leaking_fixed": "leak", "BM_wholly_fixed": "error",
                          "BM_failing": "error"}, finished.stderr)
        self.assertIn("cannot be scaled", json.dumps(scenarios["BM_wholly_fixed"]["findings"]))
        self.assertIn("no server to talk to", json.dumps(scenarios["BM_failing"]["findings"]))
        self.assertIn("foreign_benchmarks.cpp", json.dumps(scenarios["BM_leaking"]["findings"]))


if __name__ == "__main__":
    unittest.main()
