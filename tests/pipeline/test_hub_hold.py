#!/usr/bin/python3
"""A full disk under the state: the hub holds, says so, and goes on by itself."""
import os
import pathlib
import time
import unittest

from hubkit import BIN, HubTest, Worker

SHIM = pathlib.Path(os.environ.get("NEWSMQ_SHIM", BIN.parent / "tests" / "libnospace.so"))


class Hold(HubTest):
    def setUp(self):
        super().setUp()
        self.flag = pathlib.Path(self.place.name) / "full"
        self.hub.kill()
        self.hub.wrapper = ["env", f"LD_PRELOAD={SHIM}", f"NOSPACE={self.flag}",
                            "ASAN_OPTIONS=verify_asan_link_order=0"]
        self.hub.start()

    def test_it_holds_and_goes_on_by_itself(self):
        self.hub.put(["one", "two"])
        worker = Worker(self.hub, credit=2)
        jobs = [worker.job(), worker.job()]
        self.flag.touch()
        worker.result(jobs[0][0])
        ingest = self.hub.peer("ingest")
        status = self.hub.wait_for(lambda s: s["holding"])
        self.assertIn("no room on the disk", status["holding"])
        self.assertEqual((status["items"], status["records"]), (2, 0))
        refused = self.hub.put(["three"])
        self.assertEqual(refused[0], "FULL")
        self.assertIn("holding", refused[3])
        worker.result(jobs[1][0])
        time.sleep(2.5)  # longer than the lease

        self.flag.unlink()
        self.hub.wait_for(lambda s: s["holding"] is None and s["records"] == 2)
        self.assertEqual(self.hub.put(["three"], peer=ingest), (1, 0))
        self.assertEqual(worker.job()[0], 3)
        status = self.accounts(items=3, records=2, pending=1, dead=0)
        self.assertEqual(status["redelivered"], 0)
        self.assertEqual(self.hub.log.read_text().count("holding: the state cannot be written"), 1)

    def test_nothing_is_told_before_it_is_committed(self):
        tap = self.hub.peer("tap")
        tap.say("SUB", "record", 0, 100, "")
        self.hub.put(["one"])
        worker = Worker(self.hub)
        seq, _, _ = worker.job()
        self.hub.wait_for(lambda s: s["in_flight"] == 1)
        self.flag.touch()
        ingest = self.hub.peer("ingest")
        worker.result(seq)
        self.hub.wait_for(lambda s: s["holding"])
        self.assertIsNone(tap.hear(0.5))
        self.assertIsNone(ingest.hear(0.1))
        self.hub.kill()
        self.flag.unlink()
        self.hub.start()
        self.accounts(items=1, records=0, pending=1)


if __name__ == "__main__":
    unittest.main()
