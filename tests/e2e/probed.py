"""Runs programs under the preloaded probe and reads the region they leave."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ.get("SOAK_BIN_DIR", "build/release/bin"))
PROBE = pathlib.Path(os.environ.get("SOAK_LIB_DIR", "build/release/lib")) / "libsoak_probe.so"


def region_of(file):
    """What region_totals says of it; None where it is no region."""
    totals = subprocess.run([BIN / "region_totals", file], capture_output=True, text=True, timeout=60)
    return json.loads(totals.stdout) if totals.returncode == 0 else None


class ProbedTest(unittest.TestCase):
    mode = "counters"

    def setUp(self):
        if not (BIN / "region_totals").exists():
            self.skipTest("no hooks in this build: a sanitizer keeps malloc to itself")
        folder = tempfile.TemporaryDirectory(prefix="soak_probe_")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.region_file = self.folder / "region"

    def environment(self, preload=(PROBE,), **more):
        """Without `preload` the probe is not there; the rest is the same."""
        variables = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        if preload:
            variables["LD_PRELOAD"] = ":".join(str(library) for library in preload)
        variables["SOAK_REGION"] = str(self.region_file)
        variables["SOAK_PROBE"] = self.mode
        variables.update(more)
        return variables

    def run_probed(self, *command, preload=(PROBE,), timeout=120, env=None, **options):
        return subprocess.run([str(part) for part in command], env=self.environment(preload, **(env or {})),
                              capture_output=True, timeout=timeout, **options)

    def region_after(self, *command, **options):
        self.region_file.unlink(missing_ok=True)
        result = self.run_probed(*command, **options)
        region = region_of(self.region_file)
        self.assertIsNotNone(region, f"{command}: {result.stderr.decode(errors='replace')}")
        return result, region
