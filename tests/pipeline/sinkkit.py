"""newsmq-sink beside the real hub, and what is in its output."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

from hubkit import BIN, ROOT, WAIT_S, Hub, HubTest, Worker

sys.path.insert(0, str(ROOT / "tests" / "support"))
try:
    from schema import check_record  # noqa: E402
except ImportError:  # no python3-jsonschema
    check_record = None

SHIMS = pathlib.Path(os.environ.get("NEWSMQ_SHIMS", BIN.parent / "tests"))


class Sink:
    """One newsmq-sink with a configuration of its own that names the hub's sockets."""

    def __init__(self, hub: Hub, *sinks: str, env=None, name: str = "sink"):
        self.hub, self.sinks, self.env = hub, list(sinks), dict(env or {})
        self.folder = pathlib.Path(hub.folder)
        self.config = self.folder / f"{name}.yaml"
        self.log = self.folder / f"{name}.log"
        self.out = self.folder / f"{name}.out"
        self.process = None

    def write_config(self, *sinks: str):
        self.sinks = list(sinks) or self.sinks
        self.config.write_text("\n".join(
            ["version: 1", "feeds:", "  - a: https://news.example.org/a.xml", "bus:", f"  dir: {self.folder}",
             "  ping: 200ms", f"  replay: 'ipc://{self.folder}/replay.sock'", "sinks:"] +
            [f"  - {sink}" for sink in self.sinks] +
            # That shim opens a file of its own while it runs.
            (["sandbox: off"] if "POWERCUT_MAP" in self.env else []) +
            ["state:", f"  path: {self.folder}/state", "http: { listen: off }"]) + "\n")

    def start(self, *arguments: str):
        self.write_config()
        env = {**os.environ, "ASAN_OPTIONS": "verify_asan_link_order=0", **self.env}
        with open(self.log, "ab") as log, open(self.out, "ab") as out:
            self.process = subprocess.Popen([str(BIN / "newsmq-sink"), "-c", str(self.config), *arguments],
                                            stdout=out, stderr=log, env=env)
        return self

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_S * 2)

    def wait_end(self) -> int:
        return self.process.wait(WAIT_S * 2)

    def said(self) -> str:
        return self.log.read_text()

    def wait_for_log(self, text: str, count: int = 1):
        wait_until(lambda: self.said().count(text) >= count, lambda: f"not said: {text}\n{self.said()}")


def wait_until(condition, explain=lambda: "waited in vain", timeout_s: float = WAIT_S * 2):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, explain()
        time.sleep(0.02)


class Answering(threading.Thread):
    """A worker that answers every job at once, in a thread of its own."""

    def __init__(self, hub: Hub, credit: int = 200):
        super().__init__(daemon=True)
        self.hub, self.credit, self.over = hub, credit, threading.Event()
        self.start()

    def run(self):
        worker = Worker(self.hub, "answering", self.credit)
        while not self.over.is_set():
            answer = worker.hear(0.1)
            if answer is None:
                worker.say("PING")
            elif answer[0] == "JOB":
                worker.result(int(answer[1]), int(answer[2]))
        worker.close()

    def stop(self):
        self.over.set()
        self.join(WAIT_S)


def verify(*paths) -> dict:
    run = subprocess.run([str(BIN / "newsmq"), "verify", "--json", *map(str, paths)], capture_output=True, text=True,
                         timeout=60)
    assert run.returncode in (0, 1), run.stderr
    return {**json.loads(run.stdout), "status": run.returncode}


def text_of(path: pathlib.Path) -> bytes:
    """Of a file that may be compressed just now."""
    packed = path.with_name(path.name + ".zst")
    try:
        if not packed.exists():
            return path.read_bytes()
    except FileNotFoundError:
        pass
    return subprocess.run(["zstd", "-dcq", str(packed)], capture_output=True, check=True).stdout


def lines_of(path) -> list:
    """All records of a folder's files, packed or not, in the order of ls -v."""
    files = {pathlib.Path(str(file).removesuffix(".sums")) for file in pathlib.Path(path).rglob("*.jsonl.sums")}
    texts = [text_of(file) for file in sorted(files, key=lambda p: (len(p.name), p.name))]
    return [json.loads(line) for text in texts for line in text.decode().splitlines()]


class SinkTest(HubTest):
    def setUp(self):
        super().setUp()
        self.out = pathlib.Path(self.place.name) / "out"
        self.put_so_far = 0

    def sink(self, *sinks: str, env=None, name: str = "sink", arguments=()) -> Sink:
        sink = Sink(self.hub, *(sinks or (f"{{ type: jsonl, path: '{self.out}/all.jsonl' }}",)), env=env, name=name)
        self.addCleanup(sink.kill)
        return sink.start(*arguments)

    def answering(self) -> Answering:
        worker = Answering(self.hub)
        self.addCleanup(worker.stop)
        return worker

    def put_items(self, count: int, batch: int = 100, text: str = ""):
        ingest = self.hub.peer("ingest")
        end = self.put_so_far + count
        while self.put_so_far < end:
            n = min(batch, end - self.put_so_far)
            answer = self.hub.put([f"item-{self.put_so_far + i}" for i in range(n)], peer=ingest)
            if answer[0] == "FULL":
                time.sleep(0.05)
                continue
            self.assertEqual(answer, (n, 0))
            self.put_so_far += n
        ingest.close()

    def consumer(self, name: str = "jsonl", status=None) -> dict:
        found = [c for c in (status or self.hub.status())["consumers"] if c["name"] == name]
        return found[0] if found else {"acked": 0, "lag": 0, "connected": False}

    def wait_acked(self, count: int, *names: str, timeout_s: float = WAIT_S * 3):
        return self.hub.wait_for(
            lambda s: all(self.consumer(name, s)["acked"] == count for name in names or ("jsonl",)), timeout_s)

    def assert_once(self, count: int, path=None, first: int = 1):
        records = lines_of(path or self.out)
        self.assertEqual([r["sink"]["seq"] for r in records], list(range(first, first + count)))
        self.assertEqual(len({r["id"] for r in records}), count)
        for record in records[::max(1, count // 100)] if check_record else []:
            check_record(record)
        sum_up = verify(path or self.out)
        self.assertEqual((sum_up["ok"], sum_up["records"], sum_up["found"]), (True, count, []), sum_up)
        return records
