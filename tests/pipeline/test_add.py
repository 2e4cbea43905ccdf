#!/usr/bin/python3
"""newsmq add: the feeds of sites on a local server, and the YAML as a configuration."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEWSMQ = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin")) / "newsmq"
sys.path.insert(0, str(ROOT / "tests" / "support"))
from newsserver import NewsServer, Page, feed, redirect  # noqa: E402


def html(text: str, **keys) -> Page:
    return Page(text.encode(), content_type="text/html", **keys)


class Add(unittest.TestCase):
    def setUp(self):
        self.server = NewsServer()
        self.addCleanup(self.server.close)
        self.folder = tempfile.TemporaryDirectory(prefix="nmq-add-")
        self.addCleanup(self.folder.cleanup)
        self.config = pathlib.Path(self.folder.name) / "newsmq.yaml"

    def run_add(self, *arguments, config: str = ""):
        command = [NEWSMQ, "add", *map(str, arguments)]
        if config:
            self.config.write_text(config)
            command[1:1] = ["-c", self.config]
        return subprocess.run(command, capture_output=True, text=True, timeout=120,
                              env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"})

    def understood(self, yaml: str) -> str:
        """The YAML, taken as a configuration."""
        self.config.write_text(yaml)
        answer = subprocess.run([NEWSMQ, "-c", self.config, "check", "--print"], capture_output=True, text=True)
        self.assertEqual(answer.returncode, 0, answer.stdout + yaml)
        return answer.stdout

    def test_the_feeds_that_a_page_declares_are_yaml_to_add(self):
        self.server.set("/blog/", html(
            "<title>Blog</title><link rel=alternate type='application/rss+xml' href=comments.xml>"
            "<link rel=alternate type='application/rss+xml' href='main.xml?a=1&amp;b=2'>"
            "<link rel=alternate type='application/rss+xml' href=missing.xml>"))
        self.server.set("/blog/main.xml?a=1&b=2", Page(feed("Grüße aus Köln", range(3))))
        self.server.set("/blog/comments.xml", Page(feed("Comments", range(1))))
        answer = self.run_add(self.server.url("/blog/"))
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("missing.xml: HTTP 404", answer.stderr)
        printed = self.understood(answer.stdout)
        self.assertIn(f"url: '{self.server.url('/blog/main.xml?a=1&b=2')}'", printed)
        self.assertIn("id: grusse-aus-koln", printed)
        self.assertIn("allow_private: true", printed)
        self.assertNotIn("comments.xml", printed)
        self.assertIn(f"#   url: {self.server.url('/blog/comments.xml')}", answer.stdout)
        self.assertIn("Grüße aus Köln; rss2.0, 3 items", answer.stdout)

    def test_ids_and_urls_of_the_configuration_are_known(self):
        self.server.set("/", html("<a href=/a.rss>A</a><a href=/b.rss>B</a><a href=/c.rss>C</a>"))
        self.server.set("/a.rss", Page(feed("News", range(1))))
        self.server.set("/b.rss", Page(feed("News", range(2))))
        self.server.set("/c.rss", Page(feed("News", range(3))))
        config = (f"feeds:\n  - news: https://news.example.org/\n  - mine: {self.server.url('/b.rss')}\n"
                  "politeness: { allow_addresses: [127.0.0.1] }\n")
        answer = self.run_add(self.server.url("/"), "--json", config=config)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        found = json.loads(answer.stdout)
        self.assertEqual([(f["id"], f.get("known_as"), f["items"], f["basis"]) for f in found["feeds"]],
                         [("news-2", None, 1, "linked"), ("news-3", "mine", 2, "linked"), ("news-4", None, 3, "linked")])
        self.assertFalse(found["private"])
        answer = self.run_add(self.server.url("/"), config=config)
        self.assertIn("it is there already: mine", answer.stdout)
        self.assertIn(f"  - news-2: {self.server.url('/a.rss')}\n", answer.stdout)
        self.understood("politeness: { allow_addresses: [127.0.0.1] }\n" + answer.stdout)

    def test_a_page_that_names_none_has_the_usual_places_asked(self):
        self.server.set("/", html("<p>Welcome"))
        self.server.set("/rss.xml", redirect("/moved.xml", 301))
        self.server.set("/moved.xml", Page(feed("Moved", range(2))))
        answer = self.run_add(self.server.url("/"), "--json",
                              config="feeds: [ { x: 'https://x.example/' } ]\npoliteness: { per_host: { gap: 0s } }\n")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual([(f["basis"], f["url"]) for f in json.loads(answer.stdout)["feeds"]],
                         [("guessed", self.server.url("/moved.xml"))])

    def test_a_feed_is_its_own_site_and_the_scheme_may_be_missing(self):
        self.server.set("/feed.xml", Page(feed("Self", range(2))))
        answer = self.run_add(f"127.0.0.1:{self.server.port}/feed.xml", "--json")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        found = json.loads(answer.stdout)
        self.assertEqual([(f["basis"], f["url"], f["format"]) for f in found["feeds"]],
                         [("itself", self.server.url("/feed.xml"), "rss2.0")])
        self.assertTrue(found["private"])

    def test_nothing_found_and_nothing_got_are_told_apart(self):
        self.server.set("/", html("<p>Welcome"))
        fast = "feeds: [ { x: 'https://x.example/' } ]\npoliteness: { per_host: { gap: 0s } }\n"
        table = [((self.server.url("/"),), fast, 1, "no feed is found"),
                 ((self.server.url("/gone"),), "", 69, "HTTP 404"),
                 (("nobody.invalid",), "", 69, "name is not known"),
                 (("gopher://nobody.invalid",), "", 69, "not a URL"),
                 ((), "", 64, "which site"), (("a", "b"), "", 64, "unexpected 'b'"),
                 (("a",), "nonsense: 1\n", 78, "the configuration is bad")]
        for arguments, config, code, said in table:
            with self.subTest(arguments=arguments):
                answer = self.run_add(*arguments, config=config)
                self.assertEqual(answer.returncode, code, answer.stderr)
                self.assertIn(said, answer.stderr)
                self.assertEqual(answer.stdout, "")

    def test_a_page_leads_nobody_into_a_private_network(self):
        self.server.set("/", html(f"<link rel=feed href='http://127.0.0.2:{self.server.port}/inner'>"
                                  "<link rel=feed href=/away><link rel=feed href='file:///etc/passwd'>"))
        self.server.set("/away", redirect(f"http://127.0.0.2:{self.server.port}/inner"))
        self.server.set("/inner", Page(feed("Inner", range(2))))
        answer = self.run_add(self.server.url("/"), "--json",
                              config="feeds: [ { x: 'https://x.example/' } ]\npoliteness: { per_host: { gap: 0s } }\n")
        self.assertEqual(answer.returncode, 1, answer.stderr)
        failed = json.loads(answer.stdout)["failed"]
        self.assertEqual(len(failed), 2, failed)
        for one in failed:
            self.assertIn("the address 127.0.0.2 is refused", one["reason"])
        self.assertEqual(self.server.count("/inner"), 0)

    def test_what_strangers_write_stays_a_comment(self):
        title = "A\u2028b: &#10; - evil: https://evil.example/ ${HOME} \u202eabc"
        self.server.set("/", html("<link rel=feed href='/x?q=${HOME}&amp;r=%27'>"))
        self.server.set("/x?q=$%7BHOME%7D&r=%27", Page(feed(title, range(1))))
        self.server.set("/x?q=${HOME}&r=%27", Page(feed(title, range(1))))
        answer = self.run_add(self.server.url("/"))
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertNotIn("evil: https", self.understood(answer.stdout))

    def test_a_typed_password_is_used_and_not_told(self):
        self.server.set("/", Page(feed("Secret", range(1))))
        answer = self.run_add(self.server.url("/").replace("//", "//me:wonder@"), "--json")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(self.server.requests("/")[-1].header("Authorization"), "Basic bWU6d29uZGVy")
        self.assertNotIn("wonder", answer.stdout + answer.stderr)


if __name__ == "__main__":
    unittest.main()
