"""newsmq-fetch between a scripted HTTP server and the real hub."""
import gzip
import json
import pathlib
import signal
import subprocess
import sys
import time
import unittest

from hubkit import BIN, WAIT_S, HubTest, Worker

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from newsserver import NewsServer, Page, feed, redirect, too_many  # noqa: E402

LONG_S = 30


class Fetch:
    def __init__(self, hub, server):
        self.hub, self.server = hub, server
        self.config = pathlib.Path(hub.folder) / "fetch.yaml"
        self.log = pathlib.Path(hub.folder) / "fetch.log"
        self.process = None

    def write(self, *feeds, more: str = "", **defaults):
        """Each feed: an id, or (id, {key: value}); its page is /ID.xml."""
        settings = {"every": "100ms", "first_poll": "all", "adaptive": "false", **defaults}
        lines = ["defaults:"] + [f"  {key}: {value}" for key, value in settings.items()] + ["feeds:"]
        for one in feeds:
            name, keys = one if isinstance(one, tuple) else (one, {})
            lines += [f"  - id: {name}", f"    url: {keys.pop('url', self.server.url(f'/{name}.xml'))}"]
            lines += [f"    {key}: {value}" for key, value in keys.items()]
        lines += ["politeness:", "  allow_addresses: [127.0.0.1]", "  per_host: { concurrency: 8, gap: 0s }", "bus:", f"  dir: {self.hub.folder}",
                  "  ping: 200ms", more]
        self.config.write_text("\n".join(lines) + "\n")
        return self

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([str(BIN / "newsmq-fetch"), "-c", str(self.config)], stderr=log)
        return self

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LONG_S)

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def wait_said(self, text: str, n: int = 1):
        end = time.monotonic() + LONG_S
        while self.said().count(text) < n:
            assert time.monotonic() < end, f"'{text}' was not said:\n{self.said()}"
            time.sleep(0.02)


class FetchTest(HubTest):
    def setUp(self):
        super().setUp()
        self.server = NewsServer()
        self.addCleanup(self.server.close)
        self.fetch = Fetch(self.hub, self.server)
        self.addCleanup(self.fetch.kill)

    def begin(self, *feeds, **settings):
        self.fetch.write(*feeds, **settings).start()

    def wait_items(self, n: int):
        return self.hub.wait_for(lambda status: status["items"] >= n, LONG_S)

    def state(self, name: str = "a") -> dict:
        return self.hub.call("feed_states")["feeds"].get(name, {})

    def wait_state(self, condition, name: str = "a") -> dict:
        end = time.monotonic() + LONG_S
        while not (state := self.state(name)) or not condition(state):
            assert time.monotonic() < end, f"waited in vain: {state}\n{self.fetch.said()}"
            time.sleep(0.02)
        return state

    def titles(self) -> list:
        peer = self.hub.peer("replay")
        peer.say("GET", "item", 1, 0)
        titles = []
        while (answer := peer.hear())[0] == "MSG":
            titles.append(json.loads(answer[4])["title"])
        peer.close()
        return titles


