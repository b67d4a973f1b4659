"""soak exec: whatever goes wrong is said, and nothing is left running."""

import json
import os
import signal
import socket
import subprocess
import unittest

from exec_case import MARK, PROGRAM, ExecTestCase, processes_of
from soak_cli import BIN_DIR, NOT_MEASURED, PASSED, WRONG_REQUEST


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


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
        # As they come up at eight in the morning.
        (["--iterations=100..400", "--", PROGRAM, "keeps_all", "{iterations}"], "\"100..400\" is no whole number"),
        (["--iterations=1e3", "--", PROGRAM, "keeps_all", "{iterations}"], "write --iterations=100,400,1600"),
        (["--iterations=10", "--", f"{PROGRAM} keeps_all {{iterations}}"], "without quotes"),
        (["--iterations=10", "--", "FOO=1", PROGRAM, "keeps_all", "{iterations}"], "write -- env FOO=1 COMMAND"),
        (["--iterations=10", "--", "cd", "{iterations}"], "write -- sh -c 'cd ...'"),
        (["--iterations=10", "--", PROGRAM, "keeps_all", "{Iterations}"], "did you mean 'iterations'?"),
        (["--iterations=10,40", "--jobs", "4", "--", PROGRAM, "keeps_all", "{iterations}"], "soak exec has no option --jobs"),
        (["--itterations=10", "--", PROGRAM, "keeps_all", "{iterations}"], "did you mean '--iterations'?"),
        (["--iterations=10,40", "--timeout=0s", "--", PROGRAM, "keeps_all", "{iterations}"], "is no time at all"),
    ]

    def test_wrong_requests_are_refused_before_anything_runs(self):
        for arguments, message in self.WRONG:
            with self.subTest(arguments):
                finished, _ = self.exec_json(*arguments)
                self.assertEqual(finished.returncode, WRONG_REQUEST, finished.stderr)
                self.assertIn(message, finished.stderr)
                self.assertFalse((self.folder / "results").exists())

    def test_an_interrupted_soak_leaves_nothing(self):
        results = self.folder / "results"
        running = subprocess.Popen([BIN_DIR / "soak", "exec", "--results", results, "--for=60s", "--ready=log:listening",
                                    "--", PROGRAM, "serves", str(free_port())], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   cwd=self.folder, env={**os.environ, MARK: str(results)})
        while "odd_program" not in processes_of(results):
            self.assertIsNone(running.poll())
        running.send_signal(signal.SIGINT)
        self.assertEqual(running.wait(timeout=60), 130)
        running.stderr.close()
        self.assertEqual(processes_of(results), [])


if __name__ == "__main__":
    unittest.main()
