#!/usr/bin/python3
"""The alarms, each held against what the daemon tells when that state is really there."""
import json
import re
import signal
import sqlite3
import time
import unittest

import zmq

import curvekit
from monitorkit import ROOT, MonitorTest, promtool
from newsmqdkit import STANDIN
from newsserver import Page, feed
from workerkit import DEADLY

RULES = ROOT / "config" / "prometheus" / "newsmq.rules.yml"
BEFORE, AFTER = 60, 240  # minutes
HOUR_MS = 3600 * 1000
ALARMS = re.findall(r"^ +- alert: (\w+)$", RULES.read_text(), re.M)


def series_of(scrapes) -> list:
    """promtool's series: the first scrape for an hour, the second one for four."""
    first, second = scrapes[0], scrapes[-1]
    series = []
    for name, labels in sorted(set(first.samples) | set(second.samples)):
        values = []
        for scrape, n in (first, BEFORE), (second, AFTER):
            value = scrape.samples.get((name, labels))
            values.append(f"_x{n}" if value is None else f"{value!r}+0x{n - 1}")
        text = ",".join(f'{key}="{value}"' for key, value in (*labels, ("job", "newsmq"), ("instance", "here")))
        series.append({"series": f"{name}{{{text}}}", "values": " ".join(values)})
    return series + [{"series": 'up{job="newsmq",instance="here"}', "values": f"1+0x{BEFORE + AFTER}"}]


