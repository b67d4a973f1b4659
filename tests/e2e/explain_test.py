"""`soak run --explain`: what is accused runs once more with call sites on, which changes no verdict."""

import json
import unittest

from leaky_sources import marked_place, place_of
from leaky_twins import CONFIG
from soak_cli import BIN_DIR, LEAK, NOT_MEASURED, PASSED, WRONG_REQUEST, SoakTestCase, by_name, soak

TWINS = BIN_DIR / "leaky_twins"


def only(name):
    return f"--benchmark_filter=^{name}(/|$)"


class Explain(SoakTestCase):
    def run_one(self, name, *arguments):
        finished, verdict = self.run_json(TWINS, only(name), "--no-confirm", *arguments, config=CONFIG)
        return finished, by_name(verdict)[name], self.run_record()["scenarios"][0]

    def test_auto_explains_what_leaks_and_only_that(self):
        finished, leaky, record = self.run_one("Leaky/seen_ids")
        self.assertEqual(finished.returncode, LEAK)
        self.assertEqual(place_of(leaky["findings"][0]["sites"][0]), marked_place("seen_ids"))
        self.assertIn("explained_run", record)
        self.assertEqual(record["explained_run"]["repetition"]["ending"], "finished")
        self.assertNotIn("attribution", record["repetitions"][0])

        finished, fixed, record = self.run_one("Fixed/seen_ids")
        self.assertEqual((finished.returncode, fixed["verdict"]), (PASSED, "pass"))
        self.assertNotIn("explained_run", record)

    def test_always_explains_what_passes_too(self):
        finished, fixed, record = self.run_one("Fixed/seen_ids", "--explain=always")
        self.assertEqual((finished.returncode, fixed["verdict"], fixed["findings"]), (PASSED, "pass", []))
        self.assertTrue(record["explained_run"]["repetition"]["attribution"]["sites"])

    def test_never_explains_nothing_and_convicts_all_the_same(self):
        finished, leaky, record = self.run_one("Leaky/seen_ids", "--explain=never")
        self.assertEqual((finished.returncode, leaky["verdict"]), (LEAK, "leak"))
        self.assertEqual((leaky["findings"][0]["sites"], leaky["findings"][0]["likely_cause"]), ([], None))
        self.assertNotIn("explained_run", record)

    def test_anything_else_is_a_wrong_request(self):
        finished = soak("run", TWINS, "--explain=sometimes")
        self.assertEqual((finished.returncode, finished.stdout), (WRONG_REQUEST, ""))
        for word in ("--explain", "sometimes", "auto", "always", "never"):
            self.assertIn(word, finished.stderr)

    def test_check_says_the_same_from_the_record_alone(self):
        self.run_one("Leaky/shared_cycle")
        written = (self.record_folder() / "verdict.json").read_text(encoding="utf-8")
        again = soak("check", self.record_folder(), "--config", CONFIG, "--json")
        self.assertEqual((again.returncode, again.stdout), (LEAK, written))
        self.assertEqual(json.loads(written)["scenarios"][0]["findings"][0]["likely_cause"], "cycle")

    def run_dying(self, name, settings=""):
        config = self.write_config(f'schema = 1\n[scenario.{name}]\n{settings}\n')
        finished, verdict = self.run_json(BIN_DIR / "dying_leaks", only(name), config=config)
        return finished, by_name(verdict)[name], self.run_record()["scenarios"][0]

    def test_an_explained_run_that_is_killed_gives_its_sites_and_changes_no_verdict(self):
        finished, scenario, record = self.run_dying("dies_when_explained")
        self.assertEqual((finished.returncode, scenario["verdict"]), (LEAK, "leak"))
        self.assertEqual(record["explained_run"]["repetition"]["ending"], "crashed")
        site = scenario["findings"][0]["sites"][0]
        self.assertEqual((place_of(site)[0], site["shape"]), ("broken/dying_leaks.cpp", "linear"))
        self.assertAlmostEqual(site["blocks_per_iteration"], 1, delta=0.01)

    def test_a_leak_that_exceeds_the_memory_limit_is_an_error_that_names_its_line(self):
        finished, scenario, record = self.run_dying("dies_of_its_leak", 'memory_limit = "500 MiB"')
        self.assertEqual((finished.returncode, scenario["verdict"]), (NOT_MEASURED, "error"))
        self.assertIn("memory_limit", scenario["findings"][0]["message"])
        # How far the first run came before it was ended decides whether the explained one, shorter, ends by itself.
        self.assertIn(record["explained_run"]["repetition"]["ending"], ("failed", "finished"))
        self.assertEqual(place_of(scenario["findings"][0]["sites"][0])[0], "broken/dying_leaks.cpp")


if __name__ == "__main__":
    unittest.main()
