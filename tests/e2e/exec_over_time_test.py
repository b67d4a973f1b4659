"""soak exec: programs that run on are judged over time.

All of them wait for the clock, so they run at the same time.
"""

import json
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

from exec_case import PROGRAM, ExecTestCase
from soak_cli import FIGURES, LEAK, NOT_MEASURED, PASSED, wording_of

# So many requests until now, whatever the machine's pace: 80 a second, or ever fewer.
DRIVER = """
import math, socket, sys, time

port, pace = int(sys.argv[1]), sys.argv[2]
begin, sent = time.monotonic(), 0
while (seconds := time.monotonic() - begin) < 7.5:
    due = 80 * seconds if pace == "steady" else 100 * math.log2(1 + 20 * seconds)
    while sent < due:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
            while connection.recv(1024):
                pass
        sent += 1
    time.sleep(0.005)
"""


class ProgramThatRunsOn(ExecTestCase):
    def drive(self, pace):
        (self.folder / "driver.py").write_text(DRIVER, encoding="utf-8")
        return ["--ready=tcp", f"--drive={sys.executable} {self.folder}/driver.py {{port}} {pace}", "--", PROGRAM,
                "serves_and_keeps", "{port}"]

    def test_is_judged_over_time(self):
        cases = {
            "works": ("pass", PASSED, ["--for=8s", "--", PROGRAM, "works"]),
            "works and keeps": ("leak", LEAK, ["--for=8s", "--", PROGRAM, "works_and_keeps"]),
            "a long driver at a steady pace": ("leak", LEAK, self.drive("steady")),
            # Growth that follows a falling pace is no proof over time.
            "a long driver that slows down": ("growing", NOT_MEASURED, self.drive("slowing")),
            "forks a hundred": ("pass", PASSED, ["--for=7s", "--", PROGRAM, "forks_a_hundred"]),
            "ignores TERM": ("pass", PASSED, ["--for=7s", "--", PROGRAM, "ignores_term"]),
        }

        def run(name):
            return self.exec_json("--explain=never", *cases[name][2], results=name)

        with ThreadPoolExecutor(len(cases)) as pool:
            judged = dict(zip(cases, pool.map(run, cases)))
        for name, (verdict, status, _) in cases.items():
            with self.subTest(name):
                finished, scenario = judged[name]
                self.assertEqual((scenario["verdict"], finished.returncode), (verdict, status), finished.stdout)
                if verdict == "pass":  # how growth over time is put depends on the machine's pace
                    self.expect_golden("exec", "over time: " + name, wording_of(scenario), FIGURES)
        with self.subTest("what would prove growth at a falling pace is named"):
            self.assertIn("--iterations", self.messages(judged["a long driver that slows down"][1]))
        with self.subTest("children are summed and itemised, and their heap is said not to be counted"):
            run_json = json.loads((self.folder / "forks a hundred/latest/run.json").read_text(encoding="utf-8"))
            repetition = run_json["scenarios"][0]["repetitions"][0]
            self.assertEqual(repetition["checkpoints"][-1]["children"], 100)
            self.assertEqual(len(repetition["processes"]), 64)
            self.assertRegex(" ".join(judged["forks a hundred"][1]["notes"]), r"\b100\b")
            self.assertEqual(judged["works"][1]["notes"], [])
        with self.subTest("what ignores TERM is killed, and that is said"):
            self.assertTrue(judged["ignores TERM"][1]["notes"])


if __name__ == "__main__":
    unittest.main()
