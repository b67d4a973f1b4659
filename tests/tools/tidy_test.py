"""tools/tidy: what it checks, and how it reads what g++ was given."""
import importlib.machinery
import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/tidy"


def load_tool():
    loader = importlib.machinery.SourceFileLoader("tidy", str(TOOL))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("tidy", loader))
    loader.exec_module(module)
    return module


class CompileCommands(unittest.TestCase):
    def test_lose_the_precompiled_header_and_nothing_else(self):
        cases = [
            ("g++ -Winvalid-pch -include /b/cmake_pch.hxx -O2 -c a.cpp", "g++ -O2 -c a.cpp"),
            ("g++ -fpch-preprocess -c a.cpp", "g++ -c a.cpp"),
            ("g++ -include config.h -c a.cpp", "g++ -include config.h -c a.cpp"),
            ("g++ -DA=\\\"x\\ y\\\" -c a.cpp", "g++ -DA=\\\"x\\ y\\\" -c a.cpp"),
        ]
        tool = load_tool()
        for given, expected in cases:
            with self.subTest(given):
                entry = tool.for_clang({"directory": "/b", "file": "a.cpp", "command": given})
                self.assertEqual(entry["arguments"], tool.shlex.split(expected))
                self.assertNotIn("command", entry)


@unittest.skipUnless(shutil.which("clang-tidy") and shutil.which("git"), "needs clang-tidy and git")
class Tidy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.checkout = pathlib.Path(folder.name).resolve()
        (self.checkout / "tools").mkdir()
        shutil.copy(TOOL, self.checkout / "tools")
        (self.checkout / ".gitignore").write_text("/build/\n")
        (self.checkout / ".clang-tidy").write_text("Checks: '-*,modernize-use-nullptr'\n")
        for name in ("one", "two"):
            self.write(f"{name}.hpp", "")
            self.write(f"{name}.cpp", f'#include "{name}.hpp"\nint* {name}() {{ return nullptr; }}\n')
        build = self.checkout / "build/release"
        build.mkdir(parents=True)
        (build / "compile_commands.json").write_text(json.dumps(
            [{"directory": str(self.checkout), "file": f"{name}.cpp", "command": f"g++ -c {name}.cpp"}
             for name in ("one", "two")]))
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def write(self, name, text):
        (self.checkout / name).write_text(text)

    def git(self, *arguments):
        subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e", *arguments], cwd=self.checkout, check=True,
                       capture_output=True)

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=commit")

    def tidy(self, *arguments):
        return subprocess.run([sys.executable, "-B", self.checkout / "tools/tidy", *arguments], cwd=self.checkout,
                              capture_output=True, text=True, check=False)

    def test_finds_what_is_wrong_in_a_changed_file(self):
        self.write("one.cpp", "int* one() { return 0; }\n")
        self.commit()
        done = self.tidy()
        self.assertEqual(done.returncode, 1)
        self.assertIn("one.cpp:1", done.stderr)
        self.assertIn("1 of 1 files checked", done.stderr)

    def test_finds_what_is_wrong_in_a_changed_file_that_is_not_committed(self):
        self.write("one.cpp", "int* one() { return 0; }\n")
        self.commit()
        self.write("two.cpp", "int* two() { return 0; }\n")
        self.assertIn("2 of 2 files checked, 2 with findings", self.tidy().stderr)

    def test_leaves_alone_what_did_not_change(self):
        self.write("one.cpp", "int* one() { return 0; }\n")
        self.commit()
        self.write("two.cpp", "int two() { return 2; }\n")
        self.commit()
        self.assertEqual(self.tidy().returncode, 0)
        self.assertEqual(self.tidy("HEAD~2").returncode, 1)

    def test_takes_a_branch_from_where_it_left_main(self):
        self.git("checkout", "--quiet", "-b", "branch")
        self.write("one.cpp", "int* one() { return 0; }\n")
        self.commit()
        self.commit()
        self.assertEqual(self.tidy().returncode, 1)

    def test_checks_the_source_of_a_changed_header(self):
        self.write("one.cpp", "int* one() { return 0; }\n")
        self.commit()
        self.write("one.hpp", "int* one();\n")
        self.commit()
        self.assertEqual(self.tidy().returncode, 1)

    def test_names_what_it_had_no_time_to_check(self):
        self.write("one.cpp", "int* one() { return 0; }\n")
        self.commit()
        done = self.tidy("--minutes", "0")
        self.assertEqual(done.returncode, 0)
        self.assertIn("one.cpp", done.stderr)
        self.assertIn("0 of 1 files checked", done.stderr)

    def test_a_commit_that_does_not_exist_is_no_pass(self):
        self.assertEqual(self.tidy("no-such-commit").returncode, 3)

    def test_a_file_that_does_not_compile_is_no_pass(self):
        self.write("one.cpp", "int* one( {\n")
        self.commit()
        self.assertEqual(self.tidy().returncode, 1)


if __name__ == "__main__":
    unittest.main()
