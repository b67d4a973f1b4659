"""soak exec on the programs of tests/programs: what the tests of it share."""

import json
import os
import pathlib

from soak_cli import BIN_DIR, SoakTestCase, soak

PROGRAM = BIN_DIR / "odd_program"
MARK = "E2E_RESULTS"  # in the environment of all that a soak starts: its folder of results


def processes_of(results):
    """What runs of a soak that was started with this mark, whatever it is; soak itself left out."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        try:
            if not process.name.isdigit() or f"{MARK}={results}".encode() not in (process / "environ").read_bytes().split(b"\0"):
                continue
            executable = os.path.basename(os.readlink(process / "exe"))
        except OSError:
            continue
        if executable != "soak":
            found.append(executable)
    return found


class ExecTestCase(SoakTestCase):
    def exec_json(self, *arguments, config="schema = 1\n", results="results", **keywords):
        """`soak exec --json` with results in this test's folder: the process and the verdict on its scenario."""
        config_file = self.folder / f"{results}.toml"  # several may run at a time
        config_file.write_text(config, encoding="utf-8")
        results = self.folder / results
        finished = soak("exec", "--json", "--config", config_file, "--results", results, *arguments,
                        cwd=self.folder, env={MARK: str(results)}, **keywords)
        verdict = json.loads(finished.stdout) if finished.stdout else None
        self.assertEqual(processes_of(results), [], "processes were left behind")
        return finished, verdict["scenarios"][0] if verdict else None

    def messages(self, scenario):
        """What the findings say, for values in it."""
        return " ".join(finding["message"] for finding in scenario["findings"])

    def assert_verdict(self, verdict, status, *arguments, **keywords):
        finished, scenario = self.exec_json(*arguments, **keywords)
        self.assertEqual((scenario["verdict"], finished.returncode), (verdict, status), finished.stdout + finished.stderr)
        return scenario
