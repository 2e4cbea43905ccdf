"""newsmq-worker beside the real hub."""
import os
import pathlib
import signal
import subprocess
import sys

from hubkit import BIN, ROOT, WAIT_S, Hub

sys.path.insert(0, str(ROOT / "tests" / "support"))
try:
    from schema import check_published  # noqa: E402
except ImportError:  # no python3-jsonschema
    check_published = None

SHIMS = pathlib.Path(os.environ.get("NEWSMQ_SHIMS", BIN.parent / "tests"))
DEADLY, HANGING = "\U0001F480", "\U0001F40C"  # texts that tests/support/deadly.c breaks on


class WorkerProcess:
    """One newsmq-worker. again: started anew whenever it ends, as the supervisor does."""

    def __init__(self, hub: Hub, name: str = "worker-1", workers=("language", "entities", "acronyms", "aliases", "places"), deadly: bool = False):
        self.hub, self.name, self.workers, self.deadly = hub, name, list(workers), deadly
        self.config = pathlib.Path(hub.folder) / f"{name}.yaml"
        self.log = pathlib.Path(hub.folder) / f"{name}.log"
        self.process = None
        self.ends = []

    def write_config(self, *workers: str, text: str = ""):
        self.workers = list(workers) or self.workers
        self.config.write_text(text or "\n".join(
            ["version: 1", "http: { listen: off }", "feeds:", "  - a: https://news.example.org/a.xml", "bus:", f"  dir: {self.hub.folder}",
             "  ping: 200ms", "workers:"] + [f"  - {worker}" for worker in self.workers]) + "\n")

    def start(self):
        self.write_config()
        return self.start_again()

    def start_again(self):
        env = dict(os.environ)
        if self.deadly:
            env.update(LD_PRELOAD=str(SHIMS / "libdeadly.so"), ASAN_OPTIONS="verify_asan_link_order=0")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(BIN / "newsmq-worker"), "-c", str(self.config), "--name", self.name],
                                            stderr=log, env=env)
        return self

    def keep_alive(self) -> bool:
        """Starts it again when it has ended; True, so that it can stand in a condition."""
        status = self.process.poll()
        if status is not None:
            self.ends.append(status)
            self.start_again()
        return True

    def signal(self, number: int):
        self.process.send_signal(number)

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_S * 2)

    def said(self) -> str:
        return self.log.read_text()
