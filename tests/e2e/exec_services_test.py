"""soak exec: services with a driver are judged rightly."""

import json
import shutil
import socket
import unittest

from exec_case import PROGRAM, ExecTestCase
from soak_cli import FIGURES, LEAK, NOT_MEASURED, wording_of


class Service(ExecTestCase):
    def drive(self, habit, *options, **keywords):
        return self.exec_json(*options, "--", PROGRAM, habit, "{port}", **keywords)

    CURL = "curl -sf -o /dev/null http://127.0.0.1:{port}/{iteration}"

    def setUp(self):
        super().setUp()
        if shutil.which("curl") is None:
            self.skipTest("curl is not installed")

    def test_that_keeps_something_of_each_request_leaks_and_its_twin_passes(self):
        for ready, drives in [("tcp", 20), ("log:listening", 8), ("http://127.0.0.1:{port}/", 8)]:
            with self.subTest(ready):
                finished, scenario = self.drive("serves", f"--iterations={drives}", "--ready", ready, "--drive", self.CURL)
                self.assertEqual(scenario["verdict"], "pass", finished.stdout)
        finished, scenario = self.drive("serves_and_keeps", "--iterations=4,16,64", "--ready", "tcp", "--drive", self.CURL)
        self.assertEqual((scenario["verdict"], finished.returncode), ("leak", LEAK), finished.stdout)
        self.assertIn("odd_program.cpp", json.dumps(scenario["findings"]))

    def test_a_failing_driver_is_counted_shown_and_put_up_with_as_far_as_allowed(self):
        flaky = "[ {iteration} -ne 3 ] || { echo no luck; exit 9; }"
        finished, scenario = self.drive("serves", "--iterations=5", "--ready", "tcp", "--drive", flaky)
        self.assertEqual((scenario["verdict"], finished.returncode), ("error", NOT_MEASURED), finished.stdout)
        self.assertRegex(self.messages(scenario), r"\b3\b")
        self.assertIn("no luck", self.messages(scenario))
        self.expect_golden("exec", "a driver that fails", wording_of(scenario), FIGURES)
        finished, scenario = self.drive("serves", "--iterations=8", "--ready", "tcp", "--drive", flaky,
                                        "--max-driver-failures=1")
        self.assertEqual(scenario["verdict"], "pass", finished.stdout)
        self.assertTrue(scenario["notes"])
        self.expect_golden("exec", "a driver that may fail once", wording_of(scenario), FIGURES)

    def test_a_port_that_is_in_use_is_said(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            finished, scenario = self.exec_json("--iterations=5", "--ready", f"tcp:{port}", "--drive", "true", "--",
                                                PROGRAM, "serves", port)
        self.assertEqual((scenario["verdict"], finished.returncode), ("error", NOT_MEASURED), finished.stdout)
        self.assertIn(str(port), self.messages(scenario))
        self.expect_golden("exec", "a port in use", wording_of(scenario), FIGURES)

    def test_a_service_in_benchmarks_toml(self):
        config = self.write_config(f'schema = 1\n[scenario.service]\ncommand = ["{PROGRAM}", "serves_and_keeps", "{{port}}"]\n'
                                   f'ready = "tcp"\ndrive = "{self.CURL}"\niterations = [4, 16, 64]\n'
                                   f'[scenario.import]\ncommand = ["{PROGRAM}", "keeps_nothing", "{{iterations}}"]\n'
                                   'iterations = [100, 400]\n')
        finished, verdict = self.run_json(config=config)
        self.assertEqual({s["name"]: s["verdict"] for s in verdict["scenarios"]}, {"service": "leak", "import": "pass"},
                         finished.stderr)


if __name__ == "__main__":
    unittest.main()
