#!/usr/bin/python3
"""Standing queries: hits in records, pointers on watch/RULE/, counts, reload, check."""
import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

import zmq

from hubkit import NLP, HubTest, Worker, item_id
from newsmqdkit import BIN, DaemonTest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from newsserver import NewsServer, Page, feed, item  # noqa: E402
from schema import check_published  # noqa: E402

RULES = """watch:
  fires: { any: [wildfire*, 'forest fire', 'fire ~3 brigade'] }
  health: { any: WHO, entities: ['ORG:World Health Organization'] }
  elsewhere: { any: [happened], feeds: [b] }
  german: { any: [happened], langs: [de] }
  grouped: { any: [happened], groups: [g] }
"""
TEXTS = ["A wildfire near the town. Wildfires spread.", "The fire was seen; the brigade came. Who knows?",
         "Nothing happened in the forest.", "The WHO sends doctors to the north of the country."]


def newsmq(config, *arguments, code=0, stdin=None):
    run = subprocess.run([str(BIN / "newsmq"), "-c", str(config), *arguments], capture_output=True, text=True, timeout=60,
                         env={**os.environ, "NO_COLOR": "1"}, input=stdin)
    assert run.returncode == code, (arguments, run.returncode, run.stdout, run.stderr)
    return run.stdout + (run.stderr if code else "")


def document(name: str, texts) -> bytes:
    return feed(name, []).replace(b"</channel>", "".join(item(name, n, text) for n, text in enumerate(texts)).encode() +
                                  b"</channel>")


class WithDaemon(DaemonTest):
    standins = False

    def start(self, more=RULES):
        self.server = NewsServer()
        self.addCleanup(self.server.close)
        self.server.set("/a.xml", Page(document("a", TEXTS)))
        self.server.set("/b.xml", Page(document("b", ["It happened here."])))
        self.write(more)
        self.daemon.start()
        self.wait_records(5)

    def write(self, more):
        self.daemon.config.write_text(
            f"feeds:\n  - {{ id: a, url: '{self.server.url('/a.xml')}', every: 100ms, min_every: 100ms }}\n"
            f"  - {{ id: b, url: '{self.server.url('/b.xml')}', group: g }}\ngroups: {{ g: {{}} }}\n"
            "defaults: { allow_private: true, first_poll: all, language: en }\n"
            "politeness: { per_host: { gap: 0 } }\n"
            f"bus: {{ dir: {self.place.name}/run }}\nstate: {{ path: {self.place.name}/state }}\n"
            f"http: {{ listen: off }}\nsinks: [{{ type: jsonl, path: {self.place.name}/out/r.jsonl }}]\n{more}")

    def wait_records(self, n):
        end = time.monotonic() + 60
        while True:
            run = subprocess.run([str(BIN / "newsmq"), "-c", str(self.daemon.config), "status", "--json"],
                                 capture_output=True, text=True)
            status = json.loads(run.stdout) if run.stdout else {}
            if (status.get("hub") or {}).get("records", 0) >= n:
                return status["hub"]
            assert time.monotonic() < end, (run.stderr, self.daemon.said())
            time.sleep(0.05)

    def hits(self):
        return {row["rule"]: row["hits"] for row in self.wait_records(0)["watch"]}

    def test_records_say_which_rules_they_hit_and_pointers_are_published(self):
        self.start()
        records = [json.loads(line) for line in newsmq(self.daemon.config, "replay", "--from", "1").splitlines()]
        found = {}
        for record in records:
            check_published({k: v for k, v in record.items() if k not in ("seq", "topic")})
            for hit in record["nlp"].get("watch", []):
                found.setdefault(hit["rule"], []).append([span["text"] for span in hit["spans"]])
        self.assertEqual({rule: sorted(spans) for rule, spans in found.items()}, {
            "fires": [["fire was seen; the brigade"], ["wildfire", "Wildfires"]], "health": [["WHO"]],
            "elsewhere": [["happened"]], "grouped": [["happened"]]})
        pointers = [json.loads(line) for line in newsmq(self.daemon.config, "replay", "--from", "1", "watch/").splitlines()]
        self.assertEqual(sorted(p["topic"] for p in pointers),
                         ["watch/elsewhere/", "watch/fires/", "watch/fires/", "watch/grouped/", "watch/health/"])
        for p in pointers:
            record = next(r for r in records if r["seq"] == p["record"])
            self.assertEqual((p["schema"], p["id"], p["title"], p["url"], p["feed"], p["revision"]),
                             ("watch/1", record["id"], record["title"], record["url"], record["feed"]["id"], 1))
        self.assertEqual(self.hits(), {"elsewhere": 1, "fires": 2, "german": 0, "grouped": 1, "health": 1})
        text = newsmq(self.daemon.config, "status")
        self.assertRegex(text, r"\nfires +2 +\S")
        self.assertRegex(text, r"\ngerman +0 +never")
        shown = newsmq(self.daemon.config, "tail", "watch/", "--since", "1", "--count", "5")
        self.assertEqual({json.loads(line)["rule"] for line in shown.splitlines()},
                         {"fires", "health", "elsewhere", "grouped"})

    def test_counts_outlive_a_restart_and_reload_takes_new_rules(self):
        self.start()
        self.daemon.stop()
        self.daemon.start()
        self.assertEqual(self.hits()["fires"], 2)
        self.write("watch: { fires: { any: [bakery] }, new: { any: [bread] } }\n")
        self.assertIn("+ rule new", newsmq(self.daemon.config, "reload"))
        self.server.set("/a.xml", Page(document("a", TEXTS + ["A bakery sells bread. No wildfire."])))
        self.wait_records(6)
        self.assertEqual(self.hits(), {"fires": 3, "new": 1})

    def test_a_killed_hub_tells_each_hit_once(self):
        self.start()
        for n in range(3):
            self.server.set("/a.xml", Page(document("a", TEXTS + [f"Another wildfire, number {i}." for i in range(n + 1)])))
            os.kill(self.daemon.program("hub")["pid"], 9)
            self.wait_records(6 + n)
        pointers = [json.loads(line)
                    for line in newsmq(self.daemon.config, "replay", "--from", "1", "watch/fires/").splitlines()]
        self.assertEqual(len(pointers), 5)
        self.assertEqual(len({p["id"] for p in pointers}), 5)
        self.assertEqual(self.hits()["fires"], 5)


