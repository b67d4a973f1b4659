"""`soak report` in every format: what readers insist on holds, whatever stands in the record; nothing is lost on the way."""

import html.parser
import json
import os
import re
import shutil
import subprocess
import unittest

import report_records as records
from report_rules import check_junit, check_openmetrics, check_sarif, read_pprof
from soak_cli import BIN_DIR, LEAK, NOT_MEASURED, PASSED, WRONG_REQUEST, SoakTestCase, soak

FORMATS = ["html", "junit", "sarif", "markdown", "github", "gitlab", "gitlab-metrics", "openmetrics", "pprof", "collapsed", "ctest"]
RECORDS = {"everything": records.everything, "odd": records.odd, "extremes": records.extremes, "none": lambda: records.record([])}
NO_CI = {"GITHUB_ACTIONS": "", "GITLAB_CI": "", "GITHUB_WORKSPACE": "", "CI_PROJECT_DIR": ""}


class ReportTestCase(SoakTestCase):
    def setUp(self):
        super().setUp()
        self.config = self.write_config("schema = 1\n")

    def record(self, name):
        return records.write_record(self.folder / name, RECORDS[name]())

    def report(self, name, form, *arguments):
        """The report as bytes."""
        finished = subprocess.run([BIN_DIR / "soak", "report", "--config", self.config, self.record(name), "--format", form, *arguments],
                                  capture_output=True, check=False, env={**os.environ, **NO_CI})
        self.assertEqual((finished.returncode, finished.stderr), (0, b""), f"{name} {form}")
        return finished.stdout


