"""The real newsmqd in a temporary folder, with the real programs or with stand-ins.

A stand-in notes what happens to it in events.txt and does what a file says: NAME.dies
(exit with the code in it), NAME.deaf (ignores SIGTERM), NAME.mute (never says that it is
ready); NAME is hub, sink, worker-1, fetch.
"""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin"))
PROGRAMS = ("newsmq-hub", "newsmq-sink", "newsmq-worker", "newsmq-fetch")
WAIT_S = 30

STANDIN = '''#!/usr/bin/python3
import os, pathlib, signal, socket, sys, time
place = pathlib.Path(__file__).resolve().parent
name = sys.argv[sys.argv.index("--name") + 1] if "--name" in sys.argv else pathlib.Path(sys.argv[0]).name[7:]
def note(what):
    fd = os.open(place / "events.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(fd, f"{what} {name} {os.getpid()}\\n".encode())
    os.close(fd)
def stop(*_):
    note("term")
    if not (place / f"{name}.deaf").exists():
        sys.exit(0)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGHUP, lambda *_: note("hup"))
note("start")
if (place / f"{name}.dies").exists():
    sys.exit(int((place / f"{name}.dies").read_text()))
if not (place / f"{name}.mute").exists():
    note("ready")
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"STATUS=up\\nREADY=1", os.environ["NOTIFY_SOCKET"])
while True:
    time.sleep(60)
'''


class Daemon:
    def __init__(self, folder: str, standins: bool = True, arguments=()):
        self.folder = pathlib.Path(folder)
        self.arguments = list(arguments)
        self.process = None
        self.log = self.folder / "newsmqd.log"
        self.config = self.folder / "newsmq.yaml"
        self.programs = self.folder / "programs"
        if standins:
            self.programs.mkdir(exist_ok=True)
            for program in PROGRAMS:
                (self.programs / program).write_text(STANDIN)
                (self.programs / program).chmod(0o755)
            self.arguments += ["--programs", str(self.programs)]

    def write(self, feeds=("a",), workers: int = 2, bus: str = "", more: str = "", folder=None, extractor="language"):
        folder = folder or self.folder
        self.config.write_text("\n".join(
            ["feeds:"] + [f"  - {feed}: https://news.example.org/{feed}.xml" for feed in feeds] +
            ["bus:", f"  dir: {folder}/run", bus, "workers:", f"  - {{ name: {extractor}, processes: {workers} }}",
             "state:", f"  path: {folder}/state", "http: { listen: off }", more]) + "\n")
        return self

    def start(self, wait: bool = True, **environment):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(BIN / "newsmqd"), "-c", str(self.config), *self.arguments], stderr=log,
                                            env={**os.environ, **environment})
        if wait:
            self.wait_for(lambda s: s["state"] == "green")
        return self

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def connect(self) -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(str(self.folder / "run" / "newsmqd.sock"))
        except OSError:
            client.close()
            raise
        client.settimeout(WAIT_S)
        return client

    def ask(self, line: bytes) -> str:
        with self.connect() as client:
            client.sendall(line)
            with client.makefile() as lines:
                return lines.readline()

    def call(self, method: str, argument: str = "{}"):
        """The answer of a RET, the text of an ERR, or None when nobody is there."""
        try:
            answer = self.ask(f"CALL {method} {argument}\n".encode())
        except OSError:
            return None
        return json.loads(answer[4:]) if answer.startswith("RET ") else answer or None

    def wait_for(self, condition, timeout_s: float = WAIT_S):
        """Asks for the status until condition(status); answers the last one."""
        end = time.monotonic() + timeout_s
        while True:
            status = self.call("status")
            if isinstance(status, dict) and condition(status):
                return status
            assert time.monotonic() < end, f"waited in vain: {status}\n{self.said()[-3000:]}"
            time.sleep(0.02)

    def program(self, name: str) -> dict:
        return next(p for p in self.call("status")["programs"] if p["name"] == name)

    def pids(self) -> dict:
        return {p["name"]: p["pid"] for p in self.call("status")["programs"] if p["pid"]}

    def events(self, *kinds):
        """[(what, name)] in the order of happening."""
        file = self.programs / "events.txt"
        lines = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
        return [(line[0], line[1]) for line in lines if not kinds or line[0] in kinds]

    def signal(self, number: int):
        self.process.send_signal(number)

    def stop(self, timeout_s: float = WAIT_S) -> int:
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()  # its programs go with it
            self.process.wait()


def is_alive(pid: int) -> bool:
    """Whether there is such a process that is not merely waiting to be reaped."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return re.sub(r".*\) ", "", stat)[0] not in "ZX"


def wait_until(condition, timeout_s: float = WAIT_S, what: str = ""):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


class DaemonTest(unittest.TestCase):
    standins = True
    arguments: tuple = ("--longest-pause", "400")

    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(self.place.cleanup)
        self.daemon = self.new_daemon(self.place.name)

    def new_daemon(self, folder: str, **more) -> Daemon:
        daemon = Daemon(folder, **{"standins": self.standins, "arguments": self.arguments, **more})
        self.addCleanup(daemon.close)
        return daemon.write()


def rss(name: str, n: int) -> str:
    items = "".join(f"<item><guid isPermaLink='false'>{name}-{i}</guid><title>Item {i} of {name}</title>"
                    f"<link>https://news.example.org/{name}/{i}</link><description>The United Nations met in Geneva on "
                    f"Monday, {name} {i}.</description></item>" for i in range(n))
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"


class RealTest(DaemonTest):
    """newsmqd with the real programs on feeds that are files; configure() writes all of it."""
    standins = False

    def setUp(self):
        super().setUp()
        self.top = self.daemon.folder
        self.feeds = {}

    def configure(self, workers: int = 2, every: str = "1h", folder=None, more: str = ""):
        folder = folder or self.top
        for name, n in self.feeds.items():
            (self.top / f"{name}.xml").write_text(rss(name, n))
        self.daemon.config.write_text("\n".join(
            ["defaults: { first_poll: all, max_items: 10000, every: " + every + " }", "feeds:"] +
            [f"  - {name}: file://{self.top}/{name}.xml" for name in self.feeds] +
            ["bus:", f"  dir: {folder}/run", "  ping: 300ms", "  lease: 5s", more, "workers:",
             f"  - {{ name: language, processes: {workers} }}", "  - entities",
             "sinks:", f"  - {{ type: jsonl, path: {self.top}/out/records.jsonl }}",
             "state:", f"  path: {self.top}/state", "http: { listen: off }"]) + "\n")

    def records(self):
        path = self.top / "out" / "records.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def newsmq(self, *arguments):
        return subprocess.run([str(BIN / "newsmq"), "-c", str(self.daemon.config), *arguments], capture_output=True, text=True,
                              timeout=60, env={**os.environ, "NO_COLOR": "1"})

    def wait_for_records(self, n: int, timeout_s: float = 90):
        path = self.top / "out" / "records.jsonl"
        try:
            wait_until(lambda: path.exists() and path.read_bytes().count(b"\n") >= n, timeout_s)
        except AssertionError:
            raise AssertionError(self.daemon.said()[-4000:]) from None

    def check_whole(self):
        """Every item of every feed once, in order, without a gap."""
        records = self.records()
        self.assertEqual([r["sink"]["seq"] for r in records], list(range(1, len(records) + 1)))
        self.assertEqual(sorted(r["url"] for r in records),
                         sorted(f"https://news.example.org/{name}/{i}" for name, n in self.feeds.items() for i in range(n)))
