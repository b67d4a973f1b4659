#!/usr/bin/env python3
"""Writes run records as `soak run` does, and a git repository whose commits they are of.

    generate_records.py FOLDER --runs 1000 --scenarios 100 --checkpoints 64

leaves FOLDER/repository with one commit a run and FOLDER/results with the records. In the middle of the history one
scenario begins to allocate more, another to leak. Seeded: the same arguments give the same records, uids apart.
"""

import argparse
import json
import pathlib
import random
import subprocess
import uuid

FINGERPRINT = {"allocator": "glibc", "compiler": "gcc 12.2.0", "cpu": "made up", "cpu_count": "2", "host": "generated",
               "libc": "glibc 2.36", "memory_bytes": "8589934592"}


def checkpoint(kind, iteration, noise, allocations, leak):
    return {"kind": kind, "iteration": iteration, "elapsed_seconds": iteration * 1e-5, "cpu_percent": 99.0,
            "rss_bytes": 4_200_000 + 4096 * noise.randrange(9) + leak * iteration, "vms_bytes": 90_000_000,
            "peak_rss_bytes": 5_000_000, "heap_bytes": 70_000 + leak * iteration, "heap_blocks": 100 + (leak > 0) * iteration,
            "heap_peak_bytes": 100_000 + leak * iteration, "allocations": 500 + allocations * iteration,
            "frees": 400 + allocations * iteration, "open_files": 4, "threads": 1, "children": 0, "zombies": 0}


def scenario(name, noise, checkpoints, allocations, leak):
    iterations = 1000
    last = checkpoints - 1
    series = [checkpoint("baseline" if i == 0 else "final" if i == last else "interval", iterations * i // last, noise,
                         allocations, leak) for i in range(checkpoints)]
    return {"name": name, "benchmark_name": f"{name}/iterations:{iterations}", "binary": "/made/up",
            "planned_iterations": iterations, "threads": 1,
            "repetitions": [{"ending": "finished", "exit_status": 0, "wall_seconds": 0.1, "iterations": iterations,
                             "iteration_time_ns": 1000 * noise.uniform(0.98, 1.05), "checkpoints_dropped": 0,
                             "checkpoints": series}]}


def record(run, runs, commit, scenarios, checkpoints, seed=0):
    noise = random.Random(f"{seed} {run}")
    half = run >= runs // 2
    names = [f"Scenario{i:03}/work" for i in range(scenarios)]
    return {"schema_version": 1, "id": f"run{run:06}", "uid": uuid.uuid4().hex,
            "started_at": f"2026-{1 + run // 28 % 12:02}-{1 + run % 28:02}T{run // 336 % 24:02}:00:00Z", "commit": commit,
            "dirty": False, "completed": True, "interrupted": False, "fingerprint": FINGERPRINT, "known_scenarios": names,
            "scenarios": [scenario(name, noise, checkpoints, 13 if half and i == 1 else 12, 32 if half and i == 2 else 0)
                          for i, name in enumerate(names)]}


def write_record(folder, content):
    write_text(folder, content["id"], [s["name"] for s in content["scenarios"]], json.dumps(content, indent=1))


def write_text(folder, run_id, names, text):
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(text)
    verdicts = [{"name": name, "verdict": "pass"} for name in names]
    (folder / "verdict.json").write_text(json.dumps({"schema_version": 1, "run": run_id, "scenarios": verdicts}))


class Writer:
    """Writes what record() makes, a hundred times as fast: the checkpoints of a scenario are put into text once for each
    of some variants of noise, not for each run."""

    VARIANTS = 20

    def __init__(self, runs, scenarios, checkpoints):
        self.runs, self.checkpoints = runs, checkpoints
        self.names = [f"Scenario{i:03}/work" for i in range(scenarios)]
        self.texts = {}

    def series(self, variant, allocations, leak):
        key = (variant, allocations, leak)
        if key not in self.texts:
            made = scenario("N", random.Random(variant), self.checkpoints, allocations, leak)
            self.texts[key] = json.dumps(made["repetitions"][0]["checkpoints"], indent=1)
        return self.texts[key]

    def write(self, folder, run, commit):
        content = record(run, self.runs, commit, 0, self.checkpoints)
        noise = random.Random(run)
        half = run >= self.runs // 2
        parts = []
        for i, name in enumerate(self.names):
            series = self.series(noise.randrange(self.VARIANTS), 13 if half and i == 1 else 12, 32 if half and i == 2 else 0)
            one = scenario(name, noise, 2, 0, 0)
            one["repetitions"][0]["checkpoints"] = "SERIES"
            parts.append(json.dumps(one, indent=1).replace('"SERIES"', series))
        content["known_scenarios"] = self.names
        content["scenarios"] = "SCENARIOS"
        text = json.dumps(content, indent=1).replace('"SCENARIOS"', "[\n" + ",\n".join(parts) + "\n]")
        write_text(folder, content["id"], self.names, text)


def make_repository(folder, commits):
    """Through fast-import: a thousand commits in a moment. Their hashes, oldest first."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
    stream = "".join(f"commit refs/heads/main\ncommitter A <a@example.org> {1_780_000_000 + i} +0000\n"
                     f"data {len(f'commit {i}')}\ncommit {i}\n" for i in range(commits))
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input=stream, text=True, check=True)
    hashes = subprocess.run(["git", "-C", folder, "rev-list", "--reverse", "main"], capture_output=True, text=True,
                            check=True)
    return hashes.stdout.split()


def generate(folder, runs, scenarios, checkpoints):
    commits = make_repository(folder / "repository", runs)
    writer = Writer(runs, scenarios, checkpoints)
    for run, commit in enumerate(commits):
        writer.write(folder / "results" / f"run{run:06}", run, commit)
    return commits


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--scenarios", type=int, default=100)
    parser.add_argument("--checkpoints", type=int, default=64)
    arguments = parser.parse_args()
    generate(arguments.folder, arguments.runs, arguments.scenarios, arguments.checkpoints)
