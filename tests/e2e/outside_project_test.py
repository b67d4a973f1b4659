"""A project that is not ours builds against soak as a subdirectory and gets the same verdicts."""

import subprocess
import unittest

from leaky_twins import TWINS, LeakyTwinsCase
from outside_project import build_outside
from soak_cli import LEAK, by_name, kinds

SCENARIOS = ["outside_scenarios", "outside_test"]
# Those that tests/outside builds where it is not asked for all.
SOME_TWINS = {"response_cache", "unclosed_file", "rare_error_path", "shared_cycle", "unjoined_thread"}


class OutsideProject(LeakyTwinsCase):
    def check(self, build):
        finished, verdict = self.run_json(build / "outside_scenarios", config=self.write_config("schema = 1\n"))
        self.assertEqual(finished.returncode, LEAK, finished.stdout + finished.stderr)
        scenarios = by_name(verdict)
        self.assertEqual({name: scenario["verdict"] for name, scenario in scenarios.items()},
                         {"Sessions/closed": "pass", "Sessions/never_closed": "leak", "plain_benchmark/threads:2": "pass"})
        self.assertIn("heap_growth", kinds(scenarios["Sessions/never_closed"]))
        in_a_test = subprocess.run([build / "outside_test"], capture_output=True, text=True, check=False)
        self.assertEqual(in_a_test.returncode, 0, in_a_test.stdout)
        self.assertRegex(in_a_test.stdout, r"\d+ (B|KiB)\b", "the growth that the test looks for is shown")

    def test_as_a_subdirectory(self):
        build = build_outside(self, [*SCENARIOS, "leaky_twins"])
        self.check(build)
        self.check_twins([twin for twin in TWINS if twin.name in SOME_TWINS], binary=build / "leaky_twins")

    def test_through_fetch_content(self):
        self.check(build_outside(self, SCENARIOS, "-DFETCH=ON"))


if __name__ == "__main__":
    unittest.main()
