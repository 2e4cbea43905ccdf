#!/usr/bin/python3
"""newsmq try: the real program on files and on a local server."""
import gzip
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEWSMQ = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin")) / "newsmq"
DEMO = ROOT / "config" / "demo"
sys.path.insert(0, str(ROOT / "tests" / "support"))
from schema import check_item, check_nlp  # noqa: E402


def run(*args, **env):
    return subprocess.run([NEWSMQ, "try", *map(str, args)], capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **env})


class Pages(http.server.BaseHTTPRequestHandler):
    pages = {"/page.html": (200, "text/html", b"<html><head><title>A &amp; B</title></head><body><p>Hi</p></body></html>"),
             "/busy": (503, "text/plain", b"later"), "/private": (401, "text/plain", b"who are you")}

    def do_GET(self):
        if self.path == "/inner":  # another of this machine's addresses, whose turn nobody allowed
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.2:{self.server.server_port}/demo/science.atom")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/secret" and self.headers["Authorization"] == "Basic YWxpY2U6d29uZGVy":
            answer = 200, "application/xml", (DEMO / "science.atom").read_bytes()
        elif self.path.startswith("/demo/"):
            answer = 200, "application/xml", (DEMO / self.path[6:]).read_bytes()
        else:
            answer = self.pages.get(self.path, (404, "text/plain", b"nothing"))
        self.send_response(answer[0])
        self.send_header("Content-Type", answer[1])
        self.send_header("Content-Length", str(len(answer[2])))
        self.end_headers()
        self.wfile.write(answer[2])

    def log_message(self, *args):
        pass


class Try(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def test_a_file_needs_neither_configuration_nor_scheme(self):
        answer = run(DEMO / "harbour.xml")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("The Harbour Gazette  rss2.0, en, 6 items", answer.stdout)
        self.assertIn("Rotterdam opens a shore power station", answer.stdout)
        self.assertIn("2025-10-06 06:15 UTC", answer.stdout)
        self.assertIn("[Marieke van Doorn|PER]", answer.stdout)
        self.assertIn("… and 1 more: -n 6 or --all", answer.stdout)
        self.assertNotIn("\033", answer.stdout)

    def test_every_item_of_every_feed_of_the_demo_is_good_json(self):
        for path in sorted(DEMO.iterdir()):
            if path.suffix not in (".xml", ".atom", ".rdf", ".json"):
                continue
            answer = run("--json", path)
            self.assertEqual(answer.returncode, 0, answer.stderr)
            for line in answer.stdout.splitlines():
                item = json.loads(line)
                check_item(item)
                nlp = check_nlp(item)
                # There is no model of other languages.
                self.assertEqual(nlp["status"], "ok" if item["language"] == "en" else "skipped", nlp)
                if item["language"] == "en":
                    self.assertTrue(nlp["entities"], item["title"])
                self.assertEqual(nlp["language"]["code"], item["language"], item["title"])

    def test_text_entities_and_number_of_items_can_be_chosen(self):
        one = run("-n", 1, "--no-entities", "--text", DEMO / "commons.json")
        self.assertEqual(one.returncode, 0, one.stderr)
        self.assertIn("helps their associations to meet.", one.stdout)
        self.assertNotIn("|PER]", one.stdout)
        self.assertNotIn("Nairobi", one.stdout)
        self.assertEqual(len(run("--json", "-n", 2, DEMO / "commons.json").stdout.splitlines()), 2)
        self.assertNotIn("nlp", json.loads(run("--json", "-n", 1, "--no-entities", DEMO / "commons.json").stdout))

    def test_items_before_a_break_are_shown_with_a_warning(self):
        answer = run("--all", DEMO / "nordbote.xml")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("4 items", answer.stdout)
        self.assertRegex(answer.stdout, "warning: .*ends inside an entry")

    def test_a_compressed_file_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "harbour.xml.gz"
            path.write_bytes(gzip.compress((DEMO / "harbour.xml").read_bytes()))
            answer = run(path)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("The Harbour Gazette  rss2.0, en, 6 items", answer.stdout)

    def test_a_url_is_fetched(self):
        answer = run(self.url + "/demo/science.atom")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("HTTP 200", answer.stdout)
        self.assertIn("https://field-notes.example/2025/quiet-glacier", answer.stdout)

    def test_a_typed_password_is_sent_and_not_told(self):
        for path, code in (("/secret", 0), ("/gone", 69)):
            answer = run(self.url.replace("//", "//al%69ce:wonder@") + path, "--json")
            self.assertEqual(answer.returncode, code, answer.stderr)
            self.assertNotIn("wonder", answer.stdout + answer.stderr)
        self.assertEqual(run(self.url + "/secret").returncode, 69)

    def test_every_failure_says_why_and_what_helps(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
            table = [
                (self.url + "/gone", 69, "HTTP 404", "rel=\"alternate\""),
                (self.url + "/private", 69, "HTTP 401", "auth:"),
                (self.url + "/busy", 69, "HTTP 503", "later"),
                (self.url + "/page.html", 65, "HTML page", "rel=\"alternate\""),
                (self.url + "/inner", 69, "the address 127.0.0.2 is refused (loopback)", "allow_addresses: [127.0.0.2]"),
                (nobody, 69, "refused", "port"),
                ("https://feeds.invalid/rss", 69, "name is not known", "spelt"),
                ("gopher://feeds.invalid/rss", 69, "not a URL", "https://"),
                (self.url.replace("http", "https") + "/x", 69, "encrypted", ""),
                ("/nonexistent/feed.xml", 66, "No such file", ""),
                ("news.invalid/rss", 66, "No such file", "newsmq try https://news.invalid/rss"),
                (ROOT, 66, "not a regular file", ""),
            ]
            for what, code, why, help_ in table:
                with self.subTest(what=what):
                    answer = run(what)
                    self.assertEqual(answer.returncode, code, answer.stderr)
                    self.assertIn(why, answer.stderr)
                    self.assertIn(help_, answer.stderr)
                    self.assertNotIn("Sanitizer", answer.stderr)

    def test_a_file_of_an_odd_name_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a b#c?d%20é.xml"
            path.write_bytes((DEMO / "harbour.xml").read_bytes())
            answer = run("--json", "-n", 1, path)
            self.assertEqual(answer.returncode, 0, answer.stderr)
            self.assertIn("Rotterdam", answer.stdout)

    def test_wrong_usage_is_told(self):
        for args in [], ["--frob", "x"], ["-n", "0", "x"], ["-n", "many", "x"], ["a", "b"]:
            answer = run(*args)
            self.assertEqual(answer.returncode, 64, answer.stderr)
            self.assertTrue(re.search("newsmq try --help", answer.stderr), answer.stderr)


if __name__ == "__main__":
    unittest.main()
