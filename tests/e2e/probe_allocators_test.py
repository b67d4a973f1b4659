"""jemalloc, tcmalloc or mimalloc underneath: found, used, named, and counted as they hold their blocks."""

import glob
import unittest

from probed import BIN, PROBE, ProbedTest


def library(pattern):
    found = sorted(glob.glob(f"/usr/lib/*/{pattern}") + glob.glob(f"/usr/lib64/{pattern}"))
    return found[0] if found else None


class WithAllocatorUnderneath:
    """The tests; each class below runs them with an allocator of its own."""

    name = pattern = None
    # Programs whose expectations hold with any allocator.
    programs = ["forks", "ground_truth", "new_and_delete", "signal_handler"]

    def setUp(self):
        super().setUp()
        self.library = library(self.pattern)
        if self.library is None:
            self.skipTest(f"{self.name} is not installed")

    def test_is_named_and_counted(self):
        _, without = self.region_after(BIN / "faithful_plain_c", 0, preload=(PROBE, self.library))
        _, region = self.region_after(BIN / "faithful_plain_c", 1000, preload=(PROBE, self.library))
        self.assertEqual(region["allocator"], self.name)
        self.assertEqual(region["heap_is_counted"], 1)
        self.assertEqual(region["end_heap_blocks"] - without["end_heap_blocks"], 1000)
        self.assertGreaterEqual(region["end_heap_bytes"] - without["end_heap_bytes"], 24_000)

    def test_agrees_with_the_programs_books(self):
        for program in self.programs:
            with self.subTest(program):
                result = self.run_probed(BIN / f"faithful_{program}", preload=(PROBE, self.library))
                self.assertEqual(result.returncode, 0, result.stderr.decode())

    def test_before_the_probe_hides_the_heap_and_that_is_said(self):
        _, region = self.region_after(BIN / "faithful_plain_c", 1000, preload=(self.library, PROBE))
        self.assertEqual(region["heap_is_counted"], 0)
        self.assertEqual(region["end_heap_blocks"], None)

    def test_runs_a_program_that_nobody_here_wrote(self):
        result = self.run_probed("/usr/bin/python3", "-c", "print(sum(len(str(i)) for i in range(100000)))",
                                 preload=(PROBE, self.library))
        self.assertEqual((result.stdout, result.stderr, result.returncode), (b"488890\n", b"", 0))


class JemallocTest(WithAllocatorUnderneath, ProbedTest):
    name, pattern = "jemalloc", "libjemalloc.so.2"


class TcmallocTest(WithAllocatorUnderneath, ProbedTest):
    name, pattern = "tcmalloc", "libtcmalloc_minimal.so.4"


class MimallocTest(WithAllocatorUnderneath, ProbedTest):
    name, pattern = "mimalloc", "libmimalloc.so.2*"
    # Without new_and_delete: mimalloc's own operator new aborts when memory runs out.
    programs = ["forks", "ground_truth", "signal_handler"]


if __name__ == "__main__":
    unittest.main()
