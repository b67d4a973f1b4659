"""tools/check-format in a small repository."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]


@unittest.skipUnless(shutil.which("clang-format") and shutil.which("git"), "needs clang-format and git")
class CheckFormat(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.checkout = pathlib.Path(folder.name)
        (self.checkout / "tools").mkdir()
        shutil.copy(SOURCE / "tools/check-format", self.checkout / "tools")
        shutil.copy(SOURCE / ".clang-format", self.checkout)
        subprocess.run(["git", "init", "--quiet", self.checkout], check=True)
        self.write("good.cpp", "int f() { return 1; }\n")

    def write(self, name, text):
        (self.checkout / name).write_text(text)

    def check_format(self, *arguments):
        return subprocess.run([self.checkout / "tools/check-format", *arguments], capture_output=True, text=True, check=False)

    def test_passes_files_that_are_formatted(self):
        self.assertEqual(self.check_format().returncode, 0)

    def test_names_each_file_that_is_not_and_no_other(self):
        self.write("a bad one.hpp", "int   f();\n")
        done = self.check_format()
        self.assertEqual(done.returncode, 1)
        self.assertIn("a bad one.hpp\n", done.stderr)
        self.assertNotIn("good.cpp", done.stderr)

    def test_leaves_alone_what_git_ignores(self):
        self.write(".gitignore", "/ignored.cpp\n")
        self.write("ignored.cpp", "int   f();\n")
        self.assertEqual(self.check_format().returncode, 0)

    def test_mends_with_fix(self):
        self.write("bad.cpp", "int   f();\n")
        self.assertEqual(self.check_format("--fix").returncode, 0)
        self.assertEqual((self.checkout / "bad.cpp").read_text(), "int f();\n")
        self.assertEqual(self.check_format().returncode, 0)

    def test_a_style_that_clang_format_cannot_read_is_no_pass(self):
        self.write(".clang-format", "NoSuchOption: 1\n")
        self.assertEqual(self.check_format().returncode, 3)

    def test_a_folder_without_sources_is_no_pass(self):
        (self.checkout / "good.cpp").unlink()
        self.assertEqual(self.check_format().returncode, 3)


if __name__ == "__main__":
    unittest.main()
