#!/usr/bin/python3
"""The sink beside the real hub: every record once in the files, whatever happens."""
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import time
import unittest

from hubkit import BIN, WAIT_S, item_core
from sinkkit import SHIMS, SinkTest, lines_of, verify, wait_until


class Records(SinkTest):
    def test_every_record_is_in_the_file_once(self):
        self.answering()
        sink = self.sink()
        self.put_items(1000)
        self.wait_acked(1000)
        records = self.assert_once(1000)
        self.assertEqual(records[0]["schema"], "record/1")
        self.assertEqual(set(records[0]["sink"]), {"time", "seq", "host", "version"})
        self.assertEqual(sink.stop(), 0)
        self.assert_once(1000)

    def test_html_is_left_out_unless_wanted(self):
        self.answering()
        self.sink(f"{{ type: jsonl, name: plain, path: '{self.out}/all.jsonl' }}",
                  f"{{ type: jsonl, name: html, path: '{self.out}-html/all.jsonl', include_html: true }}")
        self.hub.put([item_core("one", content_html="<p>The \"text\"}</p>")])
        self.wait_acked(1, "plain", "html")
        self.assertNotIn("content_html", self.assert_once(1)[0])
        self.assertEqual(self.assert_once(1, f"{self.out}-html")[0]["content_html"], "<p>The \"text\"}</p>")

    def test_two_sinks_and_the_standard_output_side_by_side(self):
        self.answering()
        sink = self.sink(f"{{ type: jsonl, name: one, path: '{self.out}/one/%Y/all.jsonl' }}",
                         f"{{ type: jsonl, name: two, path: '{self.out}/two/all.jsonl', fsync: 100ms }}", "stdout")
        self.put_items(500)
        self.wait_acked(500, "one", "two", "stdout")
        self.assertEqual(sink.stop(), 0)
        self.assert_once(500, self.out / "one")
        self.assert_once(500, self.out / "two")
        seqs = [json.loads(line)["sink"]["seq"] for line in sink.out.read_text().splitlines()]
        self.assertEqual(seqs, list(range(1, 501)))

    def test_files_are_rotated_and_compressed_while_it_writes(self):
        self.answering()
        self.sink(f"{{ type: jsonl, path: '{self.out}/all.jsonl', rotate: 100KB, compress_closed: zstd }}")
        for _ in range(10):
            self.put_items(300)
            sum_up = verify(self.out) if self.out.exists() else {"faults": 0}
            self.assertEqual(sum_up["faults"], 0, sum_up)
        self.wait_acked(3000)
        wait_until(lambda: len(list(self.out.glob("*.jsonl"))) == 1)
        self.assert_once(3000)
        self.assertGreater(verify(self.out)["compressed"], 3)


class Kills(SinkTest):
    KILLS = 30

    def test_no_kill_loses_or_doubles_a_record(self):
        seed = int(os.environ.get("SINK_SEED", "20261123"))
        print(f"SINK_SEED={seed}", file=sys.stderr)
        rng = random.Random(seed)
        self.answering()
        settings = f"{{ type: jsonl, path: '{self.out}/all.jsonl', rotate: 200KB, compress_closed: zstd }}"
        sink = self.sink(settings)
        for kill in range(self.KILLS):
            self.put_items(rng.randrange(50, 150), batch=rng.choice([1, 10, 50]))
            time.sleep(rng.random() * 0.05)  # anywhere in its work
            sink.kill()
            sink.start()
            if kill % 10 == 9:
                sum_up = verify(self.out) if self.out.exists() else {"faults": 0}
                self.assertEqual(sum_up["faults"], 0, sum_up)
        self.wait_acked(self.put_so_far)
        self.assert_once(self.put_so_far)

    def test_a_stop_writes_what_has_come(self):
        self.answering()
        sink = self.sink(f"{{ type: jsonl, path: '{self.out}/all.jsonl', fsync: 30s }}")
        sink.wait_for_log("output open")
        self.put_items(100)
        self.hub.wait_for(lambda s: s["records"] == 100 and self.consumer(status=s)["connected"])
        time.sleep(0.3)  # most of them have come; what has not is asked for again
        self.assertEqual(sink.stop(), 0)
        acked = self.consumer()["acked"]
        self.assertEqual(len(lines_of(self.out)), acked)
        sink.start()
        sink.wait_for_log("output open", 2)
        self.assertEqual(sink.stop(), 0)
        sink.sinks = [f"{{ type: jsonl, path: '{self.out}/all.jsonl' }}"]
        sink.start()
        self.wait_acked(100)
        self.assert_once(100)

    def test_power_cuts_of_the_real_program(self):
        """The shim ends it at a call, and what it had not synced is spoilt."""
        seed = int(os.environ.get("SINK_SEED", "20261123"))
        print(f"SINK_SEED={seed}", file=sys.stderr)
        rng = random.Random(seed)
        self.answering()
        notes = pathlib.Path(self.place.name) / "powercut"
        sink = None
        for _ in range(8):
            with open(notes, "r+b" if notes.exists() else "w+b") as file:
                file.write(struct.pack("<4Q", 0, rng.randrange(5, 60), 0, rng.randrange(1 << 30)))
            sink = self.sink(f"{{ type: jsonl, path: '{self.out}/all.jsonl', rotate: 40KB, compress_closed: zstd }}",
                             env={"LD_PRELOAD": str(SHIMS / "libpowercut.so"), "POWERCUT_MAP": str(notes)})
            while sink.process.poll() is None:
                self.put_items(rng.randrange(1, 40))
                time.sleep(0.01)
            self.assertEqual(sink.process.returncode, 99, sink.said())
            self.spoil(rng, notes)
        self.sink()
        self.wait_acked(self.put_so_far)
        self.assert_once(self.put_so_far)

    def spoil(self, rng, notes: pathlib.Path):
        data = notes.read_bytes()
        entries = {ino: durable for ino, durable, _ in struct.iter_unpack("<3Q", data[32:]) if ino}
        for path in self.out.glob("*.jsonl*"):
            size, durable = path.stat().st_size, entries.get(path.stat().st_ino, 0)
            if size <= durable:
                continue
            at, way = rng.randrange(durable, size), rng.randrange(3)
            with open(path, "r+b") as file:
                if way < 2:
                    file.truncate(at)
                if way == 1:
                    file.truncate(size)
                if way == 2:
                    file.seek(at)
                    file.write(rng.randbytes(min(4096, size - at)))


