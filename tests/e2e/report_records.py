"""Run records made by hand: what soak would have measured, written as run.json, for tests of what is drawn from it."""

import json
import pathlib

SCRIPT = "<script>alert('leak')</script>"

# What reports must bear: markup, quotes, line ends, controls, bytes that are no UTF-8 (as JSON can hold them), long names.
ODD_NAMES = [SCRIPT, "a\"b'c`d|e", "new\nline\r\ttab", "bell\a esc\x1b[2J nul\0", "‮right to left", "漢字/größe/é",
             "x" * 4096, "%20,:;{}[]<>&|$@!#*_~\\", "]]>", "<!-- --", "${var} {{title}}", "-->", "", " "]


def checkpoints(count, iterations, heap, rss, **more):
    """`heap`, `rss` and others are functions of the share of the run that is done, 0 to 1."""
    points = []
    for i in range(count):
        share = i / (count - 1) if count > 1 else 0
        kind = "baseline" if i == 0 else "final" if i == count - 1 else "interval"
        point = {"kind": kind, "iteration": round(iterations * share), "elapsed_seconds": share, "cpu_percent": 99.0,
                 "rss_bytes": int(rss(share)), "peak_rss_bytes": int(rss(share)), "vms_bytes": int(rss(share)) * 3,
                 "heap_bytes": int(heap(share)), "heap_blocks": int(heap(share)) // 100, "heap_peak_bytes": int(heap(share)),
                 "allocations": 100 * i, "frees": 90 * i, "open_files": 4, "threads": 1, "joinable_threads": 0,
                 "children": 0, "zombies": 0}
        points.append(point | {name: int(value(share)) for name, value in more.items()})
    return points


def repetition(points, iterations, **more):
    return {"ending": "finished", "exit_status": 0, "wall_seconds": 1.5, "iterations": iterations,
            "iteration_time_ns": 42000.0, "iteration_cpu_time_ns": 41000.0, "checkpoints": points} | more


def scenario(name, repetitions, iterations=1000, **more):
    return {"name": name, "benchmark_name": f"{name}/iterations:{iterations}", "binary": "build/release/bin/soak_scenarios",
            "planned_iterations": iterations, "threads": 1, "rerun_command": f"soak run '--benchmark_filter=^{name}$'",
            "repetitions": repetitions} | more


def record(scenarios, **more):
    return {"schema_version": 1, "id": "20261124T030000Z-0123456789ab", "started_at": "2026-11-24T03:00:00Z",
            "commit": "0123456789abcdef0123456789abcdef01234567", "dirty": False, "completed": True, "interrupted": False,
            "fingerprint": {"soak_build_type": "Release", "soak_cpu": "some processor", "soak_allocator": "libc.so.6"},
            "known_scenarios": [], "scenarios": scenarios} | more


