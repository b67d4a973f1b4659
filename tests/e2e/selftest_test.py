"""soak selftest catches every planted leak at whatever thresholds it is given, and fails where one is not caught."""

import ctypes.util
import json
import unittest

from soak_cli import LEAK, NOT_MEASURED, PASSED, WRONG_REQUEST, SoakTestCase, soak

JEMALLOC = ctypes.util.find_library("jemalloc")

KINDS = {"heap_blocks", "rare_block", "growing_buffer", "open_files", "unjoined_threads", "unwaited_children", "live_objects",
         "address_space", "resident_growth", "resident_peak", "absolute_peak", "crash"}

# The limits of [thresholds] that are tried besides those built in.
THRESHOLDS = {
    "loose": ('final_growth = "12 MiB"\npeak_growth = "20 MiB"\npeak_rss = "80 MiB"\nvms_growth = "40 MiB"\n'
              'heap_growth_per_iteration = "40 B"\nopen_files_growth = 7\nthreads_growth = 3\nchildren_growth = 2\nobjects_growth = 50\n'),
    "out of reach": ('final_growth = "1 TiB"\npeak_growth = "1 TiB"\nheap_growth_per_iteration = "1 GiB"\n'
                     "open_files_growth = 1000000\nthreads_growth = 1000000\nchildren_growth = 1000000\nobjects_growth = 1000000\n"),
}


class Selftest(SoakTestCase):
    def selftest(self, thresholds):
        config = self.write_config("schema = 1\n[thresholds]\n" + thresholds)
        finished = soak("selftest", "--json", "--config", config)
        return finished, json.loads(finished.stdout)

    def test_every_planted_leak_is_caught_and_every_twin_passes(self):
        for name, thresholds in {"built in": "", **THRESHOLDS}.items():
            with self.subTest(name):
                finished, result = self.selftest(thresholds)
                failed = [check for check in result["checks"] if not check["passed"]]
                self.assertEqual((failed, result["passed"], finished.returncode), ([], True, PASSED))
                self.assertEqual({check["scenario"] for check in result["checks"]},
                                 {prefix + kind for prefix in ("Planted/", "Free/") for kind in KINDS})

    def test_a_wrong_configuration_is_a_wrong_request(self):
        finished = soak("selftest", "--config", self.write_config("schema = 1\n[threshold]\n"))
        self.assertEqual(finished.returncode, WRONG_REQUEST)

    def test_what_is_planted_fails_an_ordinary_run(self):
        """The scenarios leak without soak selftest as well: it is the rules that catch them, not their names."""
        config = self.write_config('schema = 1\n[scenario."Planted/open_files"]\nenv = { SOAK_PLANT_EVERY = "10" }\n')
        finished, verdict = self.run_json("soak_selftest_scenarios", "--benchmark_filter=/open_files/", config=config)
        self.assertEqual(finished.returncode, LEAK)
        self.assertEqual([scenario["verdict"] for scenario in verdict["scenarios"]], ["leak", "pass"])

    @unittest.skipUnless(JEMALLOC, "libjemalloc2 is not installed")
    def test_where_the_probe_sees_nothing_nothing_is_believed(self):
        finished = soak("selftest", "--json", "--config", self.write_config("schema = 1\n"), env={"LD_PRELOAD": JEMALLOC})
        self.assertEqual(finished.returncode, NOT_MEASURED, finished.stderr)
        failed = {check["scenario"] for check in json.loads(finished.stdout)["checks"] if not check["passed"]}
        self.assertLessEqual({"Planted/heap_blocks", "Planted/rare_block", "Planted/growing_buffer"}, failed)


if __name__ == "__main__":
    unittest.main()
