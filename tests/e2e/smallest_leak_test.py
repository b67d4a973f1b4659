"""The smallest leak that a pass claims to have been able to see, planted into the records of real runs that pass."""

import json
import unittest

from soak_cli import DEFAULT_CONFIG, SoakTestCase, by_name, soak

BLOCK_BYTES = 24
TWINS = "^Fixed/(seen_ids|interned_strings|response_cache|json_history|log_records|event_listeners)/"


def plant(scenario, bytes_per_iteration):
    """Adds what such a leak would have left at each checkpoint."""
    for repetition in scenario["repetitions"]:
        for checkpoint in repetition["checkpoints"]:
            blocks = int(bytes_per_iteration * checkpoint["iteration"] / BLOCK_BYTES)
            checkpoint["heap_blocks"] += blocks
            checkpoint["heap_bytes"] += BLOCK_BYTES * blocks


class SmallestLeak(SoakTestCase):
    def verdicts_with(self, record, claimed, part):
        record = json.loads(json.dumps(record))
        for scenario in record["scenarios"]:
            if scenario["name"] in claimed:
                plant(scenario, part * claimed[scenario["name"]])
        planted = self.folder / f"planted-{part}"
        planted.mkdir()
        (planted / "run.json").write_text(json.dumps(record), encoding="utf-8")
        finished = soak("check", planted, "--config", self.folder / "benchmarks.toml", "--json")
        return {name: scenario["verdict"] for name, scenario in by_name(json.loads(finished.stdout)).items()
                if name in claimed}

    def try_claims_of(self, binary, *options):
        _, verdict = self.run_json(binary, "--no-confirm", *options, config=self.write_config(DEFAULT_CONFIG))
        claimed = {name: scenario["smallest_leak_seen_bytes_per_iteration"]
                   for name, scenario in by_name(verdict).items() if scenario["verdict"] == "pass"}
        self.assertTrue(claimed)
        self.assertNotIn(None, claimed.values())
        record = self.run_record()
        self.assertEqual(set(self.verdicts_with(record, claimed, 0).values()), {"pass"})
        self.assertNotIn("pass", self.verdicts_with(record, claimed, 1.02).values(), claimed)
        below = list(self.verdicts_with(record, claimed, 1 / 16).values())
        self.assertGreaterEqual(below.count("pass"), 0.8 * len(below), claimed)

    def test_of_leak_free_twins(self):
        self.try_claims_of("leaky_twins", "--benchmark_filter=" + TWINS)

    def test_of_the_shipped_scenarios(self):
        self.try_claims_of("soak_scenarios", "--benchmark_filter=^(RetryLoop|LargePlaylist)/")


if __name__ == "__main__":
    unittest.main()
