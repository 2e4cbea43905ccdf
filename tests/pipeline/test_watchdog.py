#!/usr/bin/python3
"""What systemd is told, and when its watchdog is fed: only while work gets on."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from hubkit import BIN, HubTest, Worker
from newsmqdkit import RealTest, wait_until

SHIMS = pathlib.Path(os.environ.get("NEWSMQ_SHIMS", BIN.parent / "tests"))


class Manager(threading.Thread):
    """Stands in for systemd: hears what is said to its notify socket."""

    def __init__(self, folder: str, watchdog_s: float = 0):
        super().__init__(daemon=True)
        self.path = str(pathlib.Path(folder) / "manager")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(0.2)
        self.environment = {"NOTIFY_SOCKET": self.path}
        if watchdog_s:
            self.environment["WATCHDOG_USEC"] = str(int(watchdog_s * 1e6))
        self.heard = []  # lines, in the order they came
        self.over = False
        self.start()

    def run(self):
        while not self.over:
            try:
                self.heard += self.socket.recv(4096).decode().splitlines()
            except socket.timeout:
                pass

    def wait_for(self, pattern: str, start: int = 0) -> int:
        """The index of the first line from start on that the pattern matches."""
        found = []

        def look():
            found[:] = [i for i, line in enumerate(self.heard) if i >= start and re.match(pattern, line)]
            return found

        try:
            wait_until(look, what=pattern)
        except AssertionError:
            raise AssertionError(f"not said: {pattern}\n" + "\n".join(self.heard[-40:])) from None
        return found[0]

    def close(self):
        self.over = True
        self.join()
        self.socket.close()


class Service(RealTest):
    def setUp(self):
        super().setUp()
        self.manager = Manager(self.place.name, watchdog_s=1)
        self.addCleanup(self.manager.close)
        self.feeds = {"a": 5}
        self.configure()

    def test_ready_when_all_run_and_the_backlog_is_told(self):
        self.daemon.start(**self.manager.environment)
        ready = self.manager.wait_for("READY=1$")
        more = self.manager.wait_for("EXTEND_TIMEOUT_USEC=[0-9]+$")
        self.assertLess(more, ready)
        self.manager.wait_for("STATUS=green: 5 programs run; pending [0-9]+, in flight [0-9]+")
        self.wait_for_records(5)
        self.manager.wait_for("STATUS=green: 5 programs run; pending 0, in flight 0$")
        self.manager.wait_for("WATCHDOG=1$", ready)

    def feeding_ends_while_stopped(self, name: str):
        self.daemon.start(**self.manager.environment)
        fed = self.manager.wait_for("WATCHDOG=1$", self.manager.wait_for("READY=1$"))
        pid = self.daemon.pids()[name]
        os.kill(pid, signal.SIGSTOP)
        self.addCleanup(self.end_stop, pid)
        told = self.manager.wait_for(f"STATUS={name} is stuck", fed)
        time.sleep(1.5)  # longer than systemd would wait
        self.assertNotIn("WATCHDOG=1", self.manager.heard[told:])
        os.kill(pid, signal.SIGCONT)
        self.manager.wait_for("STATUS=green", told)
        self.manager.wait_for("WATCHDOG=1$", told)

    @staticmethod
    def end_stop(pid: int):
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            pass

    def test_a_hub_that_stands_still_ends_the_feeding(self):
        self.feeding_ends_while_stopped("hub")

    def test_a_sink_that_stands_still_ends_the_feeding(self):
        self.feeding_ends_while_stopped("sink")

    def test_each_program_reports_by_itself_in_a_unit_of_its_own(self):
        self.daemon.start()
        for program, more, words in (("newsmq-worker", ["--name", "worker-9"], "[0-9]+ items"),
                                     ("newsmq-hub", [], "pending 0, in flight 0")):
            with tempfile.TemporaryDirectory(prefix="nmq-") as place:
                manager = Manager(place, watchdog_s=1)
                self.addCleanup(manager.close)
                config = self.daemon.config
                if program == "newsmq-hub":  # not the one that runs already
                    config = pathlib.Path(place) / "newsmq.yaml"
                    config.write_text(self.daemon.config.read_text().replace(str(self.top), place))
                process = subprocess.Popen([str(BIN / program), "-c", str(config), *more],
                                           env={**os.environ, **manager.environment}, stderr=subprocess.DEVNULL)
                self.addCleanup(process.kill)
                ready = manager.wait_for("READY=1$")
                manager.wait_for(f"STATUS={words}$", ready)
                manager.wait_for("WATCHDOG=1$", ready)
                process.send_signal(signal.SIGHUP)
                again = manager.wait_for("RELOADING=1$", ready)
                self.assertRegex(manager.heard[again + 1], "^MONOTONIC_USEC=[0-9]+$")
                manager.wait_for("READY=1$", again)
                process.terminate()
                self.assertEqual(process.wait(30), 0)
                manager.wait_for("STOPPING=1$", again)


class Commits(HubTest):
    settings = {"lease": "2s", "ping": "1s", "max_attempts": 1}

    def restart(self, *wrapper: str) -> Manager:
        manager = Manager(self.place.name, watchdog_s=0.5)
        self.addCleanup(manager.close)
        self.hub.kill()
        self.hub.wrapper = ["env", *(f"{key}={value}" for key, value in manager.environment.items()), *wrapper]
        self.hub.start(**self.settings)
        return manager

    def test_a_full_disk_is_told_and_no_reason_to_begin_anew(self):
        flag = pathlib.Path(self.place.name) / "full"
        manager = self.restart(f"LD_PRELOAD={SHIMS / 'libnospace.so'}", f"NOSPACE={flag}",
                               "ASAN_OPTIONS=verify_asan_link_order=0")
        flag.touch()
        ingest = self.hub.peer("ingest")
        self.addCleanup(ingest.close)
        ingest.say("PUT", 1, {"feed": "a", "group": "g", "state": "ok"})
        told = manager.wait_for("STATUS=holding: .*no room on the disk.*; pending 0, in flight 0")
        manager.wait_for("WATCHDOG=1$", told)
        flag.unlink()
        manager.wait_for("STATUS=pending 0, in flight 0$", told)

    def test_an_item_that_nobody_settles_ends_the_feeding(self):
        manager = self.restart()
        self.hub.put(["one"])
        worker = Worker(self.hub, credit=1)
        self.addCleanup(worker.close)
        seq, _attempt, _item = worker.job()
        over = threading.Event()

        def hold_on():
            while not over.wait(0.03):
                worker.say("KEEP", seq)

        keeping = threading.Thread(target=hold_on)
        keeping.start()
        self.addCleanup(keeping.join)
        self.addCleanup(over.set)
        told = manager.wait_for("STATUS=stuck: pending 1, in flight 1, oldest [0-9]+ s")
        time.sleep(1)  # longer than systemd would wait
        self.assertNotIn("WATCHDOG=1", manager.heard[told:])
        over.set()
        keeping.join()
        worker.result(seq)
        manager.wait_for("WATCHDOG=1$", told)


if __name__ == "__main__":
    unittest.main()
