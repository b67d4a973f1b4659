"""The programs of tests/leaky: what each must be convicted of, at which line and why, and that its repaired twin is not.

leaky_twins_test.py tries one of each sort, leaky_twins_nightly_test.py all.
"""

import dataclasses

from leaky_sources import marked_place, place_of, sources
from soak_cli import BIN_DIR, LEAK, SOURCE_DIR, SoakTestCase, by_name, kinds

CONFIG = SOURCE_DIR / "tests/leaky/benchmarks.toml"

HEAP, FILES, THREADS, CHILDREN, MAPPINGS = "heap_growth", "open_files", "threads", "children", "mappings"
COLLECTION, CYCLE, RESOURCE, LOG = "global collection", "cycle", "unclosed resource", "log accumulation"
UNJOINED, THREAD_LOCAL = "thread not joined", "thread-local"


@dataclasses.dataclass(frozen=True)
class Twin:
    name: str
    kinds: frozenset  # of finding that it must be convicted of
    cause: str = None  # that the first of them must name; None: none may be named


def twin(name, *required, cause=None):
    return Twin(name, frozenset(required), cause)


TWINS = [
    twin("abandoned_coroutine", HEAP),
    twin("active_requests", HEAP, cause=COLLECTION),
    twin("any_attributes", HEAP, cause=COLLECTION),
    twin("arena_for_everything", HEAP),
    twin("bypassed_destructor", HEAP),
    twin("cancelled_timers", HEAP, cause=COLLECTION),
    twin("dead_worker", HEAP, cause=COLLECTION),
    twin("dropped_list", HEAP),
    twin("duplicated_strings", HEAP),
    twin("early_return_stream", HEAP, FILES, cause=RESOURCE),
    twin("endless_heartbeat", THREADS),
    twin("event_listeners", HEAP, cause=COLLECTION),
    twin("event_loop", FILES, cause=RESOURCE),
    twin("exception_before_free", HEAP),
    twin("forgotten_curl_free", HEAP),
    twin("forgotten_curl_handle", HEAP),
    twin("forgotten_curl_slist", HEAP),
    twin("forgotten_freeaddrinfo", HEAP),
    twin("forgotten_freelocale", HEAP),
    twin("forgotten_globfree", HEAP),
    twin("forgotten_regfree", HEAP),
    twin("forgotten_sqlite_finalize", HEAP),
    twin("forgotten_sqlite_message", HEAP),
    twin("forgotten_ssl_context", HEAP),
    twin("getline_buffer", HEAP),
    twin("interned_strings", HEAP, cause=COLLECTION),
    twin("joined_at_shutdown", THREADS, cause=UNJOINED),
    twin("json_history", HEAP, cause=COLLECTION),
    twin("log_records", HEAP, cause=LOG),
    twin("mapped_window", MAPPINGS),
    twin("metric_labels", HEAP, cause=COLLECTION),
    twin("missing_virtual_destructor", HEAP),
    twin("moved_over_handle", HEAP),
    twin("pipe_end", FILES, cause=RESOURCE),
    twin("promised_results", HEAP, cause=COLLECTION),
    twin("rare_error_path", HEAP),
    twin("realpath_result", HEAP),
    twin("refused_socket", FILES, cause=RESOURCE),
    twin("released_pointer", HEAP),
    twin("response_cache", HEAP, cause=COLLECTION),
    twin("saved_output", FILES, cause=RESOURCE),
    twin("seen_ids", HEAP, cause=COLLECTION),
    twin("self_holding_function", HEAP, cause=CYCLE),
    twin("shared_cycle", HEAP, cause=CYCLE),
    twin("thread_scratch", HEAP, cause=THREAD_LOCAL),
    twin("thread_trace", HEAP, cause=COLLECTION),
    twin("unclosed_directory", HEAP, FILES, cause=RESOURCE),
    twin("unclosed_file", FILES, cause=RESOURCE),
    twin("unclosed_popen", HEAP, FILES, CHILDREN, cause=RESOURCE),
    twin("undetached_thread", THREADS, cause=UNJOINED),
    twin("unjoined_thread", THREADS, cause=UNJOINED),
    twin("unreleased_reference", HEAP),
    twin("unused_pool", HEAP, cause=COLLECTION),
    twin("weak_sessions", HEAP, cause=COLLECTION),
    twin("zombie_children", CHILDREN),
]

