#!/usr/bin/python3
"""The operator's commands, against a real hub and a real newsmqd with stand-ins."""
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
import unittest

from hubkit import BIN, HubTest, Worker, item_core, item_id
from newsmqdkit import DaemonTest

ENVIRONMENT = {**os.environ, "NO_COLOR": "1"}


def newsmq(config, *arguments, code=0):
    """stdout of newsmq; with another exit status than 0, stderr too."""
    run = subprocess.run([str(BIN / "newsmq"), "-c", str(config), *arguments], capture_output=True, text=True, timeout=60,
                         env=ENVIRONMENT, cwd="/")
    assert run.returncode == code, (arguments, run.returncode, run.stdout, run.stderr)
    return run.stdout + (run.stderr if code else "")


class WithHub(HubTest):
    def setUp(self):
        super().setUp()
        self.config = f"{self.place.name}/newsmq.yaml"

    def newsmq(self, *arguments, code=0):
        return newsmq(self.config, *arguments, code=code)

    def json(self, *arguments, code=0):
        return json.loads(self.newsmq(*arguments, "--json", code=code))


class Status(WithHub):
    def test_a_hub_alone_is_shown_with_its_accounts_consumers_and_workers(self):
        worker = Worker(self.hub, "worker-7", credit=1)
        sink = self.hub.peer("tap")
        sink.say("SUB", "record", 0, 10, "jsonl")
        self.hub.put(["1", "2", "3"])
        seq, attempt, _ = worker.job()
        worker.result(seq, attempt)
        self.hub.wait_for(lambda s: s["records"] == 1)
        text = self.newsmq("status")
        self.assertIn("newsmqd does not run; the hub was started by hand", text)
        self.assertIn("3 items = 1 done + 0 dead + 2 pending  ✓", text)
        self.assertRegex(text, r"\njsonl +record +0 +1 +yes +")
        self.assertRegex(text, r"\nworker-7 +1 ")
        self.assertRegex(text, r"\nrecord +1 +1\n")
        answer = self.json("status")
        self.assertEqual((answer["ok"], answer["newsmqd"], answer["hub"]["items"]), (True, None, 3))

    def test_draining_is_not_well(self):
        self.hub.call("drain")
        self.assertIn("Draining", self.newsmq("status", code=1))
        self.assertFalse(self.json("status", code=1)["ok"])

    def test_a_pause_of_fetching_is_told_with_its_reason(self):
        self.hub.kill()
        self.hub.start(max_pending=1)
        self.hub.put(["1", "2"])
        self.hub.wait_for(lambda s: s["full"] is not None)
        self.assertRegex(self.newsmq("status", code=1), r"\nFetching pauses: \S.*\n")


