#!/usr/bin/python3
"""Real workers beside the real hub: what they find, and what becomes of items that break them."""
import json
import pathlib
import signal
import unittest

from hubkit import MODEL, WAIT_S, HubTest, item_core, item_id
from workerkit import DEADLY, HANGING, WorkerProcess, check_published

TEXT = ("Boris Example, who leads the Example Food Agency (EFA) in Nairobi, met Kenyan farmers on Monday.\n\n"
        "“We listened,” Mr. Example said. The EFA pays for seeds in Kenya.")


class WorkerTest(HubTest):
    settings = {"max_attempts": 3, "credit": 8}

    def worker(self, name: str = "worker-1", **more) -> WorkerProcess:
        worker = WorkerProcess(self.hub, name, **more)
        self.addCleanup(worker.kill)
        return worker.start()

    def records(self) -> list:
        replay = self.hub.peer("replay")
        replay.say("GET", "record", 1, 0)
        found = []
        while (answer := replay.hear())[0] == "MSG":
            found.append(json.loads(answer[4]))
        replay.close()
        for record in found:
            if check_published is not None:
                check_published(record)
        return found


class Work(WorkerTest):
    def test_a_record_says_what_the_extractors_found(self):
        worker = self.worker()
        self.hub.put([item_core("one", TEXT)])
        self.hub.wait_for(lambda s: s["records"] == 1)

        nlp = self.records()[0]["nlp"]
        self.assertEqual(nlp["status"], "ok")
        self.assertEqual(nlp["language"]["code"], "en")
        self.assertEqual([run["name"] for run in nlp["workers"]], worker.workers)
        named = {entity["name"]: entity for entity in nlp["entities"]}
        self.assertEqual(named["Example Food Agency"]["aliases"], ["EFA"])
        self.assertEqual(len(named["Boris Example"]["mentions"]), 2)
        self.assertEqual(named["Nairobi"]["geo"]["country"], "KE")

    def test_many_items_and_two_workers_make_one_record_each(self):
        self.worker("worker-1")
        self.worker("worker-2")
        self.hub.put([item_core(f"n{i}", f"{TEXT} {i}") for i in range(300)])
        self.hub.wait_for(lambda s: s["records"] == 300, 3 * WAIT_S)
        self.assertEqual(len({record["id"] for record in self.records()}), 300)
        self.accounts(items=300, records=300, dead=0, pending=0)

    def test_an_item_that_kills_its_worker_ends_as_a_dead_letter(self):
        worker = self.worker(deadly=True)
        items = [item_core(f"n{i}", TEXT + (DEADLY if i == 7 else "")) for i in range(20)]
        self.hub.put(items)
        self.hub.wait_for(lambda s: worker.keep_alive() and s["records"] + s["dead"] == 20, 6 * WAIT_S)

        self.accounts(items=20, records=19, dead=1, pending=0)
        dead = self.hub.call("dead")["dead"]
        self.assertEqual([(d["title"], d["attempts"]) for d in dead], [("About n7", 3)])
        self.assertEqual(set(worker.ends), {-signal.SIGABRT})
        self.assertNotIn(item_id("n7"), {record["id"] for record in self.records()})

    def test_an_item_on_which_an_extractor_hangs_ends_as_a_dead_letter(self):
        worker = self.worker(deadly=True, workers=["language", "{ name: entities, timeout: 500ms }"])
        self.hub.put([item_core(f"n{i}", TEXT + (HANGING if i == 2 else "")) for i in range(6)])
        self.hub.wait_for(lambda s: worker.keep_alive() and s["records"] + s["dead"] == 6, 6 * WAIT_S)

        self.accounts(items=6, records=5, dead=1, pending=0)
        self.assertEqual(self.hub.call("dead")["dead"][0]["title"], "About n2")
        self.assertEqual(set(worker.ends), {75})
        self.assertIn(f"extractor=entities item={item_id('n2')}", worker.said())

    def test_a_worker_stopped_past_its_lease_is_replaced_and_makes_no_second_record(self):
        first = self.worker("worker-1")
        self.hub.wait_for(lambda s: len(s["workers"]) == 1)
        first.signal(signal.SIGSTOP)
        self.hub.put([item_core(f"n{i}", TEXT) for i in range(10)])
        self.worker("worker-2")
        self.hub.wait_for(lambda s: s["records"] == 10, 6 * WAIT_S)
        first.signal(signal.SIGCONT)
        self.hub.put([item_core("last", TEXT)])
        self.hub.wait_for(lambda s: s["records"] == 11, 3 * WAIT_S)

        self.assertEqual(first.stop(), 0)
        self.assertEqual(len(self.records()), 11)
        self.accounts(items=11, records=11, dead=0, pending=0)

    def test_an_item_that_cannot_be_read_is_refused_with_the_reason(self):
        self.worker()
        self.hub.put([item_core("bad", content_text=5), item_core("good")])
        self.hub.wait_for(lambda s: s["records"] == 1 and s["dead"] == 1, 3 * WAIT_S)
        self.assertIn("item: content_text: not a string", self.hub.call("dead")["dead"][0]["reason"])

    def test_an_item_without_text_is_skipped_and_still_has_a_record(self):
        self.worker()
        self.hub.put([item_core("empty", title="", content_text="")])
        self.hub.wait_for(lambda s: s["records"] == 1)
        self.assertEqual(self.records()[0]["nlp"]["status"], "skipped")


