#!/usr/bin/python3
"""newsmqd with the real programs: a feed in, JSON Lines out, and every promise kept while
programs are killed, told to stop and given another configuration."""
import json
import os
import signal
import subprocess
import time
import unittest

from newsmqdkit import BIN, DaemonTest, is_alive, wait_until


def rss(name: str, n: int) -> str:
    items = "".join(f"<item><guid isPermaLink='false'>{name}-{i}</guid><title>Item {i} of {name}</title>"
                    f"<link>https://news.example.org/{name}/{i}</link><description>The United Nations met in Geneva on "
                    f"Monday, {name} {i}.</description></item>" for i in range(n))
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"


class Real(DaemonTest):
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

    def test_a_feed_that_somebody_wants_is_polled_at_once(self):
        self.feeds = {"a": 2}
        self.configure()
        self.daemon.start()
        self.wait_for_records(2)
        self.feeds = {"a": 5}
        self.configure()
        run = self.newsmq("feeds", "--enable", "a")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.wait_for_records(5)
        self.check_whole()

    def test_feeds_become_lines_and_everything_stops_in_order(self):
        self.feeds = {"one": 30, "two": 5}
        self.configure()
        self.daemon.start()
        self.wait_for_records(35)
        status = self.newsmq("status")
        self.assertEqual((status.returncode, status.stderr), (0, ""), status.stdout)
        self.assertIn("newsmqd is green", status.stdout)
        self.assertIn("35 items = 35 done + 0 dead + 0 pending", status.stdout)
        feeds = self.newsmq("feeds")
        self.assertRegex(feeds.stdout, r"one +ok .* 30\n")
        pids = list(self.daemon.pids().values())
        self.assertEqual(self.daemon.stop(60), 0)
        self.assertFalse(any(is_alive(pid) for pid in pids))
        self.check_whole()
        self.assertNotIn("killing", self.daemon.said())
        self.daemon.start()
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()

    def test_sigterm_in_the_middle_leaves_no_record_unwritten(self):
        self.feeds = {"one": 3000}
        self.configure()
        self.daemon.start()
        self.wait_for_records(50)
        self.assertEqual(self.daemon.stop(60), 0)
        self.assertNotIn("attempt failed", self.daemon.said())  # what was in hand was finished
        self.daemon.start(wait=False)
        self.wait_for_records(3000)
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()

    def kill_program(self, name: str) -> int:
        """Kills it with SIGKILL, answers its pid. The status may still speak of one that has just ended: then the next
        is waited for."""
        killed = []

        def kill(_status) -> bool:
            pid = self.daemon.pids().get(name)
            try:
                if pid:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            except ProcessLookupError:
                pass
            return bool(killed)

        self.daemon.wait_for(kill)
        return killed[0]

    def test_each_program_is_killed_in_the_middle(self):
        self.feeds = {"one": 2000, "two": 2000}
        self.configure()
        self.daemon.start()
        for name in ("worker-1", "sink", "hub", "worker-2", "fetch", "hub", "sink"):
            killed = self.kill_program(name)
            self.daemon.wait_for(lambda s: s["state"] == "green" and self.daemon.pids().get(name) not in (None, killed))
        self.wait_for_records(4000)
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()

    def test_newsmqd_itself_is_killed_in_the_middle(self):
        self.feeds = {"one": 2000}
        self.configure()
        for _ in range(3):
            self.daemon.start()
            pids = list(self.daemon.pids().values())
            self.daemon.signal(signal.SIGKILL)
            self.daemon.process.wait(30)
        wait_until(lambda: not any(is_alive(pid) for pid in pids))
        self.daemon.start()
        self.wait_for_records(2000)
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()

    def test_a_reload_takes_new_feeds_workers_and_another_bus(self):
        self.feeds = {"one": 10}
        self.configure()
        self.daemon.start()
        self.wait_for_records(10)
        self.feeds["two"] = 20
        self.configure(workers=3)
        reload = self.newsmq("reload")
        self.assertEqual(reload.returncode, 0, reload.stderr)
        self.assertIn("+ feed two", reload.stdout)
        self.wait_for_records(30)
        self.daemon.wait_for(lambda s: s["state"] == "green" and len(s["programs"]) == 6)
        self.feeds["three"] = 40
        self.configure(workers=3, folder=self.top / "b")
        reload = self.newsmq("reload", "--dir", f"{self.top}/run")
        self.assertIn("! all programs are started again", reload.stdout)
        self.wait_for_records(70)
        self.daemon.folder = self.top / "b"
        self.daemon.wait_for(lambda s: s["state"] == "green")
        self.assertEqual(self.newsmq("status").returncode, 0)
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()


if __name__ == "__main__":
    unittest.main()