class Feeds(WithHub):
    def start_with(self, *feeds):
        path = self.hub.folder + "/newsmq.yaml"
        with open(path) as file:
            text = file.read()
        entries = "".join(f"  - {{ id: {feed}, url: 'https://news.example.org/{feed}.xml', stale_after: 1h }}\n"
                          for feed in feeds)
        with open(path, "w") as file:
            file.write(text.replace("  - a: https://news.example.org/a.xml\n", entries))

    def poll(self, feed, values=(), state="ok", **more):
        now_ms = int(time.time() * 1000)
        self.assertEqual(len(self.hub.put(list(values), feed=feed, state={
            "state": state, "last_fetch_ms": now_ms, "next_due_ms": now_ms + 600000, **more})), 2)

    def test_each_feed_has_a_row_with_its_state_and_reason_worst_first(self):
        self.start_with("well", "broken", "fresh", "empty")
        self.poll("well", ["w1", "w2"])
        self.poll("broken", ["b1"], state="failing", reason="the server answers 503\x1b[31m (Service Unavailable)", failures=3)
        self.poll("empty")
        self.poll("former", ["f1"])
        text = self.newsmq("feeds")
        rows = [line.split()[0] for line in text.splitlines() if line]
        self.assertEqual(rows, ["FEED", "broken", "fresh", "empty", "well", "4"])
        self.assertRegex(text, r"\nbroken +failing +\S+( s ago)? +in 9 min +1  the server answers 503\?\[31m \(Service")
        self.assertRegex(text, r"\nfresh +new +never +now +0  not polled yet\n")
        self.assertRegex(text, r"\nempty +ok +never +in 9 min +0  answers, but had no items so far\n")
        self.assertRegex(text, r"\nwell +ok .* 2\n")
        self.assertIn("4 feeds: 1 failing, 1 new, 2 ok, 1 former\n", text)
        self.assertNotIn("\x1b", text)
        self.assertRegex(self.newsmq("feeds", "--all"), r"\nformer +former .*no longer in the configuration\n")
        problems = self.json("feeds", "--problems", code=1)["feeds"]
        self.assertEqual([(f["feed"], f["state"], f["failures"], f["url"]) for f in problems],
                         [("broken", "failing", 3, "https://news.example.org/broken.xml")])
        self.assertEqual({f["feed"]: f["items"] for f in self.json("feeds")["feeds"]},
                         {"broken": 1, "fresh": None, "empty": 0, "well": 2})

    def test_without_problems_nothing_is_listed(self):
        self.start_with("well")
        self.poll("well", ["1"])
        self.assertEqual(self.newsmq("feeds", "--problems"), "1 feed: 1 ok\n")

    def test_a_feed_without_news_for_long_is_stale(self):
        self.start_with("old")
        self.poll("old", ["1"])
        self.hub.stop()
        with sqlite3.connect(f"{self.place.name}/state/state.db") as store:
            store.execute("UPDATE feed SET last_new_ms = last_new_ms - 3 * 3600000")
        store.close()
        with open(self.config) as file:
            mine = file.read()
        self.hub.start()
        with open(self.config, "w") as file:
            file.write(mine)
        self.assertRegex(self.newsmq("feeds"), r"old +stale +3 h ago .*nothing new for 3 h \(stale_after is 1 h\)")


    def test_problems_have_a_code_a_cause_and_a_remedy(self):
        self.start_with("broken", "ended", "moved", "well")
        self.poll("broken", state="failing", problem="not_found", reason="HTTP 404: the feed is not there", failures=3)
        self.poll("ended", state="gone", problem="gone", reason="HTTP 410", failures=2, next_due_ms=0)
        self.poll("moved", ["m"], moved_to="https://new.example.org/\x1b[31mfeed", notes=["no_dates", "not_known_here", 5])
        self.poll("well", ["w"])
        text = self.newsmq("feeds", "--problems", code=1)
        self.assertIn("broken is failing, 3 times in a row, last good never, next in 9 min\n"
                      "  not_found: there is no feed at that URL any more\n    HTTP 404: the feed is not there\n    -> ", text)
        self.assertIn("ended is gone, 2 times in a row, last good never, not polled any more\n  gone: ", text)
        self.assertIn("newsmq feeds --enable ID", text)
        self.assertIn("moved is ok, next in 9 min\n  moved: ", text)
        self.assertIn("    https://new.example.org/?[31mfeed\n    -> write the new URL into `url:`", text)
        self.assertIn("  no_dates: ", text)
        self.assertNotIn("well is", text)
        self.assertTrue(text.endswith("4 feeds: 1 failing, 1 gone, 2 ok\n"), text)
        feeds = {f["feed"]: f for f in self.json("feeds", "--problems", code=1)["feeds"]}
        self.assertEqual(sorted(feeds), ["broken", "ended", "moved"])
        self.assertEqual((feeds["broken"]["problem"], feeds["moved"]["problem"]), ("not_found", None))
        self.assertEqual([p["problem"] for p in feeds["moved"]["problems"]], ["moved", "no_dates"])
        self.assertTrue(all(p["cause"] and p["remedy"] for f in feeds.values() for p in f["problems"]))
        self.assertRegex(self.newsmq("feeds"), r"\nmoved +ok .*moved to https://new\.example\.org/")

    def test_why_tells_in_a_sentence_when_a_feed_is_polled_next(self):
        now_ms = int(time.time() * 1000)

        def plan(feed, by, pause_s, jitter_ms=0, **more):
            wishes = {"every": 900000, by: pause_s * 1000, **more.pop("wishes", {})}
            due_ms = now_ms + pause_s * 1000 + jitter_ms + more.get("skipped_ms", 0)
            self.poll(feed, [feed], next_due_ms=due_ms, last_fetch_ms=now_ms,
                      next={"from_ms": now_ms, "by": by, "wishes_ms": wishes, "jitter_ms": jitter_ms, **more})

        self.start_with("age", "plain", "skip", "fails", "ended", "fresh", "waits")
        plan("age", "max_age", 1800, 40000, wishes={"ttl": 1200000})
        plan("plain", "every", 900)
        plan("skip", "ttl", 21600, skipped="hours", skipped_ms=3600000)
        plan("fails", "failures", 3600, -300000)
        self.poll("ended", state="gone", problem="gone", next_due_ms=0)
        plan("waits", "every", -60)
        stamp = time.strftime("%H:%M:%S", time.gmtime(now_ms / 1000))
        why = {feed: self.newsmq("why", feed).splitlines()[-1] for feed in ("age", "plain", "skip", "fails", "ended", "fresh", "waits")}
        self.assertRegex(why["age"], rf"^  Next at (\S+ )?\d\d:\d\d:\d\d UTC \(in \d+ min\): the server says by Cache-Control that its answer "
                         rf"stays fresh for 30 min from (\S+ )?{stamp} on, later than your `every` of 15 min; not longer are the wishes "
                         r"ttl 20 min; 40 s more are jitter\.$")
        self.assertRegex(why["plain"], rf": your `every` is 15 min from (\S+ )?{stamp} on\.$")
        self.assertIn("the feed's ttl is 6 h from", why["skip"])
        self.assertIn("and not longer than your `max_every`; the feed's skipHours would then be on, so it is 1 h later.", why["skip"])
        self.assertIn("after its failures the pause is 1 h from", why["fails"])
        self.assertIn("; 5 min less are jitter.", why["fails"])
        self.assertIn("newsmq feeds --enable ended tries again", why["ended"])
        self.assertEqual(why["fresh"], "  It is polled as soon as its turn comes.")
        self.assertRegex(why["waits"], r"^  Due since .*; it waits for its turn at its host, or for the hub\.$")
        answer = self.json("why", "age")
        self.assertEqual((answer["feed"], answer["next"]["by"], answer["state"]), ("age", "max_age", "ok"))
        self.assertEqual("  " + answer["next_why"][:12], why["age"][:14])

    def test_a_feed_that_is_not_there_cannot_be_asked_for(self):
        self.start_with("well")
        self.assertIn("there is no feed 'nobody' in", self.newsmq("feeds", "--enable", "nobody", code=64))
        self.poll("well")
        self.assertIn("it is kept, and done when newsmq-fetch starts or gets SIGHUP", self.newsmq("feeds", "--enable", "well", code=75))
        self.assertEqual(self.hub.call("feed_states")["feeds"]["well"]["ask"], "enable")
        self.assertIn("It is polled as soon as its turn comes.", self.newsmq("why", "well"))


