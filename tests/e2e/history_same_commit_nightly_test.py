"""Thirty pairs of runs of the same commit: at most one pair's times are called different."""

import json
import unittest

from soak_cli import LEAK, PASSED, SoakTestCase, soak

PAIRS = 30


class SameCommit(SoakTestCase):
    def run_once(self, results):
        done = soak("run", "--config", self.write_config(), "--results", results, "--repetitions", "8", "--no-confirm",
                    "--explain", "never", "--benchmark_filter=RetryLoop/adaptive")
        self.assertIn(done.returncode, (PASSED, LEAK), done.stderr)
        return (results / "latest").resolve()

    def test_at_most_one_of_thirty_pairs_is_called_different(self):
        different, seen = [], []
        for pair in range(PAIRS):
            base, head = (self.run_once(self.folder / f"{side}{pair}") for side in ("base", "head"))
            done = soak("compare", "--json", base, head)
            self.assertEqual(done.returncode, PASSED, done.stderr)
            metrics = json.loads(done.stdout)["scenarios"][0]["metrics"]
            time = next(metric for metric in metrics if metric["metric"] == "iteration_time_ns")
            seen.append((round(time["ratio"], 3), round(time["p_value"], 4)))
            if time["outcome"] != "same":
                different.append(pair)
        print(f"{len(different)} of {PAIRS} called different; ratio and p: {seen}")
        self.assertLessEqual(len(different), 1)


if __name__ == "__main__":
    unittest.main()
