"""The last reading is taken where the program's own doing ends, before what it cached is freed; and the region tells
how far a process came that ended otherwise."""

import os
import signal
import unittest

from probed import BIN, PROBE, ProbedTest, region_of

BLOCKS = 500


class EndReadingTest(ProbedTest):
    def grown(self, how, **options):
        """End readings of two runs of `ends`, with blocks and without: the difference is the blocks alone."""
        program = options.pop("program", "faithful_ends")
        _, without = self.region_after(BIN / program, how, 0, **options)
        result, with_blocks = self.region_after(BIN / program, how, BLOCKS, **options)
        self.assertEqual(result.returncode, 3, how)
        return without, with_blocks

    def assert_all_blocks_seen(self, without, with_blocks, how):
        self.assertTrue(with_blocks["ended"], how)
        self.assertEqual(with_blocks["end_heap_blocks"] - without["end_heap_blocks"], BLOCKS, how)
        self.assertEqual(with_blocks["end_heap_bytes"] - without["end_heap_bytes"], BLOCKS * 24, how)

    def test_sees_what_static_destructors_and_exit_handlers_free_later(self):
        for how in ("return", "exit", "quick_exit", "_exit", "_Exit", "thread_exit", "exec"):
            with self.subTest(how):
                without, with_blocks = self.grown(how)
                self.assert_all_blocks_seen(without, with_blocks, how)

    def test_sees_it_with_the_probe_linked_too(self):
        for how in ("return", "exit", "exec"):
            with self.subTest(how):
                without, with_blocks = self.grown(how, program="faithful_ends_linked", preload=())
                self.assert_all_blocks_seen(without, with_blocks, how)

    def test_is_not_what_is_left_at_the_very_end(self):
        without, with_blocks = self.grown("return")
        self.assertEqual(with_blocks["heap_blocks"], without["heap_blocks"], "the destructor freed them")

    def test_is_taken_in_an_exit_handler_where_libc_ends_the_process_itself(self):
        without, with_blocks = self.grown("errx")
        self.assertTrue(with_blocks["ended"])
        result, region = self.region_after(BIN / "faithful_ends", "pthread_exit", BLOCKS)
        self.assertEqual(result.returncode, 0)
        self.assertTrue(region["ended"])

    def test_counts_open_files_without_the_probes_own(self):
        result, region = self.region_after(BIN / "faithful_ends", "return", 0, stdin=-3)
        self.assertEqual(region["end_open_files"], 4, "stdin, stdout, stderr and one opened")

    def test_has_resident_memory(self):
        _, region = self.region_after(BIN / "faithful_ends", "return", 0)
        self.assertGreater(region["end_resident_bytes"], 100_000)

    def test_is_not_there_where_the_process_was_killed_but_the_counters_are(self):
        for how, by in (("kill", signal.SIGKILL), ("abort", signal.SIGABRT)):
            with self.subTest(how):
                _, without = self.region_after(BIN / "faithful_ends", how, 0)
                result, region = self.region_after(BIN / "faithful_ends", how, BLOCKS)
                self.assertEqual(result.returncode, -by)
                self.assertFalse(region["ended"])
                self.assertEqual(region["heap_blocks"] - without["heap_blocks"], BLOCKS)
                self.assertEqual(region["heap_bytes"] - without["heap_bytes"], BLOCKS * 24)

    def test_after_exec_the_new_image_counts_anew(self):
        _, once = self.region_after(BIN / "faithful_ends", "return", BLOCKS)
        _, twice = self.region_after(BIN / "faithful_ends", "exec", BLOCKS)
        self.assertEqual(once["exec_count"], 0)
        self.assertEqual(twice["exec_count"], 1)
        self.assertEqual(twice["end_heap_blocks"], once["end_heap_blocks"])
        self.assertEqual(twice["allocations"], once["allocations"])


class EarlyAllocationsTest(ProbedTest):
    def test_of_constructors_before_the_probes_are_counted(self):
        program = BIN / "faithful_before_main"
        for count in (1, 1000):
            _, without = self.region_after(program, env={"EARLY_BLOCKS": "0"})
            _, with_blocks = self.region_after(program, env={"EARLY_BLOCKS": str(count)})
            self.assertEqual(with_blocks["allocations"] - without["allocations"], count)
            self.assertEqual(with_blocks["frees"] - without["frees"], 1)
            self.assertEqual(with_blocks["end_heap_bytes"] - without["end_heap_bytes"], (count - 1) * 24)


class PlainCTest(ProbedTest):
    def test_stays_plain_c_and_is_counted(self):
        _, without = self.region_after(BIN / "faithful_plain_c", 0)
        result, with_blocks = self.region_after(BIN / "faithful_plain_c", 1000)
        self.assertEqual(result.returncode, 0, "libstdc++ is not there")
        self.assertEqual(with_blocks["end_heap_blocks"] - without["end_heap_blocks"], 1000)
        self.assertEqual(with_blocks["end_heap_bytes"] - without["end_heap_bytes"], 24_000)
        self.assertEqual(with_blocks["allocator"], "glibc")


class RegionOwnershipTest(ProbedTest):
    def test_children_do_not_touch_their_parents_region(self):
        script = f"{BIN}/faithful_plain_c 1000; {BIN}/faithful_plain_c 10 & wait; echo done"
        result, region = self.region_after("bash", "-c", script)
        self.assertEqual(result.stdout, b"done\n")
        self.assertEqual(result.stderr, b"")
        self.assertTrue(region["ended"])
        self.assertEqual(region["exec_count"], 0)

    def test_a_second_run_takes_the_file_over(self):
        _, first = self.region_after(BIN / "faithful_plain_c", 0)
        self.run_probed(BIN / "faithful_plain_c", 100)
        second = region_of(self.region_file)
        self.assertEqual(second["end_heap_blocks"] - first["end_heap_blocks"], 100)
        self.assertEqual(second["exec_count"], 0)
        self.assertNotEqual(second["owner_pid"], first["owner_pid"])

    def test_a_file_of_something_else_is_told_and_the_program_runs(self):
        self.region_file.write_text("precious")
        result = self.run_probed(BIN / "faithful_plain_c", 10)
        self.assertEqual(result.returncode, 0)
        self.assertIn(os.fsencode(self.region_file), result.stderr)
        self.assertEqual(self.region_file.read_text(), "precious")

    def test_switched_off_it_writes_nothing(self):
        self.run_probed(BIN / "faithful_plain_c", 10, env={"SOAK_PROBE": "off"})
        self.assertFalse(self.region_file.exists())

    def test_a_full_disk_is_told_and_the_program_runs(self):
        script = (f"mount -t tmpfs -o size=64k none {self.folder} && exec env LD_PRELOAD={PROBE} "
                  f"SOAK_REGION={self.region_file} {BIN}/faithful_plain_c 10")
        result = self.run_probed("unshare", "--mount", "--map-root-user", "bash", "-c", script, preload=(),
                                 env={"SOAK_REGION": ""})
        if b"unshare:" in result.stderr or b"mount:" in result.stderr:
            self.skipTest("no mount namespace here: " + result.stderr.decode())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(b"No space left on device", result.stderr)


if __name__ == "__main__":
    unittest.main()