class Polling(FetchTest):
    def test_items_arrive_oldest_first(self):
        self.server.set("/a.xml", Page(feed("a", range(5))))
        self.begin("a")
        self.wait_items(5)
        self.assertEqual(self.titles(), [f"a {number}" for number in range(5)])
        self.accounts(items=5, pending=5)
        state = self.wait_state(lambda s: s["state"] == "ok")
        self.assertEqual((state["http_status"], state["title"], state["failures"]), (200, "a", 0), state)

    def test_validators_come_back_byte_for_byte(self):
        etag, modified = 'W/"a b,c\\;é\'"'.encode(), b"Thursday, 1 Jan 1970  whenever"
        self.server.set("/a.xml", Page(feed("a", range(3)), etag=etag, last_modified=modified, conditional=True))
        self.begin("a")
        requests = self.server.wait_for("/a.xml", 3, 304)
        self.assertIsNone(requests[0].header("If-None-Match"))
        self.assertEqual(requests[-1].raw_header("If-None-Match"), etag)
        self.assertEqual(requests[-1].raw_header("If-Modified-Since"), modified)
        self.wait_state(lambda s: s["http_status"] == 304 and s["state"] == "ok")
        self.accounts(items=3)

    def test_validators_outlive_the_fetcher_and_the_hub(self):
        self.server.set("/a.xml", Page(feed("a", range(3)), etag='"1"', conditional=True))
        self.begin("a")
        self.wait_items(3)
        self.server.wait_for("/a.xml", 1, 304)
        self.fetch.kill()
        self.hub.kill()
        self.hub.start()
        before = self.server.count("/a.xml", 200)
        n = self.server.count("/a.xml")
        self.fetch.start()
        self.server.wait_for("/a.xml", n + 2)
        self.assertEqual(self.server.count("/a.xml", 200), before)

    def test_compressed_documents_are_read(self):
        self.server.set("/a.xml", Page(feed("a", range(3)), compress="gzip"))
        self.server.set("/b.xml", Page(feed("b", range(3)), compress="deflate"))
        self.server.set("/c.xml", Page(gzip.compress(feed("c", range(3))), content_type="application/gzip"))
        self.begin("a", "b", "c")
        self.wait_items(9)
        self.assertIn("gzip", self.server.requests("/a.xml")[0].header("Accept-Encoding"))

    def test_new_items_of_a_feed_that_grows_come_once(self):
        self.server.set("/a.xml", *(Page(feed("a", range(n))) for n in (2, 3, 6)))
        self.begin("a")
        self.wait_items(6)
        self.server.wait_for("/a.xml", 6)
        self.accounts(items=6)

    def test_redirects_are_followed_to_a_bound(self):
        self.server.set("/a.xml", redirect(self.server.url("/b"), 301))
        self.server.set("/b", redirect("/c"))
        self.server.set("/c", Page(feed("a", range(2))))
        self.server.set("/loop.xml", redirect("/loop.xml"))
        self.begin("a", ("loop", {"every": "1h"}))
        self.wait_items(2)
        state = self.wait_state(lambda s: s["state"] == "failing", "loop")
        self.assertIn("redirect", state["reason"])
        self.assertLessEqual(self.server.count("/loop.xml"), 12)

    def test_the_limit_counts_decompressed_bytes(self):
        bomb = feed("a", range(2), "x" * 30_000_000)
        self.server.set("/a.xml", Page(bomb, compress="gzip"))
        self.begin(("a", {"max_bytes": "100KB"}), every="1h")
        state = self.wait_state(lambda s: s["state"] == "failing")
        self.assertIn("bytes", state["reason"])
        self.accounts(items=0)

    def test_the_limit_counts_what_a_compressed_file_holds(self):
        bomb = gzip.compress(feed("a", range(2), "x" * 30_000_000))
        self.server.set("/a.xml", Page(bomb, content_type="application/gzip"))
        self.begin(("a", {"max_bytes": "500KB"}), every="1h")
        state = self.wait_state(lambda s: s["state"] == "failing")
        self.assertIn("when unpacked", state["reason"])
        self.accounts(items=0)

    def test_items_before_a_cut_are_kept(self):
        body = feed("a", range(6))
        self.server.set("/a.xml", Page(body, etag='"1"', conditional=True, cut_after=body.index(b"a-2") - 20))
        self.begin("a")
        self.wait_items(3)
        state = self.wait_state(lambda s: s["state"] == "failing" and s["failures"] >= 2)
        self.assertIn("cut", state["reason"])
        self.assertEqual(self.titles(), ["a 3", "a 4", "a 5"])
        self.assertEqual(self.server.count("/a.xml", 304), 0)  # the next poll is a full one
        self.server.set("/a.xml", Page(body, etag='"1"', conditional=True))
        self.wait_items(6)
        self.wait_state(lambda s: s["state"] == "ok" and s["failures"] == 0)

    def test_a_cut_that_looks_like_an_end_is_fetched_in_full_again(self):
        body = feed("a", range(6))
        self.server.set("/a.xml", Page(body, etag='"1"', conditional=True, cut_after=body.index(b"a-2"), has_length=False),
                        Page(body, etag='"1"', conditional=True))
        self.begin("a")
        self.wait_items(6)
        self.accounts(items=6)

    def test_an_update_is_a_new_revision(self):
        self.server.set("/a.xml", Page(feed("a", [1], "first")), Page(feed("a", [1], "second")))
        self.begin("a")
        self.wait_items(2)
        self.server.wait_for("/a.xml", 4)
        self.accounts(items=2, updates=1)

    def test_a_file_is_a_feed_as_well(self):
        path = pathlib.Path(self.hub.folder) / "local.xml"
        path.write_bytes(feed("local", range(4)))
        self.begin(("local", {"url": path.as_uri()}))
        self.wait_items(4)


