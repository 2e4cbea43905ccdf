#!/usr/bin/python3
"""newsmq demo: the whole pipeline as a person meets it first."""
import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEWSMQ = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin")) / "newsmq"
DEMO = ROOT / "config" / "demo"
WAIT_S = 120
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "pipeline")]
from httpkit import Page, wait  # noqa: E402
from schema import check_published, check_record  # noqa: E402


def bundled():
    """Title → feed of every whole entry of the files, read without newsmq."""
    titles = {}
    for path, feed, pattern in ((DEMO / "harbour.xml", "harbour", "<item>\\s*<title>(.*?)</title>.*?</item>"),
                                (DEMO / "nordbote.xml", "nordbote", "<item>\\s*<title>(.*?)</title>.*?</item>"),
                                (DEMO / "fanal.rdf", "fanal", "<item rdf[^>]*>\\s*<title>(.*?)</title>.*?</item>"),
                                (DEMO / "science.atom", "science", "<entry>\\s*<title[^>]*>(.*?)</title>.*?</entry>"),
                                (DEMO / "ticker.atom", "ticker", "<entry>\\s*<title>(.*?)</title>.*?</entry>")):
        for title in re.findall(pattern, path.read_text(), re.S):
            titles[title.replace("&amp;mdash;", "—").replace("&amp;", "&")] = feed
    for item in json.loads((DEMO / "commons.json").read_text())["items"]:
        titles[item["title"]] = "commons"
    return titles


def processes_that_name(text: str):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and text in (entry / "cmdline").read_bytes().decode(errors="replace"):
                found.append((entry.name, (entry / "cmdline").read_bytes()))
        except OSError:
            pass  # it has just ended
    return found