# Not built where a library's headers are missing; said when it is left out.
OPTIONAL = {"forgotten_ssl_context"}

# What a leak of one kind may bring along: a stack is address space and its thread's heap, many pages are resident memory.
COMPANIONS = {"final_growth", "peak_growth"}
COMPANIONS_OF = {THREADS: {HEAP, MAPPINGS}}


def allowed_kinds(required):
    return required.union(COMPANIONS, *(COMPANIONS_OF.get(kind, set()) for kind in required))


def allowed_verdicts(required):
    # Address space comes from the kernel in jumps: exceeding a limit is all that can be said of it.
    return {"leak", "over_threshold"} if required == {MAPPINGS} else {"leak"}


def filter_of(twins):
    return "--benchmark_filter=^(Leaky|Fixed)/(" + "|".join(twin.name for twin in twins) + ")(/|$)"


class LeakyTwinsCase(SoakTestCase):
    def run_twins(self, twins, binary=BIN_DIR / "leaky_twins"):
        """Runs them and their repaired twins; what is missing without being optional fails."""
        finished, verdict = self.run_json(binary, filter_of(twins), config=CONFIG, timeout=30 + 20 * len(twins))
        self.assertEqual((finished.returncode, verdict["verdict"]), (LEAK, "leak"), finished.stderr)
        scenarios = by_name(verdict)
        skipped = {twin.name for twin in twins if "Leaky/" + twin.name not in scenarios}
        self.assertLessEqual(skipped, OPTIONAL, "programs that vanished")
        if skipped:
            print("not built, and so not tried:", *sorted(skipped))
        there = [twin for twin in twins if twin.name not in skipped]
        self.assertEqual(set(scenarios), {prefix + twin.name for twin in there for prefix in ("Leaky/", "Fixed/")})
        return there, scenarios

    def check_twins(self, twins, **keywords):
        there, scenarios = self.run_twins(twins, **keywords)
        for twin in there:
            with self.subTest("Leaky/" + twin.name):
                self.check_conviction(twin, scenarios["Leaky/" + twin.name])
            with self.subTest("Fixed/" + twin.name):
                fixed = scenarios["Fixed/" + twin.name]
                self.assertEqual((fixed["verdict"], fixed["findings"]), ("pass", []), fixed)

    def check_conviction(self, twin, leaky):
        self.assertIn(leaky["verdict"], allowed_verdicts(twin.kinds), leaky)
        self.assertLessEqual(twin.kinds, kinds(leaky), leaky)
        self.assertLessEqual(kinds(leaky), allowed_kinds(twin.kinds), leaky)
        findings = [finding for finding in leaky["findings"] if finding["kind"] in twin.kinds]
        for finding in findings:
            self.assertTrue(finding["sites"], finding)
            self.assertEqual(place_of(finding["sites"][0]), marked_place(twin.name), finding)
            self.assertLessEqual(sum(site["share"] for site in finding["sites"]), 1 + 1e-9, finding)
            self.assertGreater(sum(site["share"] for site in finding["sites"]), 0.9, finding)
        self.assertEqual(findings[0]["likely_cause"], twin.cause, findings[0])

    def check_sources(self):
        """Each source marks one line, and the table above has them all."""
        self.assertEqual([source.stem for source in sorted(sources(), key=lambda source: source.stem)],
                         [twin.name for twin in TWINS])
        for source in sources():
            with self.subTest(source.stem):
                self.assertEqual(source.read_text(encoding="utf-8").count("// leaks here\n"), 1)
