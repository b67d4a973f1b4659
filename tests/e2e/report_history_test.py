"""What reports show of other runs: the comparison with a base, figures over commits, the archive of nights."""

import json
import os
import re
import shutil
import subprocess
import unittest

import browser
from report_browser_test import ARTIFACTS, PAINTED, BrowserTestCase
from soak_cli import BIN_DIR, PASSED, WRONG_REQUEST, SoakTestCase, soak

CONFIG = ('schema = 1\n[run]\nbinaries = ["./scenarios_of_night"]\n'
          '[thresholds]\nheap_growth_per_iteration = "1 MiB"\nfinal_growth = "1 GiB"\npeak_growth = "1 GiB"\n')


def data_of(page, name):
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page.read_text(encoding="utf-8"))
    return json.loads(found.group(1)) if found else None


class Nights:
    """Three commits, a night each; the second took a scenario more."""

    def make_nights(self):
        # A run belongs to the commit of the repository that its binary is in.
        shutil.copy(BIN_DIR / "soak_scenarios", self.folder / "scenarios_of_night")
        self.write_config(CONFIG)
        (self.folder / ".gitignore").write_text("*\n")
        self.git("init", "--quiet")
        for night in range(3):
            (self.folder / "change").write_text(str(night))
            self.git("add", "--force", "benchmarks.toml", "change")
            self.git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", f"night {night}")
            finished = self.in_folder("run", "--iterations=20", "--report=html",
                                      "--benchmark_filter=RetryLoop/(fixed|adaptive)" if night else "--benchmark_filter=RetryLoop/fixed")
            self.assertEqual(finished.returncode, PASSED, finished.stdout + finished.stderr)
            if night == 0:
                self.first = self.record_folder().name

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True)

    def in_folder(self, *arguments):
        return soak(*arguments, cwd=self.folder, env={"GITHUB_ACTIONS": "", "GITLAB_CI": "", "PATH": os.environ["PATH"]})


class History(Nights, SoakTestCase):
    def test_the_page_compares_with_a_base_and_shows_the_commits(self):
        self.make_nights()
        drawn = self.in_folder("report", "results/latest", "--format=html", f"--base={self.first}", "--output=page.html")
        self.assertEqual((drawn.returncode, drawn.stderr), (0, ""))
        comparison = data_of(self.folder / "page.html", "comparison")
        self.assertEqual((comparison["base"]["asked"], comparison["only_in_head"]), (self.first, ["RetryLoop/adaptive"]))
        trend = data_of(self.folder / "page.html", "trend")
        self.assertIn(3, [len(metric["points"]) for metric in trend["metrics"] if metric["scenario"] == "RetryLoop/fixed_delay"])

    def test_a_run_shows_the_commits_behind_it_by_itself(self):
        self.make_nights()
        trend = data_of(self.record_folder() / "report.html", "trend")
        self.assertIn(3, [len(metric["points"]) for metric in trend["metrics"]])

    def test_the_archive_has_a_page_for_each_scenario_and_links_to_records(self):
        self.make_nights()
        drawn = self.in_folder("report", "--history", "--output=site")
        self.assertEqual((drawn.returncode, drawn.stdout), (0, ""), drawn.stderr)
        site = data_of(self.folder / "site/index.html", "site")
        self.assertEqual(len(site["runs"]), 3)
        for run in site["runs"]:
            self.assertTrue((self.folder / "site" / run["report"]).exists(), run)
        # These nights may have begun in the same second: their order says nothing.
        verdicts = {one["name"]: sorted(one["verdicts"]) for one in site["scenarios"]}
        self.assertEqual(verdicts, {"RetryLoop/fixed_delay": ["pass"] * 3, "RetryLoop/adaptive": ["", "pass", "pass"]})
        self.assertEqual({file.name for file in (self.folder / "site").iterdir()},
                         {"index.html", *(one["page"] for one in site["scenarios"])})

    def test_bad_requests(self):
        self.write_config(CONFIG)
        for name, arguments, named in [("an archive without a place", ["--history"], "--output"),
                                       ("an archive without a history", ["--history", "--output=site"], "history"),
                                       ("no run", [], ""), ("an unknown base", ["results/latest", "--base=nowhere"], "")]:
            finished = self.in_folder("report", *arguments)
            self.assertEqual((finished.returncode, finished.stdout), (WRONG_REQUEST, ""), arguments)
            self.assertIn(named, finished.stderr)
            self.expect_golden("report", name, finished)


@unittest.skipUnless(browser.is_installed(), "chromium and chromedriver are not installed")
class Archive(Nights, BrowserTestCase):
    def test_it_is_drawn(self):
        self.make_nights()
        self.in_folder("report", "--history", "--output=site")
        self.open(self.folder / "site/index.html")
        self.assertEqual(self.count("table.scenarios tbody tr"), 2)
        self.assertEqual(self.count(".dot"), 6)
        self.browser.screenshot(ARTIFACTS / "archive.png", whole=True)
        page = self.browser.run("return document.querySelector('table.scenarios a').href").split("/")[-1]
        self.open(self.folder / "site" / page)
        self.assertGreater(min(self.browser.run(PAINTED)), 500)
        self.browser.screenshot(ARTIFACTS / "archive-scenario.png", whole=True)

    def test_the_comparison_is_drawn(self):
        self.make_nights()
        self.in_folder("report", "results/latest", "--format=html", f"--base={self.first}", "--output=page.html")
        self.open(self.folder / "page.html")
        self.assertIn(self.first, self.text("#changes h2"))
        index = self.browser.run("return [...document.querySelectorAll('table.scenarios .name')].findIndex((cell) => cell.textContent.includes('fixed'))")
        self.open(self.folder / "page.html", f"#s{index}")
        self.assertGreater(self.count(".plot"), 6, "its own curves, both runs, and figures over commits")
        self.assertGreater(min(self.browser.run(PAINTED)), 500)
        self.browser.screenshot(ARTIFACTS / "compared.png", whole=True)


if __name__ == "__main__":
    unittest.main()
