"""compare, trend and bisect name the commits that changed something, and no other, from real runs."""

import unittest

from history_commits import CommitsCase


class AFewCommits(CommitsCase):
    commits = 8
    changes = (3, 5, 7)

    def test_exactly_the_commits_that_changed_something_are_named(self):
        self.check_all()


if __name__ == "__main__":
    unittest.main()
