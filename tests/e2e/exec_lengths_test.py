"""soak exec: programs that end by themselves are judged by what is alive then, against their length."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from exec_case import PROGRAM, ExecTestCase
from soak_cli import BIN_DIR, FIGURES, LEAK, LIB_DIR, NOT_MEASURED, PASSED, kinds, wording_of


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
        self.expect_golden("exec", "a single run", wording_of(scenario), {r"\d+(?:\.\d+)? [KM]iB": "N"})

    def test_a_static_program_is_judged_by_resident_memory_and_that_is_said(self):
        for habit, verdict, status in [("keeps_nothing", "pass", PASSED), ("keeps_all", "over_threshold", LEAK)]:
            with self.subTest(habit):
                scenario = self.assert_verdict(verdict, status, "--iterations=500000,2000000", "--no-confirm", "--",
                                               BIN_DIR / "static_program", habit, "{iterations}")
                self.assert_not_counted("a static program: " + habit, scenario)

    def assert_not_counted(self, name, scenario):
        self.assertIsNone(scenario["heap_growth_bytes_per_iteration"])
        self.assertTrue(scenario["notes"])
        self.expect_golden("exec", name, wording_of(scenario), FIGURES)

    def test_of_a_static_program_that_is_over_at_once_the_kernel_tells_the_peak(self):
        scenario = self.assert_verdict("pass", PASSED, "--iterations=10,40", "--", BIN_DIR / "static_program",
                                       "keeps_nothing", "{iterations}")
        self.assertIsNone(scenario["rss_growth_bytes"])
        self.assertLess(abs(scenario["rss_peak_growth_bytes"]), 2 << 20)
        repetition = self.run_record()["scenarios"][0]["repetitions"][0]
        end = repetition["checkpoints"][-1]
        self.assertNotIn("rss_bytes", end)
        self.assertEqual(end["peak_rss_bytes"], repetition["max_rss_bytes"])

    @unittest.skipUnless(os.geteuid() == 0, "only root can make a program of another user")
    def test_a_setuid_program_keeps_the_probe_out_and_is_judged_by_resident_memory_and_that_is_said(self):
        program = self.folder / "setuid_program"
        shutil.copy(PROGRAM, program)
        os.chown(program, 65534, -1)
        program.chmod(0o4755)
        alone = subprocess.run([program, "tells_its_rights", "0"], capture_output=True, text=True, check=True,
                               env={"LD_PRELOAD": str(LIB_DIR / "libsoak_probe.so")})
        if alone.stdout.startswith("AT_SECURE 0"):
            self.skipTest("the file system of temporary files honours no setuid")
        self.assertEqual(alone.stdout, "AT_SECURE 1, without the probe\n", "the dynamic linker drops LD_PRELOAD")
        scenario = self.assert_verdict("over_threshold", LEAK, "--iterations=500000,2000000", "--no-confirm", "--", program,
                                       "tells_its_rights", "{iterations}")
        self.assert_not_counted("a setuid program", scenario)
        self.assertIn("AT_SECURE 1, without the probe", self.run_record()["scenarios"][0]["repetitions"][0]["output_tail"])

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


if __name__ == "__main__":
    unittest.main()
