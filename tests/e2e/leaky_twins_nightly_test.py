"""All programs of tests/leaky that leak on purpose are convicted, at their lines; their repaired twins are acquitted."""

import unittest

from leaky_twins import TWINS, LeakyTwinsCase


class AllLeakyTwins(LeakyTwinsCase):
    def test_every_leak_is_convicted_at_its_line_and_no_repaired_twin_is_accused(self):
        self.check_twins(TWINS)


if __name__ == "__main__":
    unittest.main()
