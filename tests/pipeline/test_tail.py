"""newsmq tail and newsmq replay beside the real hub."""
import json
import os
import pathlib
import pty
import random
import signal
import subprocess
import threading
import time
import unittest

from hubkit import BIN, WAIT_S, HubTest, Peer, item_core

LONG_S = 40
RESUMED_MAX = 64 + 2 * 256  # lines that may come again after kill -9
NLP = {"status": "ok", "language": {"code": "en", "score": 0.9}, "workers": [],
       "entities": [{"id": "e1", "type": "LOC", "name": "Gaza City", "aliases": [], "mentions": []}]}


class TailTest(HubTest):
    def setUp(self):
        super().setUp()
        self.config = pathlib.Path(self.place.name) / "newsmq.yaml"
        self.running = []
        self.addCleanup(self.end_all)
        self.is_over = threading.Event()

    def end_all(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def newsmq(self, *arguments, timeout_s: float = LONG_S) -> subprocess.CompletedProcess:
        return subprocess.run([str(BIN / "newsmq"), "-c", str(self.config), *map(str, arguments)], capture_output=True,
                              text=True, timeout=timeout_s)

    def start(self, *arguments, stdout=subprocess.PIPE, **more) -> subprocess.Popen:
        process = subprocess.Popen([str(BIN / "newsmq"), "-c", str(self.config), *map(str, arguments)], stdout=stdout,
                                   stderr=subprocess.PIPE, text=True, **more)
        self.running.append(process)
        return process

    def make(self, n: int, feed: str = "a", start: int = 0, text: str = ""):
        """Puts n items and answers their jobs, over kills of the hub too."""
        items = [item_core(f"{feed}-{number}", text and f"{text} {number}", feed=feed) for number in range(start, start + n)]
        ingest, work = Peer(self.hub, "ingest"), Peer(self.hub, "work")
        state = {"feed": feed, "group": "g", "state": "ok"}
        batches = [items[at:at + 50] for at in range(0, n, 50)]
        end, asked, n_done = time.monotonic() + LONG_S, 0.0, 0
        work.say("HELLO", {"name": f"maker-{feed}", "pid": 1})
        work.say("READY", 64)
        while (batches or n_done < n) and not self.is_over.is_set():
            assert time.monotonic() < end, f"{n_done} of {n} were done"
            if time.monotonic() - asked > 0.2:
                work.say("PING")
                if batches:
                    ingest.say("PUT", len(batches), state, *(part for core in batches[0] for part in (core["id"], core)))
                asked = time.monotonic()
            while (answer := work.hear(0.002)) is not None:
                if answer[0] == "WHO":
                    work.say("HELLO", {"name": f"maker-{feed}", "pid": 1})
                    work.say("READY", 64)
                if answer[0] == "JOB":
                    work.say("RESULT", answer[1], answer[2], NLP)
            if (answer := ingest.hear(0)) is not None and answer[0] == "OK" and int(answer[1]) == len(batches):
                batches.pop(0)
                asked = 0.0
            if not batches:
                n_done = n if self.is_idle() else n_done
        ingest.close()
        work.close()

    def is_idle(self) -> bool:
        status = self.hub.call("status", timeout_s=1)
        return isinstance(status, dict) and status["pending"] == 0

    def seqs(self, text: str) -> list:
        return [json.loads(line)["seq"] for line in text.split("\n") if line]


class Tail(TailTest):
    def test_a_late_one_gets_all_that_is_kept(self):
        self.make(30)
        run = self.newsmq("tail", "--since", 1, "--count", 30)
        self.assertEqual(run.returncode, 0, run)
        self.assertEqual(self.seqs(run.stdout), list(range(1, 31)))
        first = json.loads(run.stdout.splitlines()[0])
        self.assertEqual((first["topic"], first["schema"], first["title"]), ("record/g/a/en/", "record/1", "About a-0"))

    def test_without_since_only_what_is_new_comes(self):
        self.make(5)
        tail = self.start("tail", "--count", 3)
        maker = threading.Thread(target=lambda: [self.make(2, start=start) for start in range(5, 400, 2)
                                                 if not self.is_over.is_set()])
        maker.start()
        try:
            out, _ = tail.communicate(timeout=LONG_S)
        finally:
            self.is_over.set()
            maker.join()
        seqs = self.seqs(out)
        self.assertGreater(seqs[0], 5)
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + 3)))

    def test_a_topic_chooses_the_stream_and_the_messages(self):
        self.make(4, feed="a")
        self.make(4, feed="b")
        items = self.newsmq("tail", "item/g/b/", "--since", 1, "--count", 4)
        self.assertEqual(self.seqs(items.stdout), [5, 6, 7, 8])
        self.assertEqual({json.loads(line)["schema"] for line in items.stdout.splitlines()}, {"item/1"})
        events = self.newsmq("tail", "feed/", "--since", 1, "--count", 2)
        self.assertEqual([json.loads(line)["topic"] for line in events.stdout.splitlines()], ["feed/a/up/", "feed/b/up/"])

    def test_one_that_is_told_to_stop_goes_on_without_a_repetition(self):
        self.start_named("r")
        path = pathlib.Path(self.place.name) / "out.jsonl"
        for round_ in range(3):
            self.make(40, start=round_ * 40)
            before = path.read_bytes().count(b"\n") if round_ else 0
            with open(path, "ab") as out:
                tail = self.start("tail", "--resume", "r", stdout=out)
            self.wait_lines(path, before + 10)
            tail.send_signal(signal.SIGTERM)
            self.assertEqual(tail.wait(LONG_S), 0)
        seqs = self.seqs(path.read_text())
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)))

    def wait_lines(self, path: pathlib.Path, n: int):
        end = time.monotonic() + LONG_S
        while path.read_bytes().count(b"\n") < n:
            assert time.monotonic() < end, f"{path.read_bytes().count(10)} lines, not {n}"
            time.sleep(0.01)

    def start_named(self, name: str):
        """Makes the name known at the beginning of the stream."""
        tail = self.start("tail", "--resume", name)
        self.hub.wait_for(lambda s: any(c["connected"] for c in s["consumers"]))
        tail.send_signal(signal.SIGINT)
        tail.communicate(timeout=LONG_S)

    def test_one_that_is_killed_in_mid_burst_has_every_record_in_the_end(self):
        seed, n = 7, 3000
        dice = random.Random(seed)
        self.start_named("r")
        path = pathlib.Path(self.place.name) / "out.jsonl"
        maker = threading.Thread(target=self.make, args=(n,))
        maker.start()
        hub_kills = {3, 6}
        for round_ in range(9):
            with open(path, "ab") as out:
                tail = self.start("tail", "--resume", "r", stdout=out)
            size = path.stat().st_size
            end = time.monotonic() + WAIT_S
            while path.stat().st_size < size + dice.randrange(20_000, 200_000) and time.monotonic() < end:
                time.sleep(0.002)
            if round_ in hub_kills:
                self.hub.kill()
                self.hub.start()
            tail.kill()
            tail.wait()
        maker.join()
        with open(path, "ab") as out:
            tail = self.start("tail", "--resume", "r", stdout=out)
        self.hub.wait_for(lambda s: s["records"] == n and s["consumers"][0]["acked"] == n, LONG_S)
        tail.send_signal(signal.SIGTERM)
        self.assertEqual(tail.wait(LONG_S), 0)
        self.check_whole(path.read_bytes(), n, f"seed {seed}")

    def check_whole(self, data: bytes, n: int, what: str):
        seqs = []
        torn = 0
        for line in data.split(b"\n")[:-1]:
            try:
                seqs.append(json.loads(line)["seq"])
            except ValueError:
                torn += 1
        self.assertLessEqual(torn, 9, what)
        self.assertEqual(sorted(set(seqs)), list(range(1, n + 1)), what)
        for before, after in zip(seqs, seqs[1:]):
            self.assertTrue(after == before + 1 or before - RESUMED_MAX < after <= before, (what, before, after))

    def test_a_stalled_one_does_not_slow_the_pipeline_and_loses_nothing(self):
        self.hub.kill()
        self.hub.start(max_unacked=200)
        tail = self.start("tail", "--since", 1, "--count", 2000)  # nobody reads its pipe
        self.make(2000, text="long " * 200)
        self.accounts(records=2000, pending=0)
        out, _ = tail.communicate(timeout=LONG_S)
        self.assertEqual(self.seqs(out), list(range(1, 2001)))

    def test_it_goes_on_when_the_hub_is_killed(self):
        path = pathlib.Path(self.place.name) / "followed.jsonl"
        with open(path, "wb") as out:
            tail = self.start("tail", "--since", 1, "--count", 91, stdout=out)
        self.make(1)
        self.wait_lines(path, 1)  # a hub that is away at its start ends it
        for start in (1, 31, 61):
            self.make(30, start=start)
            self.hub.kill()
            self.hub.start()
        _, said = tail.communicate(timeout=LONG_S)
        self.assertEqual(self.seqs(path.read_text()), list(range(1, 92)), said)

    def test_what_is_no_longer_kept_is_said_and_the_rest_follows(self):
        self.trim(20)
        self.make(5, start=100)
        run = self.newsmq("tail", "--since", 1, "--count", 3)
        self.assertEqual(run.returncode, 0, run)
        first = self.hub.status()["streams"]["record"]["first"]
        self.assertIn(f"before {first} are no longer kept", run.stderr)
        self.assertEqual(self.seqs(run.stdout), [first, first + 1, first + 2])

    def trim(self, n: int):
        """n records that are no longer kept."""
        self.make(n)
        time.sleep(1.1)  # they are older than what is kept then
        self.hub.kill()
        self.hub.start(state_keep="1s")
        self.hub.wait_for(lambda s: s["streams"]["record"]["first"] == n + 1, 20)
        self.hub.kill()
        self.hub.start(state_keep="1h")

    def test_on_a_terminal_a_line_is_for_people(self):
        self.make(2)
        for environment, has_colour in (({}, True), ({"NO_COLOR": "1"}, False)):
            master, slave = pty.openpty()
            tail = self.start("tail", "--since", 1, "--count", 2, stdout=slave,
                              env={**os.environ, "TERM": "xterm", **environment})
            os.close(slave)
            out = b""
            try:
                while chunk := os.read(master, 4096):
                    out += chunk
            except OSError:  # the other end is closed
                pass
            os.close(master)
            self.assertEqual(tail.wait(LONG_S), 0)
            self.assertIn(b"About a-0", out)
            self.assertIn(b"Gaza City", out)
            self.assertNotIn(b'"schema"', out)
            self.assertEqual(b"\x1b[" in out, has_colour, out)

    def test_a_reader_that_has_enough_ends_it(self):
        self.make(200)
        tail = self.start("tail", "--since", 1)
        tail.stdout.readline()
        tail.stdout.close()
        tail.stdout = None
        self.make(50, start=200)
        self.assertEqual(tail.wait(LONG_S), 0)

    def test_mistakes_have_their_exit_status(self):
        for arguments, status, text in ((["tail", "news/"], 64, "record/"), (["tail", "--since", "x"], 64, "--since"),
                                        (["tail", "--stream", "records"], 64, "a stream is"),
                                        (["tail", "--resume", "a b"], 64, "no name"), (["tail", "-x"], 64, "--help"),
                                        (["tail", "--since", "99"], 1, "the newest is 0"), (["replay"], 64, "--from"), (["replay", "--from", "5", "--to", "2"], 64, "before"),
                                        (["-c", "/nowhere.yaml", "tail"], 78, "/nowhere.yaml")):
            run = self.newsmq(*arguments)
            self.assertEqual(run.returncode, status, run)
            self.assertIn(text, run.stderr)

    def test_nobody_there_is_said(self):
        self.hub.kill()
        for arguments in (["tail"], ["replay", "--from", "1"]):
            run = self.newsmq(*arguments)
            self.assertEqual(run.returncode, 69, run)
            self.assertIn("no hub listens", run.stderr)


