"""When and where newsmq-fetch asks: what servers and feeds wish for, deltas, ends of feeds."""
import json
import signal
import subprocess
import time
import unittest

from hubkit import BIN
from test_fetch import FetchTest, Page, feed, redirect, too_many


def with_channel(body: bytes, more: str) -> bytes:
    return body.replace(b"<channel>", f"<channel>{more}".encode(), 1)


class Wishes(FetchTest):
    def planned(self, name: str, by: str, least_s: float, most_s: float) -> dict:
        """The plan of a feed, decided by `by`."""
        state = self.wait_state(lambda s: s.get("next", {}).get("by") == by, name)
        pause_s = (state["next_due_ms"] - state["last_fetch_ms"]) / 1000
        self.assertTrue(least_s <= pause_s <= most_s, (pause_s, state))
        plan = state["next"]
        self.assertEqual(state["next_due_ms"], plan["from_ms"] + plan["wishes_ms"][by] + plan["jitter_ms"] + plan.get("skipped_ms", 0))
        self.assertEqual(plan["wishes_ms"]["every"], 100)
        return state

    def test_the_latest_wish_decides_the_next_poll_and_is_kept(self):
        a = feed("a", range(2))
        self.server.set("/age.xml", Page(a, headers=(("Cache-Control", "public, max-age=1800"), ("Age", "600"))))
        self.server.set("/expires.xml", Page(a, headers=(("Date", "Wed, 18 Nov 2026 08:00:00 GMT"),
                                                         ("Expires", "Wed, 18 Nov 2026 08:30:00 GMT"))))
        self.server.set("/ttl.xml", Page(with_channel(a, "<ttl>60</ttl>")))
        self.server.set("/year.xml", Page(with_channel(a, "<ttl>525600</ttl>")))
        self.server.set("/nocache.xml", Page(a, headers=(("Cache-Control", "no-cache, max-age=1800"),)))
        self.server.set("/sy.xml", Page(a.replace(b"<rss ", b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" ')
                                        .replace(b"<channel>", b"<channel><sy:updatePeriod>hourly</sy:updatePeriod>"
                                                 b"<sy:updateFrequency>2</sy:updateFrequency>")))
        self.begin("age", "expires", "ttl", ("year", {"max_every": "2h"}), "nocache", "sy")
        self.planned("age", "max_age", 1200, 1320)
        self.planned("expires", "expires", 1800, 1980)
        self.planned("ttl", "ttl", 3600, 3960)
        self.planned("year", "ttl", 7200, 7920)
        self.planned("sy", "update_period", 1800, 1980)
        self.server.wait_for("/nocache.xml", 5)

    def test_wishes_outlive_the_fetcher(self):
        self.server.set("/a.xml", Page(feed("a", range(2)), headers=(("Cache-Control", "max-age=1800"),)))
        self.server.set("/clock.xml", Page(feed("clock", range(2))))
        self.begin("a", "clock")
        self.planned("a", "max_age", 1800, 1980)
        self.fetch.kill()
        ticks = self.server.count("/clock.xml")
        self.fetch.start()
        self.server.wait_for("/clock.xml", ticks + 5)
        self.assertEqual(self.server.count("/a.xml"), 1)

    def test_a_shorter_interval_does_not_shorten_what_the_server_wished(self):
        self.server.set("/a.xml", Page(feed("a", range(2)), headers=(("Cache-Control", "max-age=7200"),)))
        self.server.set("/b.xml", Page(feed("b", range(2))))
        self.begin(("a", {"every": "1h"}), ("b", {"every": "1h"}))
        for name in ("a", "b"):
            self.wait_state(lambda s: s["state"] == "ok", name)
        self.fetch.kill()
        self.fetch.start()  # it remembers who wished
        self.fetch.wait_said("ready", 2)
        self.fetch.write("a", "b")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.server.wait_for("/b.xml", 5)
        self.assertEqual(self.server.count("/a.xml"), 1)

    def test_skipped_days_are_passed_over(self):
        today = time.gmtime().tm_wday  # 0 is Monday
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        days = "".join(f"<day>{names[(today + n) % 7]}</day>" for n in (0, 1))  # midnight may be near
        self.server.set("/a.xml", Page(with_channel(feed("a", range(2)), f"<skipDays>{days}</skipDays>")))
        self.begin("a")
        state = self.wait_state(lambda s: "skipped" in s.get("next", {}))
        self.assertEqual(state["next"]["skipped"], "days")
        self.assertNotIn(time.gmtime(state["next_due_ms"] / 1000).tm_wday, (today, (today + 1) % 7))

    def test_retry_after_holds_the_whole_host(self):
        self.server.set("/b.xml", Page(feed("b", range(2))))
        self.server.set("/a.xml", too_many(3), Page(feed("a", range(2))))
        self.begin("b", "a")
        self.wait_state(lambda s: s["http_status"] == 429)
        seen = time.monotonic()  # by now it is held, and one poll may have been under way
        asked = self.server.requests("/a.xml")[0].time
        self.server.wait_for("/b.xml", self.server.count("/b.xml") + 3)
        held = [r for r in self.server.requests("/b.xml") if seen < r.time < asked + 2.9]
        self.assertLessEqual(len(held), 1)
        self.wait_state(lambda s: s["state"] == "ok")

    def test_a_304_brings_new_validators(self):
        self.server.set("/a.xml", Page(feed("a", range(2)), etag='"1"'), Page(status=304, etag='"2"', last_modified="then"))
        self.begin("a")
        third = self.server.wait_for("/a.xml", 3)[2]
        self.assertEqual((third.header("If-None-Match"), third.header("If-Modified-Since")), ('"2"', "then"))
        self.accounts(items=2)

    def test_after_a_document_that_was_no_feed_it_is_asked_in_full(self):
        self.server.set("/a.xml", Page(feed("a", range(2)), etag='"1"'), Page(b"<html>no</html>", etag='"2"'),
                        Page(feed("a", range(2)), etag='"3"'))
        self.begin("a")
        first, second, third, fourth = self.server.wait_for("/a.xml", 4)[:4]
        self.assertEqual([r.header("If-None-Match") for r in (first, second, third, fourth)], [None, '"1"', None, '"3"'])
        self.wait_state(lambda s: s["state"] == "ok")

    def test_a_delta_adds_its_items(self):
        self.server.set("/a.xml", Page(feed("a", range(3)), etag='"1"'),
                        Page(feed("a", [3]), status=226, etag='"2"', headers=(("IM", "feed"),)),
                        Page(status=304, etag='"2"'))
        self.begin("a")
        first, second, third = self.server.wait_for("/a.xml", 3)[:3]
        self.assertIsNone(first.header("A-IM"))
        self.assertEqual((second.header("A-IM"), third.header("If-None-Match")), ("feed", '"2"'))
        self.wait_items(4)
        self.wait_state(lambda s: s["http_status"] == 304 and s["state"] == "ok")
        self.accounts(items=4)

    def test_the_same_bytes_again_are_no_news(self):
        self.server.set("/a.xml", *(Page(feed("a", range(3)), etag=f'"{n}"') for n in range(5)))
        self.begin("a")
        self.server.wait_for("/a.xml", 7)
        self.accounts(items=3, duplicates=0)


class Ends(FetchTest):
    def feeds(self, *arguments, code=0) -> str:
        run = subprocess.run([str(BIN / "newsmq"), "-c", str(self.fetch.config), "feeds", *arguments], text=True, timeout=60,
                             capture_output=True)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def test_410_twice_ends_a_feed_until_somebody_wants_it(self):
        self.server.set("/a.xml", Page(feed("a", range(2))), Page(b"gone", status=410))
        self.server.set("/clock.xml", Page(feed("clock", range(2))))
        self.begin("a", "clock")
        state = self.wait_state(lambda s: s["state"] == "gone")
        self.assertEqual((state["problem"], state["next_due_ms"] if "next_due_ms" in state else 0), ("gone", 0))
        for restart in (False, True):
            if restart:
                self.fetch.kill()
                self.fetch.start()
            asked, ticks = self.server.count("/a.xml"), self.server.count("/clock.xml")
            self.server.wait_for("/clock.xml", ticks + 5)
            self.assertEqual((self.server.count("/a.xml"), asked), (3, 3))
        self.server.set("/a.xml", Page(feed("a", range(4))))
        self.hub.call("feed_ask", {"feed": "a", "ask": "enable"})
        self.fetch.process.send_signal(signal.SIGHUP)
        self.wait_items(6)
        state = self.wait_state(lambda s: s["state"] == "ok")
        self.assertNotIn("ask", state)

    def test_another_url_in_the_configuration_is_another_beginning(self):
        self.server.set("/a.xml", Page(b"gone", status=410))
        self.server.set("/b.xml", Page(feed("a", range(2))))
        self.begin("a")
        self.wait_state(lambda s: s["state"] == "gone")
        self.fetch.write(("a", {"url": self.server.url("/b.xml")}))
        self.fetch.process.send_signal(signal.SIGHUP)
        self.wait_items(2)

    def test_a_move_that_was_learnt_is_used_and_can_be_refused(self):
        """The hub's memory stands in for the day that it takes."""
        self.server.set("/old.xml", redirect(self.server.url("/new.xml"), 301))
        self.server.set("/new.xml", Page(feed("a", range(2))))
        old, new, now_ms = self.server.url("/old.xml"), self.server.url("/new.xml"), int(time.time() * 1000)
        self.hub.put([], state={"state": "ok", "url": old, "move_url": new, "move_seen": 4, "last_fetch_ms": now_ms,
                                "move_first_ms": now_ms - 25 * 3600 * 1000, "next_due_ms": now_ms, "begun": True})
        self.begin(("a", {"url": old}))
        state = self.wait_state(lambda s: s.get("moved_to") == new)
        self.assertGreaterEqual(state["moved_ms"], now_ms)
        n = self.server.count("/old.xml")
        self.server.wait_for("/new.xml", self.server.count("/new.xml") + 5)
        self.assertEqual((n, self.server.count("/old.xml")), (1, 1))
        self.fetch.wait_said("feed has moved for good, the new URL is used")
        self.hub.call("feed_ask", {"feed": "a", "ask": "unmove"})
        self.fetch.process.send_signal(signal.SIGHUP)
        state = self.wait_state(lambda s: "moved_to" not in s and "ask" not in s)
        self.assertEqual(state["move_refused"], new)
        self.server.wait_for("/old.xml", 3)

    def test_a_redirect_is_no_move_yet(self):
        self.server.set("/old.xml", redirect(self.server.url("/new.xml"), 308))
        self.server.set("/new.xml", Page(feed("a", range(2))))
        self.begin(("a", {"url": self.server.url("/old.xml")}))
        self.server.wait_for("/old.xml", 8)
        state = self.wait_state(lambda s: s.get("move_seen", 0) >= 7)
        self.assertNotIn("moved_to", state)
        self.assertEqual(state["move_url"], self.server.url("/new.xml"))


if __name__ == "__main__":
    unittest.main()
