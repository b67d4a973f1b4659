"""The jobs of docs/nightly do what they say: parsed as their services parse them, every command in them run for real."""

import configparser
import os
import pathlib
import re
import shlex
import subprocess
import unittest

import yaml

from soak_cli import BIN_DIR, SOURCE_DIR, SoakTestCase

JOBS = SOURCE_DIR / "docs/nightly"
BUILDS = re.compile(r"^\s*tools/(setup|build)\b.*$", re.MULTILINE)

# What a night runs is not the point here, so it is what runs in no time.
SHORT = (f'schema = 1\n[scenario.loop]\ncommand = ["{BIN_DIR}/loop_program", "clean", "{{iterations}}"]\niterations = [100]\n'
         f'[scenario.import]\ncommand = ["{BIN_DIR}/odd_program", "keeps_nothing", "{{iterations}}"]\niterations = [10, 40]\n')


def repeated_sections(text):
    """[(section, key, value)]: systemd allows a key several times, configparser does not."""
    section, entries = None, []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, value = line.split("=", 1)
            entries.append((section, key, value))
    return entries


class NightlyJobs(SoakTestCase):
    def setUp(self):
        super().setUp()
        self.write_config(SHORT)
        self.git("init", "--quiet")
        self.git("add", "benchmarks.toml")
        self.git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "a night")

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True)

    def run_script(self, script, **env):
        """As the services do: the first command that fails ends it. What builds soak is left out."""
        script = BUILDS.sub(":", script)
        return subprocess.run(["bash", "-e", "-c", script], cwd=self.folder, capture_output=True, text=True, check=False,
                              env={**os.environ, "PATH": f"{BIN_DIR}:{os.environ['PATH']}", "GITHUB_ACTIONS": "", "GITLAB_CI": "", **env})

    def expect_good(self, script, **env):
        finished = self.run_script(script, **env)
        self.assertEqual(finished.returncode, 0, f"{script}\n{finished.stdout}{finished.stderr}")
        return finished

    def two_nights(self, scripts, **env):
        """The second night has something to be compared with; the third leaks, and must fail and be no good night."""
        for _ in range(2):
            for script in scripts:
                self.expect_good(script, **env)
        good = (self.folder / "results/last-good").read_text().strip()
        self.assertEqual(good, self.record_folder().name)
        self.write_config(SHORT + '[scenario."lo*"]\npeak_rss = "1 KiB"\n')
        self.assertIn(1, [self.run_script(script, **env).returncode for script in scripts if "soak run" in script])
        self.assertEqual((self.folder / "results/last-good").read_text().strip(), good)

    def test_github(self):
        workflow = yaml.safe_load((JOBS / "github.yml").read_text())
        self.assertIn("schedule", workflow[True], "YAML reads `on` as true")
        steps = workflow["jobs"]["soak"]["steps"]
        self.assertTrue(all(("run" in step) != ("uses" in step) for step in steps))
        paths = [step["with"]["path"] for step in steps if "cache" in step.get("uses", "")]
        self.assertEqual(paths[0], paths[1], "a cache is found only under the same paths")
        summary, path = self.folder / "summary.md", self.folder / "path"
        scripts = [step["run"] for step in steps if "run" in step]
        self.two_nights(scripts, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary), GITHUB_PATH=str(path))
        for step in steps:
            for file in re.findall(r"(?:results|site)[\w/.-]*", str(step.get("with", ""))):
                self.assertTrue((self.folder / file).exists(), file)
        self.assertIn("## ", summary.read_text())

    def test_gitlab(self):
        job = yaml.safe_load((JOBS / "gitlab.yml").read_text())["soak"]
        for key in ("before_script", "script", "after_script"):
            self.assertTrue(all(isinstance(line, str) for line in job[key]), key)
        self.two_nights(["\n".join(job["before_script"] + job["script"])], GITLAB_CI="true")
        self.expect_good("\n".join(job["after_script"]))
        artifacts = job["artifacts"]
        for file in [*artifacts["paths"], *artifacts["reports"].values(), *job["cache"]["paths"]]:
            self.assertTrue((self.folder / file).exists(), file)

    def test_systemd(self):
        timer = configparser.ConfigParser()
        timer.read(JOBS / "soak-nightly.timer")
        self.assertIn("02:17", timer["Timer"]["OnCalendar"])
        (self.folder / "metrics").mkdir()
        entries = repeated_sections((JOBS / "soak-nightly.service").read_text())
        commands = [shlex.split(value) for section, key, value in entries if section == "Service" and key == "ExecStart"]
        self.two_nights([shlex.join(command) for command in commands])
        for section, key, value in entries:
            if key == "ExecStopPost":
                self.expect_good(value)
        for file in ("metrics/soak.prom", "site/index.html"):
            self.assertTrue((self.folder / file).exists(), file)

    def test_jenkins(self):
        text = (JOBS / "Jenkinsfile").read_text()
        self.assertEqual(text.count("{"), text.count("}"))
        scripts = re.findall(r"sh '([^']*)'", text)
        self.assertEqual(len(scripts), text.count("sh '"))
        self.two_nights(scripts)
        for file in re.findall(r"'?(soak-report/junit.xml|site)/?", text):
            self.assertTrue((self.folder / file).exists(), file)

    def test_no_command_of_soak_stands_outside_what_is_run(self):
        for file in JOBS.iterdir():
            for line in file.read_text().splitlines():
                if re.search(r"\bsoak (run|report|compare|check|trend|history)\b", line) and file.suffix != ".md":
                    self.assertRegex(line, r"run:|^\s+(- |soak |if |sh )|^Exec|sh '|soak (compare|run)", f"{file.name}: {line}")


if __name__ == "__main__":
    unittest.main()
