#!/usr/bin/python3
"""/metrics and /healthz of the whole daemon: what is told is what was fed in."""
import re
import signal
import time
import unittest

import zmq

from monitorkit import ROOT, SHIMS, MonitorTest, promtool
from newsserver import Page, feed
from workerkit import DEADLY


class Metrics(MonitorTest):
    def check_with_promtool(self, text: str):
        run = promtool("check", "metrics", text=text)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""), text)

    def test_what_was_fed_in_is_told(self):
        self.server.set("/good.xml", Page(feed("good", range(4))), Page(feed("good", range(6))))
        self.server.set("/empty.xml", Page(feed("empty", [])))
        self.configure({"good": "/good.xml", "missing": "/missing.xml", "empty": "/empty.xml"},
                       feed_keys="min_every: 300ms")
        self.daemon.config.write_text(self.daemon.config.read_text().replace("every: 1h", "every: 300ms"))
        self.daemon.start()
        s = self.wait_scrape(lambda s: s.get("newsmq_records_total") == 6 and s.get("newsmq_duplicates_total") == 4 and
                             s.get("newsmq_consumer_lag_records", consumer="jsonl") == 0 and
                             s.get("newsmq_extractor_runs_total", extractor="language") == 6 and
                             (s.get("newsmq_sink_writes_total", consumer="jsonl") or 0) > 0 and
                             (s.get("newsmq_feed_failures", feed="missing", group="press") or 0) > 1)
        self.check_with_promtool(s.text)
        for name, value in {"items_total": 6, "dead_letters_total": 0, "pending_items": 0, "in_flight_items": 0,
                            "accounts_ok": 1, "holding": 0, "workers": 1, "up": 1, "ready": 1, "item_seconds_count": 6,
                            "oldest_pending_seconds": 0, "feeds_left_out": 0}.items():
            self.assertEqual(s.get(f"newsmq_{name}"), value, name)
        self.assertGreaterEqual(s.get("newsmq_fetches_total", status="200", cause="none"), 2)
        self.assertGreaterEqual(s.get("newsmq_fetches_total", status="404", cause="not_found"), 2)
        polls = sum(value for (name, _), value in s.samples.items() if name == "newsmq_fetches_total")
        self.assertEqual(s.get("newsmq_fetch_seconds_count"), polls)
        self.assertEqual(s.get("newsmq_fetch_lateness_seconds_count"), polls)
        self.assertGreaterEqual(s.get("newsmq_fetched_bytes_total"), len(feed("good", range(4))) + len(feed("good", range(6))))
        self.assertLess(s.get("newsmq_fetch_lateness_seconds_sum"), 60 * polls)
        self.assertGreater(s.get("newsmq_tokens_total"), 6 * 5)
        self.assertGreater(s.get("newsmq_extractor_seconds_total", extractor="entities"), 0)
        self.assertEqual(s.get("newsmq_extractor_errors_total", extractor="entities"), 0)
        written = (self.top / "out" / "records.jsonl").stat().st_size
        self.assertGreater(s.get("newsmq_sink_written_bytes_total", consumer="jsonl"), written / 2)
        self.assertGreater(s.get("newsmq_sink_disk_size_bytes", consumer="jsonl"), 0)
        self.assertGreater(s.get("newsmq_state_disk_free_bytes"), 0)
        for state, n in {"ok": 2, "failing": 1, "stale": 0, "gone": 0, "new": 0}.items():
            self.assertEqual(s.get("newsmq_feeds", state=state), n, state)
        self.assertEqual(s.get("newsmq_feed_up", feed="good", group="press"), 1)
        self.assertEqual(s.get("newsmq_feed_up", feed="missing", group="press"), 0)
        self.assertEqual(s.get("newsmq_feed_problem", feed="missing", group="press", cause="not_found"), 1)
        self.assertEqual(s.get("newsmq_feed_items_total", feed="good", group="press"), 6)
        self.assertEqual(s.get("newsmq_feed_duplicates_total", feed="good", group="press"), 4)
        self.assertIsNotNone(s.get("newsmq_feed_staleness_seconds", feed="good", group="press"))
        self.assertIsNone(s.get("newsmq_feed_staleness_seconds", feed="empty", group="press"))
        for program in ("hub", "fetch", "worker-1", "sink"):
            self.assertEqual(s.get("newsmq_program_up", program=program), 1, program)
        self.assertEqual(self.health(), (200, {}, True))
        self.check_with_the_page(s)

    def check_with_the_page(self, s):
        """docs/monitoring.md has every name, with its type, and no other."""
        told = {}
        for line in s.text.splitlines():
            if line.startswith("# TYPE "):
                told[line.split()[2]] = line.split()[3]
        page = (ROOT / "docs" / "monitoring.md").read_text()
        rows = dict(re.findall(r"^\| `(newsmq_[a-z_]+)(?:\{[a-z, ]+\})?` \| (counter|gauge|histogram) \|", page, re.M))
        self.assertEqual(told, rows)

    def test_a_dead_letter_and_the_attempts_before_it(self):
        self.preload("newsmq-worker", "libdeadly.so")
        self.server.set("/a.xml", Page(feed("a", range(3))))
        self.server.set("/b.xml", Page(feed("b", [1], text=f"Nobody can read this {DEADLY} here.")))
        self.configure({"a": "/a.xml", "b": "/b.xml"}, bus=["max_attempts: 2"])
        self.daemon.start()
        s = self.wait_scrape(lambda s: s.get("newsmq_dead_letters_total") == 1 and s.get("newsmq_records_total") == 3)
        self.assertEqual((s.get("newsmq_items_total"), s.get("newsmq_pending_items"), s.get("newsmq_accounts_ok")), (4, 0, 1))
        self.assertGreaterEqual(s.get("newsmq_redelivered_total"), 1)
        s = self.wait_scrape(lambda s: s.get("newsmq_program_restarts_total", program="worker-1") >= 2)
        self.check_with_promtool(s.text)

    def test_a_worker_that_is_killed_with_an_item_in_hand(self):
        self.server.set("/a.xml", Page(feed("a", range(3))), Page(feed("a", range(5))))
        self.configure({"a": "/a.xml"})
        self.daemon.start()
        self.wait_scrape(lambda s: s.get("newsmq_records_total") == 3)
        self.kill("worker-1", signal.SIGSTOP)
        self.server.set("/b.xml", Page(feed("b", range(2))))
        self.configure({"a": "/a.xml", "b": "/b.xml"})
        self.daemon.signal(signal.SIGHUP)
        self.wait_scrape(lambda s: s.get("newsmq_in_flight_items") == 2)
        self.kill("worker-1")
        s = self.wait_scrape(lambda s: s.get("newsmq_records_total") == 5)
        self.assertGreaterEqual(s.get("newsmq_redelivered_total"), 2)
        self.assertEqual((s.get("newsmq_dead_letters_total"), s.get("newsmq_accounts_ok")), (0, 1))
        self.assertEqual(s.get("newsmq_item_seconds_count"), 5)

    def test_a_subscriber_that_stalls(self):
        self.server.set("/a.xml", Page(feed("a", range(1))))
        self.configure({"a": "/a.xml"}, bus=["high_water_mark: 20"], feed_keys="max_bytes: 100MB")
        self.daemon.start()
        context = zmq.Context()
        self.addCleanup(context.destroy, 0)
        subscriber = context.socket(zmq.SUB)
        subscriber.rcvhwm = 1
        subscriber.connect(f"ipc://{self.top}/run/pub.sock")
        subscriber.subscribe("record/press/")
        subscriber.subscribe("item/")
        s = self.wait_scrape(lambda s: s.get("newsmq_subscribers", topic="record/press/") == 1)
        self.assertEqual(s.get("newsmq_publish_drops_total", stream="item"), 0)
        self.server.set("/b.xml", Page(feed("b", range(400), text="What happened at length. " * 400)))
        self.configure({"a": "/a.xml", "b": "/b.xml"}, bus=["high_water_mark: 20"], feed_keys="max_bytes: 100MB")
        self.daemon.signal(signal.SIGHUP)
        s = self.wait_scrape(lambda s: s.get("newsmq_publish_drops_total", stream="item") > 0)
        subscriber.close()
        self.wait_scrape(lambda s: s.get("newsmq_subscribers", topic="record/press/") is None and
                         s.get("newsmq_items_total") == 401)

    def test_a_hub_that_stands_still_is_told_and_recovers(self):
        self.server.set("/a.xml", Page(feed("a", range(1))))
        self.configure({"a": "/a.xml"})
        self.daemon.start()
        self.wait_health(lambda status, reasons, live: status == 200)
        self.kill("hub", signal.SIGSTOP)
        status, reasons, live = self.wait_health(lambda status, reasons, live: status == 503)
        self.assertEqual((list(reasons), live), (["hub_silent"], False))
        self.assertEqual(self.get("/healthz?live=1")[0], 503)
        s = self.scrape()
        self.assertEqual((s.get("newsmq_up"), s.get("newsmq_ready"), s.get("newsmq_items_total")), (0, 0, None))
        self.check_with_promtool(s.text)
        self.kill("hub", signal.SIGCONT)
        self.wait_health(lambda status, reasons, live: status == 200)

    def test_no_worker_and_failing_feeds_are_reasons(self):
        self.replace("newsmq-worker", "#!/bin/sh\nexit 1\n")
        self.configure({"a": "/missing.xml"})
        self.daemon.start(wait=False)
        status, reasons, live = self.wait_health(
            lambda status, reasons, live: {"no_worker", "feeds_failing", "program_red"} <= set(reasons))
        self.assertEqual((status, live, self.get("/healthz?live=1")[0]), (503, True, 200))


if __name__ == "__main__":
    unittest.main()
