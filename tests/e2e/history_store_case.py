"""What holds of both stores, SQLite and PostgreSQL: one suite, run against each."""

import json
import subprocess

from generate_records import record, write_record
from soak_cli import BIN_DIR, NOT_MEASURED, PASSED, SoakTestCase, soak

COMMIT = "a" * 40


class StoreCase(SoakTestCase):
    """Has `store`, the address."""

    store = None

    def make_records(self, folder, count, scenarios=2, checkpoints=8):
        for run in range(count):
            write_record(folder / f"run{run:06}", record(run, count, COMMIT, scenarios, checkpoints))

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
            added += int(out.split()[0])
        runs = self.writers * self.runs_a_writer
        self.assertEqual(added, runs)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_runs"), runs)
        self.assertEqual(self.count_of("SELECT count(DISTINCT uid) FROM soak_runs"), runs)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_results"), 2 * runs)

    def test_import_is_idempotent_and_reads_folders_of_records(self):
        self.make_records(self.folder / "results", 5)
        (self.folder / "results" / "latest").symlink_to("run000004")
        self.assertIn("5 added", self.imported(self.folder / "results").stdout)
        self.assertIn("0 added", self.imported(self.folder / "results").stdout)
        copied = self.folder / "copied"
        copied.mkdir()
        (self.folder / "results" / "run000001").rename(copied / "elsewhere")
        self.assertIn("0 added", self.imported(copied / "elsewhere").stdout, "a record is the same wherever it lies")
        listed = soak("history", "list", "--store", self.store)
        self.assertEqual((listed.returncode, len(listed.stdout.splitlines())), (PASSED, 6), listed.stderr)

    def test_a_run_stored_before_its_end_is_replaced_when_it_is_whole(self):
        unfinished = record(0, 1, COMMIT, 2, 8)
        whole = {**unfinished, "scenarios": list(unfinished["scenarios"])}
        unfinished = {**unfinished, "completed": False, "scenarios": unfinished["scenarios"][:1]}
        write_record(self.folder / "first" / "run", unfinished)
        write_record(self.folder / "second" / "run", whole)
        self.assertIn("1 added", self.imported(self.folder / "first").stdout)
        self.assertIn("1 now whole", self.imported(self.folder / "second").stdout)
        self.assertIn("0 added", self.imported(self.folder / "first").stdout)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_results"), 2)

    def test_a_record_that_cannot_be_read_is_said_and_keeps_no_other_out(self):
        self.make_records(self.folder / "results", 3)
        (self.folder / "results" / "run000001" / "run.json").write_text('{"schema_version": 1, "scen')
        done = self.imported(self.folder / "results")
        self.assertEqual(done.returncode, NOT_MEASURED)
        self.assertIn("2 added", done.stdout)
        self.assertIn("1 could not be read", done.stdout)
        self.assertIn("run000001/run.json", done.stderr)

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
        self.assertIn("3 would be removed", shown.stdout)
        self.assertIn("3 removed", soak("history", "prune", "--keep", "2", "--store", self.store).stdout)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_runs"), 2)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_results"), 4)
        self.assertEqual(len(list((self.folder / "results").iterdir())), 5)
        self.assertIn("3 added", self.imported(self.folder / "results").stdout)

    def test_a_newer_schema_is_refused_and_left_as_it_is(self):
        self.make_records(self.folder / "results", 1)
        self.imported(self.folder / "results")
        self.execute("INSERT INTO soak_schema (version) VALUES (99)")
        for command in (["history", "import", self.folder / "results"], ["history", "list"]):
            done = soak(*command, "--store", self.store)
            self.assertEqual(done.returncode, NOT_MEASURED, command)
            self.assertIn("newer soak (schema 99, this one knows 1)", done.stderr)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_runs"), 1)

    def test_odd_names_come_back_as_they_were(self):
        odd = record(0, 1, COMMIT, 1, 8)
        name = "Ünï'cödé\"/x;--\t:a\\b/%s{}"
        odd["scenarios"][0]["name"] = name
        odd["id"] = "run'); DROP TABLE soak_runs;--"
        write_record(self.folder / "results" / "odd", odd)
        self.assertIn("1 added", self.imported(self.folder / "results" / "odd").stdout)
        done = soak("compare", "--json", "latest", "latest", "--store", self.store)
        self.assertEqual(done.returncode, PASSED, done.stderr)
        self.assertEqual(json.loads(done.stdout)["scenarios"][0]["name"], name)
