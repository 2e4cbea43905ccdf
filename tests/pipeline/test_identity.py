"""What tells entries apart, from poll to poll: the real fetcher before the real hub."""
import hashlib
import json
import pathlib
import sqlite3
import subprocess
import unittest

from hubkit import BIN, HubTest, item_core, item_id
from test_fetch import FetchTest, Page


def entry(guid: str, link: str, title: str, text: str = "", date: str = "") -> str:
    return (f"<item><guid isPermaLink=\"false\">{guid}</guid><link>https://f.example/{link}</link><title>{title}</title>"
            + (f"<pubDate>{date}</pubDate>" if date else "") + f"<description>{text or title}</description></item>")


def document(*entries: str) -> bytes:
    return f"<rss version=\"2.0\"><channel><title>t</title>{''.join(entries)}</channel></rss>".encode()


class Polls(FetchTest):
    def poll(self, *documents: bytes, **settings):
        """Polls that bring one document after the other, until the last is in the hub."""
        self.server.set("/a.xml", *(Page(one) for one in documents))
        self.begin(("a", settings) if settings else "a")
        wanted = "sha256:" + hashlib.sha256(documents[-1]).hexdigest()
        return self.wait_state(lambda state: state.get("body_hash") == wanted)

    def items(self) -> list:
        peer = self.hub.peer("replay")
        peer.say("GET", "item", 1, 0)
        items = []
        while (answer := peer.hear())[0] == "MSG":
            items.append(json.loads(answer[4]))
        peer.close()
        return items

    def test_a_guid_that_is_new_at_each_poll_makes_nothing_new(self):
        self.poll(*(document(entry(f"{poll}-1", "1", "One"), entry(f"{poll}-2", "2", "Two")) for poll in range(4)))
        self.accounts(items=2, duplicates=6, updates=0)

    def test_an_update_with_a_new_guid_is_a_revision_of_the_entry(self):
        self.poll(document(entry("1", "1", "One")), document(entry("2", "1", "One", "It says more now.")))
        first, second = self.items()
        self.assertEqual((first["revision"], second["revision"]), (1, 2))
        self.assertEqual(first["id"], second["id"])
        self.assertEqual(second["guid"], "2")

    def test_guids_that_changed_for_good_are_known_from_then_on(self):
        self.poll(document(entry("1", "1", "One")), document(entry("https://f.example/1", "1", "One"), "<!--2-->"),
                  document(entry("https://f.example/1", "1", "One"), "<!--3-->"),
                  document(entry("https://f.example/1", "1", "One, with another title")))
        first, second = self.items()
        self.assertEqual((first["id"], second["revision"]), (second["id"], 2))

    def test_entries_that_share_their_guid_come_once_each(self):
        one, two, three = (entry("same", str(n), f"Title {n}") for n in range(3))
        state = self.poll(document(two, one), document(three, two), document(three))
        self.assertEqual([item["title"] for item in self.items()], ["Title 0", "Title 1", "Title 2"])
        self.assertEqual([item["id_basis"] for item in self.items()], ["link"] * 3)
        self.assertTrue(state["habits"], state)
        self.accounts(items=3, updates=0)

    def test_entries_of_one_link_and_title_stay_two(self):
        one, two, three = (entry(str(n), "", "Weather", f"Day {n}") for n in range(3))
        self.poll(document(two, one), document(three, two), document(three))
        self.assertEqual([item["content_text"] for item in self.items()], ["Day 0", "Day 1", "Day 2"])
        self.accounts(items=3, updates=0)

    def test_older_versions_beside_the_newest_make_no_revisions(self):
        old = entry("1", "1", "One", "old", "Wed, 01 May 2024 10:00:00 GMT")
        new = entry("1", "1", "One", "new", "Thu, 02 May 2024 10:00:00 GMT")
        self.poll(document(new, old), document(new, old, "<!--2-->"), document(old, new))
        self.assertEqual([item["content_text"] for item in self.items()], ["new"])

    def test_a_change_of_what_counts_by_itself_is_no_revision(self):
        self.poll(document(entry("1", "1", "One (3 comments)", "Posted 5 minutes ago.", "Wed, 01 May 2024 10:00:00 GMT")),
                  document(entry("1", "1?utm_source=x", "One (12 comments)", "Posted 2 hours ago.", "Wed, 01 May 2024 10:00:01 GMT")),
                  document(entry("1", "1", "One (12 comments)", "Posted 2 hours ago, and corrected.")))
        self.assertEqual([item["revision"] for item in self.items()], [1, 2])

    def test_the_guid_alone_decides_where_the_feed_says_so(self):
        self.poll(document(entry("1", "1", "One")), document(entry("2", "1", "One")), identity="guid")
        self.accounts(items=2, updates=0)

    def test_the_text_has_what_the_feed_asks_for(self):
        text = ("&lt;p&gt;See &lt;a href=\"/map?a=1&amp;amp;b=2\"&gt;the map&lt;/a&gt; &lt;img src=\"m.png\" alt=\"Flooded streets\"&gt;"
                "&lt;/p&gt;&lt;table&gt;&lt;tr&gt;&lt;td&gt;Rain&lt;/td&gt;&lt;td&gt;12 mm&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;"
                "&lt;span aria-hidden=\"true\"&gt;x&lt;/span&gt;")
        self.server.set("/a.xml", Page(document(entry("1", "1", "One", text))))
        self.server.set("/b.xml", Page(document(entry("1", "1", "One", text)).replace(b"<rss", b"<rss xml:base='https://b.example/'")))
        self.begin("a", ("b", {"text": "{ alt: true, links: true }"}))
        self.wait_items(2)
        texts = {item["feed"]["id"]: (item["content_text"], item["content_source"]) for item in self.items()}
        self.assertEqual(texts["a"], ("See the map\n\nRain\t12 mm", "feed_summary"))
        self.assertEqual(texts["b"], ("See the map <https://b.example/map?a=1&b=2> [Flooded streets]\n\nRain\t12 mm", "feed_summary"))

    def test_dates_are_read_in_the_order_of_the_feed(self):
        self.poll(document(entry("1", "1", "One", date="03/04/2024 10:00 GMT"),
                           entry("2", "2", "Two", date="13/04/2024 10:00 GMT")),
                  document(entry("3", "3", "Three", date="05/06/2024 10:00 GMT")))
        dates = {item["title"]: (item["date_published"], item["date_note"]) for item in self.items()}
        self.assertEqual(dates["One"], ("2024-04-03T10:00:00.000Z", "order_of_feed"))
        self.assertEqual(dates["Two"], ("2024-04-13T10:00:00.000Z", "non_standard"))
        self.assertEqual(dates["Three"], ("2024-06-05T10:00:00.000Z", "order_of_feed"))


