"""The real newsmq-hub on local sockets, and peers that speak NMQ1 by hand.

NEWSMQ_BIN is the folder of the programs (CMake sets it); default: build/bin.
"""
import base64
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import zmq

import curvekit

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
from schema import check_item  # noqa: E402

BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin"))
MODEL = BIN.parent / "share" / "newsmq" / "models" / "en.model"  # the one that entities reads
WAIT_S = 10


def item_id(value: str, feed: str = "a") -> str:
    digest = hashlib.sha256(f"{feed}\0guid\0{value}".encode()).digest()[:16]
    return base64.b32encode(digest).decode().lower().rstrip("=")


def item_core(value: str, text: str = "", feed: str = "a", **more) -> dict:
    text = text or f"The text of {value}."
    core = {"id": item_id(value, feed), "id_basis": "guid",
            "content_hash": "sha256:" + hashlib.sha256(text.encode()).hexdigest(),
            "url": f"https://news.example.org/{value}", "title": f"About {value}", "content_text": text,
            "language": "en", "date_seen": "2026-11-23T15:40:02.113Z", "feed": {"id": feed, "url": "https://x.example.org/"},
            "fetch": {"time": "2026-11-23T15:40:02.113Z"}}
    core.update(more)
    return core


NLP = {"status": "ok", "language": {"code": "en", "score": 0.9}, "entities": [], "workers": []}


class Peer:
    """A DEALER that sends NMQ1 and reads answers with a time-out."""

    def __init__(self, hub, endpoint: str, key: str = "all"):
        self.socket = hub.connect(zmq.DEALER, endpoint, key)

    def say(self, *frames):
        self.raw(b"NMQ1", *frames)

    def raw(self, *frames):
        self.socket.send_multipart([frame if isinstance(frame, bytes)
                                    else (json.dumps(frame) if isinstance(frame, (dict, list)) else str(frame)).encode()
                                    for frame in frames])

    def hear(self, timeout_s: float = WAIT_S, ignore=("PONG",)):
        """[verb, frames…] as text, or None."""
        end = time.monotonic() + timeout_s
        while (left := end - time.monotonic()) > 0 or timeout_s == 0:
            if not self.socket.poll(max(0, int(left * 1000))):
                return None
            frames = [frame.decode() for frame in self.socket.recv_multipart()]
            assert frames[0] == "NMQ1", frames
            if frames[1] not in ignore:
                return frames[1:]
        return None

    def expect(self, verb: str, timeout_s: float = WAIT_S, ignore=("PONG",)):
        answer = self.hear(timeout_s, ignore)
        assert answer is not None and answer[0] == verb, f"expected {verb}, got {answer}"
        return answer[1:]

    def close(self):
        self.socket.close()


class Worker(Peer):
    def __init__(self, hub, name: str = "worker-1", credit: int = 1, key: str = "all"):
        super().__init__(hub, "work", key)
        self.say("HELLO", {"name": name, "pid": 1, "version": "t", "extractors": []})
        self.expect("WELCOME")
        self.say("READY", credit)

    def job(self, timeout_s: float = WAIT_S):
        """(seq, attempt, item) of the next job."""
        seq, attempt, _lease, item = self.expect("JOB", timeout_s)
        return int(seq), int(attempt), check_item(json.loads(item))

    def result(self, seq: int, attempt: int = 1, nlp=None):
        self.say("RESULT", seq, attempt, nlp or NLP)


class Hub:
    """curve: all sockets on tcp with CURVE; the key "all" may do everything."""

    def __init__(self, folder: str, wrapper=(), curve: bool = False, **bus):
        self.folder, self.bus, self.wrapper = folder, bus, list(wrapper)
        self.door = curvekit.Door(folder) if curve else None
        if curve:
            self.bus = {**self.door.settings(), **bus}
        self.context = zmq.Context()
        self.process = None
        self.log = pathlib.Path(folder) / "hub.log"

    def start(self, **bus):
        self.bus.update(bus)
        settings = {"ping": "200ms", "heartbeat": "200ms", "lease": "2s", **self.bus}
        lines = [f"  {key}: {value}" for key, value in settings.items() if not key.startswith("state_")]
        state = [f"  {key[6:]}: {value}" for key, value in settings.items() if key.startswith("state_")]
        config = pathlib.Path(self.folder) / "newsmq.yaml"
        config.write_text("\n".join(
            ["version: 1", "feeds:", "  - a: https://news.example.org/a.xml", "bus:", f"  dir: {self.folder}"] + lines +
            ["state:", f"  path: {self.folder}/state"] + state + ["http: { listen: off }"]) + "\n")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.wrapper, str(BIN / "newsmq-hub"), "-c", str(config)], stderr=log)
        assert self.call("status", timeout_s=WAIT_S) is not None, self.log.read_text()
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_S * 2)

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.kill()
        self.context.destroy(linger=0)

    def endpoint(self, name: str) -> str:
        return self.door.endpoints[name] if self.door else f"ipc://{self.folder}/{name}.sock"

    def connect(self, kind: int, name: str, key: str = "all"):
        """A socket of that kind, connected; with CURVE by that key."""
        socket = self.context.socket(kind)
        socket.linger = 0
        if self.door:
            self.door.lend(socket, key)
        socket.connect(self.endpoint(name))
        return socket

    def peer(self, endpoint: str, key: str = "all") -> Peer:
        return Peer(self, endpoint, key)

    def call(self, method: str, argument=None, timeout_s: float = WAIT_S, key: str = "all"):
        peer = Peer(self, "control", key)
        try:
            peer.say("CALL", method, argument or {})
            answer = peer.hear(timeout_s)
            if answer is None:
                return None
            if answer[0] == "RET":
                return json.loads(answer[1])
            return answer
        finally:
            peer.close()

    def status(self) -> dict:
        return self.call("status")

    def wait_for(self, condition, timeout_s: float = WAIT_S):
        """Asks for the status until condition(status); answers the last one."""
        end = time.monotonic() + timeout_s
        while True:
            status = self.status()
            if condition(status):
                return status
            assert time.monotonic() < end, f"waited in vain: {status}\n{self.log.read_text()[-2000:]}"
            time.sleep(0.02)

    def put(self, values, feed: str = "a", batch: int = 1, state=None, peer=None):
        """Puts items; answers (new, dup) or the refusal."""
        mine = peer or self.peer("ingest")
        frames = []
        for value in values:
            core = value if isinstance(value, dict) else item_core(value, feed=feed)
            frames += [core["id"], core]
        mine.say("PUT", batch, {"feed": feed, "group": "g", "state": "ok", **(state or {})}, *frames)
        answer = mine.hear()
        if peer is None:
            mine.close()
        assert answer is not None, self.log.read_text()
        return (int(answer[2]), int(answer[3])) if answer[0] == "OK" else answer


class HubTest(unittest.TestCase):
    settings: dict = {}
    curve = False

    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.hub = Hub(self.place.name, curve=self.curve, **self.settings)
        self.addCleanup(self.place.cleanup)
        self.addCleanup(self.hub.close)
        self.hub.start()

    def accounts(self, **expected):
        status = self.hub.status()
        self.assertTrue(status["accounts_ok"], status)
        for key, value in expected.items():
            self.assertEqual(status[key], value, (key, status))
        return status
