"""Eight writers at once, a thousand runs each, into both stores."""

import unittest

from history_postgresql_test import PostgresqlCase
from history_store_case import StoreSuite
from history_store_test import SqliteCase

WRITING = "test_eight_writers_at_once_lose_nothing_and_store_nothing_twice"


class ThousandRunsSqlite(SqliteCase):
    writers, runs_a_writer = 8, 1000
    test_eight_writers = getattr(StoreSuite, WRITING)


class ThousandRunsPostgresql(PostgresqlCase):
    writers, runs_a_writer = 8, 1000
    test_eight_writers = getattr(StoreSuite, WRITING)


if __name__ == "__main__":
    unittest.main()
