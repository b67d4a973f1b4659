"""History in a SQLite file."""

import os
import sqlite3
import subprocess
import unittest

from history_store_case import StoreCase, StoreSuite, counts
from soak_cli import BIN_DIR, NOT_MEASURED, PASSED, WRONG_REQUEST, soak


class SqliteCase(StoreCase):
    def setUp(self):
        super().setUp()
        self.store = self.folder / "history.db"

    def execute(self, sql):
        with sqlite3.connect(self.store) as database:
            rows = database.execute(sql).fetchall()
        database.close()
        return rows

    def count_of(self, sql):
        return self.execute(sql)[0][0]


class SqliteStore(StoreSuite, SqliteCase):
    pass


class BadSqliteStores(SqliteCase):
    """What is wrong is said; nothing is overwritten; a run is never lost."""

    def run_with_store(self, *arguments):
        return soak("run", "--config", self.write_config(), "--results", self.folder / "results", "--store", self.store,
                    "--benchmark_filter=RetryLoop/fixed", *arguments)

    def assert_run_survives(self, name):
        done = self.run_with_store()
        self.assertEqual(done.returncode, PASSED, done.stdout + done.stderr)
        self.assertIn("soak history import", done.stderr)
        self.expect_golden("store", name, "\n".join(line for line in done.stderr.splitlines() if "history" in line))
        self.assertEqual(self.run_record()["scenarios"][0]["name"], "RetryLoop/fixed_delay")
        self.assertTrue((self.record_folder() / "verdict.json").exists())

    def test_a_run_is_added_by_itself(self):
        self.assertEqual(self.run_with_store().returncode, PASSED)
        self.assertEqual(self.count_of("SELECT name FROM soak_scenarios"), "RetryLoop/fixed_delay")
        self.assertEqual(counts(self.imported(self.folder / "results")), [0, 1])
        self.assertEqual(self.run_with_store("--no-store").returncode, PASSED)
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_runs"), 1)

    def test_a_corrupt_file_is_said_and_left_as_it_is(self):
        self.store.write_bytes(b"this is no database, whatever its name says" * 100)
        before = self.store.read_bytes()
        self.assert_run_survives("run: a corrupt file")
        done = soak("history", "list", "--store", self.store)
        self.assertEqual(done.returncode, NOT_MEASURED)
        self.expect_golden("store", "list: a corrupt file", done)
        self.assertEqual(self.store.read_bytes(), before)

    def test_a_truncated_file_is_said(self):
        self.make_records(self.folder / "records", 30, scenarios=4)
        self.imported(self.folder / "records")
        with open(self.store, "r+b") as file:
            file.truncate(20_000)
        done = soak("compare", "run000000", "run000029", "--store", self.store)
        self.assertEqual(done.returncode, NOT_MEASURED, done.stdout)
        self.expect_golden("store", "compare: a truncated file", done)

    def test_another_programs_database_is_not_written_to(self):
        self.execute("CREATE TABLE theirs (a)")
        self.assert_run_survives("run: another program's database")
        self.assertEqual(self.execute("SELECT name FROM sqlite_master"), [("theirs",)])

    def test_no_history_yet_is_a_wrong_request_with_the_way_out(self):
        done = soak("trend", "--store", self.store)
        self.assertEqual(done.returncode, WRONG_REQUEST)
        done = soak("history", "list", "--store", self.store)
        self.assertEqual(done.returncode, WRONG_REQUEST)
        self.assertIn("soak history import", done.stderr)
        self.expect_golden("store", "list: no history yet", done)
        self.assertFalse(self.store.exists())

    @unittest.skipUnless(os.geteuid() == 0, "handing files to nobody needs root")
    def test_a_read_only_store_is_read_and_refuses_to_be_written(self):
        self.make_records(self.folder / "records", 2)
        self.imported(self.folder / "records")
        self.folder.chmod(0o555)
        self.store.chmod(0o444)
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", str(BIN_DIR / "soak"), "history"]
        listed = subprocess.run([*as_nobody, "list", "--store", self.store], capture_output=True, text=True, check=False)
        self.assertEqual(listed.returncode, PASSED, listed.stderr)
        written = subprocess.run([*as_nobody, "import", "--store", self.store, self.folder / "records"],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(written.returncode, NOT_MEASURED, written.stdout)
        self.assertIn("--store", written.stderr)
        self.folder.chmod(0o700)

    def test_whoever_finds_it_locked_waits(self):
        self.make_records(self.folder / "records", 2)
        self.imported(self.folder / "records" / "run000000")
        lock = sqlite3.connect(self.store, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        waiting = subprocess.Popen([BIN_DIR / "soak", "history", "import", "--store", self.store,
                                    self.folder / "records"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with self.assertRaises(subprocess.TimeoutExpired):
            waiting.communicate(timeout=0.5)
        lock.execute("COMMIT")
        out, errors = waiting.communicate(timeout=60)
        self.assertEqual((waiting.returncode, errors), (PASSED, ""))
        self.assertEqual(counts(out)[0], 1)
        lock.close()


if __name__ == "__main__":
    unittest.main()
