#!/usr/bin/python3
"""Garbage on every socket: ERR, no crash, no change of state; and a state folder that
cannot be used is refused with a sentence."""
import os
import pathlib
import random
import sqlite3
import subprocess
import unittest

from hubkit import BIN, HubTest, Worker, item_core, item_id

FEED = '{"feed":"a"}'
GOOD = item_core("one")
CASES = [  # socket, frames behind nothing, expected code
    ("ingest", [b"NMQ2", b"PUT", b"1", FEED], "505"),
    ("ingest", [b"hello"], "422"),
    ("ingest", [b""], "422"),
    ("ingest", [b"NMQ1"], "422"),
    ("ingest", [b"NMQ1", b"GET"], "400"),
    ("ingest", [b"NMQ1", b"PUT"], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"x", FEED], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"-1", FEED], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"99999999999999999999999", FEED], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1"], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", b"{"], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", b"[]"], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", b"{}"], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", b'{"feed":1}'], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", b'{"feed":"../etc"}'], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", b'{"feed":"a","feed":"b"}'], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", b'{"feed":"a","state":"a/b"}'], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one")], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, b"short", GOOD], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, b"A" * 26, GOOD], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, b"7" * 26, GOOD], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("two"), GOOD], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one"), b"{"], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one"), b'{"content_hash":"x"} x'], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one"), b"\xff\xfe"], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one"), b'{"title":"no hash"}'], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one"), {**GOOD, "schema": "record/1"}], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one"), {**GOOD, "nlp": {}}], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one"), b"[" * 5000], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED, item_id("one"), GOOD, item_id("two"), b'{"a":'], "422"),
    ("ingest", [b"NMQ1", b"PUT", b"1", FEED] + [b"x"] * 5000, "413"),
    ("work", [b"NMQ1", b"PUT", b"1", FEED], "400"),
    ("work", [b"NMQ1", b"HELLO"], "422"),
    ("work", [b"NMQ1", b"HELLO", b"{"], "422"),
    ("work", [b"NMQ1", b"HELLO", b'{"name":"a b"}'], "422"),
    ("work", [b"NMQ1", b"HELLO", b'{"name":""}'], "422"),
    ("work", [b"NMQ1", b"READY", b"many"], "422"),
    ("work", [b"NMQ1", b"RESULT", b"1"], "422"),
    ("work", [b"NMQ1", b"RESULT", b"77", b"1", b'{"status":"ok"}'], "422"),
    ("work", [b"NMQ1", b"FAIL", b"0", b"1", b"x", b"y"], "422"),
    ("work", [b"NMQ9", b"PING"], "505"),
    ("tap", [b"NMQ1", b"SUB"], "422"),
    ("tap", [b"NMQ1", b"SUB", b"nothing", b"0", b"1", b"x"], "422"),
    ("tap", [b"NMQ1", b"SUB", b"record", b"zero", b"1", b"x"], "422"),
    ("tap", [b"NMQ1", b"SUB", b"record", b"0", b"1", b"a/b"], "422"),
    ("tap", [b"NMQ1", b"SUB", b"record", b"0", b"1", b"n" * 64], "422"),
    ("tap", [b"NMQ1", b"SUB", b"record", b"0", b"1", b"", b"p" * 300], "422"),
    ("tap", [b"NMQ1", b"ACK", b"1"], "422"),
    ("tap", [b"NMQ1", b"JOB"], "400"),
    ("replay", [b"NMQ1", b"SUB"], "400"),
    ("replay", [b"NMQ1", b"GET", b"record"], "422"),
    ("replay", [b"NMQ1", b"GET", b"x", b"1", b"2"], "422"),
    ("replay", [b"", b"NMQ1", b"GET"], "422"),
    ("control", [b"NMQ1", b"SAY"], "400"),
    ("control", [b"NMQ1", b"CALL"], "404"),
    ("control", [b"NMQ1", b"CALL", b"reboot", b"{}"], "404"),
    ("control", [b"NMQ1", b"CALL", b"status", b"["], "422"),
    ("control", [b"NMQ1", b"CALL", b"why", b"{}"], "422"),
    ("control", [b"NMQ1", b"CALL", b"forget", b'{"consumer":7}'], "422"),
]


