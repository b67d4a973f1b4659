"""What holds of both stores, SQLite and PostgreSQL: one suite, run against each."""

import json
import re
import subprocess

from generate_records import record, write_record
from soak_cli import BIN_DIR, NOT_MEASURED, PASSED, SoakTestCase, soak

COMMIT = "a" * 40


def counts(done):
    """The numbers that were printed, in their order; those in paths left out."""
    printed = done if isinstance(done, str) else done.stdout
    return [int(number) for number in re.findall(r"\b\d+\b", re.sub(r"\S*/\S*", "", printed))]


class StoreCase(SoakTestCase):
    """Has `store`, the address."""

    store = None

    def make_records(self, folder, count, scenarios=2, checkpoints=8):
        for run in range(count):
            write_record(folder / f"run{run:06}", record(run, count, COMMIT, scenarios, checkpoints))

    def name_of_store(self):
        """A mask for golden files: what is said of a store is the same of both kinds."""
        return {re.escape(str(self.store)): "STORE", r"FOLDER/history\.db": "STORE"}

    def imported(self, *folders):
        return soak("history", "import", "--store", self.store, *folders)


class StoreSuite:
    """Mixed into a StoreCase that has `count_of(sql)` and `execute(sql)`."""

    writers = 8
    runs_a_writer = 40

    def test_eight_writers_at_once_lose_nothing_and_store_nothing_twice(self):
        folders = []
        for writer in range(self.writers):
            folders.append(self.folder / f"writer{writer}")
            self.make_records(folders[-1], self.runs_a_writer)
        # Every record is also in the hands of a second writer.
        command = [str(BIN_DIR / "soak"), "history", "import", "--store", self.store]
        processes = [subprocess.Popen([*command, folder, folders[(i + 1) % self.writers]], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True) for i, folder in enumerate(folders)]
        added = 0
        for process in processes:
            out, errors = process.communicate(timeout=900)
            self.assertEqual((process.returncode, errors), (PASSED, ""))
            added += counts(out)[0]
        runs = self.writers * self.runs_a_writer
        self.assertEqual(added, runs)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_runs"), runs)
        self.assertEqual(self.count_of("SELECT count(DISTINCT uid) FROM soak_runs"), runs)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_results"), 2 * runs)

    def test_import_is_idempotent_and_reads_folders_of_records(self):
        self.make_records(self.folder / "results", 5)
        (self.folder / "results" / "latest").symlink_to("run000004")
        first = self.imported(self.folder / "results")
        self.assertEqual(counts(first), [5, 0])
        self.expect_golden("store", "imported", first, self.name_of_store())
        self.assertEqual(counts(self.imported(self.folder / "results")), [0, 5])
        copied = self.folder / "copied"
        copied.mkdir()
        (self.folder / "results" / "run000001").rename(copied / "elsewhere")
        self.assertEqual(counts(self.imported(copied / "elsewhere")), [0, 1], "a record is the same wherever it lies")
        listed = soak("history", "list", "--store", self.store)
        self.assertEqual((listed.returncode, len(listed.stdout.splitlines())), (PASSED, 6), listed.stderr)

    def test_a_run_stored_before_its_end_is_replaced_when_it_is_whole(self):
        unfinished = record(0, 1, COMMIT, 2, 8)
        whole = {**unfinished, "scenarios": list(unfinished["scenarios"])}
        unfinished = {**unfinished, "completed": False, "scenarios": unfinished["scenarios"][:1]}
        write_record(self.folder / "first" / "run", unfinished)
        write_record(self.folder / "second" / "run", whole)
        self.assertEqual(counts(self.imported(self.folder / "first")), [1, 0])
        completed = self.imported(self.folder / "second")
        self.assertEqual(counts(completed), [0, 0, 1])
        self.expect_golden("store", "a run that is whole now", completed, self.name_of_store())
        self.assertEqual(counts(self.imported(self.folder / "first"))[0], 0)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_results"), 2)

    def test_a_record_that_cannot_be_read_is_said_and_keeps_no_other_out(self):
        self.make_records(self.folder / "results", 3)
        (self.folder / "results" / "run000001" / "run.json").write_text('{"schema_version": 1, "scen')
        done = self.imported(self.folder / "results")
        self.assertEqual(done.returncode, NOT_MEASURED)
        self.assertEqual(counts(done), [2, 0, 1])
        self.assertIn("run000001/run.json", done.stderr)
        self.expect_golden("store", "a record that cannot be read", done, self.name_of_store())

    def test_what_was_stored_compares_as_the_records_do(self):
        self.make_records(self.folder / "results", 2, scenarios=4, checkpoints=16)
        self.imported(self.folder / "results")
        records = soak("compare", "--json", self.folder / "results/run000000", self.folder / "results/run000001")
        stored = soak("compare", "--json", "run000000", "run000001", "--store", self.store)
        self.assertEqual(stored.returncode, PASSED, stored.stderr)
        a, b = json.loads(records.stdout), json.loads(stored.stdout)
        for comparison in (a, b):
            del comparison["base"]["asked"], comparison["head"]["asked"]
        self.assertEqual(a, b)
        self.assertEqual(b["scenarios"][0]["name"], "Scenario001/work")

    def test_prune_keeps_the_newest_and_the_records(self):
        self.make_records(self.folder / "results", 5)
        self.imported(self.folder / "results")
        shown = soak("history", "prune", "--keep", "2", "--dry-run", "--store", self.store)
        self.assertEqual(counts(shown.stdout.splitlines()[-1]), [3])
        self.expect_golden("store", "prune without removing", shown, self.name_of_store())
        pruned = soak("history", "prune", "--keep", "2", "--store", self.store)
        self.assertEqual(counts(pruned.stdout.splitlines()[-1]), [3])
        self.expect_golden("store", "prune", pruned, self.name_of_store())
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_runs"), 2)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_results"), 4)
        self.assertEqual(len(list((self.folder / "results").iterdir())), 5)
        self.assertEqual(counts(self.imported(self.folder / "results")), [3, 2])

    def test_a_newer_schema_is_refused_and_left_as_it_is(self):
        self.make_records(self.folder / "results", 1)
        self.imported(self.folder / "results")
        self.execute("INSERT INTO soak_schema (version) VALUES (99)")
        for command in (["history", "import", self.folder / "results"], ["history", "list"]):
            done = soak(*command, "--store", self.store)
            self.assertEqual(done.returncode, NOT_MEASURED, command)
            self.assertRegex(done.stderr, r"\b99\b.*\b1\b")
            self.expect_golden("store", f"{command[1]}: a newer schema", done, self.name_of_store())
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_runs"), 1)

    def test_odd_names_come_back_as_they_were(self):
        odd = record(0, 1, COMMIT, 1, 8)
        name = "Ünï'cödé\"/x;--\t:a\\b/%s{}"
        odd["scenarios"][0]["name"] = name
        odd["id"] = "run'); DROP TABLE soak_runs;--"
        write_record(self.folder / "results" / "odd", odd)
        self.assertEqual(counts(self.imported(self.folder / "results" / "odd")), [1, 0])
        done = soak("compare", "--json", "latest", "latest", "--store", self.store)
        self.assertEqual(done.returncode, PASSED, done.stderr)
        self.assertEqual(json.loads(done.stdout)["scenarios"][0]["name"], name)
