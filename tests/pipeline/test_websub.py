"""newsmq-fetch between a feed, a WebSub hub that is a real one, and the real newsmq-hub."""
import http.client
import json
import re
import signal
import socket
import subprocess
import threading
import time
import unittest
import urllib.parse

from hubkit import BIN
from test_fetch import LONG_S, FetchTest

from newsserver import Page, feed  # noqa: E402
from websubhub import WebSubHub  # noqa: E402

CALLBACK = "https://news.example.org/websub"
METHODS = ("sha1", "sha256", "sha384", "sha512")


class WebSubTest(FetchTest):
    def setUp(self):
        super().setUp()
        self.pusher = WebSubHub()
        self.pusher.reach = self.reach
        self.addCleanup(self.pusher.close)
        self.topic = self.server.url("/a.xml")
        self.n_listening = 0

    def tearDown(self):
        if self.fetch.process is not None and self.fetch.process.poll() is None:
            self.assertEqual(self.fetch.stop(), 0, self.fetch.said())
        super().tearDown()

    def port(self) -> int:
        """Of the newest listener."""
        return int(re.findall(r"listening for WebSub hubs: at=\S+ port=(\d+)", self.fetch.said())[-1])

    def reach(self, callback: str) -> str:
        """What a web server in front of the listener does."""
        self.assertTrue(callback.startswith(CALLBACK + "/"), callback)
        return f"http://127.0.0.1:{self.port()}{urllib.parse.urlsplit(callback).path}"

    def configure(self, *feeds, **settings):
        self.fetch.write(*(feeds or ("a",)), more="\n".join([
            "websub:", "  listen: 127.0.0.1:0", f"  callback: {CALLBACK}/", f"  lease: {settings.pop('lease', '10d')}",
            "log:", "  level: debug"]), **{"every": "1h", **settings})

    def begin(self, *feeds, **settings):
        self.configure(*feeds, **settings)
        self.start()

    def start(self):
        self.fetch.start()
        self.n_listening += 1
        self.fetch.wait_said("listening for WebSub hubs", self.n_listening)

    def page(self, numbers, name: str = "a", **more) -> Page:
        links = (f'<{self.pusher.url}>; rel="hub"', f'<{self.server.url(f"/{name}.xml")}>; rel="self"')
        return Page(feed(name, numbers), headers=tuple(("Link", link) for link in links), **more)

    def subscribe(self, *feeds, **settings):
        """A feed of two items, that the hub pushes from now on."""
        self.server.set("/a.xml", self.page(range(2)))
        self.begin(*feeds, **settings)
        self.wait_items(2)
        self.pusher.wait_confirmed(1)
        self.wait_push(lambda push: push.get("state") == "active")

    def wait_push(self, condition, name: str = "a") -> dict:
        return self.wait_state(lambda state: condition(state.get("websub", {})), name)["websub"]

    def publish(self, numbers, **more) -> list:
        return self.pusher.publish(self.topic, feed("a", numbers), **more)


