#!/usr/bin/python3
"""Ordered readers: cursors, credit, prefixes, what is gone."""
import json
import time
import unittest

from hubkit import HubTest, Worker, item_core


class Tap(HubTest):
    def make_records(self, n: int, start: int = 0, feed: str = "a"):
        """Puts n items and does their work."""
        before = self.hub.status()["records"]
        self.hub.put([f"{feed}{start + i}" for i in range(n)], feed=feed)
        worker = Worker(self.hub, "maker", credit=100)
        for _ in range(n):
            worker.result(worker.job()[0])
        self.hub.wait_for(lambda s: s["records"] == before + n)
        worker.say("BYE")
        worker.close()

    def subscribe(self, start=0, credit=100, name="sink", stream="record", prefix=None):
        tap = self.hub.peer("tap")
        tap.say("SUB", stream, start, credit, name, *([prefix] if prefix else []))
        return tap

    def seqs(self, tap, n):
        return [int(tap.expect("MSG")[1]) for _ in range(n)]

    def test_a_reader_gets_all_in_order_old_and_new(self):
        self.make_records(300)
        tap = self.subscribe(credit=1000)
        self.make_records(50, 300)
        self.assertEqual(self.seqs(tap, 350), list(range(1, 351)))

    def test_credit_bounds_what_is_sent(self):
        self.make_records(10)
        tap = self.subscribe(credit=4)
        self.assertEqual(self.seqs(tap, 4), [1, 2, 3, 4])
        self.assertIsNone(tap.hear(0.3))
        tap.say("ACK", 4, 3)
        self.assertEqual(self.seqs(tap, 3), [5, 6, 7])
        self.assertIsNone(tap.hear(0.3))

    def test_a_durable_reader_goes_on_where_it_stood(self):
        self.make_records(10)
        tap = self.subscribe()
        self.seqs(tap, 10)
        tap.say("ACK", 6, 6)
        self.hub.wait_for(lambda s: s["consumers"][0]["acked"] == 6)
        tap.close()
        self.hub.kill()
        self.hub.start()
        consumer = self.hub.status()["consumers"][0]
        self.assertEqual((consumer["name"], consumer["acked"], consumer["lag"], consumer["connected"]),
                         ("sink", 6, 4, False))
        self.assertEqual(self.seqs(self.subscribe(), 4), [7, 8, 9, 10])

    def test_a_reader_without_name_is_not_remembered(self):
        self.make_records(3)
        self.seqs(self.subscribe(name=""), 3)
        self.assertEqual(self.hub.status()["consumers"], [])

    def test_a_newcomer_of_the_same_name_takes_over(self):
        self.make_records(3)
        old = self.subscribe()
        self.seqs(old, 3)
        new = self.subscribe()
        self.assertEqual(self.seqs(new, 3), [1, 2, 3])
        self.assertEqual(old.expect("ERR")[0], "409")
        old.say("ACK", 3, 3)
        self.assertEqual(old.hear(), ["WHO"])
        self.assertEqual(self.hub.status()["consumers"][0]["acked"], 0)

    def test_a_prefix_filters_and_its_cursor_follows(self):
        tap = self.subscribe(prefix="record/g/b/")
        self.make_records(20)
        self.hub.wait_for(lambda s: s["consumers"][0]["acked"] == 20)
        self.make_records(2, feed="b")
        self.make_records(20, 20)
        self.assertEqual(self.seqs(tap, 2), [21, 22])
        self.assertEqual(self.hub.status()["consumers"][0]["acked"], 20)
        tap.say("ACK", 22, 2)
        self.hub.wait_for(lambda s: s["consumers"][0]["acked"] == 42)

    def test_a_reader_that_knows_more_than_the_hub_is_refused(self):
        self.make_records(3)
        tap = self.subscribe(start=5)
        self.assertEqual(tap.expect("ERR")[0], "409")
        self.assertEqual(self.hub.status()["consumers"], [])
        tap = self.subscribe(start=4)
        self.make_records(1, 3)
        self.assertEqual(self.seqs(tap, 1), [4])

    def test_an_ack_of_what_was_not_sent_is_refused(self):
        self.make_records(3)
        tap = self.subscribe(credit=1)
        self.seqs(tap, 1)
        tap.say("ACK", 3, 1)
        self.assertEqual(tap.expect("ERR")[0], "422")
        self.assertEqual(self.hub.status()["consumers"][0]["acked"], 0)

    def test_a_lagging_consumer_holds_back_jobs_until_it_acknowledges(self):
        self.hub.kill()
        self.hub.start(max_unacked=10)
        tap = self.subscribe(credit=1000)
        self.hub.put([f"n{i}" for i in range(60)])
        worker = Worker(self.hub, credit=5)
        done = 0
        while (answer := worker.hear(0.5)) is not None:
            worker.result(int(answer[1]))
            done += 1
        self.assertLess(done, 25)
        self.assertIn("sink", self.hub.status()["full"])
        tap.say("ACK", done, done)
        for _ in range(10):
            worker.result(worker.job()[0])

    def test_forget_frees_what_waits(self):
        self.hub.kill()
        self.hub.start(max_unacked=10)
        _tap = self.subscribe()
        self.hub.wait_for(lambda s: s["consumers"])
        self.hub.put([f"n{i}" for i in range(60)])
        worker = Worker(self.hub, credit=5)
        while (answer := worker.hear(0.5)) is not None:
            worker.result(int(answer[1]))
        self.assertEqual(self.hub.call("forget", {"consumer": "sink"}), {"forgotten": True})
        self.assertEqual(self.hub.call("forget", {"consumer": "sink"}), {"forgotten": False})
        worker.result(worker.job()[0])
        self.assertEqual(self.hub.status()["consumers"], [])

    def test_what_is_trimmed_is_gone_but_never_before_it_is_acknowledged(self):
        self.hub.kill()
        self.hub.start(state_keep="1s")
        tap = self.subscribe(credit=1000)
        self.make_records(20)
        self.seqs(tap, 20)
        tap.say("ACK", 8, 8)
        time.sleep(1.2)
        self.hub.kill()
        self.hub.start()
        status = self.hub.wait_for(lambda s: s["streams"]["record"]["first"] == 9, 20)
        self.assertEqual(status["streams"]["item"]["first"], 9)
        time.sleep(0.3)
        self.assertEqual(self.hub.status()["streams"]["record"]["first"], 9)
        other = self.subscribe(start=3, name="")
        self.assertEqual(other.expect("GONE"), ["9"])
        replay = self.hub.peer("replay")
        replay.say("GET", "record", 1, 0)
        self.assertEqual(replay.expect("GONE"), ["9"])
        again = self.subscribe(credit=1000)
        self.assertEqual(self.seqs(again, 12), list(range(9, 21)))
        self.assertEqual(self.hub.put(["a0"]), (0, 1))
        self.accounts(items=20, records=20)

    def test_an_event_says_when_a_feed_goes_down_and_up(self):
        tap = self.subscribe(stream="event", name="")
        self.hub.put(["one"])
        self.hub.put([], state={"state": "failing", "reason": "no answer"})
        self.hub.put([], state={"state": "failing", "reason": "no answer"})
        self.hub.put([], state={"state": "ok"})
        events = [tap.expect("MSG") for _ in range(3)]
        self.assertEqual([event[2] for event in events], ["feed/a/up/", "feed/a/down/", "feed/a/up/"])
        self.assertEqual(json.loads(events[1][3])["reason"], "no answer")
        self.assertIsNone(tap.hear(0.2))

    def test_items_can_be_read_too(self):
        tap = self.subscribe(stream="item", name="")
        self.hub.put([item_core("one", language="fr-CH"), item_core("two", language="not a language")])
        first, second = tap.expect("MSG"), tap.expect("MSG")
        self.assertEqual((first[2], second[2]), ("item/g/a/fr/", "item/g/a/und/"))
        self.assertEqual(json.loads(first[3])["schema"], "item/1")


if __name__ == "__main__":
    unittest.main()
