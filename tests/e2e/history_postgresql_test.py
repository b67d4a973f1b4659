"""History in a PostgreSQL of the test's own."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

import postgresql_server
from history_store_case import StoreCase, StoreSuite, counts
from soak_cli import BIN_DIR, NOT_MEASURED, PASSED, soak


@unittest.skipUnless(postgresql_server.AVAILABLE, "there is no PostgreSQL on this machine")
class PostgresqlCase(StoreCase):
    @classmethod
    def setUpClass(cls):
        cls.server_folder = pathlib.Path(tempfile.mkdtemp(prefix="soak-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.server_folder, ignore_errors=True)
        cls.server = postgresql_server.PostgresqlServer(cls.server_folder)
        cls.addClassCleanup(cls.server.stop)
        cls.databases = 0

    def setUp(self):
        super().setUp()
        type(self).databases += 1
        self.database = f"test{self.databases}"
        self.server.query(f"CREATE DATABASE {self.database}")
        self.store = self.server.address(self.database)

    def execute(self, sql):
        return self.server.query(sql, self.database)

    def count_of(self, sql):
        return int(self.execute(sql))


class PostgresqlStore(StoreSuite, PostgresqlCase):
    pass


class BadServers(PostgresqlCase):
    def test_an_absent_server_is_said_and_the_run_is_not_lost(self):
        store = f"postgresql://soak:geheim@/x?host={self.folder}"
        done = soak("run", "--config", self.write_config(), "--results", self.folder / "results", "--store", store,
                    "--benchmark_filter=RetryLoop/fixed")
        self.assertEqual(done.returncode, PASSED, done.stderr)
        self.assertIn(f"host={self.folder}", done.stderr)
        self.assertNotIn("geheim", done.stderr)
        self.assertTrue((self.record_folder() / "run.json").exists())
        self.assertEqual(counts(self.imported(self.folder / "results"))[0], 1, "once there is a server")
        done = soak("compare", "latest", "latest", "--store", store)
        self.assertEqual(done.returncode, NOT_MEASURED)
        self.assertIn(f"host={self.folder}", done.stderr)
        self.assertNotIn("geheim", done.stderr)

    def test_a_server_that_dies_in_the_middle_loses_nothing_that_was_stored(self):
        self.make_records(self.folder / "records", 300)
        importing = subprocess.Popen([BIN_DIR / "soak", "history", "import", "--store", self.store,
                                      self.folder / "records"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while self.stored() == 0 and importing.poll() is None:
            pass
        self.server.stop()
        _, errors = importing.communicate(timeout=60)
        self.server.start()
        if importing.returncode != PASSED:
            self.assertEqual(importing.returncode, NOT_MEASURED)
            self.assertIn("soak history import", errors)
        stored = self.stored()
        self.assertEqual(self.count_of("SELECT count(*) FROM soak_results"), 2 * stored, "all of a run or nothing")
        self.assertEqual(counts(self.imported(self.folder / "records")), [300 - stored, stored])
        self.assertEqual(self.stored(), 300)

    def stored(self):
        try:
            return self.count_of("SELECT count(*) FROM soak_runs")
        except AssertionError:
            return 0


if __name__ == "__main__":
    unittest.main()
