"""Waivers by site, on what real leaks were found to come from."""

import json
import unittest

from leaky_sources import marked_place
from soak_cli import LEAK, PASSED, WRONG_REQUEST, SoakTestCase, by_name, soak

LEAKY = "^Leaky/(seen_ids|unclosed_file)/"
LINE = "{}:{}".format(*marked_place("seen_ids"))
FILE_LINE = "{}:{}".format(*marked_place("unclosed_file"))


def waiver(site, scenario="Leaky/seen_ids"):
    return (f'[[waiver]]\nscenario = "{scenario}"\nsite = "{site}"\n'
            'reason = "ids are bounded in production"\nuntil = 2199-12-31\n')


class SiteWaivers(SoakTestCase):
    def check(self, *waivers):
        """The one record of this test judged anew with these waivers."""
        config = self.write_config("schema = 1\n" + "".join(waivers))
        finished = soak("check", self.record_folder(), "--config", config, "--json")
        return finished, by_name(json.loads(finished.stdout))

    def run_leaky(self, *waivers):
        config = self.write_config("schema = 1\n" + "".join(waivers))
        return self.run_json("leaky_twins", "--benchmark_filter=" + LEAKY, "--no-confirm", config=config)

    def test_the_line_that_leaks_can_be_waived(self):
        files = waiver(FILE_LINE, "Leaky/unclosed_file")
        finished, verdict = self.run_leaky(waiver(LINE), files)
        scenarios = by_name(verdict)
        self.assertEqual({name: one["verdict"] for name, one in scenarios.items()},
                         {"Leaky/seen_ids": "pass", "Leaky/unclosed_file": "pass"}, finished.stdout)
        self.assertEqual(finished.returncode, PASSED, finished.stderr)
        for finding in scenarios["Leaky/seen_ids"]["findings"]:
            self.assertEqual((finding["verdict"], finding["waived"]["until"]), ("leak", "2199-12-31"))

        for site in (LINE.split("/")[1], "*" + LINE, scenarios["Leaky/seen_ids"]["findings"][0]["sites"][0]["function"]):
            with self.subTest(site):
                finished, scenarios = self.check(waiver(site.replace("*", "\\\\*") if "<" in site else site), files)
                self.assertEqual((finished.returncode, scenarios["Leaky/seen_ids"]["verdict"]), (PASSED, "pass"))

        # Another line of the same file, another scenario's leak, another kind of finding: nothing is waived.
        source, line = LINE.rsplit(":", 1)
        for wrong in (waiver(f"{source}:{int(line) + 1}"), waiver(FILE_LINE),
                      waiver(LINE).replace("site =", 'metric = "open_files"\nsite =')):
            with self.subTest(wrong):
                finished, scenarios = self.check(wrong, files)
                self.assertEqual((finished.returncode, scenarios["Leaky/seen_ids"]["verdict"]), (WRONG_REQUEST, "leak"))
                self.assertRegex(finished.stderr, r"benchmarks\.toml:\d+:\d+")
        self.expect_golden("requests", "check: a waiver of nothing", finished.stderr)

        # One of two leaks is waived, the other fails the run.
        finished, scenarios = self.check(waiver(LINE))
        self.assertEqual((finished.returncode, scenarios["Leaky/seen_ids"]["verdict"],
                          scenarios["Leaky/unclosed_file"]["verdict"]), (LEAK, "pass", "leak"))

    def test_what_was_not_explained_is_not_waived_by_site(self):
        config = self.write_config("schema = 1\n" + waiver(LINE))
        finished, verdict = self.run_json("leaky_twins", "--benchmark_filter=^Leaky/seen_ids/", "--no-confirm",
                                          "--explain=never", config=config)
        self.assertEqual((finished.returncode, by_name(verdict)["Leaky/seen_ids"]["verdict"]), (LEAK, "leak"))
        self.assertNotRegex(finished.stderr, r"benchmarks\.toml:\d+:\d+", "it may match yet")


if __name__ == "__main__":
    unittest.main()