class Life(WorkerTest):
    def test_a_worker_waits_for_a_hub_that_is_away(self):
        worker = self.worker()
        self.hub.put(["one"])
        self.hub.wait_for(lambda s: s["records"] == 1)
        self.hub.kill()
        self.hub.start()
        self.hub.put(["two"])
        self.hub.wait_for(lambda s: s["records"] == 2, 3 * WAIT_S)
        self.assertIsNone(worker.process.poll())

    def test_a_worker_outlives_a_hub_that_is_stopped_and_started(self):
        worker = self.worker()
        self.hub.put(["one"])
        self.hub.wait_for(lambda s: s["records"] == 1)
        self.assertEqual(self.hub.stop(), 0)
        self.hub.start()
        self.hub.put(["two"])
        self.hub.wait_for(lambda s: s["records"] == 2, 3 * WAIT_S)
        self.assertIsNone(worker.process.poll())
        self.assertEqual(worker.stop(), 0)

    def test_a_hangup_opens_the_extractors_again_and_a_bad_file_changes_nothing(self):
        worker = self.worker()
        self.hub.wait_for(lambda s: len(s["workers"]) == 1)

        worker.write_config(text="feeds: 5\n")
        worker.signal(signal.SIGHUP)
        self.hub.wait_for(lambda s: "going on as before" in worker.said())
        worker.write_config("{ name: language, colour: red }")
        worker.signal(signal.SIGHUP)
        self.hub.wait_for(lambda s: "unknown key 'colour'" in worker.said())
        worker.write_config("language")
        worker.signal(signal.SIGHUP)
        self.hub.wait_for(lambda s: "opened again" in worker.said())

        self.hub.put([item_core("one", TEXT)])
        self.hub.wait_for(lambda s: s["records"] == 1)
        self.assertEqual([run["name"] for run in self.records()[0]["nlp"]["workers"]], ["language"])

    @unittest.skipUnless(MODEL.exists(), "no model here")
    def test_a_model_that_does_not_fit_makes_records_that_say_so(self):
        model = pathlib.Path(self.hub.folder) / "odd.model"
        model.write_bytes(b"no model")
        worker = self.worker(workers=["language", f"{{ name: entities, model: {model} }}", "places"])
        self.hub.put([item_core("one", TEXT)])
        self.hub.wait_for(lambda s: s["records"] == 1)

        nlp = self.records()[0]["nlp"]
        self.assertEqual((nlp["status"], nlp["language"]["code"]), ("failed", "en"))
        self.assertEqual(["error" in run for run in nlp["workers"]], [False, True, False])
        self.assertIn(str(model), nlp["error"])
        self.assertIn("an extractor cannot be opened", worker.said())
        self.assertIn(str(model), worker.said())

    def test_a_worker_that_cannot_start_says_why_and_where(self):
        worker = self.worker(workers=["language", "{ name: shouting }"])
        self.assertEqual(worker.process.wait(WAIT_S), 78)
        self.assertIn("worker-1.yaml:10:", worker.said())
        self.assertIn("extractor 'shouting'", worker.said())
        self.assertIn("this version has acronyms, aliases, entities, language", worker.said())


if __name__ == "__main__":
    unittest.main()
