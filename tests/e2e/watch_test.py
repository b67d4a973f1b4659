"""soak watch: a process that runs already is watched, and left alone."""

import json
import subprocess
import unittest

from exec_case import PROGRAM
from soak_cli import FIGURES, PASSED, WRONG_REQUEST, SoakTestCase, soak, wording_of


class Watch(SoakTestCase):
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
        self.assertIsNone(scenario["heap_growth_bytes_per_iteration"])
        self.expect_golden("watch", "a running process", wording_of(scenario), FIGURES)

    def test_no_such_process_is_a_wrong_request(self):
        for process in (4194300, "nginx", 99999999999, 0):
            with self.subTest(process):
                finished = soak("watch", "--for=1s", "--results", self.folder / "results", process, cwd=self.folder)
                self.assertEqual(finished.returncode, WRONG_REQUEST)
                self.assertIn(str(process), finished.stderr)
                self.expect_golden("watch", f"process {process}", finished, FIGURES)
                self.assertFalse((self.folder / "results").exists())


if __name__ == "__main__":
    unittest.main()
