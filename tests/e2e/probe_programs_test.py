"""Programs that nobody here wrote run under the preloaded probe unharmed, their own output unchanged."""

import http.client
import shutil
import socket
import subprocess
import time
import unittest

from probed import ProbedTest, region_of

C_SOURCE = "#include <stdio.h>\nint main(void) { puts(\"compiled\"); return 0; }\n"
SQL = "create table t(a, b); insert into t select value, hex(value) from generate_series(1, 500); select sum(a), " \
      "count(distinct b) from t;"
PYTHON = "import json, threading\n" \
         "ts = [threading.Thread(target=lambda: json.loads(json.dumps(list(range(20000))))) for _ in range(4)]\n" \
         "[t.start() for t in ts]; [t.join() for t in ts]; print('threads joined')"
PYTHON_CHILDREN = "import os, subprocess, multiprocessing\n" \
                  "print(subprocess.check_output(['echo', 'child']), multiprocessing.get_context('fork').Pool(3)" \
                  ".map(abs, range(-5, 5)))\n" \
                  "r = os.fork()\nos._exit(4) if r == 0 else print(os.waitpid(r, 0)[1])"
NODE = "const {Worker} = require('worker_threads'); const w = new Worker('require(\"worker_threads\").parentPort" \
       ".postMessage(JSON.stringify([...Array(1000).keys()]).length)', {eval: true}); w.on('message', console.log)"


class ForeignProgramsTest(ProbedTest):
    def assert_unharmed(self, *command, **options):
        """Same output, same status, with the probe and without; and the probe saw what it allocated."""
        program = shutil.which(command[0])
        if program is None:
            self.skipTest(f"{command[0]} is not installed")
        plain = self.run_probed(program, *command[1:], preload=(), **options)
        for mode in ("counters", "sites"):
            with self.subTest(mode):
                probed, region = self.region_after(program, *command[1:], env={"SOAK_PROBE": mode}, **options)
                self.assertEqual(probed.stdout, plain.stdout)
                self.assertEqual(probed.stderr, plain.stderr)
                self.assertEqual(probed.returncode, plain.returncode)
                self.assertEqual(region["heap_is_counted"], 1)
                self.assertGreater(region["allocations"], 0)
                self.assertTrue(region["ended"])
                self.assertGreaterEqual(region["end_heap_bytes"], 0)
        return probed

    def test_ls(self):
        self.assert_unharmed("ls", "-la", "/usr/bin")

    def test_open_descriptors_are_the_programs(self):
        self.assert_unharmed("ls", "/proc/self/fd")

    def test_bash(self):
        self.assert_unharmed("bash", "-c", "for i in $(seq 50); do x=$(echo $i); done; echo $x | cat; (exit 7); echo $?")

    def test_python(self):
        self.assert_unharmed("/usr/bin/python3", "-c", PYTHON)

    def test_python_with_children(self):
        self.assert_unharmed("/usr/bin/python3", "-c", PYTHON_CHILDREN)

    def test_node(self):
        self.assert_unharmed("node", "-e", NODE)

    def test_sqlite3(self):
        self.assert_unharmed("sqlite3", ":memory:", SQL)

    def test_git(self):
        self.assert_unharmed("git", "init", "-q", self.folder / "repository")
        for command in (["-c", "user.name=n", "-c", "user.email=e", "commit", "--allow-empty", "-m", "first"],
                        ["log", "--stat", "--format=%s"], ["gc", "-q"], ["status"]):
            with self.subTest(command):
                if command[-1] == "first":  # its output has the commit's number
                    self.assertEqual(self.run_probed("git", "-C", self.folder / "repository", *command).returncode, 0)
                else:
                    self.assert_unharmed("git", "-C", str(self.folder / "repository"), *command)

    def test_gcc(self):
        source = self.folder / "source.c"
        source.write_text(C_SOURCE)
        self.assert_unharmed("gcc", "-O2", "-Wall", str(source), "-o", str(self.folder / "program"))
        compiled = subprocess.run([self.folder / "program"], capture_output=True, timeout=60)
        self.assertEqual(compiled.stdout, b"compiled\n")


class NginxTest(ProbedTest):
    """A daemon with workers, event loops and accept locks; it is ended the way an administrator ends it."""

    def configuration(self, port):
        (self.folder / "page.html").write_text("served under the probe")
        return (f"daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log; user root;\n"
                "worker_processes 2; events { worker_connections 64; }\n"
                f"http {{ access_log off; client_body_temp_path {self.folder}/a; proxy_temp_path {self.folder}/b;"
                f" fastcgi_temp_path {self.folder}/c; uwsgi_temp_path {self.folder}/d; scgi_temp_path {self.folder}/e;"
                f" server {{ listen 127.0.0.1:{port}; root {self.folder}; }} }}\n")

    def answer(self, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/page.html")
        try:
            return connection.getresponse().read()
        finally:
            connection.close()

    def wait_until_it_listens(self, port, server):
        until = time.monotonic() + 30
        while time.monotonic() < until and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.01)
        self.fail("it does not listen: " + (self.folder / "error.log").read_text())

    def test_serves_and_ends_unharmed(self):
        nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if nginx is None:
            self.skipTest("nginx is not installed")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        file = self.folder / "nginx.conf"
        file.write_text(self.configuration(port))
        server = subprocess.Popen([nginx, "-c", file, "-e", self.folder / "error.log"], env=self.environment(),
                                  stderr=subprocess.PIPE)
        self.addCleanup(server.stderr.close)
        self.addCleanup(server.kill)
        self.wait_until_it_listens(port, server)
        for _ in range(50):
            self.assertEqual(self.answer(port), b"served under the probe")
        server.terminate()
        self.assertEqual(server.wait(30), 0)
        region = region_of(self.region_file)
        self.assertTrue(region["ended"])
        self.assertEqual(region["owner_pid"], server.pid, "the master's, not a worker's")
        self.assertNotIn("exited on signal", (self.folder / "error.log").read_text())


class NginxByCallSiteTest(NginxTest):
    mode = "sites"


if __name__ == "__main__":
    unittest.main()
