#!/usr/bin/python3
"""What a crowded host, a slow one and a stop mean to all others: counted, not timed."""
import signal
import threading
import time
import unittest

from test_fetch import FetchTest, Page, feed

OTHERS, CROWD = 600, 420
BOUND_S = 120  # for all of them; no host is waited for


class Fairness(FetchTest):
    """Names that end in .localhost are this machine (RFC 6761), and each is a host of its own."""

    def of(self, host: str, path: str):
        return path, {"url": f"http://{host}.localhost:{self.server.port}/{path}"}

    def asked(self, path: str) -> int:
        return self.server.count(f"/{path}")

    def wait_all(self, paths):
        end = time.monotonic() + BOUND_S
        while missing := [path for path in paths if not self.asked(path)]:
            self.assertLess(time.monotonic(), end, f"{len(missing)} were not asked, such as {missing[:5]}\n{self.fetch.said()}")
            time.sleep(0.05)

    def test_a_crowded_and_a_slow_host_delay_nobody_else(self):
        release = threading.Event()
        self.addCleanup(release.set)
        body = feed("slow", range(50))
        slow = [f"slow-{i}" for i in range(3)]
        crowd = [f"crowd-{i}" for i in range(CROWD)]
        others = [f"other-{i}" for i in range(OTHERS)]
        for path in slow:
            self.server.set(f"/{path}", Page(body, drip_after=100, release=release))
        for path in crowd + others:
            self.server.set(f"/{path}", Page(feed(path, range(1))))
        self.fetch.write(*(self.of("slow", path) for path in slow), *(self.of("crowd", path) for path in crowd),
                         *(self.of(path, path) for path in others), every="1s", max_every="1h", timeout="10m")
        text = self.fetch.config.read_text()
        self.fetch.config.write_text(text.replace("concurrency: 8, gap: 0s", "concurrency: 1, gap: 30m"))
        self.fetch.start()
        self.wait_all(others)
        end = time.monotonic() + BOUND_S
        while not any(map(self.asked, slow)) or not any(map(self.asked, crowd)):
            self.assertLess(time.monotonic(), end, self.fetch.said())
            time.sleep(0.05)
        # All others had their turn; the first of each of the two hosts holds up its own alone.
        self.assertEqual(sum(map(self.asked, slow)), 1)
        self.assertEqual(sum(map(self.asked, crowd)), 1)
        self.assertTrue(all(self.asked(path) == 1 for path in others))
        self.wait_items(OTHERS + 1)

    def test_a_stop_in_the_middle_of_a_download_loses_nothing(self):
        release = threading.Event()
        self.addCleanup(release.set)
        body = feed("a", range(20))
        self.server.set("/a.xml", Page(body, etag='"1"', conditional=True, drip_after=len(body) // 2, release=release),
                        Page(body, etag='"1"', conditional=True))
        self.begin("a", timeout="10m")
        self.server.wait_for("/a.xml", 1)
        self.assertEqual(self.fetch.stop(), 0, self.fetch.said())
        self.accounts(items=0)
        self.fetch.start()
        self.wait_items(20)
        self.server.wait_for("/a.xml", 1, 304)  # only what is committed is told to the server
        self.assertIsNone(self.server.requests("/a.xml")[1].header("If-None-Match"))
        self.accounts(items=20)

    def test_a_reload_that_takes_the_feed_breaks_its_download_off(self):
        release = threading.Event()
        self.addCleanup(release.set)
        body = feed("a", range(20))
        self.server.set("/a.xml", Page(body, drip_after=len(body) // 2, release=release))
        self.server.set("/b.xml", Page(feed("b", range(2))))
        self.begin("a", timeout="10m")
        self.server.wait_for("/a.xml", 1)
        self.fetch.write("b")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.wait_items(2)
        self.assertEqual(self.fetch.stop(), 0, self.fetch.said())
        self.accounts(items=2)


if __name__ == "__main__":
    unittest.main()
