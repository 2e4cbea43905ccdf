#!/usr/bin/python3
"""Items go in, jobs go out, records come back; workers die in between."""
import json
import time
import unittest

from hubkit import NLP, HubTest, Worker, item_core, item_id
from schema import check_published


class Work(HubTest):
    def test_an_item_becomes_one_record(self):
        self.assertEqual(self.hub.put(["one"]), (1, 0))
        worker = Worker(self.hub)

        seq, attempt, item = worker.job()
        worker.result(seq)

        self.hub.wait_for(lambda s: s["records"] == 1)
        self.assertEqual((seq, attempt), (1, 1))
        self.assertEqual(item["schema"], "item/1")
        self.assertEqual(item["revision"], 1)
        self.assertEqual(item["id"], item_id("one"))
        self.accounts(items=1, records=1, pending=0)

    def test_a_batch_sent_again_is_counted_not_stored(self):
        self.assertEqual(self.hub.put(["one", "two"]), (2, 0))
        self.assertEqual(self.hub.put(["one", "two"]), (0, 2))
        self.accounts(items=2, duplicates=2)

    def test_changed_content_is_a_new_revision(self):
        self.hub.put([item_core("one")])
        self.assertEqual(self.hub.put([item_core("one", text="Other words.")]), (1, 0))
        self.assertEqual(self.hub.put([item_core("one", text="Third.")], state={"on_update": "ignore"}), (0, 1))
        worker = Worker(self.hub, credit=5)
        worker.job()
        self.assertEqual(worker.job()[2]["revision"], 2)
        self.accounts(items=2, updates=1)

    def test_the_first_result_wins(self):
        self.hub.put(["one"])
        worker = Worker(self.hub)
        seq, _, _ = worker.job()
        worker.result(seq)
        worker.result(seq, nlp={"status": "failed"})
        self.hub.wait_for(lambda s: s["records"] == 1)

        replay = self.hub.peer("replay")
        replay.say("GET", "record", 1, 0)
        record = check_published(json.loads(replay.expect("MSG")[3]))
        self.assertEqual(record["nlp"]["status"], "ok")
        self.assertEqual(replay.expect("END"), ["2", "1"])
        self.accounts(items=1, records=1)

    def test_a_worker_cannot_change_an_item(self):
        self.hub.put(["one"])
        worker = Worker(self.hub)
        seq, _, _ = worker.job()
        worker.result(seq, nlp={**NLP, "title": "mine", "x": {"schema": "y"}})
        self.hub.wait_for(lambda s: s["records"] == 1)
        replay = self.hub.peer("replay")
        replay.say("GET", "record", 1, 0)
        record = check_published(json.loads(replay.expect("MSG")[3]))
        self.assertEqual(record["title"], "About one")
        self.assertEqual(record["schema"], "record/1")
        self.assertEqual(record["dedup"], {"status": "unique"})

    def test_only_the_oldest_job_of_a_dead_worker_counts_an_attempt(self):
        self.hub.put(["one", "two", "three"])
        worker = Worker(self.hub, credit=3)
        for _ in range(3):
            worker.job()
        worker.close()

        other = Worker(self.hub, "worker-2", credit=3)
        got = {}
        for _ in range(3):
            seq, attempt, _ = other.job()
            got[seq] = attempt
            other.result(seq, attempt)
        self.assertEqual(got, {1: 2, 2: 1, 3: 1})
        self.hub.wait_for(lambda s: s["records"] == 3)
        self.accounts(items=3, records=3, dead=0)

    def test_an_item_that_kills_workers_ends_as_a_dead_letter(self):
        self.hub.put([f"n{i}" for i in range(20)])
        deaths = 0
        while True:
            worker = Worker(self.hub, "worker-1", credit=4)
            while (answer := worker.hear(2)) is not None:
                if answer[0] != "JOB":
                    continue
                if json.loads(answer[4])["title"] == "About n7":
                    deaths += 1
                    break
                worker.result(int(answer[1]), int(answer[2]))
            worker.socket.close(linger=5000)  # or a result may be lost, and another item blamed
            if answer is None:
                break
        self.assertEqual(deaths, 5)
        self.accounts(items=20, records=19, dead=1, pending=0)
        dead = self.hub.call("dead")["dead"][0]
        self.assertEqual((dead["title"], dead["attempts"], dead["feed"]), ("About n7", 5, "a"))
        self.assertIn("item given up", self.hub.log.read_text())

    def test_a_suspect_is_tried_alone(self):
        self.hub.put(["bad"])
        worker = Worker(self.hub, credit=8)
        seq, attempt, _ = worker.job()
        self.hub.put(["x1", "x2", "x3"])
        worker.say("FAIL", seq, attempt, "crash", "it broke")
        for _ in range(3):
            other, _, _ = worker.job()
            self.assertNotEqual(other, seq)
            self.assertIsNone(worker.hear(0.1) if other == 4 else None)
        for other in (2, 3, 4):
            worker.result(other)
        self.hub.put(["x4"])
        self.assertEqual(worker.job()[:2], (seq, 2))
        self.assertIsNone(worker.hear(0.3))
        worker.result(seq, 2)
        self.assertEqual(worker.job()[0], 5)

    def test_attempts_survive_a_restart(self):
        self.hub.put(["bad"])
        for expected in (1, 2, 3, 4, 5):
            worker = Worker(self.hub)
            seq, attempt, _ = worker.job()
            self.assertEqual(attempt, expected)
            worker.say("FAIL", seq, attempt, "crash", "it broke")
            worker.say("BYE")
            self.hub.wait_for(lambda s: s["in_flight"] == 0 and not s["workers"])
            worker.close()
            self.hub.kill()
            self.hub.start()
        self.accounts(items=1, dead=1, pending=0)
        self.assertIn("it broke", self.hub.call("dead")["dead"][0]["reason"])

    def test_a_bad_result_is_refused_and_counts(self):
        self.hub.put(["one"])
        worker = Worker(self.hub)
        for bad in (b"{", b"[]", b'{"status":1}', b'{"a":1}'):
            seq, attempt, _ = worker.job()
            worker.say("RESULT", seq, attempt, bad)
            self.assertEqual(worker.expect("ERR")[0], "422")
        seq, attempt, _ = worker.job()
        self.assertEqual(attempt, 5)
        worker.result(seq, attempt)
        self.hub.wait_for(lambda s: s["records"] == 1)

    def test_a_job_past_its_lease_goes_to_another_and_a_late_result_counts(self):
        self.hub.put(["one"])
        slow = Worker(self.hub, "slow")
        seq, _, _ = slow.job()
        self.hub.wait_for(lambda s: s["in_flight"] == 0 and not s["workers"])
        slow.result(seq)
        self.hub.wait_for(lambda s: s["records"] == 1)
        self.assertEqual(slow.hear(), ["WHO"])
        self.accounts(items=1, records=1, pending=0)

    def test_keep_extends_the_lease(self):
        self.hub.put(["one"])
        worker = Worker(self.hub)
        seq, attempt, _ = worker.job()
        for _ in range(8):
            time.sleep(0.4)
            worker.say("KEEP", seq)
        worker.result(seq, attempt)
        self.hub.wait_for(lambda s: s["records"] == 1)
        self.assertEqual(self.hub.status()["redelivered"], 0)

    def test_a_restarted_hub_hands_out_what_was_in_hand(self):
        self.hub.put(["one", "two"])
        worker = Worker(self.hub, credit=2)
        worker.job()
        worker.job()
        self.hub.kill()
        self.hub.start()
        worker.say("PING")
        self.assertEqual(worker.hear(ignore=("PONG",)), ["WHO"])
        again = Worker(self.hub, credit=2)
        self.assertEqual(sorted(again.job()[:2] for _ in range(2)), [(1, 1), (2, 1)])

    def test_sigterm_waits_for_what_is_in_hand(self):
        self.hub.put(["one", "two"])
        worker = Worker(self.hub)
        seq, attempt, _ = worker.job()
        self.hub.process.terminate()
        self.assertEqual(worker.hear(), ["DRAIN"])
        worker.result(seq, attempt)
        worker.say("BYE")
        self.assertEqual(self.hub.process.wait(10), 0)
        self.hub.start()
        self.accounts(items=2, records=1, pending=1)

    def test_full_is_said_and_ends_by_itself(self):
        self.hub.kill()
        self.hub.start(max_pending=10)
        self.assertEqual(self.hub.put([f"a{i}" for i in range(10)]), (10, 0))
        answer = self.hub.put(["b"])
        self.assertEqual(answer[0], "FULL")
        self.assertIn("no", answer[3])
        self.assertIn("none is connected", self.hub.status()["full"])
        worker = Worker(self.hub)
        worker.result(worker.job()[0])
        self.hub.wait_for(lambda s: s["full"] is None)
        self.assertEqual(self.hub.put(["b"]), (1, 0))


class OrderlyLeave(HubTest):
    def test_a_worker_that_says_bye_and_closes_blames_no_item(self):
        for batch in range(5):
            self.hub.put([f"{batch}-{i}" for i in range(200)])
        for n in range(20):
            worker = Worker(self.hub, f"w{n}", credit=40)
            for _ in range(30):
                seq, attempt, _ = worker.job()
                self.assertEqual(attempt, 1)
                worker.result(seq, attempt)
            worker.say("BYE")
            worker.socket.close(linger=1000)
        self.hub.wait_for(lambda s: s["workers"] == [])
        self.assertEqual(self.hub.log.read_text().count("attempt failed"), 0)


if __name__ == "__main__":
    unittest.main()
