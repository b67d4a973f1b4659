"""The sources of tests/leaky and the lines in them that leak."""

import pathlib

from soak_cli import SOURCE_DIR

FOLDER = SOURCE_DIR / "tests/leaky"
MARK = "// leaks here"


def sources():
    return sorted(FOLDER.glob("*/*.cpp"))


def marked_place(name):
    """'collections/response_cache.cpp', 23: where the program of that name says that it leaks."""
    file = next(file for file in sources() if file.stem == name)
    lines = file.read_text(encoding="utf-8").splitlines()
    return f"{file.parent.name}/{file.name}", next(i for i, line in enumerate(lines, 1) if line.endswith(MARK))


def place_of(site):
    """The same of a call site. Of its path only the end: a compiler cache may have it from another checkout."""
    return "/".join(pathlib.PurePath(site["file"] or "").parts[-2:]), site["line"]