class Demo(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.tmp = self.place / "t"
        self.tmp.mkdir()
        self.out = self.place / "out"

    def start(self, *args, **more):
        child = subprocess.Popen([NEWSMQ, "demo", *map(str, args)], cwd=self.place,
                                 env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TMPDIR": str(self.tmp),
                                      "TERM": "xterm"}, **more)
        self.addCleanup(self.end, child)
        return child

    @staticmethod
    def end(child):
        if child.poll() is None:
            child.kill()
            child.wait()

    def run_demo(self, *args):
        child = self.start(*args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, err = child.communicate(timeout=WAIT_S)
        self.nothing_is_left()
        return child.returncode, out, err

    def nothing_is_left(self):
        """newsmqd names a configuration below our own TMPDIR, and so do its programs."""
        end = time.monotonic() + 10
        while processes_that_name(str(self.tmp)) and time.monotonic() < end:
            time.sleep(0.05)  # the killed ones of a killed one: init has to reap them
        self.assertEqual(processes_that_name(str(self.tmp)), [])

    def records(self, folder):
        records = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]
        for record in records:
            check_record(record)
        return records

    def test_every_bundled_item_becomes_one_record(self):
        code, out, err = self.run_demo("--once", "--out", self.out)
        self.assertEqual(code, 0, out + err)
        records = self.records(self.out)
        self.assertEqual({record["title"]: record["feed"]["id"] for record in records}, bundled())
        self.assertEqual(len(records), len(bundled()))
        self.assertEqual([record["sink"]["seq"] for record in records], list(range(1, len(records) + 1)))
        for record in records:  # there is no model of other languages
            english = record["nlp"]["language"]["code"] == "en"
            self.assertEqual(record["nlp"]["status"], "ok" if english else "skipped")
        self.assertEqual({record["nlp"]["language"]["code"] for record in records}, {"en", "fr", "de"})
        self.assertTrue(all(record["nlp"]["entities"] for record in records if record["language"] == "en"))
        self.assertTrue(all(record["date_seen"] == record["fetch"]["time"] for record in records))
        broken = [record for record in records if record["feed"]["id"] == "nordbote"]
        self.assertEqual(len(broken), 4)
        self.assertTrue(all(record["fetch"]["parse_warnings"] for record in broken))
        self.assertEqual(list(self.tmp.iterdir()), [], "the temporary folder stays")
        for what in (f"{len(records)} records of the {len(records)} items of 6 feeds, the first after", "written to out",
                     "newsmq verify out"):
            self.assertIn(what, out)
        verify = subprocess.run([NEWSMQ, "verify", self.out], capture_output=True, text=True, timeout=60)
        self.assertEqual(verify.returncode, 0, verify.stdout + verify.stderr)

    def test_the_changing_feed_came_in_several_versions(self):
        odd = self.place / "it's 100% ${HOME} %Y"
        code, out, err = self.run_demo("--once", "--json", "--keep", "--out", odd)
        self.assertEqual(code, 0, err)
        self.assertEqual(len(self.records(odd)), len(bundled()))
        published = [check_published(json.loads(line)) for line in out.splitlines()]
        self.assertEqual(len(published), len(bundled()))
        ticker = {record["fetch"]["etag"] for record in published if record["feed"]["id"] == "ticker"}
        self.assertGreater(len(ticker), 1)
        kept = list(self.tmp.iterdir())
        self.assertEqual(len(kept), 1)
        self.assertIn(f"Kept: {kept[0]}", err)
        self.assertTrue((kept[0] / "newsmq.yaml").exists())

    def test_ctrl_c_finishes_and_leaves_nothing_behind(self):
        child = self.start("--out", self.out, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in child.stdout:
            if "Rotterdam" in line:
                break
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=WAIT_S)
        self.assertEqual(child.returncode, 0, err)
        self.nothing_is_left()
        self.assertIn("Look at them:", out)
        records = self.records(self.out)
        self.assertEqual([record["sink"]["seq"] for record in records], list(range(1, len(records) + 1)))
        self.assertTrue(any("Rotterdam" in record["title"] for record in records))
        self.assertEqual(list(self.tmp.iterdir()), [])

    def test_killed_it_takes_all_with_it(self):
        child = self.start("--out", self.out, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        child.stdout.readline()
        child.kill()
        child.wait()
        child.stdout.close()
        self.nothing_is_left_soon()

    def nothing_is_left_soon(self):
        end = time.monotonic() + WAIT_S
        while processes_that_name(str(self.tmp)):
            self.assertLess(time.monotonic(), end, processes_that_name(str(self.tmp)))
            time.sleep(0.05)

    def test_the_default_folder_is_a_fresh_one_each_time(self):
        (self.place / "demo-out").mkdir()
        (self.place / "demo-out" / "mine.txt").write_text("keep")
        code, out, err = self.run_demo("--once")
        self.assertEqual(code, 0, out + err)
        self.assertEqual(len(self.records(self.place / "demo-out-2")), len(bundled()))
        self.assertEqual([path.name for path in (self.place / "demo-out").iterdir()], ["mine.txt"])

    def test_a_folder_with_something_in_it_is_refused(self):
        self.out.mkdir()
        (self.out / "mine.txt").write_text("keep")
        code, out, err = self.run_demo("--once", "--out", self.out)
        self.assertEqual((code, out), (73, ""))
        self.assertIn("name a new folder", err)

    def on_a_terminal(self, *args):
        """(child, what it has shown so far, what waits for the end of that)"""
        main, side = pty.openpty()
        child = self.start(*args, stdout=side, stderr=side)
        os.close(side)
        chunks = []

        def read():
            try:
                while chunk := os.read(main, 65536):
                    chunks.append(chunk)
            except OSError:
                pass  # the other side is closed
            os.close(main)

        reader = threading.Thread(target=read)
        reader.start()
        return child, lambda: b"".join(chunks).decode(errors="replace"), reader.join

    def test_the_page_can_be_looked_at_while_it_runs(self):
        child, shown, read_all = self.on_a_terminal("--out", self.out)
        address = "Look: (?:\033\\[[0-9]*m)?http://127\\.0\\.0\\.1:([0-9]+)/"
        page = Page(int(wait(lambda: re.search(address, shown()), "its address is shown", WAIT_S)[1]))
        wait(lambda: self.knows_all_feeds(page), "the page knows the feeds", WAIT_S)
        self.assertEqual(page.status("/"), 200)
        wait(lambda: len(re.findall(address, shown())) > 1, "it stays below the table", WAIT_S)
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(WAIT_S), 0, shown()[-2000:])
        read_all(10)
        self.nothing_is_left()
        self.assertFalse(page.is_up())

    @staticmethod
    def knows_all_feeds(page):
        return {"harbour", "science", "fanal", "commons", "nordbote", "ticker"} <= set(re.findall("/feed/([a-z]+)", page.get("/")[2]))

    def test_without_a_terminal_the_address_is_said_once(self):
        child = self.start("--out", self.out, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = next(line for line in child.stdout if "Look: http" in line)
        self.assertEqual(Page(int(re.search(":([0-9]+)/", line)[1])).status("/"), 200)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=WAIT_S)
        self.assertEqual(child.returncode, 0, err)
        self.assertNotIn("Look: http", out)

    def test_on_a_terminal_the_table_is_drawn_in_place(self):
        child, shown, read_all = self.on_a_terminal("--once", "--out", self.out)
        self.assertEqual(child.wait(WAIT_S), 0, shown()[-2000:])
        read_all(10)
        text = shown()
        self.assertNotIn("Look: http", text)  # it has no page: it ends too soon
        self.assertRegex(text, "\033\\[[0-9]+A\r\033\\[J")
        self.assertIn("\033[32mInes Calder\033[0m" if "Ines Calder\033" in text else "\033[32m", text)
        for word in "harbour", "rss2.0", "jsonfeed1.1", "ticker":
            self.assertIn(word, text)

    def test_wrong_usage_is_told(self):
        code, _, err = self.run_demo("--twice")
        self.assertEqual(code, 64)
        self.assertIn("newsmq demo --help", err)


if __name__ == "__main__":
    unittest.main()
