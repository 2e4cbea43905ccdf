#!/usr/bin/python3
"""PUB, heartbeats, replay, and what the control socket tells."""
import json
import socket as socketlib
import time
import unittest

import zmq

from hubkit import NLP, HubTest, Worker, item_core, item_id
from schema import check_item, check_published


def frame(body: bytes, flags: int = 0) -> bytes:
    return bytes([flags, len(body)]) + body


def read_until(peer: socketlib.socket, end: bytes) -> bytes:
    got = b""
    while end not in got:
        part = peer.recv(4096)
        if not part:
            break
        got += part
    return got


def bare_subscriber(path: str) -> socketlib.socket:
    """ZMTP 3.0 (ZeroMQ RFC 23) by hand, for what no library would send."""
    peer = socketlib.socket(socketlib.AF_UNIX)
    peer.settimeout(10)
    peer.connect(path)
    peer.sendall(b"\xff" + bytes(7) + b"\x01\x7f\x03\0")
    read_until(peer, b"NULL")
    peer.sendall(b"NULL".ljust(20, b"\0") + bytes(32))
    peer.sendall(frame(b"\x05READY\x0bSocket-Type\0\0\0\x03SUB", flags=4))
    read_until(peer, b"XPUB")
    return peer


class Publish(HubTest):
    def subscriber(self, prefix: str):
        socket = self.hub.context.socket(zmq.SUB)
        socket.connect(f"ipc://{self.hub.folder}/pub.sock")
        socket.subscribe(prefix)
        time.sleep(0.2)
        return socket

    def hear(self, socket):
        self.assertTrue(socket.poll(10000), "nothing published")
        topic, header, body = socket.recv_multipart()
        header, body = json.loads(header), json.loads(body)
        if header["schema"] == "record/1":
            check_published(body)
        elif header["schema"] == "item/1":
            check_item(body)
        return topic.decode(), header, body

    def work(self, n: int):
        worker = Worker(self.hub, credit=100)
        for _ in range(n):
            worker.result(worker.job()[0])
        worker.close()

    def test_prev_counts_by_topic(self):
        socket = self.subscriber("record/g/a/")
        self.hub.put(["one"])
        self.hub.put(["other"], feed="b")
        self.hub.put(["two"])
        self.work(3)
        topic, header, body = self.hear(socket)
        self.assertEqual((topic, header["schema"], header["stream"]), ("record/g/a/en/", "record/1", "record"))
        self.assertEqual((header["seq"], header["prev"], header["id"]), (1, 0, item_id("one")))
        self.assertEqual(body["schema"], "record/1")
        self.assertEqual(header["epoch"], self.hub.status()["epoch"])
        _, header, _ = self.hear(socket)
        self.assertEqual((header["seq"], header["prev"]), (3, 1))

    def test_who_ends_what_he_never_had_silences_nobody(self):
        socket = self.subscriber("record/")
        peer = bare_subscriber(f"{self.hub.folder}/pub.sock")
        for _ in range(3):
            peer.sendall(frame(b"\0record/"))
        peer.sendall(frame(b"\1sys/"))
        self.assertIn(b"sys/heartbeat/", read_until(peer, b"sys/heartbeat/"))  # all before it has been read
        self.hub.put(["one"])
        self.work(1)
        topic, _header, _body = self.hear(socket)
        self.assertEqual(topic, "record/g/a/en/")
        peer.close()

    def test_prev_goes_on_after_a_restart(self):
        self.hub.put(["one"])
        self.hub.kill()
        self.hub.start()
        socket = self.subscriber("item/")
        self.hub.put(["two"])
        _, header, _ = self.hear(socket)
        self.assertEqual((header["seq"], header["prev"]), (2, 1))

    def test_the_heartbeat_has_the_heads(self):
        socket = self.subscriber("sys/")
        self.hub.put(["one", "two"])
        end = time.monotonic() + 5
        while time.monotonic() < end:
            topic, _, body = self.hear(socket)
            self.assertEqual(topic, "sys/heartbeat/")
            if body["heads"]["item"] == 2:
                break
        self.assertEqual(body["topics"]["item/g/a/en/"], 2)
        for _ in range(4):
            _, _, body = self.hear(socket)
        self.assertEqual(body["topics"], {})
        self.assertEqual(self.hub.call("heads")["topics"]["item/g/a/en/"], 2)

    def test_the_language_of_a_record_is_the_detected_one(self):
        socket = self.subscriber("record/")
        self.hub.put(["one"])
        worker = Worker(self.hub)
        worker.result(worker.job()[0], nlp={**NLP, "language": {"code": "de", "score": 1}})
        self.assertEqual(self.hear(socket)[0], "record/g/a/de/")

    def test_a_stalled_subscriber_holds_nobody_back(self):
        self.hub.kill()
        self.hub.start(high_water_mark=100)
        stalled = self.hub.context.socket(zmq.SUB)
        stalled.rcvhwm = 1
        stalled.connect(f"ipc://{self.hub.folder}/pub.sock")
        stalled.subscribe("item/")
        time.sleep(0.2)
        began = time.monotonic()
        for batch in range(40):
            self.assertEqual(self.hub.put([item_core(f"{batch}-{i}", text="long " * 2000) for i in range(50)]), (50, 0))
        self.assertLess(time.monotonic() - began, 30)
        seen, last, gaps = 0, 0, 0
        while stalled.poll(500):
            header = json.loads(stalled.recv_multipart()[1])
            gaps += header["prev"] != last
            last, seen = header["seq"], seen + 1
        self.assertTrue(seen < 2000 and (gaps > 0 or last < 2000), (seen, gaps, last))
        self.assertEqual(self.hub.call("heads")["heads"]["item"], 2000)

    def test_replay_pages_through_everything(self):
        for batch in range(25):
            self.hub.put([f"{batch}-{i}" for i in range(100)])
        replay, start, seqs = self.hub.peer("replay"), 1, []
        while True:
            replay.say("GET", "item", start, 0)
            while (answer := replay.hear())[0] == "MSG":
                seqs.append(int(answer[2]))
            self.assertEqual(answer[0], "END")
            start = int(answer[1])
            if start > int(answer[2]):
                break
        self.assertEqual(seqs, list(range(1, 2501)))

    def test_replay_takes_a_prefix_and_a_range(self):
        for i in range(10):
            self.hub.put([f"n{i}"], feed="a" if i % 2 else "b")
        replay = self.hub.peer("replay")
        replay.say("GET", "item", 3, 8, "item/g/a/")
        self.assertEqual([int(replay.expect("MSG")[1]) for _ in range(3)], [4, 6, 8])
        self.assertEqual(replay.expect("END"), ["9", "10"])

    def test_why_tells_basis_feed_and_copies(self):
        text = "The same long text in two papers, word for word, as agencies have it. " * 3
        self.hub.put([item_core("one", text=text)])
        self.hub.put([item_core("copy", text=text, feed="b")], feed="b")
        worker = Worker(self.hub)
        worker.result(worker.job()[0])
        self.hub.wait_for(lambda s: s["records"] == 1)
        found = self.hub.call("why", {"id": item_id("one")})["found"]
        self.assertEqual(len(found), 1)
        self.assertEqual((found[0]["id_basis"], found[0]["feed"], found[0]["state"], found[0]["record_seq"]),
                         ("guid", "a", "done", 1))
        self.assertEqual(found[0]["also_in"], [item_id("copy", "b")])
        found = self.hub.call("why", {"url": "https://news.example.org/copy"})["found"]
        self.assertEqual((found[0]["state"], found[0]["duplicate_of"]), ("pending", item_id("one")))
        self.assertEqual(self.hub.call("why", {"id": item_id("nobody")}), {"found": []})
        self.assertEqual(self.hub.call("why", {"id": "x"})[0], "ERR")
        worker.result(worker.job()[0])
        self.hub.wait_for(lambda s: s["records"] == 2)
        replay = self.hub.peer("replay")
        replay.say("GET", "record", 2, 2)
        record = check_published(json.loads(replay.expect("MSG")[3]))
        self.assertEqual(record["dedup"], {"status": "exact_duplicate", "of": item_id("one")})

    def test_feed_states_come_back_as_they_went_in(self):
        state = {"etag": '"x\\"y"', "last_modified": "Mon, 1 Jan 2026", "next_due_ms": 123, "own": {"deep": [1, None]},
                 "on_update": "emit", "partial": False}
        self.hub.put(["one"], state=state)
        self.hub.put(["two"], state={"partial": True, "etag": "not yet"})
        self.hub.kill()
        self.hub.start()
        kept = self.hub.call("feed_states")["feeds"]["a"]
        self.assertEqual((kept["etag"], kept["next_due_ms"], kept["own"]), ('"x\\"y"', 123, {"deep": [1, None]}))
        self.assertNotIn("on_update", kept)
        self.assertNotIn("partial", kept)
        feed = self.hub.call("feeds")["feeds"][0]
        self.assertEqual((feed["feed"], feed["items"], feed["duplicates"]), ("a", 2, 0))
        self.assertGreater(feed["last_new_ms"], 0)

    def test_a_key_alone_is_remembered_and_makes_no_item(self):
        ingest = self.hub.peer("ingest")
        ingest.say("PUT", 1, {"feed": "a"}, item_id("old"), b"")
        self.assertEqual(ingest.expect("OK")[1:3], ["0", "0"])
        self.assertEqual(self.hub.put(["old"]), (0, 1))
        self.assertEqual(self.hub.put([item_core("old", text="changed")]), (1, 0))
        self.accounts(items=1)

    def test_drain_stops_the_flow(self):
        worker = Worker(self.hub)
        self.assertEqual(self.hub.call("drain"), {})
        self.assertEqual(worker.hear(), ["DRAIN"])
        self.assertEqual(self.hub.put(["one"])[0], "FULL")


if __name__ == "__main__":
    unittest.main()