class Replay(TailTest):
    def test_a_range_of_any_stream(self):
        self.make(120, feed="a")
        self.make(3, feed="b")
        run = self.newsmq("replay", "--from", 5, "--to", 110)
        self.assertEqual((run.returncode, self.seqs(run.stdout)), (0, list(range(5, 111))))
        run = self.newsmq("replay", "--from", 1, "item/g/b/")
        self.assertEqual(self.seqs(run.stdout), [121, 122, 123])
        run = self.newsmq("replay", "--from", 100, "--to", 999, "--stream", "item")
        self.assertEqual(self.seqs(run.stdout), list(range(100, 124)))
        run = self.newsmq("replay", "--from", 1, "--stream", "event")
        self.assertEqual([json.loads(line)["topic"] for line in run.stdout.splitlines()], ["feed/a/up/", "feed/b/up/"])
        run = self.newsmq("replay", "--from", 500)
        self.assertEqual((run.returncode, run.stdout), (0, ""))

    def test_what_is_no_longer_kept_is_said(self):
        Tail.trim(self, 10)
        run = self.newsmq("replay", "--from", 3)
        self.assertEqual(run.returncode, 1, run)
        self.assertIn("records before 11 are no longer kept", run.stderr)
        self.assertIn("--from 11", run.stderr)


if __name__ == "__main__":
    unittest.main()