class Alarms(MonitorTest):
    def setUp(self):
        super().setUp()
        self.server.set("/a.xml", Page(feed("a", range(5))))
        for program in ("newsmq-hub", "newsmq-sink"):
            self.preload(program, "libnospace.so", DISK_FREE=50, NOSPACE=self.top / "full")

    def check(self, expected, *scrapes):
        """Exactly the expected alarms fire in the hours after the second scrape."""
        samples = [{"labels": f'{{alertname="{alarm}"}}', "value": 1} for alarm in sorted(expected)]
        test = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [{
            "interval": "1m", "input_series": series_of(scrapes), "promql_expr_test": [{
                "expr": f'count by (alertname) (max by (alertname) (max_over_time(ALERTS{{alertstate="firing"}}[{BEFORE + AFTER}m])))',
                "eval_time": f"{BEFORE + AFTER}m", "exp_samples": samples}]}]}
        file = self.top / "test.json"
        file.write_text(json.dumps(test))
        run = promtool("test", "rules", str(file))
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def stop(self):
        self.daemon.stop()

    def change_state(self, *statements):
        with sqlite3.connect(self.top / "state" / "state.db") as db:
            for statement in statements:
                self.assertGreater(db.execute(statement).rowcount, 0, statement)
        db.close()

    def run_once(self, records: int = 5, **more):
        """All is done, and the daemon ends."""
        self.configure({"a": "/a.xml"}, **more)
        self.daemon.start()
        scrape = self.wait_scrape(lambda s: s.get("newsmq_records_total") == records and
                                  s.get("newsmq_consumer_lag_records", consumer="jsonl") == 0 and s.get("newsmq_ready") == 1)
        self.stop()
        return scrape

    def test_none_when_all_is_well(self):
        self.server.set("/a.xml", Page(feed("a", range(5))), Page(feed("a", range(9))))
        self.configure({"a": "/a.xml"})
        text = self.daemon.config.read_text()
        self.daemon.config.write_text(text.replace("every: 1h", "every: 2s"))
        self.daemon.start()
        first = self.wait_scrape(lambda s: s.get("newsmq_records_total") == 5)
        second = self.wait_scrape(lambda s: s.get("newsmq_records_total") == 9 and
                                  s.get("newsmq_consumer_lag_records", consumer="jsonl") == 0)
        self.check([], first, second)

    def test_feeds_that_fail_or_are_stale(self):
        self.server.set("/b.xml", Page(feed("b", range(2))))
        self.configure({"a": "/a.xml", "b": "/b.xml", "missing": "/missing.xml"}, feed_keys="stale_after: 1h")
        self.daemon.start()
        self.wait_scrape(lambda s: s.get("newsmq_records_total") == 7)
        self.stop()
        self.change_state(f"UPDATE feed SET last_new_ms = last_new_ms - {3 * HOUR_MS} WHERE id = 'b'")
        self.daemon.start()
        scrape = self.wait_scrape(lambda s: s.get("newsmq_feed_stale", feed="b", group="press") == 1 and
                                  s.get("newsmq_feed_up", feed="missing", group="press") == 0 and s.get("newsmq_ready") == 1)
        self.check(["NewsmqFeedFailing", "NewsmqFeedStale"], scrape)

    def test_feeds_that_all_fail_and_workers_that_end(self):
        self.replace("newsmq-worker", "#!/bin/sh\nexit 1\n")
        self.configure({"missing": "/missing.xml"})
        self.daemon.start(wait=False)
        first = self.wait_scrape(lambda s: s.get("newsmq_program_restarts_total", program="worker-1") == 0)
        second = self.wait_scrape(lambda s: s.get("newsmq_program_red", program="worker-1") == 1 and
                                  s.get("newsmq_program_restarts_total", program="worker-1") > 3 and
                                  s.get("newsmq_feeds", state="failing") == 1)
        self.check(["NewsmqFeedFailing", "NewsmqFeedsFailing", "NewsmqNoWorker", "NewsmqNotReady", "NewsmqProgramRed",
                    "NewsmqProgramRestarts"], first, second)

    def test_a_hub_that_is_silent(self):
        self.configure({"a": "/a.xml"})
        self.daemon.start()
        self.wait_scrape(lambda s: s.get("newsmq_up") == 1)
        self.kill("hub", signal.SIGSTOP)
        self.check(["NewsmqHubSilent", "NewsmqNotReady"], self.wait_scrape(lambda s: s.get("newsmq_up") == 0))
        self.kill("hub", signal.SIGCONT)

    def test_a_sink_that_takes_nothing(self):
        self.run_once(bus=["max_unacked: 6"])
        self.replace("newsmq-sink", STANDIN)
        self.change_state(f"UPDATE consumer SET acked = 0, last_ms = last_ms - {HOUR_MS}")
        self.daemon.start()
        scrape = self.wait_scrape(lambda s: s.get("newsmq_consumer_lag_records", consumer="jsonl") == 5 and
                                  s.get("newsmq_workers") == 1)
        self.assertIn("sink_stuck", self.health()[1])
        self.check(["NewsmqSinkStuck", "NewsmqConsumerLag", "NewsmqNotReady"], scrape)

    def test_a_backlog_that_nobody_works_on(self):
        self.replace("newsmq-worker", STANDIN)
        self.configure({"a": "/a.xml"}, bus=["max_pending: 5"])
        self.daemon.start()
        self.wait_scrape(lambda s: s.get("newsmq_pending_items") == 5)
        self.stop()
        self.change_state(f"UPDATE item SET time_ms = time_ms - {HOUR_MS}")
        self.daemon.start()
        scrape = self.wait_scrape(lambda s: (s.get("newsmq_oldest_pending_seconds") or 0) > 3600)
        self.assertLessEqual({"backlog_stuck", "no_worker"}, set(self.health()[1]))
        self.check(["NewsmqLag", "NewsmqNoWorker", "NewsmqFull", "NewsmqNotReady"], scrape)

    def test_a_disk_that_is_full(self):
        self.configure({"a": "/a.xml"})
        self.daemon.config.write_text(self.daemon.config.read_text().replace("every: 1h", "every: 200ms"))
        self.daemon.start()
        self.wait_scrape(lambda s: s.get("newsmq_records_total") == 5 and
                         s.get("newsmq_consumer_lag_records", consumer="jsonl") == 0)
        (self.top / "full").touch()
        scrape = self.wait_scrape(lambda s: s.get("newsmq_holding") == 1)
        self.assertIn("holding", self.health()[1])
        self.check(["NewsmqStateNotWritable", "NewsmqNotReady"], scrape)
        (self.top / "full").unlink()
        self.wait_scrape(lambda s: s.get("newsmq_ready") == 1)

    def test_a_disk_that_is_nearly_full(self):
        for program in ("newsmq-hub", "newsmq-sink"):
            self.preload(program, "libnospace.so", DISK_FREE=5)
        scrape = self.run_once()
        self.check(["NewsmqDiskFilling"], scrape)

    def test_items_that_kill_their_workers(self):
        self.preload("newsmq-worker", "libdeadly.so")
        self.configure({"a": "/a.xml"}, bus=["max_attempts: 4"])
        self.daemon.start()
        first = self.wait_scrape(lambda s: s.get("newsmq_records_total") == 5)
        self.server.set("/b.xml", Page(feed("b", [1], text=f"Nobody can read this {DEADLY} here.")))
        self.configure({"a": "/a.xml", "b": "/b.xml"}, bus=["max_attempts: 4"])
        self.daemon.signal(signal.SIGHUP)
        second = self.wait_scrape(lambda s: s.get("newsmq_dead_letters_total") == 1 and s.get("newsmq_ready") == 1)
        self.check(["NewsmqDeadLetters", "NewsmqProgramRestarts"], first, second)

    def test_an_extractor_that_cannot_be_opened(self):
        self.configure({"a": "/a.xml"})
        text = self.daemon.config.read_text()
        (self.top / "broken.model").write_text("this is no model")
        self.daemon.config.write_text(text.replace("  - entities\n", f"  - {{ name: entities, model: {self.top}/broken.model }}\n"))
        self.daemon.start()
        first = self.wait_scrape(lambda s: (s.get("newsmq_extractor_errors_total", extractor="entities") or 0) >= 5)
        self.server.set("/b.xml", Page(feed("b", range(3))))
        self.daemon.config.write_text(self.daemon.config.read_text().replace(
            "  - { id: a,", f"  - {{ id: b, url: '{self.server.url('/b.xml')}', group: press }}\n  - {{ id: a,"))
        self.daemon.signal(signal.SIGHUP)
        second = self.wait_scrape(lambda s: s.get("newsmq_extractor_errors_total", extractor="entities") >= 8)
        self.check(["NewsmqExtractorErrors"], first, second)

    def test_accounts_that_do_not_add_up(self):
        self.run_once()
        self.change_state("UPDATE stream SET head = head + 1 WHERE n = 0")
        self.daemon.start()
        scrape = self.wait_scrape(lambda s: s.get("newsmq_accounts_ok") == 0 and s.get("newsmq_workers") == 1)
        self.assertIn("accounts", self.health()[1])
        self.check(["NewsmqAccountsMismatch", "NewsmqNotReady"], scrape)

    def test_a_fetcher_that_does_nothing(self):
        self.run_once()
        self.replace("newsmq-fetch", STANDIN)
        late_ms = int(time.time() * 1000) - HOUR_MS
        self.change_state(f"UPDATE feed SET state = json_set(state, '$.next_due_ms', {late_ms})")
        self.daemon.start()
        scrape = self.wait_scrape(lambda s: s.get("newsmq_unready", reason="not_fetching") == 1 and s.get("newsmq_workers") == 1)
        self.assertGreater(scrape.get("newsmq_feed_overdue_seconds", feed="a", group="press"), 3500)
        self.check(["NewsmqNotFetching", "NewsmqNotReady"], scrape)

    def test_subscribers_that_stall_and_strangers(self):
        keys = {"bus": ["high_water_mark: 20"], "feed_keys": "max_bytes: 100MB"}
        self.configure({"a": "/a.xml"}, **keys)
        self.daemon.start()
        context = zmq.Context()
        self.addCleanup(context.destroy, 0)
        subscriber = context.socket(zmq.SUB)
        subscriber.rcvhwm = 1
        subscriber.connect(f"ipc://{self.top}/run/pub.sock")
        subscriber.subscribe("item/")
        first = self.wait_scrape(lambda s: s.get("newsmq_subscribers", topic="item/") == 1 and s.get("newsmq_records_total") == 5)
        stranger = context.socket(zmq.DEALER)
        stranger.connect(f"ipc://{self.top}/run/ingest.sock")
        stranger.send_multipart([b"GET / HTTP/1.1"])
        self.server.set("/b.xml", Page(feed("b", range(400), text="What happened at length. " * 400)))
        self.configure({"a": "/a.xml", "b": "/b.xml"}, **keys)
        self.daemon.signal(signal.SIGHUP)
        second = self.wait_scrape(lambda s: s.get("newsmq_publish_drops_total", stream="item") > 0 and
                                  s.get("newsmq_records_total") == 405 and
                                  s.get("newsmq_consumer_lag_records", consumer="jsonl") == 0)
        self.assertEqual(second.get("newsmq_refused_messages_total", cause="malformed"), 1)
        self.check(["NewsmqSubscriberDrops", "NewsmqRefusedMessages"], first, second)


    def test_peers_with_a_key_that_nobody_knows(self):
        door = curvekit.Door(self.top)
        door.make("stranger")
        self.configure({"a": "/a.xml"}, bus=[f"work: [ 'ipc://{self.top}/run/work.sock', '{door.endpoints['work']}' ]",
                                             f"curve: {door.curve()}"])
        self.daemon.start()
        first = self.wait_scrape(lambda s: s.get("newsmq_records_total") == 5)
        context = zmq.Context()
        self.addCleanup(context.destroy, 0)
        peer = context.socket(zmq.DEALER)
        door.lend(peer, "stranger")
        peer.connect(door.endpoints["work"])
        second = self.wait_scrape(lambda s: s.get("newsmq_auth_failures_total", reason="unknown_key") > 0)
        self.check(["NewsmqAuthFailures"], first, second)


class Rules(unittest.TestCase):
    def test_they_are_good_rules(self):
        run = promtool("check", "rules", str(RULES))
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_each_with_numbers_made_up_for_it(self):
        tests = RULES.with_name("newsmq.rules.test.yml")
        run = promtool("test", "rules", tests.name, folder=tests.parent)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(sorted(set(re.findall(r"alertname: (\w+)", tests.read_text()))), sorted(ALARMS))

    def test_every_alarm_is_explained_and_has_a_remedy(self):
        page = (ROOT / "docs" / "monitoring.md").read_text()
        rows = re.findall(r"^\| ((?:`Newsmq\w+`(?:, )?)+) \| [^|]+ \| [^|]+ \|$", page, re.M)
        self.assertEqual(sorted(re.findall(r"`(\w+)`", " ".join(rows))), sorted(ALARMS))
        for part in RULES.read_text().split("- alert: ")[1:]:
            for key in ("summary: ", "remedy: ", "severity: "):
                self.assertIn(key, part)


if __name__ == "__main__":
    unittest.main()
