#!/usr/bin/python3
"""newsmq report: one page that needs nothing else, of real records and of hostile ones."""
import ctypes.util
import html.parser
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from newsmqdkit import BIN

VOID = {"meta", "br", "hr", "img", "input", "link", "path", "circle", "rect", "line"}


class Page(html.parser.HTMLParser):
    """Tags must close in order; notes what a browser would load or run."""

    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.text, self.tags, self.links = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        names = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(names.get("href", ""))
        for name in names:
            if name.startswith("on") or name in ("src", "srcset", "background", "style"):
                self.faults.append((tag, name))

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(("closed", tag))

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def zstd(data: bytes) -> bytes:
    lib = ctypes.CDLL(ctypes.util.find_library("zstd"))
    lib.ZSTD_compress.restype = lib.ZSTD_compressBound.restype = ctypes.c_size_t
    lib.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
    lib.ZSTD_compress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    out = ctypes.create_string_buffer(lib.ZSTD_compressBound(len(data)))
    n = lib.ZSTD_compress(out, len(out), data, len(data), 3)
    return out.raw[:n]


def record(name: str, day: int, title="A title", text="A text.", entities=(), quotes=(), **more) -> dict:
    time = f"2026-11-{day:02}T10:00:00.000Z"
    return {"schema": "record/1", "revision": 1, "id": name, "title": title, "content_text": text, "url": "https://a.example/x",
            "date_seen": time, "date_published": time, "feed": {"id": "a", "title": "A", "group": "g"},
            "nlp": {"status": "ok", "entities": list(entities), "quotes": list(quotes), "workers": []},
            "dedup": {"status": "unique"}, **more}


def entity(number: int, kind: str, name: str, text: str, **more) -> dict:
    at = text.encode().find(name.encode())
    return {"id": f"e{number}", "type": kind, "name": name,
            "mentions": [{"start": at, "end": at + len(name), "start_byte": at, "end_byte": at + len(name.encode()), "text": name}],
            **more}


class Report(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(self.place.cleanup)

    def path(self, name):
        return str(pathlib.Path(self.place.name) / name)

    def write(self, name, records):
        text = "".join(json.dumps(r) + "\n" for r in records).encode()
        pathlib.Path(self.path(name)).write_bytes(zstd(text) if name.endswith(".zst") else text)
        return self.path(name)

    def report(self, *arguments, code=0, stdin=None):
        run = subprocess.run([str(BIN / "newsmq"), "report", *arguments], capture_output=True, text=True, timeout=120, input=stdin)
        self.assertEqual(run.returncode, code, (arguments, run.stdout[-500:], run.stderr))
        self.said = run.stderr
        return run.stdout

    def test_the_records_of_the_demo_make_a_whole_page(self):
        out = self.path("demo")
        subprocess.run([str(BIN / "newsmq"), "demo", "--once", "--json", "--out", out], check=True, capture_output=True,
                       timeout=240, env={**os.environ, "TMPDIR": "/tmp"})
        files = [str(f) for f in pathlib.Path(out).glob("*.jsonl")]
        text = self.report("--title", "Today", *files)
        page = Page(text)
        self.assertEqual((page.faults, page.open), ([], []))
        self.assertNotIn("script", page.tags)
        self.assertNotIn("link", page.tags)
        self.assertIn("default-src 'none'", text)
        words = "".join(page.text)
        for word in ("Today", "33", "The Commons Desk", "Food and Agriculture Organization", "Haja Rakotovao", "Newest articles",
                     "Who appears with whom"):
            self.assertIn(word, words)
        self.assertEqual(page.tags.count("h1"), 1)
        self.assertIn("mark", page.tags)
        self.assertTrue(all(link.startswith(("http://", "https://")) for link in page.links), page.links)
        data = json.loads(self.report("--json", *files))
        self.assertEqual((data["totals"]["records"], data["totals"]["feeds"], len(data["newest"])), (33, 6, 33))
        self.assertIn(data["quotes"][0]["text"], words)
        self.assertEqual(sum(sum(feed["counts"]) for feed in data["feeds"]), 33)
        self.assertEqual(self.said, "")

    def test_strangers_text_stays_text(self):
        bad = "</summary></script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\x07"
        text = f"He said {bad} {bad}"
        place = entity(1, "LOC", bad, text, geo={"lat": 1.5, "lon": 2.5, "country": "<b"}, aliases=[bad])
        r = record("x", 20, title=bad, text=text, entities=[place, entity(2, "<b>", bad, text)],
                   quotes=[{**place["mentions"][0], "speaker": "e1", "cue": bad}],
                   url="javascript:alert(1)", feed={"id": bad, "title": bad, "group": bad}, authors=[{"name": bad, "url": "data:x"}])
        text = self.report("--title", bad, self.write("x.jsonl", [r]))
        page = Page(text)
        self.assertEqual((page.faults, page.open), ([], []))
        self.assertNotIn("script", page.tags)
        self.assertNotIn("img", page.tags)
        self.assertNotIn("\x07", text)
        self.assertEqual([link for link in page.links if not link.startswith("http")], [])

    def test_packed_files_times_and_what_rises(self):
        records = []
        for day in range(10, 21):
            for n in range(4):
                name = "Ann Lee" if day == 20 else "Bo Berg"
                text = f"{name} spoke in Vienna."
                records.append(record(f"{day}-{n}", day, text=text, entities=[entity(1, "PER", name, text)]))
        old, new = self.write("old.jsonl.zst", records[:20]), self.write("new.jsonl", records[20:])
        data = json.loads(self.report("--json", old, new))
        self.assertEqual(data["totals"]["records"], 44)
        self.assertEqual([(r["name"], r["records"], r["before"]) for r in data["rising"]], [("Ann Lee", 4, 0)])
        self.assertEqual(data["counts_step_ms"], 86400000)
        data = json.loads(self.report("--json", "--since", "2026-11-12", "--until", "2026-11-14T00:00:00Z", old, new))
        self.assertEqual((data["totals"]["records"], data["totals"]["outside"]), (8, 36))
        self.assertEqual({data["first"][:10], data["last"][:10]}, {"2026-11-12", "2026-11-13"})
        self.assertIn("no records of that time", self.report("--since", "2027-01-01", new, code=65) + self.said)
        with open(new) as file:
            self.assertEqual(json.loads(self.report("--json", "-", stdin=file.read()))["totals"]["records"], 24)
        both = json.loads(self.report("--json", old, new, new))
        self.assertEqual(both["totals"]["records"], 44)  # a record twice is one

    def test_bad_lines_are_told_with_file_and_line(self):
        path = self.write("x.jsonl", [record("1", 20)])
        with open(path, "a") as file:
            file.write('{"schema":"item/1"}\n\n{"cut off"\n')
        page = self.report(path, code=1)
        self.assertIn("</html>", page)
        self.assertIn(f"{path}:2: no record/1, but 'item/1'", self.said)
        self.assertIn(f"{path}:4: JSON at byte", self.said)
        self.assertIn("2 of 3 lines are no records", self.said)
        self.report(self.path("nothing.jsonl"), code=66)
        self.assertIn("nothing.jsonl: No such file", self.said)
        self.report(code=64)
        self.report("--since", "soon", path, code=64)
        self.report("--articles", "1000", path, code=64)


if __name__ == "__main__":
    unittest.main()