class Items(WithHub):
    def finish(self, worker, *failing):
        done = 0
        while (answer := worker.hear(1)) is not None:
            seq, attempt, item = int(answer[1]), int(answer[2]), json.loads(answer[4])
            if item["id"] in failing:
                worker.say("FAIL", seq, attempt, 1, "the tagger ran out of memory")
            else:
                worker.result(seq, attempt)
                done += 1
        return done

    def test_why_tells_basis_feed_revision_state_and_copies(self):
        text = "The same long text stands in both of the feeds, word for word, for a good reason. " * 3
        first = item_core("1", text=text, id_basis="link")
        copy = item_core("1", text=text, feed="b")
        changed = item_core("2", text="Another text, which was longer before.")
        self.hub.put([first, item_core("2"), "3"])
        self.hub.put([copy], feed="b")
        self.hub.put([changed])
        worker = Worker(self.hub, credit=1)
        self.finish(worker)
        why = self.newsmq("why", first["id"])
        self.assertIn(f"{first['id']} is an entry of the feed a.\n", why)
        self.assertIn("  It is known by its link, since the feed gives it no guid, or one that several entries have.\n", why)
        self.assertIn("  It came as item 1 and has not changed since.\n", why)
        self.assertRegex(why, r"  It is done: record \d+ ")
        self.assertIn(f"  The same text is also in {copy['id']}.\n", why)
        self.assertIn(f"  Its text came before as another item: {first['id']}.\n", self.newsmq("why", copy["id"]))
        self.assertIn("It came as item 2 and was changed since: revision 2 is item 5.", self.newsmq("why", changed["id"]))
        found = self.json("why", "https://news.example.org/3")["found"]
        self.assertEqual([(f["id"], f["state"], f["id_basis"]) for f in found], [(item_id("3"), "done", "guid")])
        self.assertEqual(self.newsmq("why", "https://news.example.org/1").count("is an entry of the feed"), 2)

    def test_why_finds_a_link_in_another_writing(self):
        self.hub.put([item_core("x", canonical_url="https://news.example.org/x")])
        for url in ("http://NEWS.example.org:80/x?utm_source=a#top", "https://news.example.org/x"):
            self.assertIn(item_id("x"), self.newsmq("why", url))

    def test_why_of_what_nobody_knows_is_said(self):
        self.assertIn("nothing is known of https://nowhere.example.org/", self.newsmq("why", "https://nowhere.example.org/", code=1))
        self.assertEqual(self.json("why", item_id("none"), code=1), {"found": []})
        self.assertIn("It waits for a worker.", (self.hub.put(["p"]), self.newsmq("why", item_id("p")))[1])

    def test_dead_letters_are_listed_with_their_reason(self):
        self.assertEqual(self.newsmq("dead"), "No dead letters: every item was worked on.\n")
        self.hub.put(["good", "bad"])
        worker = Worker(self.hub, credit=1)
        self.finish(worker, item_id("bad"))
        self.hub.wait_for(lambda s: s["dead"] == 1)
        text = self.newsmq("dead")
        self.assertRegex(text, rf"\n +2 +.* +a +{item_id('bad')} +5 +1: the tagger ran out of memory +About bad\n")
        self.assertEqual([d["attempts"] for d in self.json("dead")["dead"]], [5])
        self.assertIn("It was given up", self.newsmq("why", item_id("bad")))
        self.assertEqual(self.newsmq("dead", "--limit", "0", code=64).count("--limit wants"), 1)

    def test_forget_gives_up_a_consumer(self):
        tap = self.hub.peer("tap")
        tap.say("SUB", "record", 0, 10, "old-sink")
        self.hub.wait_for(lambda s: s["consumers"])
        text = self.newsmq("forget", "nobody", code=1)
        self.assertIn("there is no durable consumer 'nobody'\nThere are: old-sink\n", text)
        self.assertIn("old-sink is forgotten", self.newsmq("forget", "old-sink"))
        self.assertEqual(self.hub.status()["consumers"], [])


