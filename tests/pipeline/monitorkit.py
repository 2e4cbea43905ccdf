"""newsmqd with the real programs and newsmq-http, looked at as a monitoring system does."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

from newsmqdkit import BIN, ROOT, DaemonTest

sys.path.insert(0, str(ROOT / "tests" / "support"))
from newsserver import NewsServer  # noqa: E402

SHIMS = pathlib.Path(os.environ.get("NEWSMQ_SHIMS", BIN.parent / "tests"))
WAIT_S = 60
SAMPLE = re.compile(r'^([a-z_]+)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)')
NOTHING = "#!/bin/sh\nexec sleep 1000000\n"


def promtool(*arguments, text: str = "", folder=None):
    """Runs promtool; skips the test where it is missing."""
    path = shutil.which("promtool")
    if path is None:
        raise unittest.SkipTest("promtool is not here (Debian: prometheus)")
    return subprocess.run([path, *arguments], input=text, capture_output=True, text=True, timeout=120, cwd=folder)


def read_samples(text: str) -> dict:
    """{(name, ((label, value), …)): number} of the text format."""
    samples = {}
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        name, labels, value = SAMPLE.match(line).groups()
        key = name, tuple(sorted(LABEL.findall(labels or "")))
        assert key not in samples, f"twice: {line}"
        samples[key] = float(value)
    return samples


class Scrape:
    def __init__(self, text: str):
        self.text, self.samples = text, read_samples(text)

    def get(self, name: str, **labels):
        """The value; None when there is none."""
        return self.samples.get((name, tuple(sorted(labels.items()))))

    def names(self) -> set:
        return {name for name, _ in self.samples}


class MonitorTest(DaemonTest):
    standins = False

    def setUp(self):
        super().setUp()
        self.top = self.daemon.folder
        self.server = NewsServer()
        self.addCleanup(self.server.close)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.programs = self.top / "programs"
        self.programs.mkdir()
        for program in ("newsmq-hub", "newsmq-sink", "newsmq-worker", "newsmq-fetch", "newsmq-http"):
            (self.programs / program).symlink_to(BIN / program)
        self.daemon.arguments += ["--programs", str(self.programs)]

    def replace(self, program: str, script: str):
        (self.programs / program).unlink()
        (self.programs / program).write_text(script)
        (self.programs / program).chmod(0o755)

    def preload(self, program: str, shim: str, **environment):
        more = " ".join(f"{name}={value}" for name, value in environment.items())
        self.replace(program, f"#!/bin/sh\nLD_PRELOAD={SHIMS}/{shim} ASAN_OPTIONS=verify_asan_link_order=0 {more} "
                              f"exec {BIN}/{program} \"$@\"\n")

    def restore(self, program: str):
        (self.programs / program).unlink()
        (self.programs / program).symlink_to(BIN / program)

    def configure(self, feeds: dict, bus=(), feed_keys: str = "", workers: int = 1):
        """feeds: {id: path on the server}."""
        self.daemon.config.write_text("\n".join(
            ["politeness: { allow_addresses: [ 127.0.0.0/8 ], per_host: { gap: 0s, concurrency: 8 } }",
             "groups: { press: {} }", "defaults: { first_poll: all, max_items: 10000, every: 1h, " + feed_keys + " }", "feeds:"] +
            [f"  - {{ id: {name}, url: '{self.server.url(path)}', group: press }}" for name, path in feeds.items()] +
            ["bus:", f"  dir: {self.top}/run", "  ping: 200ms", "  lease: 2s",
             f"  publish: [ 'ipc://{self.top}/run/pub.sock' ]", *[f"  {line}" for line in bus],
             "workers:", f"  - {{ name: language, processes: {workers} }}", "  - entities",
             f"sinks:", f"  - {{ type: jsonl, path: {self.top}/out/records.jsonl }}",
             "state:", f"  path: {self.top}/state", f"http: {{ listen: '127.0.0.1:{self.port}', max_requests: 1000 }}"]) + "\n")

    def get(self, path: str):
        """(status, text)."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()

    def scrape(self) -> Scrape:
        status, text = self.get("/metrics")
        self.assertEqual(status, 200, text)
        return Scrape(text)

    def wait_scrape(self, condition, timeout_s: float = WAIT_S) -> Scrape:
        """Scrapes until condition(scrape)."""
        end, scrape = time.monotonic() + timeout_s, None
        while True:
            try:
                scrape = self.scrape()
                if condition(scrape):
                    return scrape
            except OSError:
                pass  # not there yet
            self.assertLess(time.monotonic(), end, f"{scrape.text if scrape else 'no scrape'}\n{self.daemon.said()[-3000:]}")
            time.sleep(0.1)

    def health(self):
        """(status, {code: text}, live)."""
        status, text = self.get("/healthz")
        answer = json.loads(text)
        self.assertEqual(answer["ready"], status == 200, answer)
        return status, {reason["code"]: reason["text"] for reason in answer["reasons"]}, answer["live"]

    def wait_health(self, condition, timeout_s: float = WAIT_S):
        end, health = time.monotonic() + timeout_s, None
        while True:
            try:
                health = self.health()
                if condition(*health):
                    return health
            except OSError:
                pass
            self.assertLess(time.monotonic(), end, f"{health}\n{self.daemon.said()[-3000:]}")
            time.sleep(0.1)

    def kill(self, program: str, number: int = signal.SIGKILL):
        os.kill(self.daemon.pids()[program], number)
