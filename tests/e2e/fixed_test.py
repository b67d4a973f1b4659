"""A scenario that cannot be scaled runs at its planned length and at no other, whatever it is accused of."""

import unittest

from soak_cli import BIN_DIR, FIGURES, LEAK, NOT_MEASURED, PASSED, SoakTestCase, by_name, soak, wording_of

NAME = "dies_at_any_other_length"  # it says ->soak_fixed()


class Fixed(SoakTestCase):
    def run_one(self, *options, binary="dying_leaks", name=NAME, settings=""):
        config = self.write_config(f'schema = 1\n[scenario."{name}"]\n{settings}\n')
        finished, verdict = self.run_json(BIN_DIR / binary, f"--benchmark_filter=^{name}/", *options, config=config)
        return finished, by_name(verdict)[name], self.run_record()["scenarios"][0]

    def test_it_is_neither_confirmed_nor_explained_at_another_length(self):
        finished, scenario, record = self.run_one()
        self.assertEqual((finished.returncode, scenario["verdict"]), (NOT_MEASURED, "growing"), finished.stderr)
        self.assertEqual((scenario["is_fixed"], len(scenario["notes"])), (True, 1))
        self.expect_golden("fixed", "growth at one length", wording_of(scenario), FIGURES)
        self.assertTrue(scenario["findings"][0]["sites"], "explained all the same")
        self.assertTrue(record["is_fixed"])
        self.assertNotIn("scaled_runs", record)
        self.assertEqual(record["explained_run"]["iterations"], 1000)
        shown = soak("check", self.record_folder(), "--config", self.folder / "benchmarks.toml").stdout
        self.assertIn(f"note: {NAME}: {scenario['notes'][0]}", shown)

    def test_time_is_filled_with_repetitions(self):
        _, scenario, record = self.run_one("--for=2s", "--explain=never")
        self.assertEqual(scenario["verdict"], "growing")
        self.assertGreater(len(record["repetitions"]), 1)
        self.assertEqual(record["planned_iterations"], 1000)
        self.assertEqual({one["ending"] for one in record["repetitions"]}, {"finished"})

    def test_benchmarks_toml_says_it_of_a_scenario_and_of_a_family(self):
        for table in ("Leaky/seen_ids", "Leaky/*"):
            with self.subTest(table):
                config = self.write_config(f'schema = 1\n[scenario."{table}"]\nfixed = true\n')
                finished, verdict = self.run_json("leaky_twins", "--benchmark_filter=^(Leaky|Fixed)/seen_ids/",
                                                  "--explain=never", config=config)
                self.assertEqual(finished.returncode, NOT_MEASURED)
                scenarios = by_name(verdict)
                self.assertEqual((scenarios["Leaky/seen_ids"]["verdict"], scenarios["Leaky/seen_ids"]["is_fixed"]),
                                 ("growing", True))
                self.assertEqual((scenarios["Fixed/seen_ids"]["verdict"], scenarios["Fixed/seen_ids"]["is_fixed"]),
                                 ("pass", False))

    def test_benchmarks_toml_outranks_the_code(self):
        _, scenario, record = self.run_one("--explain=never", settings="fixed = false")
        self.assertFalse(scenario["is_fixed"])
        self.assertTrue(record["scaled_runs"], "it was run at other lengths, and died there")
        self.assertEqual({run["repetition"]["ending"] for run in record["scaled_runs"]}, {"crashed"})

    def test_it_runs_as_long_as_its_user_asks(self):
        finished, scenario, record = self.run_one("--iterations=1500", "--explain=never", binary="leaky_twins",
                                                  name="Leaky/seen_ids", settings="fixed = true")
        self.assertEqual((finished.returncode, scenario["iterations"]), (NOT_MEASURED, 1500))
        self.assertNotIn("scaled_runs", record)

    def test_what_is_fixed_passes_as_anything_else(self):
        finished, scenario, _ = self.run_one(binary="leaky_twins", name="Fixed/seen_ids", settings="fixed = true")
        self.assertEqual((finished.returncode, scenario["verdict"]), (PASSED, "pass"))

    def test_a_limit_on_a_count_is_exceeded_all_the_same(self):
        finished, scenario, _ = self.run_one("--explain=never", binary="leaky_twins", name="Leaky/unclosed_file",
                                             settings="fixed = true")
        self.assertEqual(finished.returncode, LEAK)
        files = next(one for one in scenario["findings"] if one["kind"] == "open_files")
        self.assertEqual(files["verdict"], "over_threshold")
        self.expect_golden("fixed", "a limit on a count", files["message"], FIGURES)


if __name__ == "__main__":
    unittest.main()
