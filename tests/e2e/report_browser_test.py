"""The page in a real browser: it draws, it answers, and nothing in a record becomes markup or script.

Screenshots are left in SOAK_ARTIFACTS, or in the build's folder."""

import os
import pathlib
import unittest

import browser
import report_records as records
from soak_cli import BIN_DIR, SoakTestCase, soak

ARTIFACTS = pathlib.Path(os.environ.get("SOAK_ARTIFACTS", BIN_DIR.parent / "screenshots"))

# Of a canvas or an SVG: how many pixels or shapes differ from the background.
PAINTED = """
return [...document.querySelectorAll('.plot')].map((plot) => [...plot.querySelectorAll('canvas')].reduce((painted, canvas) => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  for (let i = 3; i < data.length; i += 4) painted += data[i] > 0 ? 1 : 0;
  return painted;
}, 0));
"""


@unittest.skipUnless(browser.is_installed(), "chromium and chromedriver are not installed")
class BrowserTestCase(SoakTestCase):
    @classmethod
    def setUpClass(cls):
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        cls.browser = browser.Browser().__enter__()
        cls.addClassCleanup(cls.browser.__exit__)

    def page(self, run, name="record"):
        config = self.write_config("schema = 1\n")
        page = self.folder / f"{name}.html"
        drawn = soak("report", "--config", config, records.write_record(self.folder / name, run), "--format=html", "--output", page)
        self.assertEqual((drawn.returncode, drawn.stderr), (0, ""))
        return page

    def open(self, page, fragment="", **looks):
        self.browser.look(**looks)
        self.browser.open("/dev/null")  # so that a fragment alone is a fresh page as well
        self.browser.open(page, fragment)
        self.addCleanup(lambda: self.assertEqual(self.browser.errors(), [], "the console is silent"))

    def count(self, selector):
        return self.browser.run("return document.querySelectorAll(arguments[0]).length", selector)

    def text(self, selector):
        return self.browser.run("return document.querySelector(arguments[0])?.textContent ?? null", selector)

    def middle(self, selector):
        return self.browser.run("""
            const node = document.querySelector(arguments[0]);
            node.scrollIntoView({block: 'center'});
            const box = node.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2, box.width];""", selector)


