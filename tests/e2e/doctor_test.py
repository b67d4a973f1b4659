"""soak doctor says whether scenarios can be measured, why not, and what to do next."""

import json
import shutil
import subprocess
import unittest

from soak_cli import BIN_DIR, NOT_MEASURED, PASSED, SoakTestCase, soak

PLAIN = "int main(int c, char**) { return c > 5; }\n"


class Doctor(SoakTestCase):
    def examine(self, *arguments, **keywords):
        finished = soak("doctor", "--json", "--config", self.write_config(), *arguments, **keywords)
        return finished, json.loads(finished.stdout)

    def findings_on(self, result, subject):
        return [finding for finding in result["findings"] if finding["subject"] == subject]

    def expect_findings(self, name, findings):
        self.expect_golden("doctor", name, "\n".join(f"{one['health']}: {one['what']} -> {one['advice']}" for one in findings))

    def compiled(self, name, source, *flags):
        program = self.folder / name
        subprocess.run(["c++", "-x", "c++", "-", "-o", program, *flags], input=source, text=True, check=True)
        return program

    def test_the_shipped_scenarios_are_in_order(self):
        finished, result = self.examine()
        self.assertEqual((finished.returncode, result["health"]), (PASSED, "good"), result)
        self.assertIn("glibc", " ".join(finding["what"] for finding in self.findings_on(result, "soak_scenarios")))
        self.expect_findings("in order", self.findings_on(result, "soak_scenarios"))

    def test_without_debug_info_it_works_and_says_what_is_missing(self):
        stripped = self.folder / "stripped"
        subprocess.run(["strip", "-o", stripped, BIN_DIR / "soak_selftest_scenarios"], check=True)
        finished, result = self.examine(stripped)
        self.assertEqual((finished.returncode, result["health"]), (PASSED, "poor"), result)
        self.assertIn("-g", self.findings_on(result, "stripped")[-1]["advice"])
        self.expect_findings("without debug info", self.findings_on(result, "stripped"))

    def test_what_is_no_scenario_binary(self):
        for name, program in {"missing": "/nonexistent/program", "no benchmarks": self.compiled("plain", PLAIN)}.items():
            with self.subTest(name):
                finished, result = self.examine(program)
                self.assertEqual((finished.returncode, result["health"]), (NOT_MEASURED, "bad"), result)

    @unittest.skipUnless(shutil.which("c++"), "there is no compiler")
    def test_a_program_that_never_heard_of_soak_says_what_to_link(self):
        foreign = self.compiled("foreign", '#include <cstdio>\nint main() { std::puts("Foreign/scenario"); }\n')
        finished, result = self.examine(foreign)
        self.assertEqual(finished.returncode, NOT_MEASURED)
        probe = self.findings_on(result, "foreign")[1]
        self.assertEqual(probe["health"], "bad")
        self.assertIn("libsoak_probe.so", probe["what"])
        self.assertIn("--no-as-needed", probe["advice"])
        self.expect_findings("without the probe", self.findings_on(result, "foreign"))

    def test_a_static_program_says_so(self):
        static = self.compiled("static", '#include <cstdio>\nint main() { std::puts("Static/scenario"); }\n', "-static")
        _, result = self.examine(static)
        self.assertEqual(self.findings_on(result, "static")[1]["health"], "bad")
        self.expect_findings("a static program", self.findings_on(result, "static"))

    def test_a_probe_that_is_turned_off_by_the_environment_is_measured_all_the_same(self):
        """What soak's children inherit of SOAK_* is taken out."""
        finished, _ = self.examine(env={"SOAK_PROBE": "off"})
        self.assertEqual(finished.returncode, PASSED)

    def test_for_people_each_finding_is_a_line(self):
        finished = soak("doctor", "--config", self.write_config())
        self.assertEqual(finished.returncode, PASSED)
        self.assertRegex(finished.stdout, "(?m)^ok    soak_scenarios: ")
        about_the_machine = r"(?m)^.* this machine: .*\n"
        self.expect_golden("doctor", "for people", finished, {about_the_machine: ""})


if __name__ == "__main__":
    unittest.main()
