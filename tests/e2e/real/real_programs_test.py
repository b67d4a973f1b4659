"""Programs that everybody knows: the clean ones pass, those that are made to grow are found.

In a short form with tools/test; SOAK_LONG=1 (ctest label nightly) is the whole: a minute of load.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from soak_cli import LEAK, NOT_MEASURED, PASSED, SoakTestCase, kinds, soak  # noqa: E402

LONG = os.environ.get("SOAK_LONG") == "1"

SERVER = """
import http.server, sys

everything = []

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: else each answer waits 40 ms for the client's acknowledgement

    def do_GET(self):
        if sys.argv[2] == "leaking":
            everything.append(self.path * 50)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


GO = """
package main

import ("os"; "strconv")

var kept [][]byte

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	for i := 0; i < n; i++ {
		block := make([]byte, 100)
		if os.Args[2] == "all" { kept = append(kept, block) }
	}
}
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class RealProgram(SoakTestCase):
    def require(self, *programs):
        for program in programs:
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")

    def judged(self, *arguments, config="schema = 1\n"):
        finished = soak("exec", "--json", "--config", self.write_config(config), "--results", self.folder / "results",
                        *arguments, cwd=self.folder, timeout=900)
        scenario = json.loads(finished.stdout)["scenarios"][0]
        return scenario, finished.returncode, json.dumps(scenario, indent=1) + finished.stderr

    def assert_passes(self, *arguments):
        scenario, status, text = self.judged(*arguments)
        self.assertEqual((scenario["verdict"], status), ("pass", PASSED), text)
        return scenario


class Nginx(RealProgram):
    def test_under_wrk_passes(self):
        self.require("nginx", "wrk")
        port = free_port()
        (self.folder / "index.html").write_text("hello\n", encoding="utf-8")
        (self.folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {self.folder}/pid; error_log stderr;\n"
            "events { worker_connections 256; }\n"
            f"http {{ access_log off; client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p;\n"
            f"fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;\n"
            f"server {{ listen 127.0.0.1:{port}; root {self.folder}; }} }}\n", encoding="utf-8")
        seconds = 60 if LONG else 7
        scenario = self.assert_passes("--name=nginx", f"--ready=tcp:{port}", "--stop=SIGQUIT",
                                      f"--drive=wrk -t 1 -c 16 -d {seconds}s http://127.0.0.1:{port}/", "--",
                                      "nginx", "-e", "stderr", "-c", self.folder / "nginx.conf")
        self.assertGreaterEqual(scenario["iterations"], seconds - 1)


class PythonHttpServer(RealProgram):
    PYTHON = "/usr/bin/python3"

    def drive(self, twin):
        (self.folder / "server.py").write_text(SERVER, encoding="utf-8")
        # 20 requests a drive.
        return self.judged("--name=http.server", f"--iterations={'50,200,800' if LONG else '6,24,96'}", "--ready=tcp",
                           "--drive=curl -sf -o /dev/null 'http://127.0.0.1:{port}/item/[1-20]'", "--",
                           self.PYTHON, self.folder / "server.py", "{port}", twin)

    def test_with_a_handler_that_appends_to_a_global_list_leaks_at_that_native_stack_and_the_fixed_one_passes(self):
        self.require(self.PYTHON, "curl")
        scenario, status, text = self.drive("leaking")
        self.assertEqual((scenario["verdict"], status), ("leak", LEAK), text)
        # `self.path * 50` is what is kept: made by the interpreter's loop, in a function that has no name in Debian's Python.
        largest = next(finding for finding in scenario["findings"] if finding["kind"] == "heap_growth")["sites"][0]
        self.assertIn("_PyEval_EvalFrameDefault", [frame["function"] for frame in largest["stack"]], text)
        self.assertGreater(largest["share"], 0.8, text)
        # Python's own cache of attribute look-ups would grow as well: with each "do_" + command that http.server looks up.
        scenario, status, text = self.drive("fixed")
        self.assertEqual((scenario["verdict"], status), ("pass", PASSED), text)
        checkpoints = self.run_record()["scenarios"][0]["repetitions"][0]["checkpoints"]
        self.assertEqual(checkpoints[-1]["heap_bytes"], checkpoints[len(checkpoints) // 2]["heap_bytes"])


class Redis(RealProgram):
    def under_benchmark(self, keys):
        return self.judged("--name=redis", f"--iterations={60 if LONG else 12}", "--ready=tcp",
                           "--drive=redis-benchmark -p {port} -n 2000 -c 4 -t set -q -d 16 -r " + str(keys), "--",
                           "redis-server", "--port", "{port}", "--save", "", "--appendonly", "no", "--dir", self.folder)

    def test_with_a_growing_key_space_grows_and_with_a_fixed_one_passes(self):
        self.require("redis-server", "redis-benchmark")
        scenario, status, text = self.under_benchmark(1_000_000_000)
        self.assertIn((scenario["verdict"], status), [("leak", LEAK), ("growing", NOT_MEASURED)], text)
        self.assertIn("heap_growth", kinds(scenario), text)
        scenario, status, text = self.under_benchmark(100)
        self.assertEqual((scenario["verdict"], status), ("pass", PASSED), text)


class Sqlite(RealProgram):
    def test_ten_thousand_statements_pass(self):
        self.require("sqlite3")
        statements = ".read '|for i in $(seq {iterations}); do echo \"select $i, hex(randomblob(64));\"; done'"
        self.assert_passes("--name=sqlite3", "--iterations=625,2500,10000", "--", "sqlite3", ":memory:", statements)


class OtherLanguages(RealProgram):
    def test_java_and_node_get_the_figures_that_are_honest_for_them(self):
        for program, lengths, command in [("node", "10,40", ["-e", "for (let i = 0; i < {iterations}; ++i) String(i)"]),
                                          ("java", "1,2", ["-Xshare:auto", "-D{iterations}", "--version"])]:
            with self.subTest(program):
                self.require(program)
                scenario, _, text = self.judged("--iterations=" + lengths, "--no-confirm", "--name=" + program, "--",
                                                program, *command)
                self.assertTrue(scenario["notes"], text)
                end = self.run_record()["scenarios"][0]["repetitions"][0]["checkpoints"][-1]
                self.assertGreater(end["heap_bytes"], 1000, "what the virtual machine itself holds is counted")

    def test_go_is_judged_by_resident_memory_as_it_does_not_use_malloc(self):
        self.require("go")
        (self.folder / "keeps.go").write_text(GO, encoding="utf-8")
        built = subprocess.run(["go", "build", "-o", "keeps", "keeps.go"], cwd=self.folder, capture_output=True, text=True,
                               check=False, env={**os.environ, "GOCACHE": str(self.folder / "cache"), "GO111MODULE": "off"})
        self.assertEqual(built.returncode, 0, built.stderr)
        # Go's collector lets go when it likes.
        config = 'schema = 1\n[thresholds]\nfinal_growth = "40 MiB"\n'
        for kept, lengths, verdict in [("all", "100000,1600000", "over_threshold"), ("none", "2000000,8000000", "pass")]:
            with self.subTest(kept):
                scenario, _, text = self.judged("--iterations=" + lengths, "--no-confirm", "--name=go", "--",
                                                self.folder / "keeps", "{iterations}", kept, config=config)
                self.assertEqual(scenario["verdict"], verdict, text)
                self.assertIn("Go", " ".join(scenario["notes"]), text)
                self.assertIsNone(scenario["heap_growth_bytes_per_iteration"])


if __name__ == "__main__":
    unittest.main()
