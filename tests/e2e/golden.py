"""Golden files hold the wording of what people read, so that every other assertion may be about kinds, values and places.

A file in tests/golden/messages has sections, each under a line "== NAME". A test compares its own section with what soak
printed. If SOAK_UPDATE_GOLDENS is set, the section is written instead; tools/update-goldens does this for all of them.
"""

import os
import pathlib
import re
import shlex

SECTION = "== "
# These are never the same twice: commits, in full and as soak shortens them, and the times in names of records.
ALWAYS_MASKED = {r"\b(?:[0-9a-f]{40}|[0-9a-f]{12})\b": "COMMIT", r"\b\d{8}T\d{6}Z\b": "TIME"}


def read_sections(file):
    """The sections of a golden file by name; none if there is no file."""
    if not file.exists():
        return {}
    parts = re.split(rf"^{SECTION}(.*)\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: text.strip("\n") for name, text in zip(parts[1::2], parts[2::2])}


def write_section(file, name, text):
    """Replaces one section. All are sorted by name: the order in which tests run must not show."""
    sections = {**read_sections(file), name: text}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n\n".join(f"{SECTION}{name}\n{text}" for name, text in sorted(sections.items())) + "\n", encoding="utf-8")
    if "SOAK_GOLDENS_WRITTEN" in os.environ:
        with open(os.environ["SOAK_GOLDENS_WRITTEN"], "a", encoding="utf-8") as written:
            written.write(f"{file}\t{name}\n")


def transcript(finished):
    """A finished process as text: the command, what it printed, and its exit status."""
    lines = ["$ " + shlex.join(str(argument) for argument in finished.args)]
    for stream in filter(None, (finished.stdout, finished.stderr)):
        lines.append(stream.rstrip("\n"))
    return "\n".join([*lines, f"exit status {finished.returncode}"])


class GoldenFiles:
    """What compares text with golden files; `places` are the paths that differ from one machine to the next, and their names."""

    def __init__(self, folder, places):
        self.folder = pathlib.Path(folder)
        # A path inside another one first.
        self.places = sorted(((str(path), name) for path, name in places.items()), key=lambda place: -len(place[0]))

    def masked(self, text, masks):
        for path, name in self.places:
            text = text.replace(path, name)
        for pattern, name in {**ALWAYS_MASKED, **masks}.items():
            text = re.sub(pattern, name, text)
        return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())

    def expect(self, test, group, name, text, masks):
        """`masks` are regular expressions of what differs from run to run, and what stands for it in the file."""
        file = self.folder / f"{group}.txt"
        text = self.masked(text, masks)
        test.assertNotRegex(text, rf"(?m)^{SECTION}", "a line of the text looks like the name of a section")
        if "SOAK_UPDATE_GOLDENS" in os.environ:
            write_section(file, name, text)
        test.assertEqual(read_sections(file).get(name, ""), text,
                         f"'{name}' in {file} differs; if the new wording is right, run tools/update-goldens")
