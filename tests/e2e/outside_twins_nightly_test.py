"""All programs that leak on purpose get the same verdicts when a project that is not ours compiles them."""

import unittest

from leaky_twins import TWINS, LeakyTwinsCase
from outside_project import build_outside


class OutsideTwins(LeakyTwinsCase):
    def test_every_leak_is_convicted_at_its_line_and_no_repaired_twin_is_accused(self):
        build = build_outside(self, ["leaky_twins"], "-DALL_LEAKY_TWINS=ON")
        self.check_twins(TWINS, binary=build / "leaky" / "leaky_twins")


if __name__ == "__main__":
    unittest.main()
