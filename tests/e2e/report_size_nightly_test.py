"""The largest night: 100 scenarios, 64 checkpoints, 500 call sites each. Too long for every day; label nightly."""

import unittest

import report_records as records
from report_browser_test import BrowserTestCase


class Size(BrowserTestCase):
    def test_the_page_opens_in_less_than_two_seconds(self):
        page = self.page(records.many(scenarios=100, sites=500, points=64))
        self.open(page)
        self.assertEqual(self.count("table.scenarios tbody tr"), 100)
        opened = self.browser.run("return performance.getEntriesByType('navigation')[0].loadEventEnd")
        self.assertLess(opened, 2000, "ms")
        print(f"{page.stat().st_size >> 20} MiB opened in {opened:.0f} ms")


if __name__ == "__main__":
    unittest.main()
