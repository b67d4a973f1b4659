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

    def compiled(self, name, source, *flags):
        program = self.folder / name
        subprocess.run(["c++", "-x", "c++", "-", "-o", program, *flags], input=source, text=True, check=True)
        return program

    def test_the_shipped_scenarios_are_in_order(self):
        finished, result = self.examine()
        self.assertEqual((finished.returncode, result["health"]), (PASSED, "good"), result)
        told = " ".join(finding["what"] for finding in self.findings_on(result, "soak_scenarios"))
        self.assertIn("the probe is active, above glibc", told)
        self.assertIn("has debug info", told)

    def test_without_debug_info_it_works_and_says_what_is_missing(self):
        stripped = self.folder / "stripped"
        subprocess.run(["strip", "-o", stripped, BIN_DIR / "soak_selftest_scenarios"], check=True)
        finished, result = self.examine(stripped)
        self.assertEqual((finished.returncode, result["health"]), (PASSED, "poor"), result)
        self.assertIn("-g", self.findings_on(result, "stripped")[-1]["advice"])

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
        self.assertIn("not linked to libsoak_probe.so", probe["what"])
        self.assertIn("--no-as-needed", probe["advice"])

    def test_a_static_program_says_so(self):
        static = self.compiled("static", '#include <cstdio>\nint main() { std::puts("Static/scenario"); }\n', "-static")
        _, result = self.examine(static)
        self.assertIn("statically linked", self.findings_on(result, "static")[1]["what"])

    def test_a_probe_that_is_turned_off_by_the_environment_is_measured_all_the_same(self):
        """What soak's children inherit of SOAK_* is taken out."""
        finished, _ = self.examine(env={"SOAK_PROBE": "off"})
        self.assertEqual(finished.returncode, PASSED)

    def test_for_people_each_finding_is_a_line(self):
        finished = soak("doctor", "--config", self.write_config())
        self.assertEqual(finished.returncode, PASSED)
        self.assertIn("ok    soak_scenarios: the probe is active", finished.stdout)
        self.assertTrue(finished.stdout.endswith("\nall that matters can be measured here\n"), finished.stdout)


if __name__ == "__main__":
    unittest.main()
