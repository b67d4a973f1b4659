"""soak exec: whatever goes wrong is said, and nothing is left running."""

import json
import os
import signal
import socket
import subprocess
import unittest

from exec_case import MARK, PROGRAM, ExecTestCase, processes_of
from soak_cli import BIN_DIR, FIGURES, NOT_MEASURED, PASSED, WRONG_REQUEST


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class BadPrograms(ExecTestCase):
    # name, habit, options, kind of the finding, what its message names
    CASES = [
        ("exits with a status", "exits_with_seven", ["--iterations=10,40", "--", "{iterations}"], "missing", "7"),
        ("dies", "dies_in_iteration_412", ["--iterations=100,400,1600", "--", "{iterations}"], "crash", "1600"),
        ("goes into the background", "goes_into_the_background", ["--iterations=10,40", "--", "{iterations}"], "missing", "odd_program"),
        ("over time: goes into the background", "goes_into_the_background", ["--for=7s", "--"], "missing", "odd_program"),
        ("over time: exits with a status", "exits_with_seven", ["--for=7s", "--"], "missing", "7"),
        ("over time: ends", "keeps_nothing", ["--for=7s", "--"], "missing", "0"),
        ("never ready", "never_listens", ["--iterations=5", "--timeout=1s", "--ready=tcp", "--drive=true", "--"], "missing", "1 s"),
        ("never ends", "never_listens", ["--iterations=5", "--timeout=1s", "--", "{iterations}"], "timeout", "1.0 s"),
    ]

    def test_each_is_an_error_that_says_why(self):
        for name, habit, options, kind, named in self.CASES:
            with self.subTest(name):
                cut = options.index("--") + 1
                scenario = self.assert_verdict("error", NOT_MEASURED, "--no-confirm", "--explain=never", *options[:cut], PROGRAM, habit,
                                               *options[cut:])
                self.assertEqual(scenario["findings"][0]["kind"], kind)
                self.assertIn(named, scenario["findings"][0]["message"])
                # Whether a program that ends at once was read before it did is a matter of chance.
                self.expect_golden("exec", name, scenario["findings"][0]["message"].partition(" (last")[0], FIGURES)

    def test_a_flooded_log_is_kept_within_bounds(self):
        self.assert_verdict("pass", PASSED, "--iterations=1,4", "--", PROGRAM, "floods_the_log", "{iterations}")
        log = self.record_folder() / self.run_record()["scenarios"][0]["repetitions"][0]["log"]
        self.assertLess(log.stat().st_size, 2 << 20)

    # name, arguments, what the message names: what is wrong, or what to write instead
    WRONG = [
        ("no such command", ["--", "no_such_command"], "no_such_command"),
        ("no such file", ["--", "./no_such_file"], "no_such_file"),
        ("a folder", ["--", "/"], "/"),
        ("misspelt placeholder", ["--iterations=10", "--", PROGRAM, "keeps_nothing", "{iteratons}"], "'iterations'"),
        ("no placeholder", ["--iterations=10", "--", PROGRAM, "keeps_nothing"], "{iterations}"),
        ("no lengths", ["--", PROGRAM, "{iterations}"], "{iterations}"),
        ("lengths that descend", ["--iterations=400,100", "--", PROGRAM, "{iterations}"], "--iterations"),
        ("a time without a unit", ["--for=5", "--", PROGRAM], "5"),
        ("unknown readiness", ["--for=5s", "--ready=soon", "--", PROGRAM], "\"tcp\""),
        ("not a signal", ["--for=5s", "--stop=SIGNAL", "--", PROGRAM], "SIGNAL"),
        ("a driver without iterations", ["--drive=true {iteration}", "--", PROGRAM], "{iteration}"),
        # As they come up at eight in the morning.
        ("a range", ["--iterations=100..400", "--", PROGRAM, "keeps_all", "{iterations}"], "\"100..400\""),
        ("an exponent", ["--iterations=1e3", "--", PROGRAM, "keeps_all", "{iterations}"], "--iterations=100,400,1600"),
        ("quotes around all", ["--iterations=10", "--", f"{PROGRAM} keeps_all {{iterations}}"], f"{PROGRAM} keeps_all"),
        ("a variable", ["--iterations=10", "--", "FOO=1", PROGRAM, "keeps_all", "{iterations}"], "-- env FOO=1 COMMAND"),
        ("a builtin of the shell", ["--iterations=10", "--", "cd", "{iterations}"], "-- sh -c 'cd ...'"),
        ("a capital", ["--iterations=10", "--", PROGRAM, "keeps_all", "{Iterations}"], "'iterations'"),
        ("an option of another command", ["--iterations=10,40", "--jobs", "4", "--", PROGRAM, "keeps_all", "{iterations}"], "--jobs"),
        ("misspelt option", ["--itterations=10", "--", PROGRAM, "keeps_all", "{iterations}"], "'--iterations'"),
        ("a timeout of nothing", ["--iterations=10,40", "--timeout=0s", "--", PROGRAM, "keeps_all", "{iterations}"], "--timeout"),
    ]

    def assert_refused(self, *arguments):
        finished, _ = self.exec_json(*arguments)
        self.assertEqual(finished.returncode, WRONG_REQUEST, finished.stderr)
        self.assertFalse((self.folder / "results").exists())
        return finished

    def test_wrong_requests_are_refused_before_anything_runs(self):
        self.assert_refused()
        for name, arguments, named in self.WRONG:
            with self.subTest(name):
                finished = self.assert_refused(*arguments)
                self.assertIn(named, finished.stderr)
                self.expect_golden("exec-requests", name, finished)

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
