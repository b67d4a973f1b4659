"""A small git repository with a history of performance: scenarios whose code changes from commit to commit.

Its scenarios are compiled once; a commit has only what they call, so that each builds in half a second.
"""

import os
import shutil
import subprocess

from soak_cli import BIN_DIR, LIB_DIR, SOURCE_DIR

SCENARIOS = """
#include <soak/soak.hpp>
#include "work.hpp"
void parse(benchmark::State& state) { for (auto _ : soak::checkpoints(state)) parse_request(); }
void cache(benchmark::State& state) { for (auto _ : soak::checkpoints(state)) remember_request(); }
void buffer(benchmark::State& state) { for (auto _ : soak::checkpoints(state)) send_reply(); }
void steady(benchmark::State& state) { for (auto _ : soak::checkpoints(state)) look_up(); }
SOAK_BENCHMARK(parse)->Iterations(400);
SOAK_BENCHMARK(cache)->Iterations(400);
SOAK_BENCHMARK(buffer)->Iterations(400);
SOAK_BENCHMARK(steady)->Iterations(400);
"""

HEADER = "void parse_request(); void remember_request(); void send_reply(); void look_up();\n"

WORK = """
#include <cstddef>
#include <string>
#include <vector>
#include "work.hpp"
struct Node {{ Node* next; char key[40]; }};
static Node* volatile remembered = nullptr;
static volatile std::size_t sink = 0;
static void use(std::vector<char>& bytes) {{ bytes[bytes.size() / 2] = 'x'; sink = sink + static_cast<std::size_t>(bytes[0]); }}
// harmless edit {edit}
void parse_request() {{
  for (int i = 0; i < {allocations}; ++i) {{ std::vector<char> field(64 + 16 * static_cast<std::size_t>(i)); use(field); }}
}}
static void remember() {{
  auto* node = new Node{{remembered, "key"}};
  {keep}
}}
void remember_request() {{ remember(); }}
void send_reply() {{ std::vector<char> reply({reply_bytes}); use(reply); }}
void look_up() {{ std::vector<char> answer(100 + {edit} % 7); use(answer); }}
"""

BUILD = """#!/bin/sh
set -e
mkdir -p build
g++ -std=c++20 -O1 -g -c work.cpp -o build/work.o
sh "$PREBUILT/link.sh" build/work.o build/scenarios
"""


def run(*command, cwd, env=None):
    done = subprocess.run(list(map(str, command)), cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


class HistoryRepository:
    """`changes` says from which commit on (counted from 1) there are more allocations, a leak, a doubled peak."""

    def __init__(self, folder, commits, allocations_at, leak_at, peak_at, broken=()):
        self.folder = folder / "repository"
        self.prebuilt = folder / "prebuilt"
        self.env = {"PREBUILT": str(self.prebuilt)}
        self.changes = (allocations_at, leak_at, peak_at)
        self.broken = set(broken)
        self.hashes = []
        self._prebuild()
        self._commit_all(commits)

    def _prebuild(self):
        self.prebuilt.mkdir(parents=True)
        (self.prebuilt / "work.hpp").write_text(HEADER)
        (self.prebuilt / "scenarios.cpp").write_text(SCENARIOS)
        run("g++", "-std=c++20", "-O1", "-g", f"-I{SOURCE_DIR}/harness/include", "-c", "scenarios.cpp", "-o",
            "scenarios.o", cwd=self.prebuilt)
        linker = "-fuse-ld=mold" if shutil.which("mold") else ""  # links once a commit: a fast one if there is one
        (self.prebuilt / "link.sh").write_text(
            f'exec g++ "{self.prebuilt}/scenarios.o" "$1" -o "$2" {linker} -Wl,--no-as-needed "-L{LIB_DIR}" '
            f'-lsoak_main -lsoak_fixture -lsoak_probe "-Wl,-rpath,{LIB_DIR}" -lbenchmark -lpthread\n')

    def _work(self, number):
        allocations_at, leak_at, peak_at = self.changes
        text = WORK.format(edit=number, allocations=5 if number >= allocations_at else 3,
                           keep="remembered = node;" if number >= leak_at else "delete node;",
                           reply_bytes=2_000_000 if number >= peak_at else 1_000_000)
        return f"#error broken on purpose, {number}\n" if number in self.broken else text

    def _commit_all(self, commits):
        self.folder.mkdir(parents=True)
        run("git", "init", "--quiet", "--initial-branch=main", cwd=self.folder)
        for key, value in {"user.name": "A Developer", "user.email": "developer@example.org"}.items():
            run("git", "config", key, value, cwd=self.folder)
        (self.folder / "work.hpp").write_text(HEADER)
        (self.folder / "build.sh").write_text(BUILD)
        (self.folder / ".gitignore").write_text("/build/\n/results/\n")
        (self.folder / "benchmarks.toml").write_text('schema = 1\n[run]\nbinaries = ["./build/scenarios"]\n')
        for number in range(1, commits + 1):
            (self.folder / "work.cpp").write_text(self._work(number))
            run("git", "add", "-A", cwd=self.folder)
            # Dated backwards: what orders commits is git's graph, not their clocks.
            date = f"2026-08-01T{(commits - number) // 60:02}:{(commits - number) % 60:02}:00Z"
            run("git", "commit", "--quiet", "-m", f"commit {number}", cwd=self.folder,
                env={"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date})
            self.hashes.append(run("git", "rev-parse", "HEAD", cwd=self.folder).strip())

    def hash_of(self, number):
        return self.hashes[number - 1]

    def number_of(self, commit):
        return self.hashes.index(commit) + 1

    def soak(self, *arguments, timeout=900):
        return subprocess.run([str(BIN_DIR / "soak"), *map(str, arguments)], cwd=self.folder,
                              env={**os.environ, **self.env}, timeout=timeout, capture_output=True, text=True,
                              errors="replace", check=False)

    def run_commit(self, number, *arguments):
        """Checks a commit out, builds it, runs its scenarios, all in the working tree as a nightly job does."""
        run("git", "checkout", "--quiet", self.hash_of(number), cwd=self.folder)
        run("sh", "build.sh", cwd=self.folder, env=self.env)
        done = self.soak("run", *arguments)
        run("git", "checkout", "--quiet", "main", cwd=self.folder)
        return done