def write_record(folder, run):
    """Bytes that are no UTF-8 cannot be written as text: a lone surrogate stands for one."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_bytes(json.dumps(run, ensure_ascii=False).encode("utf-8", "surrogateescape"))
    return folder


MIB = 1 << 20


def settled(name, count=64, iterations=1000):
    """Fills, and stays."""
    return scenario(name, [repetition(checkpoints(
        count, iterations, heap=lambda s: 200_000 + min(s, 0.2) * 80_000, rss=lambda s: 9 * MIB + min(s, 0.2) * MIB),
        iterations)], iterations)


def history(iterations, growth, blocks, points=16):
    at = [round(iterations * i / (points - 1)) for i in range(points)]
    return {"iterations": at, "bytes": [growth * a // iterations for a in at], "counts": [blocks * a // iterations for a in at]}


def frame(function, file="", line=0, module="build/release/bin/soak_scenarios", inlined=False):
    return {"function": function, "file": file, "line": line, "module": module, "inlined": inlined}


OUTER = [frame("_start"), frame("__libc_start_main", module="/usr/lib/x86_64-linux-gnu/libc.so.6"),
         frame("main", "harness/fixture/main.cpp", 61), frame("benchmark::RunSpecifiedBenchmarks", module="/usr/lib/libbenchmark.so"),
         frame("RetryLoop_adaptive::BenchmarkCase", "scenarios/retry/retry_loop.cpp", 31)]


def attribution(iterations, sites):
    """`sites`: (innermost frames, type, growth in bytes, blocks, kind)."""
    frames, numbers, rows = [], {}, []

    def number(one):
        key = json.dumps(one, sort_keys=True)
        if key not in numbers:
            numbers[key] = len(frames)
            frames.append(one)
        return numbers[key]

    for inner, type_name, growth, blocks, kind in sites:
        stack = inner + OUTER[::-1]
        culprit = next((f for f in stack if f["file"]), stack[0])
        rows.append({"kind": kind, "function": culprit["function"], "file": culprit["file"], "line": culprit["line"],
                     "type": type_name, "stack": [number(f) for f in stack], "stack_complete": True,
                     "total_bytes": abs(growth) * 3, "total_count": blocks * 3, "history": history(iterations, growth, blocks)})
    return {"frames": frames, "sites": rows, "typed_blocks_percent": 87.5}


def retry_sites(scale):
    allocate = frame("std::string::_M_create", module="/usr/lib/x86_64-linux-gnu/libstdc++.so.6")
    append = frame("retry::ErrorReportLog::append", "scenarios/retry/error_report_log.cpp", 41)
    report = frame("retry::ErrorRecoveryManager::report", "scenarios/retry/error_recovery_manager.cpp", 88, inlined=True)
    recover = frame("retry::ErrorRecoveryManager::recover", "scenarios/retry/error_recovery_manager.cpp", 57)
    context = frame("retry::ErrorContext::capture", "scenarios/retry/error_context.cpp", 19)
    return [([allocate, append, report, recover], "std::string", 3600 * scale, 60 * scale, "heap"),
            ([frame("operator new", module="/usr/lib/x86_64-linux-gnu/libstdc++.so.6"), append, report, recover],
             "retry::ErrorReport", 1400 * scale, 20 * scale, "heap"),
            ([allocate, context, recover], "std::string", 240 * scale, 4 * scale, "heap"),
            ([allocate, frame("retry::Clock::now", "scenarios/retry/clock.cpp", 12)], "", -64, 0, "heap"),
            ([frame("fopen", module="/usr/lib/x86_64-linux-gnu/libc.so.6"), recover], "", 0, scale, "descriptor")]


def leaking(name="RetryLoop/adaptive", iterations=1000, bytes_per_iteration=524, sites=None):
    """Warms up, then grows with every iteration; run again twice, and once with call sites."""
    def run(length):
        return repetition(checkpoints(
            64, length, heap=lambda s: 180_000 + min(s * length, 150) * 900 + s * length * bytes_per_iteration,
            rss=lambda s: 9 * MIB + s * length * 620, open_files=lambda s: 4 + s * length / 100), length)
    types = [{"name": "std::string", "source": "frames", "history": history(iterations, 3840 * iterations // 10, 64 * iterations // 10)},
             {"name": "retry::ErrorReport", "source": "vtable", "history": history(iterations, 140 * iterations, 2 * iterations)}]
    first = run(iterations)
    first["checkpoints"].insert(20, first["checkpoints"][20] | {"kind": "labelled", "label": "after clean-up"})
    explained = run(iterations) | {"attribution": attribution(iterations, sites or retry_sites(iterations // 10)), "types": types}
    return scenario(name, [first], iterations,
                    scaled_runs=[{"iterations": n, "repetition": run(n)} for n in (4 * iterations, 16 * iterations)],
                    explained_run={"iterations": iterations, "repetition": explained})


def crashed(name="LargePlaylist/150"):
    points = checkpoints(64, 1000, heap=lambda s: 1e6, rss=lambda s: 2e7)[:23]
    return scenario(name, [repetition(points, 0) | {
        "ending": "crashed", "exit_status": None, "signal": 11, "message": "was ended by signal 11 (Segmentation fault)",
        "output_tail": "parsing playlist 357\nplaylist_parser.cpp:88: Assertion `depth < 64' failed.\n"}])


def everything():
    """A night with one of each."""
    return record([leaking(), settled("RetryLoop/fixed_delay"), crashed(), settled("ConcurrentDownloads/4"),
                   settled("MetadataLookup"), settled("StorageWrites")])


def odd(sites=True):
    """Odd names wherever a record has a name."""
    scenarios = []
    for i, name in enumerate(ODD_NAMES):
        one = leaking(f"{name}{i}", sites=[([frame(name, name, 7, name), frame(name + "outer", "src/" + name, 0)], name, 5000, 50, "heap"),
                                           ([frame(name)], name, 10**15, 1, "heap"), ([frame("f")], "", -10**15, -3, "heap")] if sites else None)
        one |= {"rerun_command": name, "binary": name}
        one["repetitions"][0] |= {"ending": "failed", "message": name, "output_tail": name} if i % 3 == 0 else {}
        one["repetitions"][0]["checkpoints"][20]["label"] = name
        scenarios.append(one)
    return record(scenarios, id=SCRIPT, commit=SCRIPT, fingerprint={f"k{i}": name for i, name in enumerate(ODD_NAMES)})


def extremes():
    """No scenario measured much, or far too much."""
    def of(values, **more):
        points = checkpoints(len(values), 100, heap=lambda s: 0, rss=lambda s: 0)
        for point, value in zip(points, values):
            for key in ("heap_bytes", "rss_bytes", "peak_rss_bytes", "vms_bytes", "heap_blocks", "open_files", "threads"):
                point[key] = value
        return repetition(points, 100, **more)
    unmeasured = [{"kind": "baseline", "iteration": 0}, {"kind": "final", "iteration": 100}]
    return record([
        scenario("zero", [of([0] * 16)]), scenario("huge", [of([10**15] * 8 + [2 * 10**15] * 8)]),
        scenario("negative", [of([-5, -10, -15, -20] * 4)]), scenario("one checkpoint", [of([7])]), scenario("two", [of([7, 8])]),
        scenario("no checkpoint", [repetition([], 0)]), scenario("not measured", [repetition(unmeasured, 100)]),
        scenario("not run", [{"ending": "planned", "checkpoints": []}]), scenario("no repetition", []),
        scenario("no time", [of([1] * 16, wall_seconds=0, iteration_time_ns=0)]),
        scenario("long", [of([1] * 16, wall_seconds=1e9, iteration_time_ns=1e18)])], completed=False)


def many(scenarios=100, sites=500, points=64):
    """As much as a night may have."""
    rows = []
    for i in range(sites):
        stack = [frame(f"library::detail::allocate<{i % 7}>", module="libwork.so")]
        stack += [frame(f"work::Stage{d}::step{(i * (d + 3)) % (4 + d)}", f"src/stage{d}.cpp", 10 + i % 40) for d in range(12, 0, -1)]
        rows.append((stack, f"work::Type{i % 20}", 1000 + (i * 37) % 900, 10 + i % 5, "heap"))
    return record([leaking(f"Many/{i}", sites=rows) if i % 2 else settled(f"Many/{i}", points) | {
        "explained_run": {"iterations": 1000, "repetition": repetition(checkpoints(points, 1000, lambda s: 1e5, lambda s: 1e7), 1000) | {
            "attribution": attribution(1000, rows)}}} for i in range(scenarios)])
