"""Of each sort of program that leaks on purpose one is convicted, at its line; its repaired twin is acquitted."""

import subprocess
import unittest

from leaky_twins import TWINS, LeakyTwinsCase
from soak_cli import BIN_DIR

SHORT = {"active_requests", "event_listeners", "exception_before_free", "forgotten_curl_slist", "log_records",
         "mapped_window", "moved_over_handle", "shared_cycle", "thread_scratch", "unclosed_directory", "undetached_thread",
         "unused_pool", "zombie_children"}


class LeakyTwins(LeakyTwinsCase):
    def test_every_leak_is_convicted_at_its_line_and_no_repaired_twin_is_accused(self):
        self.check_twins([twin for twin in TWINS if twin.name in SHORT])

    def test_each_source_marks_the_one_line_that_leaks(self):
        self.check_sources()

    def test_all_of_them_can_run_in_one_process(self):
        finished = subprocess.run([BIN_DIR / "leaky_twins"], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(finished.returncode, 0, finished.stderr)


if __name__ == "__main__":
    unittest.main()
