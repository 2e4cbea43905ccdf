"""Headless Chromium through chromedriver, with the WebDriver protocol and nothing else.

    browser = Browser()
    browser.open("http://127.0.0.1:8787/")
    browser.run("return document.title")
"""
import base64
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"]
KEYS = {"tab": "\ue004", "enter": "\ue007", "escape": "\ue00c", "shift": "\ue008", "down": "\ue015", "space": " "}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing() -> str:
    """Why there can be no browser; empty when there can."""
    for name in ("chromium", "chromedriver"):
        if shutil.which(name) is None:
            return f"no {name} here (Debian: apt-get install chromium chromium-driver)"
    return ""


class Browser:
    def __init__(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-browser-")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.process = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = ""
        end = time.monotonic() + 30
        while not self.is_ready():
            if time.monotonic() > end:
                raise RuntimeError("chromedriver does not answer")
            time.sleep(0.1)
        options = {"args": FLAGS + [f"--user-data-dir={self.place.name}/profile"], "binary": shutil.which("chromium")}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}}
        self.session = f"/session/{self.ask('POST', '/session', wanted)['sessionId']}"

    def ask(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def is_ready(self) -> bool:
        try:
            return self.ask("GET", "/status")["ready"]
        except OSError:
            return False

    def close(self):
        try:
            if self.session:
                self.ask("DELETE", self.session)
        finally:
            self.process.terminate()
            self.process.wait(20)
            self.place.cleanup()

    # ---- what one does ----

    def open(self, url: str):
        self.ask("POST", f"{self.session}/url", {"url": url})

    def run(self, script: str, *arguments):
        return self.ask("POST", f"{self.session}/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command: str, **parameters):
        return self.ask("POST", f"{self.session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def look(self, width: int = 1280, height: int = 900, dark: bool = False, script: bool = True):
        """The size of the window, the colours that the user likes, and whether scripts run."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.devtools("Emulation.setScriptExecutionDisabled", value=not script)

    def press(self, *keys: str):
        for key in keys:
            text = KEYS.get(key, key)
            actions = [{"type": kind, "value": text} for kind in ("keyDown", "keyUp")]
            self.ask("POST", f"{self.session}/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def wait(self, script: str, what: str, within_s: float = 30):
        """Until the expression is true."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            found = self.run(f"return {script}")
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"not within {within_s} s: {what}")

    def complaints(self) -> list:
        """What the console says since the last time: errors of scripts, refusals of the policy."""
        return [entry["message"] for entry in self.ask("POST", f"{self.session}/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING")]

    def picture(self, path: pathlib.Path):
        """All of the page."""
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))