class Page(BrowserTestCase):
    def test_every_scenario_is_there_with_its_verdict_and_curve(self):
        self.open(self.page(records.everything()))
        rows = self.browser.run("return [...document.querySelectorAll('table.scenarios tbody tr')].map((row) =>"
                                " [row.querySelector('.name').textContent, row.querySelector('.pill').textContent])")
        self.assertEqual(rows, [["RetryLoop/adaptive", "✗leak"], ["RetryLoop/fixed_delay", "✓pass"], ["LargePlaylist/150", "!error"],
                                ["ConcurrentDownloads/4", "✓pass"], ["MetadataLookup", "✓pass"], ["StorageWrites", "✓pass"]])
        self.assertEqual(self.count("svg.spark"), 6)
        self.assertIn("error_report_log.cpp:41", self.text(".story"))
        self.browser.screenshot(ARTIFACTS / "overview.png", whole=True)

    def test_the_plots_of_a_scenario_are_drawn(self):
        for fragment in ("#s0", "#s1", "#s2"):
            self.open(self.page(records.everything()), fragment)
            painted = self.browser.run(PAINTED)
            self.assertEqual(len(painted), 3)
            for pixels in painted:
                self.assertGreater(pixels, 1000, f"{fragment} {painted}")
        self.assertEqual(self.text("pre.output"), "parsing playlist 357\nplaylist_parser.cpp:88: Assertion `depth < 64' failed.\n")

    def test_light_dark_and_phone(self):
        page = self.page(records.everything())
        seen = set()
        for name, looks in {"light": {}, "dark": {"dark": True}, "phone": {"width": 390, "height": 844, "mobile": True}}.items():
            for view, fragment in {"overview": "", "leak": "#s0", "pass": "#s1"}.items():
                self.open(page, fragment, **looks)
                self.browser.screenshot(ARTIFACTS / f"{view}-{name}.png", whole=True)
                self.assertLessEqual(*self.browser.run("return [document.documentElement.scrollWidth, innerWidth]"),
                                     f"{view} scrolls sideways on {name}")
            seen.add(self.browser.run("return getComputedStyle(document.body.parentElement).backgroundColor"))
        self.assertEqual(len(seen), 2, "light and dark differ")

    def test_hover_tells_the_figures_of_a_curve(self):
        self.open(self.page(records.everything()), "#s0")
        x, y, _ = self.middle(".plot")
        self.browser.move_to(x, y)
        self.assertRegex(self.text(".readout"), r"^iteration [\d,]+: .*[\d.]+ [KM]iB")

    def test_dragging_zooms_all_plots_and_keys_show_all_again(self):
        self.open(self.page(records.everything()), "#s0")
        x, y, width = self.middle(".wide .plot")
        ranges = "return [...document.querySelectorAll('.plot')].map((plot) => plot.graph.xAxisRange())"
        before = self.browser.run(ranges)
        self.browser.drag((x - width / 4, y), (x, y))
        zoomed = self.browser.run(ranges)
        self.assertLess(zoomed[0][1] - zoomed[0][0], (before[0][1] - before[0][0]) / 2)
        self.assertEqual(zoomed[0], zoomed[1])
        self.assertEqual(zoomed[0], zoomed[2])
        self.browser.run("document.querySelector('.wide .plot').focus()")
        self.browser.press("0")
        self.assertEqual(self.browser.run(ranges)[0], before[0])

    def test_the_icicle_shows_stacks_finds_and_zooms(self):
        self.open(self.page(records.everything()), "#s0")
        self.assertGreater(self.count(".icicle g"), 8)
        x, y, _ = self.middle(".icicle g:nth-of-type(9)")
        self.browser.move_to(x, y)
        tip = self.text("#tip")
        self.assertRegex(tip, r"\d %")
        self.assertIn("RetryLoop_adaptive::BenchmarkCase", tip, "the callers are listed")
        self.browser.run("const box = document.querySelector('.icicle-search'); box.value = 'error_context';"
                         " box.dispatchEvent(new Event('input'))")
        self.assertIn("4.6 %", self.text(".crumbs"))
        self.assertEqual(self.count(".icicle g.found"), 1)
        self.browser.run("const box = document.querySelector('.icicle-search'); box.value = '';"
                         " box.dispatchEvent(new Event('input')); document.querySelectorAll('.icicle g')[8].focus()")
        self.browser.press("\ue007")  # Enter
        self.assertIn("retry::", self.text(".crumbs"))

    def test_search_and_verdict_narrow_the_table(self):
        self.open(self.page(records.everything()))
        self.browser.press("/")
        for key in "retry":
            self.browser.press(key)
        visible = "return [...document.querySelectorAll('table.scenarios tbody tr')].filter((row) => row.offsetHeight > 0).length"
        self.assertEqual(self.browser.run(visible), 2)
        self.browser.run("document.querySelectorAll('.chips button')[1].click()")
        self.assertEqual(self.browser.run(visible), 1)

    def test_keys_go_through_the_scenarios(self):
        self.open(self.page(records.everything()))
        for key, expected in [("j", "#s0"), ("j", "#s1"), ("k", "#s0"), ("\ue00c", "")]:
            self.browser.press(key)
            self.assertEqual(self.browser.run("return location.hash"), expected)

    def test_odd_names_stay_text(self):
        self.open(self.page(records.odd()))
        self.browser.run("window.alert = () => { window.wasAlerted = true; }")
        names = self.browser.run("return [...document.querySelectorAll('table.scenarios td.name')].map((cell) => cell.textContent)")
        self.assertEqual(len(names), len(records.ODD_NAMES))
        self.assertIn(records.SCRIPT + "0", names)
        scripts = self.count("script")
        for i in range(len(records.ODD_NAMES)):
            self.browser.run(f"location.hash = 's{i}'")
            self.browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
        self.browser.run("location.hash = 's0'")
        self.assertIn(records.SCRIPT, self.text(".sites"))
        self.assertEqual(self.count("script"), scripts)
        self.assertEqual(self.count("main script, main iframe, main img"), 0)
        self.assertIsNone(self.browser.run("return window.wasAlerted ?? null"))

    def test_records_that_measured_next_to_nothing_are_drawn_too(self):
        self.open(self.page(records.extremes()))
        scenarios = self.count("table.scenarios tbody tr")
        self.assertGreater(scenarios, 9)
        for i in range(scenarios):
            self.browser.run(f"location.hash = 's{i}'")
            self.browser.run("return 0")
            self.assertEqual(self.count(".plots > .card"), 3)
        self.open(self.page(records.record([]), "none"))
        self.assertTrue(self.text("h1"))

    def test_paper_has_what_did_not_pass(self):
        self.open(self.page(records.everything()))
        self.browser.run("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(self.count("#print .plots"), 2)
        self.assertGreater(min(self.browser.run(PAINTED)), 1000)

    def test_a_night_of_a_hundred_scenarios_is_drawn_when_looked_at(self):
        self.open(self.page(records.many(sites=20)))
        self.assertEqual(self.count("table.scenarios tbody tr"), 100)
        self.assertEqual(self.count(".plot"), 0, "curves are drawn when they are looked at")
        self.browser.run("location.hash = 's1'")
        self.browser.run("return 0")
        self.assertGreater(min(self.browser.run(PAINTED)), 1000)


if __name__ == "__main__":
    unittest.main()
