"""What the hub publishes of feeds: each change once, and the topic of the last event is the state."""
import json
import time
import unittest

import zmq

from hubkit import HubTest

HOUR_MS = 3600000


class Events(HubTest):
    def subscribe(self):
        """A subscriber of feed/ that is certainly known to the hub."""
        socket = self.hub.context.socket(zmq.SUB)
        socket.linger = 0
        self.addCleanup(socket.close)
        socket.connect(f"ipc://{self.hub.folder}/pub.sock")
        socket.subscribe(b"sys/")
        socket.subscribe(b"feed/")
        while self.next(socket)[0] != "sys/heartbeat/":  # both subscriptions came on one connection, in order
            pass
        return socket

    def next(self, socket):
        assert socket.poll(30000), "nothing was published"
        topic, header, body = socket.recv_multipart()
        return topic.decode(), json.loads(header), json.loads(body)

    def hear(self, socket, topic: str) -> dict:
        end = time.monotonic() + 30
        while True:
            self.assertLess(time.monotonic(), end, f"waited in vain for {topic}")
            heard, header, body = self.next(socket)
            if heard.startswith("sys/"):
                continue
            self.assertEqual(heard, topic)
            self.assertEqual((header["schema"], header["stream"]), ("feed/1", "event"))
            self.assertEqual((body["schema"], body["feed"]), ("feed/1", "a"))
            return body

    def poll(self, state: str, *values, hours: float = 0, **more):
        """One poll so many hours from now: the hub takes the time from the fetcher."""
        now_ms = int(time.time() * 1000 + hours * HOUR_MS)
        answer = self.hub.put(list(values), state={"state": state, "last_fetch_ms": now_ms,
                                                   "stale_after_ms": 2 * HOUR_MS, **more})
        self.assertEqual(len(answer), 2, answer)

    def test_each_change_of_state_is_told_once(self):
        socket = self.subscribe()
        self.poll("ok", "1", url="https://x.example.org/")
        body = self.hear(socket, "feed/a/up/")
        self.assertEqual((body["state"], body["was"], body["url"]), ("ok", None, "https://x.example.org/"))
        self.assertNotIn("moved_to", body)
        self.poll("ok")
        for failures in (1, 2):
            self.poll("failing", reason="HTTP 503: it rests", problem="unavailable", http_status=503, failures=failures)
        body = self.hear(socket, "feed/a/down/")
        self.assertEqual([body[key] for key in ("state", "was", "reason", "problem", "http_status")],
                         ["failing", "ok", "HTTP 503: it rests", "unavailable", 503])
        for _ in range(2):
            self.poll("gone", reason="HTTP 410", problem="gone", http_status=410)
        body = self.hear(socket, "feed/a/down/")
        self.assertEqual((body["state"], body["was"], body["problem"]), ("gone", "failing", "gone"))
        self.poll("failing")  # somebody wants it again: it is down as it was
        self.poll("ok")
        self.assertEqual(self.hear(socket, "feed/a/up/")["was"], "failing")

    def test_a_feed_is_stale_until_it_brings_something(self):
        socket = self.subscribe()
        self.poll("ok", "1")
        self.hear(socket, "feed/a/up/")
        self.poll("ok", "1", hours=1.9)
        for hours in (2.1, 2.2):
            self.poll("ok", "1", hours=hours)
        body = self.hear(socket, "feed/a/stale/")
        self.assertEqual((body["state"], body["was"]), ("stale", "ok"))
        self.assertRegex(body["last_new"], r"^20\d\d-.*Z$")
        self.poll("ok", "1", "2", hours=2.3)
        self.assertEqual(self.hear(socket, "feed/a/up/")["was"], "stale")

    def test_a_move_is_told_once_and_so_is_its_end(self):
        socket = self.subscribe()
        self.poll("ok", moved_to="https://new.example.org/feed")
        self.assertEqual(self.hear(socket, "feed/a/moved/")["moved_to"], "https://new.example.org/feed")
        self.hear(socket, "feed/a/up/")
        self.poll("ok", moved_to="https://new.example.org/feed")
        self.poll("ok")
        self.assertNotIn("moved_to", self.hear(socket, "feed/a/moved/"))

    def test_events_are_kept_for_those_who_come_later(self):
        self.poll("ok")
        self.poll("failing")
        self.hub.kill()
        self.hub.start()
        self.poll("failing")
        peer = self.hub.peer("replay")
        peer.say("GET", "event", 1, 0)
        topics = []
        while (answer := peer.hear())[0] == "MSG":
            topics.append(answer[3])
        peer.close()
        self.assertEqual(topics, ["feed/a/up/", "feed/a/down/"])

    def test_what_is_asked_of_a_feed_waits_for_the_fetcher(self):
        self.assertEqual(self.hub.call("feed_ask", {"feed": "a", "ask": "enable"})[:2], ["ERR", "422"])
        self.assertEqual(self.hub.call("feed_ask", {"feed": "a", "ask": "dance"})[:2], ["ERR", "422"])
        self.assertEqual(self.hub.call("feed_ask", {})[:2], ["ERR", "422"])
        self.poll("gone")
        self.assertEqual(self.hub.call("feed_ask", {"feed": "a", "ask": "enable"}), {})
        self.hub.kill()
        self.hub.start()
        self.poll("gone", ask="unmove")  # a fetcher that has not heard of it; what it says of `ask` is nothing
        self.assertEqual(self.hub.call("feed_states")["feeds"]["a"]["ask"], "enable")
        self.poll("ok", asked="enable")
        state = self.hub.call("feed_states")["feeds"]["a"]
        self.assertNotIn("ask", state)
        self.assertNotIn("asked", state)


if __name__ == "__main__":
    unittest.main()