class Manners(FetchTest):
    def test_retry_after_is_honoured(self):
        self.server.set("/a.xml", too_many(3), Page(feed("a", range(2))))
        self.begin("a")
        self.wait_items(2)
        first, second = self.server.requests("/a.xml")[:2]
        self.assertGreaterEqual(second.time - first.time, 2.9)

    def test_pauses_grow_with_failures(self):
        self.server.set("/a.xml", Page(b"broken", status=500))
        self.begin("a", every="200ms", max_every="1h")
        for failures in (1, 3, 4):
            state = self.wait_state(lambda s, n=failures: s.get("failures", 0) >= n)
            pause_ms = state["next_due_ms"] - state["last_fetch_ms"]
            self.assertGreaterEqual(pause_ms, 200 * 2 ** (state["failures"] - 1) * 3 // 4)
            self.assertIn("HTTP 500", state["reason"])
        self.assertEqual(self.fetch.said().count("feed fails"), 1)

    def test_nothing_is_polled_before_it_is_due_after_a_restart(self):
        self.server.set("/a.xml", Page(feed("a", range(2))))
        self.server.set("/clock.xml", Page(feed("clock", range(2))))
        self.begin(("a", {"every": "1h"}), "clock")
        self.wait_items(4)
        self.wait_state(lambda s: s["state"] == "ok")
        for end in (self.fetch.kill, self.fetch.stop):
            end()
            ticks = self.server.count("/clock.xml")
            self.fetch.start()
            self.server.wait_for("/clock.xml", ticks + 5)
            self.assertEqual(self.server.count("/a.xml"), 1)

    def test_a_full_hub_pauses_fetching_and_nothing_is_lost(self):
        self.hub.kill()
        self.hub.start(max_pending=5)
        names = ("a", "b", "c", "d")
        for name in names:
            n_items = 8 if name == "a" else 0
            self.server.set(f"/{name}.xml", Page(feed(name, range(n_items)), etag=f'"{n_items}"', conditional=True))
        self.begin(*names)
        self.fetch.wait_said("fetching pauses")
        asked = {name: self.server.count(f"/{name}.xml") for name in names}
        for name in names[1:]:
            self.server.set(f"/{name}.xml", Page(feed(name, range(8)), etag='"8"', conditional=True))
        time.sleep(1)  # ten intervals
        for name in names:  # one may have been under way
            self.assertLessEqual(self.server.count(f"/{name}.xml"), asked[name] + 1, self.fetch.said())
        worker = Worker(self.hub, credit=8)
        end = time.monotonic() + LONG_S
        n_done = 0
        while n_done < 32:
            self.assertLess(time.monotonic(), end, self.fetch.said())
            worker.say("PING")
            if (said := worker.hear(0.1)) is not None and said[0] == "JOB":
                worker.result(int(said[1]), int(said[2]))
                n_done += 1
        worker.close()
        self.fetch.wait_said("fetching goes on")
        self.hub.wait_for(lambda s: s["records"] == 32)


class Kills(FetchTest):
    """The server answers 304 to whoever has the newest validator."""

    def one_kill(self, kill_fetch: bool, kill_hub: bool):
        self.server.set("/a.xml", Page(feed("a", range(1)), etag='"1"', conditional=True))
        self.begin("a", more="log:\n  level: debug")
        self.server.wait_for("/a.xml", 1, 304)
        fetched, served = self.fetch.said().count("status=200"), self.server.count("/a.xml", 200)
        self.server.set("/a.xml", Page(feed("a", range(4)), etag='"2"', conditional=True, delay_s=0.3))
        self.server.wait_for("/a.xml", served + 1, 200)  # the poll before it is committed, this one is under way
        self.hub.process.send_signal(signal.SIGSTOP)
        self.fetch.wait_said("status=200", fetched + 1)
        if kill_fetch:
            self.fetch.kill()
        if kill_hub:
            self.hub.kill()
            self.hub.start()
        else:
            self.hub.process.send_signal(signal.SIGCONT)
        if kill_fetch:
            self.fetch.start()
        self.wait_items(4)
        n = self.server.count("/a.xml", 304)
        self.server.wait_for("/a.xml", n + 1, 304)  # now the validator is kept as well
        self.accounts(items=4)

    def test_the_fetcher_is_killed_between_fetch_and_commit(self):
        self.one_kill(kill_fetch=True, kill_hub=False)

    def test_the_hub_is_killed_between_fetch_and_commit(self):
        self.one_kill(kill_fetch=False, kill_hub=True)

    def test_both_are_killed_between_fetch_and_commit(self):
        self.one_kill(kill_fetch=True, kill_hub=True)

    def test_a_poll_of_many_batches_is_whole_after_kills(self):
        n = 2000
        self.server.set("/a.xml", Page(feed("a", range(n)), etag='"1"', conditional=True))
        self.begin("a", max_items=n)
        for part in (1, n // 2):
            self.hub.wait_for(lambda s, least=part: s["items"] >= least, LONG_S)
            self.hub.kill()
            self.hub.start()
        self.wait_items(n)
        self.server.wait_for("/a.xml", 1, 304)
        self.accounts(items=n)

    def test_the_fetcher_waits_for_a_hub_that_comes_later(self):
        self.server.set("/a.xml", Page(feed("a", range(3))))
        self.hub.kill()
        self.begin("a")
        self.fetch.wait_said("waiting for the hub")
        self.assertEqual(self.server.count("/a.xml"), 0)
        self.hub.start()
        self.wait_items(3)


class Signals(FetchTest):
    def test_sighup_brings_and_takes_feeds(self):
        for name in ("a", "b"):
            self.server.set(f"/{name}.xml", Page(feed(name, range(2))))
        self.begin("a")
        self.wait_items(2)
        self.fetch.write("b")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.wait_items(4)
        self.fetch.wait_said("configuration read again")
        asked = self.server.count("/a.xml")
        self.server.wait_for("/b.xml", self.server.count("/b.xml") + 5)
        self.assertLessEqual(self.server.count("/a.xml"), asked + 1)  # one may have been under way

    def test_a_bad_configuration_changes_nothing(self):
        self.server.set("/a.xml", Page(feed("a", range(2))))
        self.begin("a")
        self.wait_items(2)
        self.fetch.config.write_text("feeds: [ nonsense\n")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.fetch.wait_said("the configuration is bad; going on as before")
        self.server.wait_for("/a.xml", self.server.count("/a.xml") + 2)

    def test_a_transfer_in_hand_is_handed_over_before_the_end(self):
        self.server.set("/a.xml", Page(feed("a", range(3)), delay_s=1))
        self.begin("a", every="1h")
        self.server.wait_for("/a.xml", 1)
        self.assertEqual(self.fetch.stop(), 0, self.fetch.said())
        self.accounts(items=3)
        self.assertEqual(self.state()["state"], "ok")

    def test_sigterm_ends_it_without_a_hub_too(self):
        self.hub.kill()
        self.begin("a")
        self.fetch.wait_said("waiting for the hub")
        self.assertEqual(self.fetch.stop(), 0, self.fetch.said())

    def test_usage_and_configuration_have_their_exit_status(self):
        bad = pathlib.Path(self.hub.folder) / "bad.yaml"
        bad.write_text("feedz: []\n")
        for arguments, status, text in (([], 64, "-c CONFIG"), (["-x"], 64, "--help"), (["-c", str(bad)], 78, "feedz"),
                                        (["--help"], 0, "SIGHUP"), (["--version"], 0, "newsmq-fetch ")):
            run = subprocess.run([str(BIN / "newsmq-fetch"), *arguments], capture_output=True, text=True, timeout=WAIT_S)
            self.assertEqual(run.returncode, status, run)
            self.assertIn(text, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