class Pushing(WebSubTest):
    def test_a_push_becomes_an_item_without_a_poll(self):
        self.subscribe()
        form = self.pusher.asked[0]
        self.assertEqual((form["mode"], form["topic"], form["lease_seconds"]), ("subscribe", self.topic, "864000"))
        self.assertEqual(form["content_type"], "application/x-www-form-urlencoded")
        self.assertLess(len(form["secret"]), 200)
        self.assertEqual(self.publish(range(3)), [200])
        self.accounts(items=3)  # committed before it was answered
        self.assertEqual(self.titles(), ["a 0", "a 1", "a 2"])
        self.assertEqual(self.server.count("/a.xml"), 1)

    def test_the_document_names_its_hub_too(self):
        body = feed("a", range(2)).replace(b"<channel>", b'<channel xmlns:atom="http://www.w3.org/2005/Atom">'
                                           b'<atom:link rel="hub" href="%s"/><atom:link rel="self" href="https://a.example.org/own"/>'
                                           % self.pusher.url.encode())
        self.server.set("/a.xml", Page(body))
        self.begin()
        self.pusher.wait_confirmed(1)
        self.assertEqual(self.pusher.asked[0]["topic"], "https://a.example.org/own")
        self.assertEqual(self.pusher.publish("https://a.example.org/own", feed("a", range(3))), [200])
        self.accounts(items=3)

    def test_all_methods_of_signing_are_known(self):
        self.subscribe()
        for number, method in enumerate(METHODS, 3):
            self.assertEqual(self.publish(range(number), method=method), [200])
            self.accounts(items=number)

    def test_what_is_not_signed_by_the_hub_is_ignored(self):
        self.subscribe()
        for forged in ({"secret": "guess"}, {"signature": ""}, {"signature": "sha256=00"}, {"signature": "md5=00"},
                       {"self_link": "https://other.example.org/"}):
            self.assertEqual(self.publish(range(9), **forged), [202], forged)
        self.fetch.wait_said("a push is ignored")
        self.assertEqual(self.publish(range(3)), [200])
        self.accounts(items=3)

    def test_a_push_again_and_a_poll_after_it_make_nothing_new(self):
        self.subscribe()
        for _ in range(3):
            self.assertEqual(self.publish(range(4)), [200])
        self.server.set("/a.xml", self.page(range(4)))
        self.configure(every="100ms")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.server.wait_for("/a.xml", 2)
        self.wait_state(lambda state: state["polls"] >= 2)
        self.accounts(items=4)

    def test_what_is_no_feed_is_a_hint_to_poll(self):
        self.subscribe(min_every="100ms")
        self.server.set("/a.xml", self.page(range(5)))
        self.assertEqual(self.pusher.publish(self.topic, b""), [202])
        self.wait_items(5)
        self.assertEqual(self.pusher.publish(self.topic, b"<html><title>Oops</title></html>"), [202])
        self.accounts(items=5)

    def test_a_feed_that_is_pushed_is_polled_seldom(self):
        self.subscribe(every="1h")
        self.configure(every="200ms", max_every="2h")
        self.fetch.process.send_signal(signal.SIGHUP)
        state = self.wait_state(lambda state: state.get("next", {}).get("by") == "pushed")
        self.assertGreaterEqual(state["next_due_ms"] - state["last_fetch_ms"], 7200_000)

    def test_people_are_told(self):
        self.subscribe()

        def run(*arguments):
            return subprocess.run([str(BIN / "newsmq"), "-c", str(self.fetch.config), "feeds", *arguments], capture_output=True,
                                  text=True, timeout=LONG_S).stdout
        self.assertIn("pushed by 127.0.0.1", run())
        push = json.loads(run("--json"))["feeds"][0]["push"]
        self.assertEqual((push["state"], push["hub"], push["topic"]), ("active", self.pusher.url, self.topic))
        self.assertRegex(push["lease_until"], r"^20\d\d-")
        self.assertNotIn(self.pusher.asked[0]["secret"], run("--json"))


class Lasting(WebSubTest):
    def test_a_restart_keeps_the_subscription(self):
        self.subscribe()
        for number, end in enumerate((self.fetch.stop, self.fetch.kill), 3):
            end()
            self.start()
            self.fetch.wait_said("ready", number - 1)
            self.assertEqual(self.publish(range(number)), [200])
            self.accounts(items=number)
        self.assertEqual(len(self.pusher.asked), 1)

    def test_what_was_not_committed_was_not_answered(self):
        self.subscribe()
        self.hub.process.send_signal(signal.SIGSTOP)
        statuses = []

        def push():
            try:
                statuses.extend(self.publish(range(5)))
            except (OSError, http.client.HTTPException) as lost:
                statuses.append(str(lost))
        pushing = threading.Thread(target=push)
        pushing.start()
        self.fetch.wait_said(": pushed: feed=a")
        self.assertEqual(statuses, [])
        self.fetch.kill()
        pushing.join()
        self.assertNotIn(200, statuses)
        self.hub.process.send_signal(signal.SIGCONT)
        self.start()
        self.fetch.wait_said("ready", 2)
        self.assertEqual(self.publish(range(5)), [200])  # as a hub does that had no 2xx
        self.accounts(items=5)

    def test_a_lease_is_renewed_by_the_same_callback(self):
        self.pusher.lease_s = 3
        self.subscribe()
        forms = self.pusher.wait_asked(3)
        self.pusher.wait_confirmed(3)
        self.assertEqual(len({(form["callback"], form["secret"]) for form in forms}), 1)

    def test_without_its_hub_a_feed_is_polled_again(self):
        self.pusher.lease_s = 2
        self.subscribe()
        self.pusher.answer = (500, b"broken")
        self.configure(every="100ms")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.fetch.wait_said("feed is no longer pushed, it is polled")
        self.server.wait_for("/a.xml", self.server.count("/a.xml") + 3)
        push = self.wait_push(lambda push: push.get("failures", 0) > 0 and push["state"] == "wanted")
        self.assertNotEqual(push["reason"], "")

    def test_a_hub_may_refuse_and_deny(self):
        self.server.set("/a.xml", self.page(range(2)))
        self.server.set("/b.xml", self.page(range(2), "b"))
        self.pusher.denies = "nobody reads that"
        self.begin("a", "b")
        push = self.wait_push(lambda push: push.get("state") == "denied")
        self.assertEqual(push["reason"], "nobody reads that")
        self.assertGreater(push["next_ms"], time.time() * 1000 + 3600_000)
        self.wait_push(lambda push: push.get("state") == "denied", "b")
        self.pusher.answer = (403, b"no such topic")
        self.server.set("/c.xml", self.page(range(2), "c"))
        self.configure("a", "b", "c")
        self.fetch.process.send_signal(signal.SIGHUP)
        push = self.wait_push(lambda push: push.get("failures", 0) > 0, "c")
        self.assertIn("403", push["reason"])

    def test_a_feed_that_leaves_is_unsubscribed(self):
        self.subscribe("a", "other")
        self.configure("other")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.pusher.wait_confirmed(1, "unsubscribe")
        self.assertEqual(self.pusher.subscribers, {})
        self.wait_push(lambda push: push["state"] == "wanted")
        self.configure("a", "other")  # and it may come back
        self.fetch.process.send_signal(signal.SIGHUP)
        self.pusher.wait_confirmed(2)
        self.assertEqual(self.publish(range(3)), [200])

    def test_another_hub_is_another_subscription(self):
        self.subscribe()
        self.server.set("/a.xml", Page(feed("a", range(2)), headers=(
            ("Link", f'<{self.pusher.url}>; rel="hub"'), ("Link", '<https://a.example.org/new>; rel="self"'))))
        self.configure(every="100ms")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.pusher.wait_confirmed(1, "unsubscribe")
        self.pusher.wait_confirmed(2)
        self.assertEqual([form["topic"] for form in self.pusher.subscribers.values()], ["https://a.example.org/new"])


