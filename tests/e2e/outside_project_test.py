"""A project that is not ours builds against soak as a subdirectory and gets the same verdicts."""

import os
import subprocess
import unittest

from soak_cli import LEAK, SOURCE_DIR, SoakTestCase, by_name, kinds


class OutsideProject(SoakTestCase):
    def build(self, *options):
        build = self.folder / "build"
        for command in (["cmake", "-S", SOURCE_DIR / "tests/outside", "-B", build, "-G", "Ninja",
                         f"-DSOAK_SOURCE_DIR={SOURCE_DIR}", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                         "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", *options],
                        ["cmake", "--build", build, "--target", "outside_scenarios", "outside_test"]):
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertNotIn("warning", done.stderr.lower())
        return build

    def check(self, build):
        finished, verdict = self.run_json(build / "outside_scenarios", config=self.write_config("schema = 1\n"))
        self.assertEqual(finished.returncode, LEAK, finished.stdout + finished.stderr)
        scenarios = by_name(verdict)
        self.assertEqual({name: scenario["verdict"] for name, scenario in scenarios.items()},
                         {"Sessions/closed": "pass", "Sessions/never_closed": "leak", "plain_benchmark/threads:2": "pass"})
        self.assertIn("heap_growth", kinds(scenarios["Sessions/never_closed"]))
        in_a_test = subprocess.run([build / "outside_test"], capture_output=True, text=True, check=False)
        self.assertEqual(in_a_test.returncode, 0, in_a_test.stdout)
        self.assertIn("live heap grew by", in_a_test.stdout)

    def test_as_a_subdirectory(self):
        self.check(self.build())

    def test_through_fetch_content(self):
        self.check(self.build("-DFETCH=ON"))


if __name__ == "__main__":
    unittest.main()
