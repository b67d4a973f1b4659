"""`soak region`: what the probe leaves of a process, whether it ended or was killed."""

import json
import os
import pathlib
import signal
import subprocess
import unittest

from leaky_sources import marked_place, place_of
from soak_cli import BIN_DIR, LIB_DIR, PASSED, WRONG_REQUEST, SoakTestCase, soak

PROBE = LIB_DIR / "libsoak_probe.so"
HEAP_FIGURES = ["heap_bytes", "heap_blocks", "allocations", "frees", "heap_peak_bytes"]


def growth(site):
    """From the loop's first checkpoint to its last; what comes after the loop has no iteration."""
    points = [point["live_bytes"] for point in site["history"] if point["iteration"] is not None]
    return points[-1] - points[0] if points else 0


def can_preload():
    """Sanitizers insist on coming first, and keep malloc to themselves."""
    return subprocess.run(["true"], env={**os.environ, "LD_PRELOAD": str(PROBE)}, capture_output=True,
                          check=False).stderr == b""


@unittest.skipUnless(can_preload(), "the probe of this build cannot be preloaded")
class Region(SoakTestCase):
    def setUp(self):
        super().setUp()
        self.region_file = self.folder / "region"

    def environment(self, **more):
        return {**os.environ, "LD_PRELOAD": str(PROBE), "SOAK_REGION": str(self.region_file), **more}

    def region(self):
        finished = soak("region", self.region_file)
        self.assertEqual((finished.returncode, finished.stderr), (PASSED, ""))
        return json.loads(finished.stdout)

    def test_a_preloaded_program_that_has_ended(self):
        listing = subprocess.run(["ls", "/"], env=self.environment(), capture_output=True, text=True, check=True)
        self.assertEqual(listing.stdout, subprocess.run(["ls", "/"], capture_output=True, text=True, check=True).stdout)
        region = self.region()
        self.assertEqual((region["state"], region["mode"], region["allocator"]), ("ended", "counters", "glibc"))
        self.assertEqual(region["heap_blocks"], region["allocations"] - region["frees"])
        self.assertGreater(region["allocations"], 0)
        self.assertGreaterEqual(region["heap_peak_bytes"], region["heap_bytes"])
        self.assertGreaterEqual(region["open_files"], 3)
        self.assertEqual((region["sites"], region["types"], region["typed_blocks_percent"]), ([], [], None))
        self.assertEqual(set(region["at_end"]), set(HEAP_FIGURES))

    def test_figures_are_the_program_s_own(self):
        script = "import ctypes; libc = ctypes.CDLL(None); libc.malloc.restype = ctypes.c_void_p; [libc.malloc({}) for _ in range({})]"
        held = []
        for blocks in [0, 1000]:
            subprocess.run(["python3", "-S", "-c", script.format(1000, blocks)], env=self.environment(), check=True)
            held.append(self.region()["at_end"])
        # A malloc(1000) of glibc's holds 1000 bytes and its size; the interpreter itself may differ by some blocks.
        self.assertAlmostEqual(held[1]["heap_blocks"] - held[0]["heap_blocks"], 1000, delta=50)
        self.assertAlmostEqual(held[1]["heap_bytes"] - held[0]["heap_bytes"], 1000 * 1000, delta=20_000)

    def test_a_program_that_was_killed(self):
        with subprocess.Popen(["sh", "-c", "echo ready; read line"], env=self.environment(), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as program:
            program.stdout.readline()
            self.assertEqual(self.region()["state"], "running")
            program.send_signal(signal.SIGKILL)
        killed = self.region()
        self.assertEqual(killed["state"], "running")
        self.assertGreater(killed["heap_bytes"], 0)
        self.assertIsNone(killed["open_files"])
        self.assertNotIn("at_end", killed)

    def test_call_sites_name_the_line_the_type_and_the_history(self):
        subprocess.run([BIN_DIR / "leaky_twins", "--benchmark_filter=^Leaky/response_cache(/|$)"],
                       env={**os.environ, "SOAK_PROBE": "sites", "SOAK_REGION": str(self.region_file)},
                       capture_output=True, check=True)
        region = self.region()
        self.assertEqual(region["mode"], "sites")
        site = max(region["sites"], key=growth)
        self.assertEqual(place_of(site), marked_place("response_cache"))
        self.assertIn("ResponseCache", site["function"])
        self.assertIn(site["type"], ["buffer of std::string", "node of std::unordered_map<std::string, std::string>"])
        self.assertGreaterEqual(growth(site), 1000 * 300)
        self.assertTrue(any(frame["inlined"] for frame in site["stack"]))
        self.assertTrue(any(frame["function"] == "main" for frame in site["stack"]))
        self.assertEqual(region["foreign_frees"], 0)

    def test_frees_of_blocks_from_elsewhere_are_told(self):
        subprocess.run([BIN_DIR / "faithful_foreign_frees"],
                       env={**os.environ, "LD_PRELOAD": str(PROBE), "SOAK_PROBE": "sites",
                            "SOAK_REGION": str(self.region_file)}, capture_output=True, check=True)
        self.assertEqual(self.region()["foreign_frees"], 3, "a free, a realloc, and a free after a realloc that failed")

    def test_resources_are_named_by_the_line_that_made_them(self):
        twins = [("refused_socket", "descriptor"), ("endless_heartbeat", "thread"), ("zombie_children", "child"),
                 ("mapped_window", "mapping")]
        for twin, kind in twins:
            with self.subTest(twin):
                subprocess.run([BIN_DIR / "leaky_twins", f"--benchmark_filter=^Leaky/{twin}(/|$)"],
                               env={**os.environ, "SOAK_PROBE": "sites", "SOAK_REGION": str(self.region_file)},
                               capture_output=True, check=True)
                region = self.region()
                site = max((site for site in region["sites"] if site["kind"] == kind),
                           key=lambda site: site["history"][-1]["live_blocks"] - site["history"][0]["live_blocks"])
                self.assertEqual(place_of(site), marked_place(twin))
                self.assertGreaterEqual(site["live_blocks"], 64)
                self.assertEqual(region["overflowed_resources"], 0)

    def test_what_libc_opens_for_a_program_is_the_programs_and_what_no_hook_sees_is_counted(self):
        subprocess.run([BIN_DIR / "faithful_openers"], env=self.environment(SOAK_PROBE="sites"), check=True)
        region = self.region()
        opened = {site["function"].split("::")[-1].removesuffix("()"): site["live_blocks"] for site in region["sites"]
                  if site["kind"] == "descriptor"}
        self.assertEqual(opened, dict.fromkeys(["by_fopen", "by_opendir", "by_tmpfile", "by_popen", "by_mkstemp",
                                                "by_posix_openpt", "by_memfd_create", "by_inotify_init"], 1))
        unseen = region["unattributed"]["descriptors"]
        self.assertEqual(unseen, region["open_files"] - len(opened))
        self.assertGreaterEqual(unseen, 3 + 2, "standard streams; a system call, a copy by one; a log if one runs")

    def test_types_are_counted_by_vtables_and_by_frames(self):
        subprocess.run([BIN_DIR / "leaky_twins", "--benchmark_filter=^Leaky/missing_virtual_destructor(/|$)"],
                       env={**os.environ, "SOAK_PROBE": "sites", "SOAK_REGION": str(self.region_file)},
                       capture_output=True, check=True)
        region = self.region()
        for kind in ["vtable", "frames"]:
            self.assertTrue([one for one in region["types"] if one["source"] == kind and one["count"] > 0], kind)
        self.assertGreater(region["typed_blocks_percent"], 1)
        for one in region["types"]:
            self.assertEqual((one["count"], one["bytes"]), (one["history"][-1]["count"], one["history"][-1]["bytes"]))

    def test_a_stripped_program_gives_places_in_its_module(self):
        subprocess.run(["ls"], env=self.environment(SOAK_PROBE="sites"), capture_output=True, check=True)
        functions = [frame["function"] for site in self.region()["sites"] for frame in site["stack"]
                     if pathlib.Path(frame["module"]).name == "ls"]
        self.assertTrue(functions)
        for function in functions:
            self.assertRegex(function, r"^ls\+0x[0-9a-f]+$")

    def test_what_is_no_region_is_a_wrong_request(self):
        text = self.folder / "text"
        text.write_text("not a region", encoding="utf-8")
        files = {"a text": text, "a missing file": self.folder / "missing", "a folder": self.folder, "a device": "/dev/null"}
        for name, file in files.items():
            finished = soak("region", file)
            self.assertEqual((finished.returncode, finished.stdout), (WRONG_REQUEST, ""), file)
            self.assertIn(str(file), finished.stderr)
            self.expect_golden("requests", "region: " + name, finished)


if __name__ == "__main__":
    unittest.main()
