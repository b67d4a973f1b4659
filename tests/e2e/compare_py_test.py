"""Google Benchmark's own compare.py reads our benchmark.json."""

import json
import os
import pathlib
import subprocess
import unittest

from soak_cli import PASSED, SOURCE_DIR, SoakTestCase, soak

COMPARE_PY = pathlib.Path("/usr/share/benchmark/compare.py")


def has_scipy():
    return subprocess.run(["/usr/bin/python3", "-c", "import scipy.stats, numpy"], capture_output=True,
                          check=False).returncode == 0


@unittest.skipUnless(COMPARE_PY.exists(), "libbenchmark-tools is not installed")
class ComparePy(SoakTestCase):
    def record(self, name):
        done = soak("run", "--config", self.write_config(), "--results", self.folder / name, "--repetitions=2",
                    "--benchmark_filter=RetryLoop/(adaptive|fixed)")
        self.assertEqual(done.returncode, PASSED, done.stderr)
        return self.folder / name / "latest" / "benchmark.json"

    def test_it_compares_two_of_our_files(self):
        base, head = self.record("base"), self.record("head")
        environment = dict(os.environ)
        if not has_scipy():
            environment["PYTHONPATH"] = str(SOURCE_DIR / "tests/e2e/scipy_stand_in")
        done = subprocess.run(["/usr/bin/python3", "-B", COMPARE_PY, "--no-color", "benchmarks", base, head],
                              capture_output=True, text=True, env=environment, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        rows = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("RetryLoop/")]
        for name in ["RetryLoop/adaptive/iterations:1000", "RetryLoop/fixed_delay/iterations:1000"]:
            self.assertEqual(rows.count(name), 2, done.stdout)

    def test_soak_compare_reads_the_same_files(self):
        base, head = self.record("base"), self.record("head")
        done = soak("compare", "--json", base, head)
        self.assertEqual(done.returncode, PASSED, done.stderr)
        self.assertEqual(len(json.loads(done.stdout)["scenarios"]), 2)


if __name__ == "__main__":
    unittest.main()
