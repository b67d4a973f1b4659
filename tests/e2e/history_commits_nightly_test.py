"""Forty commits: commits 9, 21 and 33 change allocations, introduce a leak and double a peak."""

import unittest

from history_commits import CommitsCase


class FortyCommits(CommitsCase):
    commits = 40
    changes = (9, 21, 33)

    def test_exactly_the_commits_that_changed_something_are_named(self):
        self.check_all()


if __name__ == "__main__":
    unittest.main()
