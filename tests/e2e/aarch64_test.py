"""The probe is written for aarch64, too: it compiles for it, and where an emulator is installed, programs that know what
they do to the heap find that it says so, with call sites on and off."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("SOAK_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
COMPILER, EMULATOR, SYSROOT = "aarch64-linux-gnu-g++", "qemu-aarch64", "/usr/aarch64-linux-gnu"
CODE = ["-std=c++20", "-O2", "-fPIC", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-fvisibility=hidden",
        "-ftls-model=initial-exec", "-fno-builtin", "-Wall", "-Wextra", "-Wconversion", "-Werror",
        f"-I{SOURCE}/harness", f"-I{SOURCE}/harness/include"]
SOAK = pathlib.Path(os.environ.get("SOAK_BIN_DIR", "build/release/bin")) / "soak"
# Without forks: this emulator's children keep what the kernel wipes for others, and vfork is a fork to it.
PROGRAMS = ["every_allocation", "foreign_frees", "realloc_shapes", "signal_handler", "thread_ends"]


@unittest.skipUnless(shutil.which(COMPILER), f"{COMPILER} is not installed")
class Aarch64Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="soak_aarch64_")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.probe = cls.folder / "libsoak_probe.so"
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            objects = list(pool.map(cls.compiled, sorted((SOURCE / "harness/probe").rglob("*.cpp"))))
        subprocess.run(["aarch64-linux-gnu-gcc", "-shared", "-o", cls.probe, *objects, "-Wl,-z,now,-z,nodelete,-z,defs"],
                       check=True)

    @classmethod
    def compiled(cls, source):
        to = cls.folder / ("_".join(source.relative_to(SOURCE).parts) + ".o")
        cache = ["ccache"] if shutil.which("ccache") else []
        subprocess.run([*cache, COMPILER, *CODE, "-c", source, "-o", to], check=True)
        return to

    def test_compiles_and_links(self):
        self.assertTrue(self.probe.exists())

    @unittest.skipUnless(shutil.which(EMULATOR), f"{EMULATOR} is not installed")
    def test_counts_to_the_byte_under_an_emulator(self):
        for name in PROGRAMS:
            program = self.program(name)
            for mode in ("counters", "sites"):
                with self.subTest(name, mode=mode):
                    ran = self.run_probed(program, mode)
                    self.assertEqual(ran.returncode, 0, ran.stderr)

    @unittest.skipUnless(shutil.which(EMULATOR), f"{EMULATOR} is not installed")
    def test_walks_through_large_frames_and_signal_handlers(self):
        region = self.folder / "region"
        ran = self.run_probed(self.program("hard_stacks"), "sites", "-E", f"SOAK_REGION={region}")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        told = subprocess.run([SOAK, "region", region], capture_output=True, text=True, check=True, timeout=60)
        sites = json.loads(told.stdout)["sites"]
        for requested_bytes, function in ((111_111, "in_a_large_frame"), (222_222, "in_a_signal_handler")):
            with self.subTest(function):
                site = next(site for site in sites if site["live_requested_bytes"] == requested_bytes)
                functions = [frame["function"].split("::")[-1].split("(")[0] for frame in site["stack"]]
                self.assertEqual(functions[0], function)
                self.assertIn("main", functions)
                self.assertTrue(site["stack_complete"])

    def program(self, name):
        program = self.folder / name
        subprocess.run([COMPILER, "-std=c++20", "-O1", "-g", "-fno-builtin", f"-I{SOURCE}/harness", "-o", program,
                        SOURCE / f"tests/faithful/{name}.cpp", "-pthread"], check=True)
        return program

    def run_probed(self, program, mode, *options):
        return subprocess.run([EMULATOR, "-L", SYSROOT, "-E", f"LD_PRELOAD={self.probe}", "-E", f"SOAK_PROBE={mode}",
                               *options, program], capture_output=True, text=True, timeout=300)


if __name__ == "__main__":
    unittest.main()