class NobodyThere(DaemonTest):
    def test_every_command_says_how_to_start(self):
        for command in (["status"], ["feeds"], ["reload"], ["dead"], ["why", "https://x.example.org/"], ["forget", "x"]):
            text = newsmq(self.daemon.config, *command, code=69)
            self.assertIn(f"Start it: newsmq -c {self.daemon.config} run\n", text)
            self.assertTrue(text.startswith(f"newsmq {command[0]}: "), text)

    def test_a_bad_or_missing_configuration_is_said(self):
        self.assertIn("there is no /nowhere.yaml", newsmq("/nowhere.yaml", "status", code=78))
        self.daemon.config.write_text("feeds: 5\n")
        for command in ("status", "feeds", "reload", "dead"):
            self.assertRegex(newsmq(self.daemon.config, command, code=78), r"newsmq\.yaml:1:8: ")

    def test_wrong_arguments_are_usage(self):
        for arguments in (["status", "x"], ["feeds", "--jsn"], ["reload", "now"], ["why"], ["why", "a", "b"], ["dead", "--limit"],
                          ["forget"], ["forget", "--all"]):
            self.assertIn(f"newsmq {arguments[0]} --help", newsmq(self.daemon.config, *arguments, code=64))


class WithDaemon(DaemonTest):
    def newsmq(self, *arguments, code=0):
        return newsmq(self.daemon.config, *arguments, code=code)

    def test_status_lists_the_programs(self):
        self.daemon.start()
        text = self.newsmq("status", code=1)  # the stand-in of a hub answers nobody
        self.assertRegex(text, rf"newsmqd is green: process {self.daemon.process.pid}, up .*, configuration {self.daemon.config}\n")
        self.assertEqual(re.findall(r"\n(\S+) +running +\d+ ", text), ["hub", "sink", "worker-1", "worker-2", "fetch"])
        self.assertIn("The hub does not answer: no hub listens at", text)

    def test_red_is_shown_with_the_last_end_and_the_next_start(self):
        (self.daemon.programs / "fetch.dies").write_text("78")
        self.daemon.arguments = [a if a != "400" else "30000" for a in self.daemon.arguments]
        self.daemon.start(wait=False)
        self.daemon.wait_for(lambda s: s["state"] == "red")
        text = self.newsmq("status", code=1)
        self.assertIn("newsmqd is red: ", text)
        self.assertRegex(text, r"\nfetch +(tried again|starting).* exit 78: the configuration is bad\n")

    def test_reload_prints_what_changes(self):
        self.daemon.start()
        self.assertEqual(self.newsmq("reload"), "Nothing changed.\n")
        self.daemon.write(feeds=("a", "b"), workers=3)
        self.assertEqual(self.newsmq("reload"), "+ feed b https://news.example.org/b.xml\n~ extractor language: processes 2 → 3\n"
                                                "~ worker processes 2 → 3\n! worker-3 is added\n")
        self.assertEqual(json.loads(self.newsmq("reload", "--json")), {"ok": True, "diff": ""})

    def test_reload_of_a_bad_file_is_refused_by_both(self):
        self.daemon.start()
        self.daemon.config.write_text("feeds:\n  - a: https://x.example.org/\n    evry: 5m\n  - a: https://y.example.org/\n")
        text = self.newsmq("reload", code=78)
        self.assertRegex(text, r"newsmq\.yaml:3:5: .*\(did you mean 'every'")
        self.assertIn("what runs goes on as before", text)
        text = self.newsmq("reload", "--dir", f"{self.daemon.folder}/run", code=78)
        self.assertRegex(text, r"newsmq\.yaml:3:5: .*\(did you mean 'every'")
        self.assertIn("refused; the configuration of before goes on", text)

    def test_run_is_newsmqd_in_the_foreground(self):
        run = subprocess.Popen([str(BIN / "newsmq"), "-c", str(self.daemon.config), "run", *self.daemon.arguments],
                               stderr=subprocess.DEVNULL)
        self.daemon.process = run
        self.assertEqual(self.daemon.wait_for(lambda s: s["state"] == "green")["pid"], run.pid)
        run.send_signal(signal.SIGINT)
        self.assertEqual(run.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
