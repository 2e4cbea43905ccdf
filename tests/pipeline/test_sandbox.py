#!/usr/bin/python3
"""The whole pipeline behind its walls: all of it works, the kernel says that they stand, and a
configuration that needs more is taken by beginning anew."""
import ctypes
import pathlib
import re
import unittest
import urllib.request

from newsmqdkit import RealTest, wait_until

LANDLOCK_CREATE_RULESET = 444


def has_landlock() -> bool:
    return ctypes.CDLL(None).syscall(LANDLOCK_CREATE_RULESET, None, 0, 1) > 0


def walls(pid: int) -> tuple:
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    said = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return said["NoNewPrivs"], said["Seccomp"]


@unittest.skipUnless(has_landlock(), "no Landlock in this kernel")
class Walls(RealTest):
    def test_the_pipeline_works_with_all_walls_required(self):
        self.feeds = {"a": 30, "b": 20}
        self.configure(more="sandbox: require")
        text = self.daemon.config.read_text().replace("listen: off", "listen: '127.0.0.1:0'")
        self.daemon.config.write_text(text)
        self.daemon.start()
        self.wait_for_records(50)
        self.check_whole()
        pids = self.daemon.pids()
        self.assertEqual(set(pids), {"hub", "sink", "worker-1", "worker-2", "fetch", "http"})
        port = re.search(r"newsmq-http\[[0-9]+\]: listening: at=\S+ port=([0-9]+)", self.daemon.said()).group(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            self.assertEqual(answer.status, 200)
        self.assertEqual(self.daemon.said().count("behind its walls: files=yes"), len(pids))
        for name, pid in [*pids.items(), ("newsmqd", self.daemon.process.pid)]:
            self.assertEqual(walls(pid), ("1", "2"), name)
        self.assertEqual(self.daemon.stop(), 0)
        self.assertNotIn("killed by", self.daemon.said())
        self.assertNotIn("not permitted", self.daemon.said().lower())

    def test_off_means_no_walls(self):
        self.feeds = {"a": 1}
        self.configure(more="sandbox: off")
        self.daemon.start()
        self.wait_for_records(1)
        for name, pid in self.daemon.pids().items():
            self.assertEqual(walls(pid), ("0", "0"), name)

    def test_a_reload_may_name_folders_beyond_the_walls(self):
        self.feeds = {"a": 3}
        self.configure()
        self.daemon.start()
        self.wait_for_records(3)
        before = self.daemon.pids()
        elsewhere = self.top / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "b.xml").write_text((self.top / "a.xml").read_text().replace("a-", "b-").replace("/a/", "/b/"))
        text = self.daemon.config.read_text()
        text = text.replace(f"{self.top}/out/records.jsonl", f"{self.top}/new/records.jsonl")
        self.daemon.config.write_text(text.replace("bus:", f"  - b: file://{elsewhere}/b.xml\nbus:", 1))
        run = self.newsmq("reload")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        new = self.top / "new" / "records.jsonl"
        wait_until(lambda: new.exists() and new.read_bytes().count(b"\n") >= 3, 60, "records in the new folder")
        after = self.daemon.pids()
        self.assertEqual({name for name in before if before[name] != after[name]}, {"sink"})
        self.assertIn("program begins anew with the new configuration: program=sink", self.daemon.said())
        self.assertIn(f"beyond='{self.top}/new'", self.daemon.said())
        self.assertNotIn("program ended, starting it again", self.daemon.said())


if __name__ == "__main__":
    unittest.main()