class Strangers(WebSubTest):
    def ask(self, method: str, path: str, body=None, **headers) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=60)
        try:
            connection.request(method, path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def test_who_does_not_know_the_token_learns_nothing(self):
        self.subscribe()
        for path in ("/", "/websub", "/websub/", "/websub/" + "a" * 32, "/" + "x" * 9000):
            self.assertIn(self.ask("GET", path + "?hub.mode=subscribe&hub.challenge=1"), (400, 404, 414))
            self.assertIn(self.ask("POST", path, b"<rss/>"), (400, 410, 414))
        self.accounts(items=2)

    def test_only_what_was_asked_for_is_confirmed(self):
        self.subscribe()
        callback = self.pusher.asked[0]["callback"]
        good = {"mode": "subscribe", "topic": self.topic, "challenge": "x", "lease_seconds": "9"}
        self.assertEqual(self.pusher.get(callback, **good), (200, b"x"))
        for wrong in ({"topic": self.topic + "x"}, {"mode": "unsubscribe"}, {"mode": "other"}):
            self.assertEqual(self.pusher.get(callback, **{**good, **wrong})[0], 404, wrong)
        del good["challenge"]
        self.assertEqual(self.pusher.get(callback, **good)[0], 400)
        path = urllib.parse.urlsplit(callback).path
        self.assertEqual(self.ask("PUT", path, b"x"), 405)

    def test_a_body_has_its_maximum(self):
        self.subscribe(("a", {"max_bytes": "100KB"}))
        path = urllib.parse.urlsplit(self.pusher.asked[0]["callback"]).path
        self.assertEqual(self.ask("POST", path, b"x" * 200_000), 413)
        self.assertEqual(self.publish(range(3)), [200])

    def test_slow_clients_keep_nobody_out(self):
        self.subscribe()
        path = urllib.parse.urlsplit(self.pusher.asked[0]["callback"]).path
        for number in range(100):  # more than it takes at a time
            one = socket.create_connection(("127.0.0.1", self.port()))
            one.sendall((f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nx" if number % 2
                         else f"GET {path} HTTP/1.1\r\n").encode())
            self.addCleanup(one.close)
        end = time.monotonic() + 2 * LONG_S
        statuses = []
        while statuses[-1:] != [200]:
            self.assertLess(time.monotonic(), end, statuses)
            try:
                statuses += self.publish(range(3))
            except (OSError, http.client.HTTPException) as refused:
                statuses.append(str(refused))
                time.sleep(0.2)
        self.accounts(items=3)

    def test_without_listen_nothing_listens(self):
        self.server.set("/a.xml", self.page(range(2)))
        self.fetch.write("a").start()
        self.wait_items(2)
        self.server.wait_for("/a.xml", 3)
        self.assertEqual(self.pusher.asked, [])
        self.assertNotIn("listening", self.fetch.said())

    def test_a_taken_port_is_a_clear_fault(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.fetch.write("a", more=f"websub: {{ listen: '127.0.0.1:{port}', callback: '{CALLBACK}' }}").start()
            self.assertEqual(self.fetch.process.wait(LONG_S), 69)
        self.assertIn(f"websub.listen: cannot listen on 127.0.0.1:{port}: Address already in use", self.fetch.said())


if __name__ == "__main__":
    unittest.main()