class Keys(HubTest):
    def put_keys(self, *pairs, feed: str = "a", **state):
        """Each: (words behind the id, core); answers (new, dup)."""
        peer = self.hub.peer("ingest")
        self.addCleanup(peer.close)
        frames = []
        for words, core in pairs:
            frames += [f"{core['id']}{words}", core]
        peer.say("PUT", 1, {"feed": feed, "group": "g", "state": "ok", **state}, *frames)
        answer = peer.hear()
        return (int(answer[2]), int(answer[3])) if answer[0] == "OK" else answer

    def test_why_tells_of_an_id_that_came_later(self):
        key = " k00000000000000aa"
        for name in ("one", "other", "other"):
            self.put_keys((key, item_core(name, "The same text.")))
        found = self.hub.call("why", {"id": item_id("other")})["found"]
        self.assertEqual([one["id"] for one in found], [item_id("one")])
        said = subprocess.run([str(BIN / "newsmq"), "-c", f"{self.place.name}/newsmq.yaml", "why", item_id("other")],
                              capture_output=True, text=True, check=True).stdout
        self.assertIn(f"It came as {item_id('other')} too: another guid with the same link and title", said)

    def test_an_item_carries_the_id_of_its_entry(self):
        key = " k00000000000000aa s0000000000000001"
        self.put_keys((key, item_core("one", "First.")))
        self.put_keys((key.replace("1", "2"), item_core("other", "Second.")))
        peer = self.hub.peer("replay")
        self.addCleanup(peer.close)
        peer.say("GET", "item", 1, 0)
        ids = [json.loads(peer.expect("MSG")[3])["id"] for _ in range(2)]
        self.assertEqual(ids, [item_id("one")] * 2)
        self.accounts(items=2, updates=1)

    def test_words_that_are_none_are_refused_and_unknown_ones_passed_over(self):
        self.assertEqual(self.put_keys((" q0123456789abcdef", item_core("one"))), (1, 0))
        for words in (" ", " k", " k12", " kXYZ3456789abcdef", "k0123456789abcdef", "  k0123456789abcdef"):
            self.assertEqual(self.put_keys((words, item_core("two")))[:2], ["ERR", "422"], words)
        self.accounts(items=1)

    def test_a_state_of_the_version_before_is_taken_over(self):
        self.put_keys(("", item_core("one")))
        self.hub.stop()
        with sqlite3.connect(pathlib.Path(self.place.name) / "state/state.db") as db:
            db.executescript("ALTER TABLE seen DROP COLUMN steady; DROP TABLE alias;"
                             "DELETE FROM counter WHERE name=3; PRAGMA user_version=1;")
        self.hub.start()
        words = " k00000000000000aa s0000000000000001"
        self.assertEqual(self.put_keys((words, item_core("one"))), (0, 1))
        self.assertEqual(self.put_keys((words, item_core("two"))), (1, 0))
        self.accounts(items=2, updates=0, dropped=0)


class Copies(HubTest):
    LONG = "The same story, told in two feeds at once, and long enough to be an article. " * 2

    def configure(self, dedup: str):
        config = pathlib.Path(self.place.name) / "newsmq.yaml"
        self.hub.stop()
        self.hub.start()
        text = config.read_text() + f"dedup: {dedup}\n"
        config.write_text(text)
        self.hub.process.send_signal(1)  # SIGHUP
        self.hub.wait_for(lambda status: "limits read again" in self.hub.log.read_text())

    def put_twice(self):
        self.hub.put([item_core("one", self.LONG)])
        return self.hub.put([item_core("two", self.LONG, feed="b")], feed="b")

    def test_copies_are_dropped_and_counted_where_it_is_wanted(self):
        self.configure("{ action: drop }")
        self.assertEqual(self.put_twice(), (0, 1))
        self.accounts(items=1, duplicates=1, dropped=1)
        found = self.hub.call("why", {"id": item_id("two", "b")})["found"][0]
        self.assertEqual((found["state"], found["duplicate_of"]), ("dropped", item_id("one")))
        self.hub.stop()
        self.hub.start()
        self.accounts(items=1, dropped=1)

    def test_nobody_looks_for_copies_where_it_is_not_wanted(self):
        self.configure("{ exact: false, action: drop }")
        self.assertEqual(self.put_twice(), (1, 0))
        self.accounts(items=2, dropped=0)
        found = self.hub.call("why", {"id": item_id("two", "b")})["found"][0]
        self.assertIsNone(found["duplicate_of"])


if __name__ == "__main__":
    unittest.main()
