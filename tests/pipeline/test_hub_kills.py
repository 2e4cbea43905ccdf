#!/usr/bin/python3
"""The hub is killed at random while items come in and records go out: every item ends as
one record, and no record that somebody was told of is ever another afterwards."""
import json
import os
import random
import threading
import time
import unittest

import zmq

from hubkit import NLP, HubTest, item_core

ITEMS, BATCH, KILLS = 3000, 30, 12
SEED = int(os.environ.get("NEWSMQ_SEED", "20261124"))


class Actor(threading.Thread):
    """A peer that goes on through restarts of the hub; over is set when all is done."""

    def __init__(self, hub, endpoint: str, over: threading.Event):
        super().__init__(daemon=True)
        self.over, self.fault = over, None
        self.socket = hub.connect(zmq.DEALER, endpoint)

    def say(self, *frames):
        self.socket.send_multipart([b"NMQ1"] + [f if isinstance(f, bytes) else str(f).encode() for f in frames])

    def hear(self, wait_ms: int):
        return self.socket.recv_multipart()[1:] if self.socket.poll(wait_ms) else None

    def run(self):
        try:
            self.act()
        except Exception as fault:  # seen by the test
            self.fault = fault
        finally:
            self.socket.close()


class Fetcher(Actor):
    def act(self):
        for batch in range(ITEMS // BATCH):
            frames = []
            for i in range(BATCH):
                core = item_core(f"{batch}-{i}")
                frames += [core["id"], json.dumps(core)]
            done = False
            while not done and not self.over.is_set():
                self.say("PUT", batch, '{"feed":"a","group":"g"}', *frames)
                until = time.monotonic() + 0.7
                while not done and time.monotonic() < until:
                    answer = self.hear(100)
                    done = answer is not None and answer[0] == b"OK" and int(answer[1]) == batch


class Worker(Actor):
    name_of = "w"

    def greet(self):
        self.say("HELLO", json.dumps({"name": self.name_of, "pid": 1}))
        self.say("READY", 16)

    def act(self):
        self.greet()
        while not self.over.is_set():
            answer = self.hear(100)
            if answer is None:
                self.say("PING")
            elif answer[0] == b"WHO":
                self.greet()
            elif answer[0] == b"JOB":
                self.say("RESULT", answer[1], answer[2], json.dumps(NLP))


class Sink(Actor):
    def act(self):
        self.records, last = {}, 0
        self.say("SUB", "record", 0, 200, "sink")
        while not self.over.is_set():
            answer = self.hear(100)
            if answer is None:
                self.say("PING")
                continue
            if answer[0] == b"WHO":
                self.say("SUB", "record", last + 1, 200, "sink")
            elif answer[0] == b"MSG":
                seq, identity = int(answer[2]), json.loads(answer[4])["id"]
                assert self.records.get(seq, identity) == identity, f"record {seq} changed"
                assert seq <= last + 1, f"record {seq} after {last}"
                self.records[seq] = identity
                last = max(last, seq)
                self.say("ACK", last, 1)
            elif answer[0] == b"ERR":
                raise AssertionError(answer)


class Kills(HubTest):
    def test_every_item_is_one_record_through_all_kills(self):
        rng = random.Random(SEED)
        over = threading.Event()
        actors = [Fetcher(self.hub, "ingest", over), Sink(self.hub, "tap", over)]
        for i in range(2):
            actors.append(Worker(self.hub, "work", over))
            actors[-1].name_of = f"w{i}"
        for actor in actors:
            actor.start()
        for _ in range(KILLS):
            time.sleep(rng.uniform(0.05, 0.4))
            self.hub.kill()
            self.hub.start()
        status = self.hub.wait_for(
            lambda s: s["records"] + s["dead"] >= ITEMS and s["consumers"] and s["consumers"][0]["lag"] == 0, 90)
        over.set()
        for actor in actors:
            actor.join(5)
            self.assertIsNone(actor.fault, SEED)
        records = actors[1].records
        self.assertEqual((status["items"], status["dead"], status["pending"], status["accounts_ok"]), (ITEMS, 0, 0, True),
                         SEED)
        self.assertEqual(sorted(records), list(range(1, ITEMS + 1)), SEED)
        self.assertEqual(len(set(records.values())), ITEMS, SEED)


class KillsOverCurve(Kills):
    """The same over tcp, all of it encrypted."""
    curve = True


if __name__ == "__main__":
    unittest.main()