class Garbage(HubTest):
    settings = {"max_frame": "1MB"}

    def check_untouched(self, before):
        after = self.hub.status()
        for key in ("items", "records", "dead", "pending", "consumers", "duplicates", "accounts_ok"):
            self.assertEqual(after[key], before[key], key)
        self.assertEqual(self.hub.call("feeds")["feeds"], [])

    def test_each_is_answered_with_its_code(self):
        before = self.hub.status()
        for socket, frames, code in CASES:
            with self.subTest(socket=socket, frames=str(frames)[:120]):
                peer = self.hub.peer(socket)
                peer.raw(*frames)
                answer = peer.hear(5)
                self.assertIsNotNone(answer)
                self.assertEqual(answer[:2], ["ERR", code], answer)
                self.assertTrue(answer[2])
                peer.close()
        self.check_untouched(before)

    def test_a_refused_batch_is_named(self):
        ingest = self.hub.peer("ingest")
        ingest.say("PUT", 42, "{}")
        self.assertEqual(ingest.expect("ERR")[2], "42")

    def test_those_who_were_not_introduced_are_asked_who_they_are(self):
        for socket, frames in (("work", ["READY", 5]), ("work", ["PING"]), ("tap", ["ACK", 0, 1]), ("tap", ["PING"])):
            peer = self.hub.peer(socket)
            peer.say(*frames)
            self.assertEqual(peer.hear(5), ["WHO"])

    def test_an_oversized_frame_does_no_harm(self):
        before = self.hub.status()
        peer = self.hub.peer("ingest")
        peer.say("PUT", 1, FEED, item_id("one"), b"x" * (2 << 20))
        self.assertIsNone(peer.hear(0.5))
        self.check_untouched(before)
        self.assertEqual(self.hub.put(["fine"]), (1, 0))

    def test_random_bytes_do_no_harm(self):
        seed = 20261124
        rng = random.Random(seed)
        words = [b"NMQ1", b"PUT", b"RESULT", b"SUB", b"ACK", b"HELLO", b"GET", b"CALL", b"1", b"0", b"{}", b"record", b"",
                 b'{"feed":"a"}', b'{"name":"w"}', b"18446744073709551615", b"18446744073709551616"]
        before = self.hub.status()
        peers = [self.hub.peer(name) for name in ("ingest", "work", "tap", "replay", "control")]
        for _ in range(3000):
            frames = [rng.choice(words) if rng.random() < 0.8 else rng.randbytes(rng.randrange(40))
                      for _ in range(rng.randrange(1, 8))]
            if frames[:3] != [b"NMQ1", b"PUT", b"1"]:
                rng.choice(peers).raw(*frames)
        status = self.hub.status()
        self.assertEqual((status["items"], status["records"], status["dead"]), (0, 0, 0), seed)
        self.assertEqual(before["epoch"], status["epoch"])
        self.assertIsNone(self.hub.process.poll())


class BadState(HubTest):
    def start_again(self) -> str:
        run = subprocess.run([str(BIN / "newsmq-hub"), "-c", f"{self.hub.folder}/newsmq.yaml"], capture_output=True,
                             text=True, timeout=20, check=False)
        self.assertNotEqual(run.returncode, 0)
        return run.stderr

    def test_a_second_hub_is_refused(self):
        self.assertIn("another newsmq-hub works on this state", self.start_again())
        self.assertEqual(self.hub.put(["one"]), (1, 0))

    def test_a_newer_state_is_refused(self):
        self.hub.stop()
        with sqlite3.connect(f"{self.hub.folder}/state/state.db") as db:
            db.execute("PRAGMA user_version=99")
        db.close()
        self.assertIn("written by a newer newsmq", self.start_again())

    def test_a_damaged_state_is_refused(self):
        self.hub.put(["one"])
        self.hub.stop()
        path = pathlib.Path(self.hub.folder) / "state/state.db"
        data = bytearray(path.read_bytes())
        data[0:4096] = os.urandom(4096)
        path.write_bytes(data)
        self.assertIn("damaged", self.start_again())

    def test_a_configuration_with_faults_is_exit_78(self):
        bad = pathlib.Path(self.hub.folder) / "bad.yaml"
        bad.write_text("version: 1\nfeeds: []\nbuss: {}\n")
        run = subprocess.run([str(BIN / "newsmq-hub"), "-c", str(bad)], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 78)
        self.assertIn("bad.yaml:3:1", run.stderr)

    def test_a_broken_reload_changes_nothing(self):
        config = pathlib.Path(self.hub.folder) / "newsmq.yaml"
        good = config.read_text()
        config.write_text("nonsense: [")
        self.hub.process.send_signal(1)
        self.hub.wait_for(lambda s: "going on as before" in self.hub.log.read_text())
        config.write_text(good.replace("bus:", "bus:\n  max_pending: 7"))
        self.hub.process.send_signal(1)
        self.hub.wait_for(lambda s: "limits read again: max_pending=7" in self.hub.log.read_text())

    def test_no_worker_is_left_waiting_by_the_tests(self):
        Worker(self.hub).say("BYE")
        self.hub.wait_for(lambda s: s["workers"] == [])


if __name__ == "__main__":
    unittest.main()
