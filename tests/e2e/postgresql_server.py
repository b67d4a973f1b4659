"""A PostgreSQL server of a test's own: in its folder, on a socket there, gone with it.

The server refuses to run as root, so that root hands it to nobody.
"""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time

BINARIES = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
AVAILABLE = bool(BINARIES)


class PostgresqlServer:
    def __init__(self, folder):
        self.folder = folder / "postgresql"
        self.folder.mkdir()
        self.bin = BINARIES[-1]
        self.as_user = []
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.as_user = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
            # mkdtemp's folder is root's alone
            for parent in [folder, self.folder]:
                os.chmod(parent, 0o755)
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self.data = self.folder / "data"
        self._run("initdb", "--username=soak", "--auth=trust", "--no-sync", "--encoding=UTF8", "-D", self.data)
        self.process = None
        self.start()

    def _command(self, program, *arguments):
        return [*self.as_user, str(self.bin / program), *map(str, arguments)]

    def _run(self, program, *arguments):
        done = subprocess.run(self._command(program, *arguments), cwd=self.folder, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise AssertionError(f"{program}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", self.data, "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off"),
                cwd=self.folder, stdout=log, stderr=log)
        for _ in range(600):
            if subprocess.run(self._command("pg_isready", "-h", self.folder, "-U", "soak"), cwd=self.folder,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return
            time.sleep(0.05)  # polls for a state, proves nothing by time
        raise AssertionError((self.folder / "log").read_text())

    def stop(self):
        """At once: connections end in the middle of whatever they do."""
        if self.process:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            self.process.wait()
            self.process = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, database="postgres"):
        return f"postgresql://soak@/{database}?host={self.folder}"

    def query(self, sql, database="postgres"):
        return self._run("psql", "-h", self.folder, "-U", "soak", "-d", database, "-At", "-c", sql).strip()
