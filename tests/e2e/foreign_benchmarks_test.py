"""soak run: Google Benchmark binaries that were built without us are judged rightly."""

import json
import unittest

from soak_cli import BIN_DIR, FIGURES, SoakTestCase, wording_of


class ForeignBenchmarks(SoakTestCase):
    def test_a_binary_built_without_us_is_judged_rightly(self):
        finished, verdict = self.run_json(BIN_DIR / "foreign_benchmarks", config=self.write_config("schema = 1\n"))
        scenarios = {scenario["name"]: scenario for scenario in verdict["scenarios"]}
        self.assertEqual({name: scenario["verdict"] for name, scenario in scenarios.items()},
                         {"BM_clean": "pass", "BM_leaking": "leak", "BM_leaking_fixed": "leak", "BM_wholly_fixed": "error",
                          "BM_failing": "error"}, finished.stderr)
        self.expect_golden("foreign-benchmarks", "an error", wording_of(scenarios["BM_wholly_fixed"]), FIGURES)
        self.assertIn("no server to talk to", json.dumps(scenarios["BM_failing"]["findings"]))
        self.assertIn("foreign_benchmarks.cpp", json.dumps(scenarios["BM_leaking"]["findings"]))


if __name__ == "__main__":
    unittest.main()
