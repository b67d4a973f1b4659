"""bisect: what does not build, what is interrupted, what is asked for wrongly."""

import os
import signal
import subprocess
import time
import unittest

from history_repository import HistoryRepository, run
from soak_cli import BIN_DIR, INTERRUPTED, NOT_MEASURED, PASSED, WRONG_REQUEST, SoakTestCase


class Bisect(SoakTestCase):
    def repository_of(self, commits, allocations_at, broken=()):
        return HistoryRepository(self.folder, commits, allocations_at, 99, 99, broken)

    def bisect(self, repository, *arguments):
        return repository.soak("bisect", *arguments)

    def expect_wording(self, name, done):
        """What bisect itself says: no progress of runs, no output of compilers."""
        said = [line for line in done.stderr.splitlines() if line.startswith("soak:")]
        self.expect_golden("bisect", name, "\n".join([*done.stdout.splitlines(), *said]), {r"\b[0-9a-f]{7}\b": "COMMIT"})

    def search(self, repository):
        return self.bisect(repository, repository.hash_of(1), "main", "--scenario", "parse", "--build", "sh build.sh")

    def test_what_does_not_build_is_skipped(self):
        repository = self.repository_of(8, 3, broken=[4, 5])
        done = self.search(repository)
        self.assertEqual(done.returncode, PASSED, done.stdout + done.stderr)
        for named in (repository.hash_of(3)[:12], "allocations_per_iteration", "parse"):
            self.assertIn(named, done.stdout.splitlines()[0])
        for commit in (4, 5):
            self.assertIn(repository.hash_of(commit)[:12], done.stderr)
        done.stdout = done.stdout.splitlines()[0]  # the rest is git's and what soak compare prints
        self.expect_wording("found beside what does not build", done)

    def test_a_change_hidden_by_what_does_not_build_is_told_as_a_range(self):
        repository = self.repository_of(6, 4, broken=[3, 4])
        done = self.search(repository)
        self.assertEqual(done.returncode, NOT_MEASURED, done.stdout + done.stderr)
        for commit in (3, 4, 5):
            self.assertIn(f"commit {commit}\n", done.stdout)
        self.assertNotIn("commit 2\n", done.stdout)
        self.expect_wording("hidden by what does not build", done)

    def test_between_ends_that_are_alike_nothing_is_searched_for(self):
        repository = self.repository_of(3, 0)  # 5 allocations from the beginning
        done = self.bisect(repository, "HEAD~2", "HEAD", "--scenario", "parse", "--build", "sh build.sh")
        self.assertEqual(done.returncode, WRONG_REQUEST, done.stdout)
        self.expect_wording("ends alike", done)

    def test_interrupted_it_resumes_where_it_was(self):
        repository = self.repository_of(8, 6)
        command = [BIN_DIR / "soak", "bisect", repository.hash_of(1), "main", "--scenario", "parse", "--build",
                   "sh build.sh"]
        for ending, status in (signal.SIGINT, INTERRUPTED), (signal.SIGKILL, -signal.SIGKILL):
            with self.subTest(ending):
                bisecting = subprocess.Popen(list(map(str, command)), cwd=repository.folder,
                                             env={**os.environ, **repository.env},
                                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                state = repository.folder / ".git/soak-bisect/state.json"
                while bisecting.poll() is None and not (state.exists() and '"finding"' in state.read_text()):
                    time.sleep(0.01)  # polls for a state, proves nothing by time
                bisecting.send_signal(ending)
                bisecting.communicate(timeout=60)
                self.assertEqual(bisecting.returncode, status)
                self.assertTrue(state.exists())
                again = self.search(repository)
                self.assertEqual(again.returncode, WRONG_REQUEST)
                self.assertIn("--resume", again.stderr)
                self.assertIn("--abort", again.stderr)
                self.expect_golden("bisect", "one is going on", again)
                if ending == signal.SIGINT:
                    self.assertEqual(self.bisect(repository, "--abort").returncode, PASSED)
                    self.assertFalse(state.parent.exists())
                    self.assertEqual(run("git", "worktree", "list", cwd=repository.folder).count("\n"), 1)
        done = self.bisect(repository, "--resume")
        self.assertEqual(done.returncode, PASSED, done.stdout + done.stderr)
        self.assertNotIn(repository.hash_of(1)[:12], done.stderr, "what was proven is not proven again")
        self.assertIn(repository.hash_of(6)[:12], done.stdout.splitlines()[0])
        self.assertFalse(state.parent.exists())

    def test_wrong_requests_run_nothing(self):
        repository = self.repository_of(3, 2)
        build = ("--build", "sh build.sh")
        for name, arguments, named in [
                ("the wrong way round", ("main", "HEAD~2", "--scenario", "parse"), "main"),
                ("the same commit twice", ("HEAD", "main", "--scenario", "parse"), ""),
                ("nothing to find out", ("HEAD~2", "main"), "--scenario"),
                ("unknown revision", ("HEAD~2", "nowhere", "--scenario", "parse"), "'nowhere'"),
                ("misspelt metric", ("HEAD~2", "main", "--scenario", "parse", "--metric", "heap_peek_bytes"), "'heap_peak_bytes'"),
                ("unknown scenario", ("HEAD~2", "main", "--scenario", "pasre", *build), "pasre"),
                ("an end that does not build", ("HEAD~2", "main", "--scenario", "parse", "--build", "exit 3"), "3"),
                ("unknown binary", ("HEAD~2", "main", "--scenario", "parse", *build, "--binary", "nix"), "nix"),
                ("nothing to resume", ("--resume",), "")]:
            with self.subTest(name):
                done = self.bisect(repository, *arguments)
                self.assertEqual(done.returncode, WRONG_REQUEST, done.stdout + done.stderr)
                self.assertIn(named, done.stderr)
                self.expect_golden("bisect", name, done)
                self.assertFalse((repository.folder / ".git/soak-bisect").exists())


if __name__ == "__main__":
    unittest.main()