class Formats(ReportTestCase):
    def test_junit_is_what_jenkins_takes(self):
        for name in RECORDS:
            with self.subTest(name):
                check_junit(self.report(name, "junit"))
        root = check_junit(self.report("everything", "junit"))
        self.assertEqual((root.get("tests"), root.get("failures"), root.get("errors")), ("6", "1", "1"))
        leak = root.find("testsuite[@name='RetryLoop/adaptive']")
        self.assertEqual(leak.find("testcase/failure").get("type"), "leak")
        self.assertIn("error_report_log.cpp:41", leak.find("testcase/failure").text)
        properties = {one.get("name"): one.get("value") for one in leak.iter("property")}
        self.assertGreater(float(properties["heap_growth_bytes_per_iteration"]), 500)

    def test_a_run_that_did_not_complete_is_an_error_in_junit(self):
        self.assertIsNotNone(check_junit(self.report("extremes", "junit")).find("testsuite[@name='soak run']/testcase/error"))

    def test_sarif_is_what_github_takes(self):
        for name in RECORDS:
            with self.subTest(name):
                check_sarif(self.report(name, "sarif"))
        results = check_sarif(self.report("everything", "sarif"))["runs"][0]["results"]
        heap = next(result for result in results if result["ruleId"] == "soak/heap_growth")
        place = heap["locations"][0]["physicalLocation"]
        self.assertEqual((place["artifactLocation"]["uri"], place["region"]["startLine"]), ("scenarios/retry/error_report_log.cpp", 41))
        steps = heap["codeFlows"][0]["threadFlows"][0]["locations"]
        self.assertEqual(steps[0]["location"]["message"]["text"], "main", "outermost first")
        self.assertEqual(steps[-1]["location"]["message"]["text"], "retry::ErrorReportLog::append")

    def test_sarif_fingerprints_are_stable_and_tell_findings_apart(self):
        prints = [[result["partialFingerprints"]["primaryLocationLineHash"] for result in
                   json.loads(self.report("everything", "sarif"))["runs"][0]["results"]] for _ in range(2)]
        self.assertEqual(prints[0], prints[1])
        self.assertEqual(len(set(prints[0])), len(prints[0]))

    def test_openmetrics(self):
        for name in RECORDS:
            with self.subTest(name):
                samples = check_openmetrics(self.report(name, "openmetrics").decode("utf-8"))
                self.assertIn("soak_run_passed", samples)
                self.check_with_promtool(self.report(name, "openmetrics"))
        samples = check_openmetrics(self.report("everything", "openmetrics").decode("utf-8"))
        self.assertEqual(samples["soak_run_passed"], [("", 0.0)])
        self.assertIn(('scenario="RetryLoop/adaptive",verdict="leak"', 1.0), samples["soak_scenario_verdict"])
        self.assertEqual(samples["soak_run_start_timestamp_seconds"], [("", 1795489200.0)])

    def check_with_promtool(self, text):
        if shutil.which("promtool"):
            checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
            self.assertEqual(checked.returncode, 0, checked.stderr.decode())

    def test_pprof_is_read_back(self):
        for name in RECORDS:
            with self.subTest(name):
                read_pprof(self.report(name, "pprof"))
        samples = read_pprof(self.report("everything", "pprof"))
        self.assertEqual(len(samples), 4, "the heap's call sites, shrunk ones too")
        most = max(samples, key=lambda sample: sample["growth_space"])
        self.assertEqual((most["growth_space"], most["growth_objects"], most["alloc_space"]), (360_000, 6000, 1_080_000))
        self.assertEqual(most["labels"], {"scenario": "RetryLoop/adaptive", "type": "std::string"})
        self.assertEqual([function for function, _, _ in most["stack"]][:4],
                         ["std::string::_M_create", "retry::ErrorReportLog::append", "retry::ErrorRecoveryManager::report",
                          "retry::ErrorRecoveryManager::recover"])
        self.assertEqual(most["stack"][1][1:], ("scenarios/retry/error_report_log.cpp", 41))
        self.assertEqual(min(sample["growth_space"] for sample in samples), -6400 // 100)

    def test_collapsed_stacks_are_lines_that_end_in_a_number(self):
        for name in RECORDS:
            for line in self.report(name, "collapsed").decode("utf-8").splitlines():
                self.assertRegex(line, r"^[^;].*;.* [1-9][0-9]*$|^;.* [1-9][0-9]*$")
        lines = self.report("everything", "collapsed").decode().splitlines()
        self.assertIn("RetryLoop/adaptive;_start;__libc_start_main;main;benchmark::RunSpecifiedBenchmarks;RetryLoop_adaptive::BenchmarkCase;"
                      "retry::ErrorRecoveryManager::recover;retry::ErrorContext::capture;std::string::_M_create 24000", lines)

    def test_gitlab_code_quality(self):
        for name in RECORDS:
            issues = json.loads(self.report(name, "gitlab"))
            self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues), name)
            for issue in issues:
                self.assertIn(issue["severity"], {"info", "minor", "major", "critical", "blocker"})
                self.assertTrue(issue["description"] and issue["check_name"] and issue["location"]["lines"]["begin"] >= 1)
        for line in self.report("odd", "gitlab-metrics").decode("utf-8").splitlines():
            self.assertRegex(line, r'^soak_[a-z_]+\{scenario="(\\[\\"]|[^"\\])*"\} -?[0-9]+(\.[0-9]+)?$')

    def test_github_annotations_are_one_line_each(self):
        for name in RECORDS:
            for line in self.report(name, "github").decode("utf-8").splitlines():
                self.assertRegex(line, r"^::(error|warning|notice) (file=[^:,]*,line=[0-9]+,)?title=[^:,]*::.+$")
        self.assertIn("::error file=scenarios/retry/error_report_log.cpp,line=41,", self.report("everything", "github").decode())

    def test_markdown_fits_a_comment_and_holds_no_markup_of_others(self):
        for name in RECORDS:
            text = self.report(name, "markdown").decode("utf-8")
            self.assertLess(len(text), 65_536, name)
            outside_code = re.sub(r"(`+)[^`].*?(?<!`)\1(?!`)", "", text)
            self.assertNotIn("<script", outside_code, name)
            tables = [line for line in text.splitlines() if line.startswith("|")]
            self.assertLessEqual({len(re.findall(r"(?<!\\)\|", line)) for line in tables}, {7}, name)

    @unittest.skipUnless(shutil.which("ctest"), "ctest is not installed")
    def test_ctest_keeps_the_measurements(self):
        text = self.report("odd", "ctest") + self.report("everything", "ctest")
        (self.folder / "printed").write_bytes(text)
        (self.folder / "CTestTestfile.cmake").write_text(f'add_test(soak "cat" "{self.folder}/printed")\n')
        (self.folder / "DartConfiguration.tcl").write_text(f"SourceDirectory: {self.folder}\nBuildDirectory: {self.folder}\n")
        subprocess.run(["ctest", "-T", "Test", "--test-output-size-passed", "10000000"], cwd=self.folder, capture_output=True, check=True)
        kept = next((self.folder / "Testing").glob("*/Test.xml")).read_text(encoding="utf-8")
        self.assertRegex(kept, r'name="RetryLoop/adaptive rss_growth_bytes"[^>]*>\s*<Value>\d+</Value>')
        self.assertEqual(kept.count(" rss_growth_bytes\""), text.count(b" rss_growth_bytes\""))

    def test_the_page_is_one_file_that_asks_for_nothing(self):
        outside = []

        class Links(html.parser.HTMLParser):
            def handle_starttag(self, tag, attributes):
                outside.extend(value for name, value in attributes if name in ("src", "href") and not value.startswith(("#", "data:")))
        for name in RECORDS:
            Links().feed(self.report(name, "html").decode("utf-8"))
        self.assertEqual(outside, [])