class Trouble(SinkTest):
    def test_a_full_disk_holds_and_goes_on_by_itself(self):
        self.answering()
        flag = pathlib.Path(self.place.name) / "full"
        sink = self.sink(env={"LD_PRELOAD": str(SHIMS / "libnospace.so"), "NOSPACE": str(flag)})
        self.put_items(100)
        self.wait_acked(100)
        flag.touch()
        self.put_items(100)
        sink.wait_for_log("holding: the output cannot be written")
        self.hub.wait_for(lambda s: self.consumer(status=s)["lag"] == 100)
        time.sleep(1.5)  # longer than a retry
        self.assertEqual(sink.said().count("holding: the output"), 1)
        self.assertIn("all.jsonl", sink.said())
        self.assertIn("make room", sink.said())
        flag.unlink()
        self.wait_acked(200)
        sink.wait_for_log("the output is written again")
        self.assert_once(200)

    def test_a_full_output_holds_back_the_pipeline(self):
        self.hub.stop()
        self.hub.start(max_unacked=50)
        self.answering()
        flag = pathlib.Path(self.place.name) / "full"
        flag.touch()
        sink = self.sink(env={"LD_PRELOAD": str(SHIMS / "libnospace.so"), "NOSPACE": str(flag)})
        self.hub.wait_for(lambda s: self.consumer(status=s)["connected"] or "cannot start" in sink.said())
        self.put_items(600)
        status = self.hub.wait_for(lambda s: self.consumer(status=s)["lag"] > 50)
        self.assertLess(status["records"], 600)
        flag.unlink()
        if sink.process.poll() is not None:
            sink.start()
        self.wait_acked(600)
        self.assert_once(600)

    def test_an_edited_file_is_refused_with_its_line(self):
        self.answering()
        sink = self.sink()
        for _ in range(20):  # a batch each, at least
            self.put_items(20)
            self.wait_acked(self.put_so_far)
        self.assertEqual(sink.stop(), 0)
        path = self.out / "all.jsonl"
        text = path.read_text()
        path.write_text(text.replace("The text of item-7.", "The text 0f item-7.", 1))
        sink.start()
        self.assertEqual(sink.wait_end(), 65, sink.said())
        self.assertIn(f"{path}:", sink.said())
        self.assertIn("are not what was written", sink.said())
        self.assertEqual(verify(self.out)["status"], 1)
        path.write_text(text)
        sink.start()
        self.put_items(1)
        self.wait_acked(401)

    def test_a_stranger_in_the_file_ends_it(self):
        self.answering()
        sink = self.sink()
        self.put_items(10)
        self.wait_acked(10)
        with open(self.out / "all.jsonl", "a") as file:
            file.write("my line\n")
        self.put_items(10)
        self.assertEqual(sink.wait_end(), 65, sink.said())
        self.assertIn("somebody else has written to it", sink.said())
        sink.start()  # which cuts what no batch wrote
        self.wait_acked(20)
        self.assert_once(20)

    def test_another_hub_store_is_refused(self):
        self.answering()
        sink = self.sink()
        self.put_items(10)
        self.wait_acked(10)
        self.assertEqual(sink.stop(), 0)
        self.hub.stop()
        (pathlib.Path(self.place.name) / "state").rename(pathlib.Path(self.place.name) / "old-state")
        self.hub.start()
        sink.start()
        self.assertEqual(sink.wait_end(), 78, sink.said())
        self.assertIn("of another hub store", sink.said())
        self.assertIn("move its files away", sink.said())

    def test_what_the_hub_no_longer_keeps_is_marked(self):
        self.hub.stop()
        self.hub.start(state_keep="1s")
        self.answering()
        sink = self.sink()
        self.put_items(10)
        self.wait_acked(10)
        self.assertEqual(sink.stop(), 0)
        self.assertEqual(self.hub.call("forget", {"consumer": "jsonl"}), {"forgotten": True})
        self.put_items(10)
        self.hub.wait_for(lambda s: s["streams"]["record"]["first"] > 20, WAIT_S * 3)
        sink.start()
        sink.wait_for_log("records are lost")
        self.assertIn("records=11-20", sink.said())
        self.put_items(5)
        self.wait_acked(25)
        sum_up = verify(self.out)
        self.assertEqual((sum_up["ok"], sum_up["gaps"], sum_up["lost"], sum_up["records"]), (True, 1, 10, 15), sum_up)

    def test_one_sink_that_fails_leaves_the_others_at_work(self):
        self.answering()
        self.out.mkdir()
        (self.out / "all.jsonl").write_text("not ours\n")
        sink = self.sink(f"{{ type: jsonl, name: bad, path: '{self.out}/all.jsonl' }}",
                         f"{{ type: jsonl, name: good, path: '{self.out}-good/all.jsonl' }}")
        self.put_items(10)
        self.wait_acked(10, "good")
        self.assertIn("a sink cannot go on; the others do", sink.said())
        (self.out / "all.jsonl").unlink()
        sink.process.send_signal(1)  # a reload tries at once
        self.wait_acked(10, "good", "bad")
        self.assert_once(10)

    def test_a_second_sink_in_the_folder_is_refused(self):
        first = self.sink()
        first.wait_for_log("output open")
        second = self.sink(f"{{ type: jsonl, name: other, path: '{self.out}/other-%Y.jsonl' }}", name="second")
        self.assertEqual(second.wait_end(), 78, second.said())
        self.assertIn("another sink writes in this folder (sink jsonl", second.said())

    def test_a_closed_standard_output_ends_it(self):
        self.answering()
        sink = self.sink("stdout")
        sink.kill()
        sink.write_config()
        reader, writer = os.pipe()
        with open(sink.log, "ab") as log:
            sink.process = subprocess.Popen([str(BIN / "newsmq-sink"), "-c", str(sink.config)], stdout=writer,
                                            stderr=log)
        os.close(writer)
        self.put_items(5)
        with os.fdopen(reader) as lines:
            self.assertEqual(json.loads(lines.readline())["sink"]["seq"], 1)
        self.put_items(500)
        self.assertEqual(sink.wait_end(), 74, sink.said())
        self.assertIn("nobody reads the standard output", sink.said())

    def test_a_reload_takes_new_numbers_and_new_sinks(self):
        self.answering()
        sink = self.sink()
        self.put_items(10)
        self.wait_acked(10)
        sink.write_config("{ type: nonsense: 1 }")
        sink.process.send_signal(1)
        sink.wait_for_log("the configuration is bad; going on as before")
        sink.write_config(f"{{ type: jsonl, path: '{self.out}/all.jsonl', rotate: 1MB }}",
                          f"{{ type: jsonl, name: more, path: '{self.out}-more/all.jsonl' }}")
        sink.process.send_signal(1)
        # The second folder is beyond its sandbox: whoever watches it starts it anew.
        self.assertEqual(sink.wait_end(), 79, sink.said())
        self.assertIn(f"beyond='{self.out}-more'", sink.said())
        sink = self.sink(*sink.sinks)
        self.wait_acked(10, "jsonl", "more")
        self.assert_once(10, f"{self.out}-more")
        sink.write_config(f"{{ type: jsonl, name: more, path: '{self.out}-more/all.jsonl' }}")
        sink.process.send_signal(1)
        self.hub.wait_for(lambda s: not self.consumer(status=s)["connected"])
        self.put_items(10)
        self.wait_acked(20, "more")
        self.assert_once(10)


if __name__ == "__main__":
    unittest.main()
