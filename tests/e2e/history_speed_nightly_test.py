"""How fast history is: a thousand runs of a hundred scenarios with 64 checkpoints each.

Wall clock of whole commands, the best of a few: what else the machine does is not the program's. Prints the figures.
"""

import subprocess
import time
import unittest

from generate_records import generate
from soak_cli import BIN_DIR, PASSED, SoakTestCase

RUNS, SCENARIOS, CHECKPOINTS = 1000, 100, 64


class Speed(SoakTestCase):
    def seconds(self, *arguments, repeats=5):
        best = float("inf")
        for _ in range(repeats):
            begin = time.monotonic()
            done = subprocess.run([BIN_DIR / "soak", *map(str, arguments)], cwd=self.folder / "repository",
                                  capture_output=True, text=True, check=False)
            best = min(best, time.monotonic() - begin)
            self.assertEqual(done.returncode, PASSED, done.stderr)
        return best

    def figures(self, store):
        compare = self.seconds("compare", "run000000", "latest", "--store", store)
        trend = self.seconds("trend", "Scenario001/work", "--store", store)
        return compare, trend

    def test_a_thousand_runs_of_a_hundred_scenarios(self):
        generate(self.folder, RUNS, SCENARIOS, CHECKPOINTS)
        records = sorted((self.folder / "results").iterdir())
        store = self.folder / "history.db"
        first = self.seconds("history", "import", "--store", store, *records[:RUNS // 10], repeats=1)
        few = self.figures(store)
        rest = self.seconds("history", "import", "--store", store, *records[RUNS // 10:], repeats=1)
        many = self.figures(store)
        rates = RUNS / 10 / first, RUNS * 0.9 / rest
        print(f"import {rates[0]:.1f} then {rates[1]:.1f} runs/s; compare {few[0]:.3f} s of {RUNS // 10} runs, "
              f"{many[0]:.3f} s of {RUNS}; trend {few[1]:.3f} s, {many[1]:.3f} s")
        self.assertLess(many[0], 0.3)
        self.assertLess(many[1], 0.5)
        self.assertGreater(min(rates), 20)
        self.assertGreater(rates[1], rates[0] / 2, "import does not slow down with what is there")
        self.assertLess(many[1], 12 * few[1], "ten times the runs take no more than ten times the time")


if __name__ == "__main__":
    unittest.main()
