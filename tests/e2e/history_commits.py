"""Which commit it was, from real runs: what the short and the long test have in common."""

import json

from history_repository import HistoryRepository, run
from soak_cli import LEAK, PASSED, WRONG_REQUEST, SoakTestCase

SCENARIOS = ["parse", "cache", "buffer"]


class CommitsCase(SoakTestCase):
    """A subclass has `commits` and `changes`: at which commit allocations, a leak, a doubled peak come in."""

    commits = 0
    changes = (0, 0, 0)

    def measured_repository(self):
        repository = HistoryRepository(self.folder, self.commits, *self.changes)
        for number in range(1, self.commits + 1):
            done = repository.run_commit(number)
            self.assertIn(done.returncode, (PASSED, LEAK), done.stdout + done.stderr)
        return repository

    def check_trend(self, repository):
        done = repository.soak("trend", "--json")
        self.assertEqual(done.returncode, PASSED, done.stderr)
        found = {}
        for metric in json.loads(done.stdout)["metrics"]:
            places, every = [repository.number_of(point["commit"]) for point in metric["points"]], range(1, self.commits + 1)
            if metric["metric"] == "iteration_time_ns":  # of runs that had the processor to themselves
                self.assertEqual(places, sorted(set(places) & set(every)), "git's order, not the order of dates")
            else:
                self.assertEqual(places, list(every), "git's order, not the order of dates")
            for change in metric["changes"]:
                self.assertTrue(change["worse"], change)
                self.assertEqual(change["commits"], 1)
                found.setdefault(metric["scenario"], set()).add(repository.number_of(change["first_new"]))
        self.assertEqual(found, {name: {number} for name, number in zip(SCENARIOS, self.changes)})

    def check_compare(self, repository):
        for number in range(2, self.commits + 1):
            done = repository.soak("compare", "--json", repository.hash_of(number - 1), repository.hash_of(number))
            self.assertEqual(done.returncode, PASSED, done.stderr)
            changed = [scenario["name"] for scenario in json.loads(done.stdout)["scenarios"] if scenario["changed"]]
            expected = [name for name, at in zip(SCENARIOS, self.changes) if at == number]
            self.assertEqual(changed, expected, f"commit {number}")

    def check_leak_is_explained(self, repository):
        leak_at = self.changes[1]
        done = repository.soak("compare", "--json", repository.hash_of(leak_at - 1), repository.hash_of(leak_at))
        comparison = json.loads(done.stdout)
        first = comparison["scenarios"][0]
        self.assertEqual((first["name"], first["base_verdict"], first["head_verdict"]), ("cache", "pass", "leak"))
        self.assertTrue(first["sites"], first["sites_note"])
        self.assertIn("remember", first["sites"][0]["function"])

    def check_bisect(self, repository):
        before = run("git", "status", "--porcelain", "--branch", cwd=repository.folder)
        for name, at in zip(SCENARIOS, self.changes):
            with self.subTest(name):
                done = repository.soak("bisect", repository.hash_of(1), "main", "--scenario", name, "--build",
                                       "sh build.sh")
                self.assertEqual(done.returncode, PASSED, done.stdout + done.stderr)
                self.assertIn(repository.hash_of(at)[:12], done.stdout.splitlines()[0])
                self.assertIn(f"commit {at}\n", done.stdout)
                self.assertIn(f"{name}\n", done.stdout, "its compare is printed")
                self.assertNotIn("soak-bisect", done.stdout, "files are named as in the repository")
        done = repository.soak("bisect", repository.hash_of(1), "main", "--scenario", "steady", "--build", "sh build.sh")
        self.assertEqual(done.returncode, WRONG_REQUEST, done.stdout + done.stderr)
        self.assertEqual(run("git", "status", "--porcelain", "--branch", cwd=repository.folder), before)
        self.assertEqual(run("git", "worktree", "list", cwd=repository.folder).count("\n"), 1)
        self.assertFalse((repository.folder / ".git/soak-bisect").exists())

    def check_all(self):
        repository = self.measured_repository()
        self.check_trend(repository)
        self.check_compare(repository)
        self.check_leak_is_explained(repository)
        self.check_bisect(repository)
