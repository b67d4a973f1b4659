"""The walls between the rooms of harness/: a room sees itself, the rooms that it is built on, and no other.

For each pair of rooms one line that includes a header of the second is given to the compiler's preprocessor with the
include path of the first. It must go through if harness/rooms.txt lets the first see the second, and fail otherwise.
ctest sets SOAK_SOURCE_DIR, SOAK_BUILD_DIR and SOAK_COMPILER; by hand the release preset and c++ are taken.
"""

import os
import pathlib
import re
import subprocess
import unittest

SOURCE_DIR = pathlib.Path(os.environ.get("SOAK_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BUILD_DIR = pathlib.Path(os.environ.get("SOAK_BUILD_DIR", SOURCE_DIR / "build/release"))
COMPILER = os.environ.get("SOAK_COMPILER", "c++")
HARNESS = SOURCE_DIR / "harness"


def rooms():
    """Rooms in the order of harness/rooms.txt, each with all that it sees."""
    sees = {}
    for line in (HARNESS / "rooms.txt").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        room, _, below = line.partition(":")
        sees[room] = {room}.union(*(sees[lower] for lower in below.split()))
    return sees


def root_of(room):
    """The include root of a room; see cmake/Rooms.cmake."""
    return HARNESS / "include" if room == "include" else BUILD_DIR / "rooms" / room.replace("/", "-")


def header_of(room):
    """A header of the room, as others include it. The headers of region/layout are not region's own."""
    if room == "include":
        return "soak/soak.hpp"
    return str(sorted((HARNESS / room).glob("*.hpp"))[0].relative_to(HARNESS))


def finds(roots, header):
    """Whether a file with these include roots can include the header; what it includes in turn does not matter."""
    command = [COMPILER, "-x", "c++", "-E", "-M", "-MG", *(f"-I{root}" for root in roots), "-"]
    finished = subprocess.run(command, input=f'#if !__has_include("{header}")\n#error not seen\n#endif\n', text=True,
                              capture_output=True, check=False)
    if finished.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: {finished.stderr}")
    return finished.returncode == 0


def holes(sees, roots_of):
    """Pairs that are not as they should be: (room, other, "sees" or "does not see")."""
    wrong = []
    for room in sees:
        for other in sees:
            seen = finds(roots_of(room), header_of(other))
            if seen != (other in sees[room]):
                wrong.append((room, other, "sees" if seen else "does not see"))
    return wrong


class Walls(unittest.TestCase):
    def setUp(self):
        self.sees = rooms()

    def roots(self, room):
        return [root_of(seen) for seen in sorted(self.sees[room])]

    def test_every_folder_of_harness_is_a_room(self):
        folders = {folder.name for folder in HARNESS.iterdir() if folder.is_dir()}
        self.assertEqual(folders, {room.split("/")[0] for room in self.sees})

    def test_a_room_sees_what_it_is_built_on_and_nothing_else(self):
        self.assertEqual(holes(self.sees, self.roots), [])

    def test_a_wall_that_was_taken_down_is_found(self):
        def without_a_wall(room):
            return self.roots(room) + ([root_of("report")] if room == "verdict" else [])

        self.assertEqual(holes(self.sees, without_a_wall), [("verdict", "report", "sees")])

    def test_targets_are_compiled_with_the_roots_of_their_room(self):
        """What the test above takes for the include path of a room is what its files are compiled with."""
        commands = (BUILD_DIR / "build.ninja").read_text()
        for room in self.sees:
            if room in ("include", "region/layout"):
                continue  # headers only
            target = "soak" if room == "cli" else f"soak_{room}"
            wanted = {str(root) for root in self.roots(room)}
            compiled = 0
            for block in commands.split("\n\n"):
                if not block.startswith("build harness/") or f"/CMakeFiles/{target}.dir/" not in block.split(":")[0]:
                    continue
                includes = next((line for line in block.splitlines() if line.startswith("  INCLUDES = ")), "")
                paths = {word[2:] for word in includes.split() if word.startswith("-I")}
                inside = {str(pathlib.Path(os.path.normpath(path))) for path in paths
                          if path.startswith((str(HARNESS), str(BUILD_DIR / "rooms")))}
                self.assertEqual(inside, wanted, f"{room}: {block.split(':')[0]}")
                compiled += 1
            self.assertGreater(compiled, 0, room)

    def test_the_page_about_the_architecture_has_the_same_rooms(self):
        page = (SOURCE_DIR / "docs/architecture.md").read_text()
        rows = re.findall(r"^\| `harness/([a-z/]+)` \| ([^|]*) \|", page, re.MULTILINE)
        listed = [line.partition(":") for line in (HARNESS / "rooms.txt").read_text().splitlines()
                  if line and not line.startswith("#")]
        self.assertEqual(rows, [(room, ", ".join(below.split()) or "-") for room, _, below in listed])


if __name__ == "__main__":
    unittest.main()
