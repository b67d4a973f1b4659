"""Runs the real binaries for end-to-end tests.

ctest sets SOAK_BIN_DIR, SOAK_LIB_DIR and SOAK_SOURCE_DIR; by hand the release preset is taken.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from golden import GoldenFiles, transcript

SOURCE_DIR = pathlib.Path(os.environ.get("SOAK_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BIN_DIR = pathlib.Path(os.environ.get("SOAK_BIN_DIR", SOURCE_DIR / "build/release/bin"))
LIB_DIR = pathlib.Path(os.environ.get("SOAK_LIB_DIR", BIN_DIR.parent / "lib"))

PASSED, LEAK, WRONG_REQUEST, NOT_MEASURED, INTERRUPTED = 0, 1, 2, 3, 130

# A mask for golden files: sizes, times and counts that differ from run to run.
FIGURES = {r"\d+(?:[.,]\d+)*(?: [KMGT]?i?B\b)?": "N"}

DEFAULT_CONFIG = 'schema = 1\n[run]\nbinaries = ["soak_scenarios"]\n'


def soak(*arguments, cwd=None, env=None, timeout=300):
    """Runs `soak` and returns the completed process; stdout and stderr are text."""
    return subprocess.run(
        [str(BIN_DIR / "soak"), *map(str, arguments)],
        cwd=cwd, env={**os.environ, **(env or {})}, timeout=timeout,
        capture_output=True, text=True, errors="replace", check=False)


class SoakTestCase(unittest.TestCase):
    """Gives each test a folder of its own, and leaves nothing behind."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="soak-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def expect_golden(self, group, name, said, masks=None):
        """The wording of `said`, a text or a finished process, is that of section `name` in tests/golden/messages/GROUP.txt."""
        files = GoldenFiles(SOURCE_DIR / "tests/golden/messages",
                            {self.folder: "FOLDER", BIN_DIR / "soak": "soak", BIN_DIR: "BIN", LIB_DIR: "LIB", SOURCE_DIR: "SOURCE"})
        files.expect(self, group, name, said if isinstance(said, str) else transcript(said), masks or {})

    def write_config(self, text=DEFAULT_CONFIG):
        config = self.folder / "benchmarks.toml"
        config.write_text(text, encoding="utf-8")
        return config

    def run_json(self, *arguments, config=None, **keywords):
        """`soak run --json` with results in this test's folder: the process and the parsed verdict."""
        finished = soak("run", "--json", "--config", config or self.write_config(),
                        "--results", self.folder / "results", *arguments, **keywords)
        return finished, json.loads(finished.stdout) if finished.stdout else None

    def record_folder(self):
        return (self.folder / "results" / "latest").resolve()

    def run_record(self):
        return json.loads((self.record_folder() / "run.json").read_text(encoding="utf-8"))


def by_name(verdict):
    return {scenario["name"]: scenario for scenario in verdict["scenarios"]}


def wording_of(scenario):
    """What people read of a scenario's verdict, for golden files."""
    return "\n".join([scenario["verdict"], *(f"{finding['kind']}: {finding['message']}" for finding in scenario["findings"]),
                      *(f"note: {note}" for note in scenario["notes"])])


def kinds(scenario):
    return {finding["kind"] for finding in scenario["findings"]}
