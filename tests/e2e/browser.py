"""A headless Chromium, driven through ChromeDriver's HTTP interface with nothing but the standard library."""

import base64
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.request

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-US"]


def is_installed():
    return CHROMIUM is not None and DRIVER is not None


class Browser:
    """Use as a context manager; both processes and the profile are gone afterwards."""

    def __enter__(self):
        self.profile = tempfile.mkdtemp(prefix="soak-browser-")
        self.driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address, self.session = None, None
        try:
            for line in self.driver.stdout:
                if match := re.search(r"started successfully on port (\d+)", line):
                    self.address = f"http://127.0.0.1:{match.group(1)}"
                    break
            options = {"args": [*FLAGS, f"--user-data-dir={self.profile}"], "binary": CHROMIUM}
            self.session = self._post("/session", {"capabilities": {"alwaysMatch": {
                "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})["sessionId"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.session:
            self._call("DELETE", f"/session/{self.session}", None)
        self.driver.terminate()
        self.driver.wait(timeout=20)
        self.driver.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _call(self, method, path, body):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def _post(self, path, body):
        return self._call("POST", path, body)

    def open(self, file, fragment=""):
        self._post(f"/session/{self.session}/url", {"url": pathlib.Path(file).resolve().as_uri() + fragment})

    def run(self, script, *arguments):
        """The script's `return` value."""
        return self._post(f"/session/{self.session}/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self._post(f"/session/{self.session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def errors(self):
        """What the console has shown since the last call, warnings too."""
        return [entry["message"] for entry in self._post(f"/session/{self.session}/se/log", {"type": "browser"})]

    def look(self, width=1200, height=900, dark=False, mobile=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self.devtools("Emulation.setEmulatedMedia", media="", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def press(self, key):
        self._post(f"/session/{self.session}/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def move_to(self, x, y):
        self._post(f"/session/{self.session}/actions", {"actions": [{"type": "pointer", "id": "mouse", "parameters": {
            "pointerType": "mouse"}, "actions": [{"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}]}]})

    def drag(self, start, end):
        move = lambda at: {"type": "pointerMove", "duration": 20, "x": round(at[0]), "y": round(at[1])}
        self._post(f"/session/{self.session}/actions", {"actions": [{"type": "pointer", "id": "mouse", "parameters": {
            "pointerType": "mouse"}, "actions": [move(start), {"type": "pointerDown", "button": 0}, move(end),
                                                 {"type": "pointerUp", "button": 0}]}]})

    def screenshot(self, file, whole=False):
        shot = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=whole) if not whole else \
            self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=dict(
                self.run("return {x: 0, y: 0, width: document.documentElement.clientWidth,"
                         " height: document.documentElement.scrollHeight}"), scale=1))
        pathlib.Path(file).write_bytes(base64.b64decode(shot["data"]))