class Hub(HubTest):
    def start_with(self, rules):
        with open(f"{self.place.name}/newsmq.yaml") as file:
            text = file.read()
        with open(f"{self.place.name}/newsmq.yaml", "w") as file:
            file.write(text + "watch: { " + ", ".join(f"{rule}: {{ any: x }}" for rule in rules) + " }\n")
        os.kill(self.hub.process.pid, 1)
        end = time.monotonic() + 20
        while len(self.hub.call("status")["watch"]) != len(rules):
            assert time.monotonic() < end
            time.sleep(0.02)

    def work(self, watch):
        worker = Worker(self.hub)
        worker.result(worker.job()[0], nlp={**NLP, "watch": watch})
        worker.close()

    def test_prev_counts_by_rule_and_a_loss_is_repaired_by_replay(self):
        self.start_with(["one", "two"])
        socket = self.hub.context.socket(zmq.SUB)
        socket.connect(f"ipc://{self.hub.folder}/pub.sock")
        socket.subscribe("watch/one/")
        time.sleep(0.2)
        for name, rules in (("a", ["one"]), ("b", ["two"]), ("c", ["two", "one", "one"])):
            self.hub.put([name])
            self.work([{"rule": rule, "spans": []} for rule in rules])
        heard = []
        for _ in range(2):
            self.assertTrue(socket.poll(10000))
            topic, header, body = socket.recv_multipart()
            heard.append((topic.decode(), json.loads(header), json.loads(body)))
        socket.close(0)
        # event 1: the feed is up
        self.assertEqual([(t, h["schema"], h["stream"], h["seq"], h["prev"]) for t, h, _ in heard],
                         [("watch/one/", "watch/1", "event", 2, 0), ("watch/one/", "watch/1", "event", 5, 2)])
        self.assertEqual([b["id"] for _, _, b in heard], [item_id("a"), item_id("c")])
        self.assertEqual([h["hits"] for h in self.hub.call("status")["watch"]], [2, 2])
        self.assertEqual(self.hub.call("heads")["topics"]["watch/one/"], 5)
        replayed = [json.loads(line) for line in
                    newsmq(f"{self.place.name}/newsmq.yaml", "replay", "--from", "1", "watch/one/").splitlines()]
        self.assertEqual([{k: v for k, v in r.items() if k not in ("seq", "topic")} for r in replayed],
                         [b for _, _, b in heard])

    def test_what_a_worker_makes_up_is_not_told(self):
        self.start_with(["one"])
        for n, watch in enumerate(["x", {}, 5, None, [5, {}, {"rule": 7}, {"rule": "../x"}, {"rule": "two"}],
                                   [{"rule": "one"}] * 3]):
            self.hub.put([str(n)])
            self.work(watch)
        self.hub.wait_for(lambda s: s["records"] == 6)
        self.assertEqual(self.hub.call("status")["watch"][0]["hits"], 1)
        self.assertEqual([t for t in self.hub.call("heads")["topics"] if t.startswith("watch/")], ["watch/one/"])


class Alone(DaemonTest):
    standins = False

    def test_extract_shows_hits_and_check_tells_where_a_rule_is_wrong(self):
        config = self.daemon.config
        config.write_text(config.read_text() + "watch:\n  fires: { any: [wildfire*], entities: [Berlin] }\n")
        config.write_text(config.read_text().replace("name: language, processes: 2", "name: entities"))
        text = "# A wildfire\n\nWildfires near Berlin. Officials in Berlin warn.\n"
        out = newsmq(config, "extract", "-", stdin=text)
        self.assertIn("fires hits: wildfire, Wildfires, Berlin, Berlin\n", out)
        nlp = json.loads(newsmq(config, "extract", "--json", "-", stdin=text))["nlp"]
        self.assertEqual(nlp["watch"][0]["spans"][0],
                         {"start": 2, "end": 10, "start_byte": 2, "end_byte": 10, "text": "wildfire", "field": "title"})
        config.write_text(config.read_text() + "  bad: { any: [ok, 'a*b'] }\n")
        line = len(config.read_text().splitlines())
        self.assertIn(f"newsmq.yaml:{line}:20: 'any': 'a*b': '*' stands only at the end of a word",
                      newsmq(config, "check", code=78))


if __name__ == "__main__":
    unittest.main()
