"""What is installed is whole: a project that is not ours finds it, builds with it, and gets the same verdicts."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from soak_cli import BIN_DIR, LEAK, SOURCE_DIR, SoakTestCase, by_name

BUILD_DIR = BIN_DIR.parent


class Installed(SoakTestCase):
    @classmethod
    def setUpClass(cls):
        """Installed once for all: nobody changes what is there."""
        cls.prefix = pathlib.Path(tempfile.mkdtemp(prefix="soak-installed-"))
        cls.addClassCleanup(shutil.rmtree, cls.prefix, ignore_errors=True)
        subprocess.run(["cmake", "--install", BUILD_DIR, "--prefix", cls.prefix], check=True, capture_output=True)
        cls.library = next(cls.prefix.glob("lib*/**/libsoak_probe.so")).parent

    def run_checked(self, *command, status=0, cwd=None, env=None):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, cwd=cwd,
                              env={**os.environ, **(env or {})}, timeout=600)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def test_an_outside_project_builds_with_find_package_and_runs_its_scenario_and_its_tests(self):
        build = self.folder / "build"
        self.run_checked("cmake", "-S", SOURCE_DIR / "tests/installed", "-B", build, "-G", "Ninja",
                         f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache",
                         "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_CXX_STANDARD=20")
        built = self.run_checked("cmake", "--build", build, "-j", "2")
        self.assertNotIn("warning", (built.stdout + built.stderr).lower())

        with self.subTest("its scenarios"):
            verdict = self.folder / "verdict.json"
            done = self.run_checked(self.prefix / "bin/soak", "run", "--json", "--results", self.folder / "results",
                                    build / "installed_scenarios", status=LEAK, cwd=self.folder)
            verdict = __import__("json").loads(done.stdout)
            self.assertEqual({name: s["verdict"] for name, s in by_name(verdict).items()},
                             {"closed": "pass", "never_closed": "leak"})
        with self.subTest("GoogleTest"):
            done = self.run_checked(build / "googletest_test", status=1)
            self.assertIn("[  PASSED  ] 2 tests", done.stdout)
            self.assertIn("keeping everything leaks:\n", done.stdout)
        with self.subTest("a plain main"):
            self.run_checked(build / "plain_test", "clean")
            self.run_checked(build / "plain_test", "leaking", status=1)
        with self.subTest("Catch2"):
            if not (build / "catch2_test").exists():
                self.skipTest("catch2 is not installed")
            done = self.run_checked(build / "catch2_test", status=1)
            self.assertIn("1 failed", done.stdout)
        with self.subTest("CTest knows each scenario"):
            listed = self.run_checked("ctest", "--test-dir", build, "-N", "-L", "soak").stdout
            for name in ("installed_scenarios.closed", "installed_scenarios.never_closed", "plain_program"):
                self.assertIn(name, listed)
            self.run_checked("ctest", "--test-dir", build, "-R", "closed$|plain", "-E", "never_closed")
            failed = self.run_checked("ctest", "--test-dir", build, "-V", "-R", "never_closed", status=8).stdout
            self.assertIn("leak", failed)

    def test_a_program_without_cmake_builds_with_pkg_config(self):
        flags = self.run_checked("pkg-config", "--cflags", "--libs", "soak",
                                 env={"PKG_CONFIG_PATH": str(self.library / "pkgconfig")}).stdout
        # The file was written for where it is installed for good.
        flags = flags.replace("/usr/local", str(self.prefix)).split()
        program = self.folder / "plain_test"
        self.run_checked("g++", "-std=c++20", "-g", SOURCE_DIR / "tests/installed/plain_test.cpp", "-o", program, *flags,
                         f"-Wl,-rpath,{self.library}")
        self.run_checked(program, "clean")
        self.run_checked(program, "leaking", status=1)

    def test_the_manual_page_and_the_completions_name_every_command(self):
        share = self.prefix / "share"
        files = [share / "man/man1/soak.1", share / "bash-completion/completions/soak", share / "zsh/vendor-completions/_soak",
                 share / "fish/vendor_completions.d/soak.fish"]
        for file in files:
            with self.subTest(file.name):
                text = file.read_text(encoding="utf-8").replace("\\-", "-")
                for word in ("run", "exec", "watch", "check", "max-driver-failures"):
                    self.assertIn(word, text)
        if shutil.which("bash"):
            done = self.run_checked("bash", "-c", f'. "{files[1]}"; COMP_WORDS=(soak exec --max); COMP_CWORD=2; _soak; '
                                                  'echo "${COMPREPLY[@]}"')
            self.assertEqual(done.stdout.strip(), "--max-driver-failures")
        if shutil.which("man"):
            self.run_checked("man", "--warnings", "-l", files[0], env={"MANPAGER": "cat"})


@unittest.skipUnless(shutil.which("dpkg-deb"), "dpkg-deb is not installed")
class DebianPackage(SoakTestCase):
    def test_has_everything_and_depends_on_what_it_links(self):
        built = subprocess.run(["cpack", "-G", "DEB", "-B", str(self.folder)], cwd=BUILD_DIR, capture_output=True, text=True,
                               check=False, timeout=600)
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        package = next(self.folder.glob("*.deb"))
        depends = subprocess.run(["dpkg-deb", "--field", package, "Depends"], capture_output=True, text=True, check=True).stdout
        for library in ("libbenchmark-dev", "libc6", "libdw1", "libfmt9", "libstdc++6"):
            self.assertIn(library, depends)
        content = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
        for file in ("/usr/bin/soak", "libsoak_probe.so", "soakConfig.cmake", "soak.pc", "soak.1", "soak/soak.h", "sitecustomize.py"):
            self.assertIn(file, content)


if __name__ == "__main__":
    unittest.main()
