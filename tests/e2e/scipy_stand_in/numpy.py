"""Stands in for numpy in compare.py; see scipy/stats.py."""


class array(list):
    def any(self):
        return any(self)
