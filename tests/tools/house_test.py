"""tools/house on small trees: what it measures, and what it refuses."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/house"


def function(lines):
    return "void f() {\n" + "  g();\n" * (lines - 2) + "}\n"


class House(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.checkout = pathlib.Path(folder.name)
        self.write("rooms.txt", "# lowest first\nlow:\nhigh: low\ntop: high\n")
        self.write("low/one.hpp", "")
        self.write("low/one.cpp", '#include "low/one.hpp"\n')

    def write(self, name, text):
        file = self.checkout / "harness" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def house(self, *arguments):
        return subprocess.run([sys.executable, "-B", TOOL, "--checkout", self.checkout, *arguments],
                              capture_output=True, text=True, check=False)

    def assert_kept(self):
        done = self.house("--check")
        self.assertEqual(done.returncode, 0, done.stderr)

    def assert_breach(self, *words):
        done = self.house("--check")
        self.assertEqual(done.returncode, 1, done.stderr)
        named = [line for line in done.stderr.splitlines() if all(word in line for word in words)]
        self.assertEqual(len(named), 1, done.stderr)


class Rules(House):
    def test_a_tree_that_keeps_them_passes(self):
        self.assert_kept()

    def test_a_room_may_include_what_it_is_built_on_and_what_that_is_built_on(self):
        self.write("top/two.hpp", '#include "low/one.hpp"\n#include "high/three.hpp"\n')
        self.write("high/three.hpp", "")
        self.assert_kept()

    def test_an_include_of_a_room_above_is_named(self):
        self.write("low/two.hpp", '\n#include "high/three.hpp"\n')
        self.write("high/three.hpp", "")
        self.assert_breach("harness/low/two.hpp:2", "low is not built on high")

    def test_a_source_without_a_header_of_its_name_is_named(self):
        self.write("low/two.cpp", "")
        self.assert_breach("harness/low/two.cpp")

    def test_a_main_and_a_subcommand_need_no_header(self):
        self.write("low/two.cpp", "int main(int argc, char** argv) { return 0; }\n")
        self.write("low/three.cpp", 'void f(App& app) { app.add_subcommand("three"); }\n')
        self.assert_kept()

    def test_a_name_in_two_rooms_is_named(self):
        self.write("high/one.hpp", "")
        self.assert_breach("one.hpp", "harness/low/one.hpp", "harness/high/one.hpp")

    def test_a_file_of_451_lines_is_named(self):
        self.write("low/long.hpp", "\n" * 450)
        self.assert_kept()
        self.write("low/long.hpp", "\n" * 451)
        self.assert_breach("harness/low/long.hpp", "451")

    def test_a_function_of_61_lines_is_named(self):
        self.write("low/long.hpp", function(60))
        self.assert_kept()
        self.write("low/long.hpp", "\n" + function(61))
        self.assert_breach("harness/low/long.hpp:2", "61")

    def test_the_331st_file_is_named(self):
        for number in range(328):
            self.write(f"low/header{number}.hpp", "")
        self.assert_kept()
        self.write("low/another.hpp", "")
        self.assert_breach("331 files")


class Functions(House):
    def longest(self):
        lines = self.house().stdout.splitlines()
        start = next(number for number, line in enumerate(lines) if line.startswith("longest functions"))
        return [line.split() for line in lines[start + 1:lines.index("", start)]]

    def test_each_kind_of_definition_counts_from_its_name_to_its_brace(self):
        definitions = [
            ("int f() {\n  return 1;\n}\n", 3),
            ("int f(int a = {},\n      int b = g({1}))\n    noexcept {\n  return 1;\n}\n", 5),
            ("template <typename T>\nT f() {\n  return {};\n}\n", 4),
            ("struct S {\n public:\n  S() : a_{1}, b_(2) {\n    g();\n  }\n  int a_{}, b_ = 0;\n};\n", 3),
            ("struct S : T<int> {\n  bool operator()(int) const {\n    return {};\n  }\n};\n", 3),
            ('namespace n {\nextern "C" {\nauto f() -> std::vector<int> {\n  return {};\n}\n}\n}\n', 3),
            ('void f() {\n  g("}", \'}\', R"(})");  // }\n}\n', 3),
            ("void f() {\n  sort([](int a) {\n    return a;\n  });\n}\n", 5),
        ]
        for text, lines in definitions:
            with self.subTest(text):
                self.write("low/one.cpp", text)
                self.assertEqual([entry[0] for entry in self.longest()], [str(lines)])

    def test_types_and_values_are_no_functions(self):
        self.write("low/one.cpp", "enum class E { a };\nstruct P {\n  int x = f(1);\n};\nconst P p{1};\nint a[] = {1,\n 2};\n"
                                  "const auto table = std::map<int, int>{{1, 2}};\nvoid declared(int);\n#define M(a) { a }\n")
        self.assertEqual(self.longest(), [])


class WithoutAListOfRooms(House):
    def test_of_two_rooms_that_include_each_other_the_rarer_direction_is_an_arrow_back(self):
        (self.checkout / "harness/rooms.txt").unlink()
        self.write("low/two.hpp", '#include "high/three.hpp"\n')
        self.write("high/three.hpp", '#include "low/one.hpp"\n')
        self.write("high/four.hpp", '#include "low/one.hpp"\n')
        self.assert_breach("harness/low/two.hpp:1", "low is not built on high")


if __name__ == "__main__":
    unittest.main()
