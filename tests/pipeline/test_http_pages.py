#!/usr/bin/python3
"""What newsmq-http shows of real feeds: pages, /api/, what is live; strangers' words stay words."""
import html.parser
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from httpkit import Feeds, HOSTILE, Page, port_in, story, wait, write_config  # noqa: E402
from newsmqdkit import BIN, DaemonTest  # noqa: E402

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Markup(html.parser.HTMLParser):
    """Tags in order, attributes by tag; complains where something does not close."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.links, self.faults = [], [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"not closed: {self.open}")

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.links += [value for name, value in attrs if name in ("href", "src", "action")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> where it does not belong, line {self.getpos()}")


class Pages(DaemonTest):
    standins = False

    def setUp(self):
        super().setUp()
        self.feeds = Feeds()
        self.addCleanup(self.feeds.close)
        self.feeds.put("harbour", story(), HOSTILE)
        self.feeds.put("copy", story().replace("story-1", "copied"))
        self.feeds.by_name["broken"] = 503
        write_config(self.daemon.config, self.feeds)
        self.daemon.start()
        self.page = Page(wait(lambda: port_in(self.daemon.log), "it listens"))
        wait(lambda: len(self.page.json("/api/records")["records"]) == 4, "all records are in the digest")

    def one(self, words: str) -> dict:
        return next(r for r in self.page.json("/api/records")["records"] if words in r["title"])

    def quote(self, text: str) -> str:
        return urllib.parse.quote(text, safe="")

    def test_pages_are_well_formed_and_link_where_something_is(self):
        seen, wanted = {}, ["/"]
        while wanted and len(seen) < 80:
            path = wanted.pop()
            status, headers, text = self.page.get(path)
            seen[path] = status
            self.assertEqual(status, 303 if path == "/search" else 200, path)
            if path == "/search":
                continue
            self.assertEqual(headers["Cache-Control"], "no-store")
            markup = Markup(text)
            self.assertEqual(markup.faults, [], path)
            self.assertEqual(sum(tag == "h1" for tag, _ in markup.tags), 1, path)
            self.assertEqual(sum(tag == "main" for tag, _ in markup.tags), 1, path)
            self.assertFalse([a for _, a in markup.tags if "style" in a or any(n.startswith("on") for n in a)], path)
            self.assertTrue(all(a.get("src") for tag, a in markup.tags if tag == "script"), path)
            for link in markup.links:
                self.assertRegex(link, r"^(/|#|https?://)", path)
                plain = link.split("#")[0]
                if link.startswith("/") and not re.match(r"/(api|static|metrics|healthz|events)", link) and plain not in seen:
                    wanted.append(plain)
        for kind in ("/article/", "/name/", "/feed/"):
            self.assertTrue([p for p in seen if p.startswith(kind)], f"{kind} of {sorted(seen)}")

    def test_words_of_strangers_stay_words(self):
        record = self.one("document.title")
        for path in ("/", "/articles", f"/article/{record['id']}", "/feed/harbour", "/names", "/search?q=" + self.quote("<script>alert(1)")):
            text = self.page.get(path)[2]
            self.assertNotIn("<script>", text, path)
            self.assertNotIn("<img", text, path)
            self.assertNotRegex(text, r"href=.(javascript|data):", path)
        text = self.page.get(f"/article/{record['id']}")[2]
        self.assertIn("&lt;script&gt;document.title=&#39;owned&#39;&lt;/script&gt;", text)

    def test_an_article_shows_what_was_found(self):
        text = self.page.get(f"/article/{self.one('Harbour of Lisbon')['id']}")[2]
        self.assertRegex(text, r'<mark class="loc"><a href="/name/LOC:Lisbon">Lisbon</a>')
        self.assertIn("<blockquote", text)
        self.assertIn("Haja Rakotovao", text)
        self.assertIn('<path class="land"', text)
        self.assertIn("<dt>FAO</dt><dd>Food and Agriculture Organization</dd>", text)
        self.assertIn("Why this id", text)
        self.assertIn("the guid that the publisher gave it", text)
        self.assertIn('rel="noopener noreferrer nofollow external"', text)

    def test_the_search_box_finds_ids_links_feeds_and_names(self):
        record = self.one("Harbour of Lisbon")
        for query, target in ((record["id"], f"/article/{record['id']}"), ("harbour", "/feed/harbour"), ("", "/articles"),
                              (record["url"], "/article/" + self.quote(record["url"]).replace("%3A", ":"))):
            status, headers, _ = self.page.get("/search?q=" + self.quote(query))
            self.assertEqual((status, headers["Location"]), (303, target), query)
            self.assertEqual(self.page.status(headers["Location"]), 200)
        self.assertIn("/name/LOC:Lisbon", self.page.get("/search?q=lisbon")[2])
        self.assertIn("Nothing of the newest records fits", self.page.get("/search?q=zzzz")[2])

    def test_feeds_are_sorted_and_filtered_without_scripts(self):
        def order(path):
            return re.findall(r'<tr id="feed-([a-z]+)">', self.page.get(path)[2])
        self.assertEqual(order("/")[0], "broken")
        self.assertEqual(order("/?sort=name"), ["broken", "copy", "harbour"])
        self.assertEqual(order("/?sort=items")[0], "harbour")
        self.assertEqual(order("/?filter=HARB"), ["harbour"])
        self.assertEqual(order("/?filter=failing"), ["broken"])
        self.assertEqual(order("/?filter=nothing"), [])
        self.assertIn("the server is not available for now", self.page.get("/")[2])

    def test_the_api_says_what_the_commands_say(self):
        def command(*words):
            run = subprocess.run([str(BIN / "newsmq"), "-c", str(self.daemon.config), *words, "--json"], capture_output=True, text=True)
            return json.loads(run.stdout)

        record = self.one("Harbour of Lisbon")
        self.assertEqual(set(self.page.json("/api/status")), set(command("status")))
        feeds, told = self.page.json("/api/feeds")["feeds"], command("feeds")["feeds"]
        self.assertEqual([set(f) for f in feeds], [set(f) for f in told])
        self.assertEqual([f["feed"] for f in feeds], [f["feed"] for f in told])
        self.assertEqual(set(self.page.json("/api/feed/harbour")), set(command("why", "harbour")))
        self.assertEqual(self.page.json(f"/api/why?item={record['id']}"), command("why", record["id"]))
        self.assertEqual(self.page.json("/api/why?item=" + self.quote(record["url"])), command("why", record["url"]))
        self.assertEqual(self.page.json("/api/dead"), {"dead": []})
        self.assertEqual(self.page.json(f"/api/record/{record['id']}")["title"], record["title"])
        self.assertEqual(self.page.json("/api/records?limit=1&feed=copy")["records"][0]["feed"], "copy")
        before = self.page.json("/api/records?limit=2")["before"]
        self.assertEqual(len(self.page.json(f"/api/records?before={before}")["records"]), 2)
        name = self.page.json("/api/name/LOC:lisbon")
        self.assertIn("harbour", [f["feed"] for f in name["in_feeds"]])
        self.assertIn("LOC:lisbon", [n["key"] for n in self.page.json("/api/names?type=loc")["names"]])
        self.assertIn("rising", self.page.json("/api/trends?by=hour"))
        self.assertIn("record", self.page.json("/api/heads")["heads"])

    def test_errors_of_the_api_are_json(self):
        for path, status in (("/api/nothing", 404), ("/api/feed/nobody", 404), ("/api/record/" + "a" * 26, 404), ("/api/why", 400),
                             ("/api/name/nobody", 404), ("/api/why?item=" + "x" * 3500, 200)):
            got, headers, text = self.page.get(path)
            self.assertEqual((got, headers["Content-Type"]), (status, "application/json"), path)
            if status != 200:
                self.assertEqual(json.loads(text)["error"]["status"], status)

    def test_open_pages_are_told_what_is_new(self):
        lines, at = [], re.search(r'data-live="(\d+)"', self.page.get("/")[2]).group(1)

        def listen():
            connection = http.client.HTTPConnection("127.0.0.1", self.page.port, timeout=60)
            self.addCleanup(connection.close)
            connection.request("GET", f"/events?at={at}")
            answer = connection.getresponse()
            self.assertEqual(answer.headers["Content-Type"], "text/event-stream; charset=utf-8")
            try:
                while line := answer.readline():
                    lines.append(line.decode())
            except (OSError, ValueError, AttributeError):  # closed when all is seen
                pass
        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        wait(lambda: any(line.startswith("event: state") for line in lines), "the state is told at once")
        self.feeds.put("harbour", story(2).replace("opens again", "closes &amp;lt;now"), story())
        wait(lambda: any("closes &lt;now" in line for line in lines), "a new article is told")
        wait(lambda: any(line.startswith("data: <tr id=\"feed-harbour\"") for line in lines), "its row is told")
        self.assertFalse([line for line in lines if not re.match(r"(event|id|data|retry): |: |\n", line)])

    def test_it_shows_what_it_knows_while_the_hub_is_away(self):
        hub = self.daemon.pids()["hub"]
        os.kill(hub, signal.SIGSTOP)
        try:
            text = wait(lambda: (t := self.page.get("/")[2]) and "the hub does not answer" in t and t, "the page says it")
            self.assertIn("Harbour of Lisbon", text)
            self.assertEqual(self.page.get("/healthz")[0], 503)
            record = self.one("Harbour of Lisbon")
            self.assertIn("Rakotovao", self.page.get(f"/article/{record['id']}")[2])
        finally:
            os.kill(hub, signal.SIGCONT)
        wait(lambda: "the hub does not answer" not in self.page.get("/")[2], "and that it is there again")

    def test_a_restart_finds_the_records_again(self):
        os.kill(self.daemon.pids()["http"], signal.SIGKILL)
        wait(lambda: self.daemon.log.read_text().count("listening: at=") == 2, "it is there again")
        self.page = Page(port_in(self.daemon.log))
        wait(lambda: len(self.page.json("/api/records")["records"]) == 4, "the records, too")


if __name__ == "__main__":
    unittest.main()