class Requests(ReportTestCase):
    def test_without_a_format_it_is_text_with_every_stack(self):
        finished = soak("report", "--config", self.config, self.record("everything"), env=NO_CI)
        self.assertEqual((finished.returncode, finished.stderr), (0, ""))
        self.assertIn("retry::ErrorRecoveryManager::recover  scenarios/retry/error_recovery_manager.cpp:57\n", finished.stdout)

    def test_one_scenario_alone(self):
        folder = self.record("everything")
        one = soak("report", "--config", self.config, folder, "--scenario=StorageWrites", "--format=junit")
        self.assertEqual(one.stdout.count("<testcase"), 1)
        wrong = soak("report", "--config", self.config, folder, "--scenario=StorageWrite")
        self.assertEqual(wrong.returncode, WRONG_REQUEST)
        self.assertIn("'StorageWrites'", wrong.stderr)
        self.expect_golden("report", "misspelt scenario", wrong)

    def test_an_unknown_format_is_a_wrong_request(self):
        for arguments in [("report", "/nowhere", "--format=jnit"), ("run", "--report=html,jnit")]:
            finished = soak(*arguments, "--config", self.config)
            self.assertEqual((finished.returncode, finished.stdout), (WRONG_REQUEST, ""))
            self.assertIn("'junit'", finished.stderr)
            self.expect_golden("report", f"{arguments[0]}: unknown format", finished)

    def test_an_unknown_format_in_benchmarks_toml_is_shown_at_its_place(self):
        config = self.write_config('schema = 1\n[report]\nformats = ["html", "jnit"]\n')
        finished = soak("report", "--config", config, self.record("none"))
        self.assertEqual(finished.returncode, WRONG_REQUEST)
        self.assertIn("benchmarks.toml:3:20:", finished.stderr)
        self.assertIn("'junit'", finished.stderr)
        self.expect_golden("report", "unknown format in the config", finished)

    def test_a_target_that_cannot_be_written_is_named(self):
        for target in [self.folder / "no/such/folder/report.html", self.folder, "/dev/full"]:
            finished = soak("report", "--config", self.config, self.record("everything"), "--format=junit", "--output", target)
            self.assertEqual((finished.returncode, finished.stdout), (WRONG_REQUEST, ""), target)
            self.assertIn(str(target), finished.stderr)

    def test_a_full_disk_behind_stdout_is_said(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            finished = subprocess.run([BIN_DIR / "soak", "report", "--config", self.config, self.record("everything"), "--format=html"],
                                      stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(finished.returncode, NOT_MEASURED)
        self.expect_golden("report", "a full disk behind stdout", finished.stderr)

    def test_a_reader_that_went_away_is_no_error(self):
        for form in FORMATS:
            pipe = subprocess.Popen([BIN_DIR / "soak", "report", "--config", self.config, self.record("everything"), "--format", form],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            pipe.stdout.close()
            self.assertEqual((pipe.wait(timeout=60), pipe.stderr.read()), (PASSED, b""), form)
            pipe.stderr.close()

    def test_what_is_no_record_is_said(self):
        (self.folder / "broken").mkdir()
        (self.folder / "broken/run.json").write_text('{"schema_version": 1, "scenarios": [')
        finished = soak("report", "--config", self.config, self.folder / "broken", "--format=html")
        self.assertEqual((finished.returncode, finished.stdout), (NOT_MEASURED, ""))
        self.assertEqual(soak("report", "--config", self.config, "/nowhere").returncode, WRONG_REQUEST)


class Runs(ReportTestCase):
    def run_with(self, *arguments, env=None, report=""):
        config = self.write_config(f'schema = 1\n[run]\nbinaries = ["soak_scenarios"]\n{report}')
        return soak("run", "--config", config, "--results", self.folder / "results", "--benchmark_filter=RetryLoop/fixed",
                    *arguments, env=NO_CI | (env or {}))

    def reports(self):
        measured = {"benchmark.json", "run.json", "verdict.json", "logs"}
        return {file.name for file in self.record_folder().iterdir()} - measured

    def test_a_run_leaves_the_reports_that_are_asked_for(self):
        self.assertEqual(self.run_with("--report=html,junit,sarif").returncode, PASSED)
        self.assertEqual(self.reports(), {"report.html", "junit.xml", "leaks.sarif"})

    def test_benchmarks_toml_asks_for_them_too_and_the_flag_outranks_it(self):
        table = '[report]\nformats = ["markdown", "pprof"]\n'
        self.assertEqual(self.run_with(report=table).returncode, PASSED)
        self.assertEqual(self.reports(), {"summary.md", "heap.pb.gz"})
        self.assertEqual(self.run_with("--report=", report=table).returncode, PASSED)
        self.assertEqual(self.reports(), set())

    def test_under_github_it_annotates_and_adds_to_the_step_summary(self):
        summary = self.folder / "summary"
        summary.write_text("before\n")
        finished = self.run_with("--json", "--iterations=5", env={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)},
                                 report='[scenario."RetryLoop/fixed_delay"]\npeak_rss = "1 KiB"\n')
        self.assertEqual(finished.returncode, LEAK)
        json.loads(finished.stdout)  # the annotations are not in the way
        self.assertRegex(finished.stderr, r"(?m)^::error file=.*benchmarks\.toml,line=4,title=[^:]*RetryLoop/fixed_delay::")
        self.assertRegex(summary.read_text(encoding="utf-8"), r"\Abefore\n## ❌ .*\n")
        self.assertEqual(self.reports(), {"report.html", "leaks.sarif"})

    def test_a_step_summary_that_cannot_be_written_costs_nothing(self):
        finished = self.run_with(env={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "/nowhere/summary"})
        self.assertEqual(finished.returncode, PASSED)
        self.assertIn("/nowhere/summary", finished.stderr)
        self.expect_golden("report", "a step summary that cannot be written",
                           "\n".join(line for line in finished.stderr.splitlines() if "summary" in line))

    def test_under_gitlab_it_leaves_what_gitlab_shows(self):
        self.assertEqual(self.run_with(env={"GITLAB_CI": "true"}).returncode, PASSED)
        self.assertEqual(self.reports(), {"report.html", "junit.xml", "gl-code-quality.json", "gl-metrics.txt"})


if __name__ == "__main__":
    unittest.main()
