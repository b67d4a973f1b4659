"""Each program of tests/leaky that leaks on purpose is convicted for what it leaks, and its repaired twin acquitted."""

import subprocess
import unittest

from soak_cli import BIN_DIR, LEAK, SOURCE_DIR, SoakTestCase, by_name, kinds

CONFIG = SOURCE_DIR / "tests/leaky/benchmarks.toml"

HEAP, FILES, THREADS, CHILDREN, MAPPINGS = "heap_growth", "open_files", "threads", "children", "mappings"

# program, kinds of finding that it must be convicted of
TWINS = [
    ("abandoned_coroutine", {HEAP}),
    ("active_requests", {HEAP}),
    ("any_attributes", {HEAP}),
    ("arena_for_everything", {HEAP}),
    ("bypassed_destructor", {HEAP}),
    ("cancelled_timers", {HEAP}),
    ("dead_worker", {HEAP}),
    ("dropped_list", {HEAP}),
    ("duplicated_strings", {HEAP}),
    ("early_return_stream", {HEAP, FILES}),
    ("endless_heartbeat", {THREADS}),
    ("event_listeners", {HEAP}),
    ("event_loop", {FILES}),
    ("exception_before_free", {HEAP}),
    ("forgotten_curl_free", {HEAP}),
    ("forgotten_curl_handle", {HEAP}),
    ("forgotten_curl_slist", {HEAP}),
    ("forgotten_freeaddrinfo", {HEAP}),
    ("forgotten_freelocale", {HEAP}),
    ("forgotten_globfree", {HEAP}),
    ("forgotten_regfree", {HEAP}),
    ("forgotten_sqlite_finalize", {HEAP}),
    ("forgotten_sqlite_message", {HEAP}),
    ("forgotten_ssl_context", {HEAP}),
    ("getline_buffer", {HEAP}),
    ("interned_strings", {HEAP}),
    ("joined_at_shutdown", {THREADS}),
    ("json_history", {HEAP}),
    ("log_records", {HEAP}),
    ("mapped_window", {MAPPINGS}),
    ("metric_labels", {HEAP}),
    ("missing_virtual_destructor", {HEAP}),
    ("moved_over_handle", {HEAP}),
    ("pipe_end", {FILES}),
    ("promised_results", {HEAP}),
    ("rare_error_path", {HEAP}),
    ("realpath_result", {HEAP}),
    ("refused_socket", {FILES}),
    ("released_pointer", {HEAP}),
    ("response_cache", {HEAP}),
    ("saved_output", {FILES}),
    ("seen_ids", {HEAP}),
    ("self_holding_function", {HEAP}),
    ("shared_cycle", {HEAP}),
    ("thread_trace", {HEAP}),
    ("unclosed_directory", {HEAP, FILES}),
    ("unclosed_file", {FILES}),
    ("unclosed_popen", {HEAP, FILES, CHILDREN}),
    ("undetached_thread", {THREADS}),
    ("unjoined_thread", {THREADS}),
    ("unreleased_reference", {HEAP}),
    ("unused_pool", {HEAP}),
    ("weak_sessions", {HEAP}),
    ("zombie_children", {CHILDREN}),
]

# Not built where a library's headers are missing.
OPTIONAL = {"forgotten_ssl_context"}

# What a leak of one kind may bring along: a stack is address space and its thread's heap, many pages are resident memory.
COMPANIONS = {"final_growth", "peak_growth"}
COMPANIONS_OF = {THREADS: {HEAP, MAPPINGS}}


def allowed_kinds(required):
    return required.union(COMPANIONS, *(COMPANIONS_OF.get(kind, set()) for kind in required))


def allowed_verdicts(required):
    # Address space comes from the kernel in jumps: exceeding a limit is all that can be said of it.
    return {"leak", "over_threshold"} if required == {MAPPINGS} else {"leak"}


class LeakyTwins(SoakTestCase):
    def test_every_leak_is_convicted_of_its_kind_and_no_repaired_twin_is_accused(self):
        finished, verdict = self.run_json(BIN_DIR / "leaky_twins", config=CONFIG)
        self.assertEqual((finished.returncode, verdict["verdict"]), (LEAK, "leak"), finished.stderr)
        scenarios = by_name(verdict)
        for name, required in TWINS:
            if name in OPTIONAL and "Leaky/" + name not in scenarios:
                continue
            with self.subTest("Leaky/" + name):
                leaky = scenarios["Leaky/" + name]
                self.assertIn(leaky["verdict"], allowed_verdicts(required), leaky)
                self.assertLessEqual(required, kinds(leaky), leaky)
                self.assertLessEqual(kinds(leaky), allowed_kinds(required), leaky)
            with self.subTest("Fixed/" + name):
                fixed = scenarios["Fixed/" + name]
                self.assertEqual((fixed["verdict"], fixed["findings"]), ("pass", []), fixed)
        with self.subTest("the table above names them all"):
            known = {prefix + name for name, _ in TWINS for prefix in ("Leaky/", "Fixed/")}
            self.assertLessEqual(set(scenarios), known)

    def test_each_source_marks_the_one_line_that_leaks(self):
        for source in sorted((SOURCE_DIR / "tests/leaky").glob("*/*.cpp")):
            with self.subTest(source.stem):
                text = source.read_text(encoding="utf-8")
                self.assertEqual(text.count("// leaks here\n"), 1)
                self.assertIn(source.stem, {name for name, _ in TWINS})

    def test_all_of_them_can_run_in_one_process(self):
        finished = subprocess.run([BIN_DIR / "leaky_twins"], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(finished.returncode, 0, finished.stderr)


if __name__ == "__main__":
    unittest.main()
