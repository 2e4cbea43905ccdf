#!/usr/bin/python3
"""The control call `metrics` of the real hub."""
import json
import time
import unittest

import zmq

from hubkit import NLP, WAIT_S, HubTest, Worker, item_core


class Metrics(HubTest):
    settings = {"max_attempts": 2}

    def metrics(self, condition=lambda m: True):
        end = time.monotonic() + WAIT_S
        while True:
            metrics = self.hub.call("metrics")
            if condition(metrics):
                return metrics
            self.assertLess(time.monotonic(), end, metrics)
            time.sleep(0.02)

    def test_items_and_their_way_through(self):
        self.assertIsNone(self.metrics()["oldest_pending_ms"])
        self.hub.put(["one", "two"])
        self.hub.put(["one"])
        metrics = self.metrics()
        self.assertEqual((metrics["items"], metrics["pending"], metrics["duplicates"]), (2, 2, 1))
        self.assertGreaterEqual(metrics["oldest_pending_ms"], 0)
        self.assertEqual(metrics["item_seconds"]["count"], 0)
        worker = Worker(self.hub, credit=2)
        self.assertEqual(self.metrics(lambda m: m["in_flight"] == 2)["workers"], 1)
        for _ in range(2):
            worker.result(worker.job()[0])
        metrics = self.metrics(lambda m: m["records"] == 2)
        self.assertEqual((metrics["pending"], metrics["in_flight"], metrics["oldest_pending_ms"]), (0, 0, None))
        self.assertEqual(metrics["item_seconds"]["count"], 2)
        self.assertGreaterEqual(metrics["commit_seconds"]["count"], 3)
        self.assertTrue(metrics["accounts_ok"])
        self.assertGreater(metrics["store"]["bytes"], 0)
        self.assertGreater(metrics["store"]["disk_free_bytes"], 0)
        for name in ("commit_seconds", "item_seconds", "fetch_seconds", "fetch_late_seconds"):
            histogram = metrics[name]
            self.assertEqual(sorted(histogram["le"]), histogram["le"])
            self.assertEqual(sorted(histogram["counts"]), histogram["counts"])
            self.assertLessEqual(histogram["counts"][-1], histogram["count"])

    def test_polls_are_counted_by_what_came_of_them(self):
        self.hub.put(["one"], state={"http_status": 200, "problem": None,
                                     "poll": {"bytes": 1000, "ms": 12.5, "late_ms": 700}})
        self.hub.put([], state={"http_status": 404, "problem": "not_found", "state": "failing",
                                "poll": {"bytes": 24, "ms": 3, "late_ms": 0}})
        self.hub.put([], state={"http_status": 404, "problem": "invented", "poll": {"ms": -1, "late_ms": "x", "bytes": None}})
        self.hub.put([], state={"http_status": 404, "problem": "not_found"})  # not the end of a poll
        metrics = self.metrics()
        self.assertEqual({(f["status"], f["cause"]): f["n"] for f in metrics["fetches"]},
                         {("200", "none"): 1, ("404", "not_found"): 1, ("404", "other"): 1})
        self.assertEqual(metrics["fetch_bytes"], 1024)
        self.assertEqual(metrics["fetch_seconds"]["count"], 3)
        self.assertAlmostEqual(metrics["fetch_seconds"]["sum"], 0.0155)
        self.assertAlmostEqual(metrics["fetch_late_seconds"]["sum"], 0.7)

    def test_reports_of_workers_and_sinks_are_added_up(self):
        worker = Worker(self.hub)
        for seconds in (0.25, 0.5):
            worker.say("PING", {"extractors": {"entities": {"seconds": seconds, "runs": 2, "errors": 1}}, "tokens": 40})
        worker.say("PING", "no JSON")
        worker.say("PING", {"extractors": [1], "tokens": -7})
        sink = self.hub.peer("tap")
        sink.say("SUB", "record", 0, 10, "jsonl")
        for free in (900, 800):
            sink.say("PING", {"writes": 1, "bytes": 50, "seconds": 0.125, "disk_free_bytes": free, "disk_size_bytes": 1000})
        metrics = self.metrics(lambda m: m["tokens"] == 80 and m["consumers"] and m["consumers"][0].get("writes") == 2)
        self.assertEqual(metrics["extractors"], [{"name": "entities", "seconds": 0.75, "runs": 4, "errors": 2}])
        consumer = metrics["consumers"][0]
        self.assertEqual((consumer["name"], consumer["bytes"], consumer["write_seconds"], consumer["disk_free_bytes"]),
                         ("jsonl", 100, 0.25, 800))

    def test_names_of_strangers_are_bounded(self):
        worker = Worker(self.hub)
        for i in range(100):
            worker.say("PING", {"extractors": {f"x{i}": {"seconds": 1, "runs": 1}}})
        metrics = self.metrics(lambda m: sum(x["runs"] for x in m["extractors"]) == 100)
        self.assertLess(len(metrics["extractors"]), 40)
        self.assertEqual(metrics["extractors"][-1]["name"], "other")

    def test_redelivered_and_dead(self):
        self.hub.put(["one"])
        worker = Worker(self.hub)
        worker.say("FAIL", worker.job()[0], 1, 500, "no")
        self.metrics(lambda m: m["redelivered"] == 1)
        worker.say("FAIL", worker.job()[0], 2, 500, "no")
        metrics = self.metrics(lambda m: m["dead"] == 1)
        self.assertEqual((metrics["pending"], metrics["accounts_ok"]), (0, True))

    def test_refused_messages_by_cause(self):
        for endpoint, frames in (("ingest", [b"NMQ1", "WHAT"]), ("work", [b"NMQ2", "HELLO", "{}"]), ("tap", [b"x"]),
                                 ("control", [b"NMQ1", "CALL", "nothing", "{}"])):
            peer = self.hub.peer(endpoint)
            peer.raw(*frames)
            self.assertEqual(peer.hear()[0], "ERR")
            peer.close()
        refused = self.metrics()["refused"]
        self.assertEqual({cause: n for cause, n in refused.items() if n},
                         {"unknown_verb": 1, "version": 1, "malformed": 1, "unknown_method": 1})
        self.assertLess({"conflict", "too_large", "not_now", "max_connections"}, set(refused))

    def subscriber(self, *prefixes):
        socket = self.hub.context.socket(zmq.SUB)
        socket.linger = 0
        socket.rcvhwm = 1
        socket.connect(f"ipc://{self.hub.folder}/pub.sock")
        for prefix in prefixes:
            socket.subscribe(prefix)
        return socket

    def test_each_subscriber_counts_until_it_leaves(self):
        first = self.subscriber("record/g/a/", "")
        second = self.subscriber("record/g/b/en/", "rec", "feed/")
        self.metrics(lambda m: m["subscribers"] == {"record/g/": 2, "all": 1, "other": 1, "feed/": 1})
        first.close()
        self.metrics(lambda m: m["subscribers"] == {"record/g/": 1, "other": 1, "feed/": 1})
        second.close()
        self.metrics(lambda m: m["subscribers"] == {})

    def test_what_a_stalled_subscriber_loses_is_seen(self):
        self.hub.kill()
        self.hub.start(high_water_mark=100)
        stalled = self.subscriber("item/")
        self.metrics(lambda m: m["subscribers"] == {"item/": 1})
        reader = self.subscriber("item/")
        reader.rcvhwm = 0
        self.metrics(lambda m: m["subscribers"] == {"item/": 2})
        n = 0
        while self.metrics()["publish_drops"]["item"] == 0:
            self.hub.put([item_core(f"{n}-{i}", text="long " * 2000) for i in range(50)])
            for _ in range(50):  # the other one hears all of it
                self.assertTrue(reader.poll(WAIT_S * 1000))
                header = json.loads(reader.recv_multipart()[1])
                n += 1
                self.assertEqual(header["seq"], n)
            self.assertLess(n, 20000)
        self.assertEqual(self.metrics()["published"]["item"], n)
        stalled.close()

    def test_consumers_and_their_lag(self):
        sink = self.hub.peer("tap")
        sink.say("SUB", "record", 0, 10, "jsonl")
        self.hub.put(["one", "two"])
        worker = Worker(self.hub, credit=2)
        for _ in range(2):
            worker.result(worker.job()[0], nlp=NLP)
        metrics = self.metrics(lambda m: m["records"] == 2)
        self.assertEqual((metrics["consumers"][0]["lag"], metrics["consumers"][0]["connected"]), (2, True))
        sink.expect("MSG"), sink.expect("MSG")
        sink.say("ACK", 2, 2)
        self.metrics(lambda m: m["consumers"][0]["lag"] == 0)


if __name__ == "__main__":
    unittest.main()
