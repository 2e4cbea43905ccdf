"""SEEN: what the hub would make of items, asked by who wants to fetch their pages once."""
import unittest

from hubkit import HubTest, item_core, item_id


def with_page(value: str, page: str) -> dict:
    """The item as the feed has it, with the text of its page."""
    feeds = item_core(value)
    return {**item_core(value, page), "feed_hash": feeds["content_hash"], "content_source": "page"}


class Seen(HubTest):
    def ask(self, *cores, number: int = 7) -> str:
        peer = self.hub.peer("ingest")
        self.addCleanup(peer.close)
        frames = []
        for core in cores:
            frames += [core["id"], core["content_hash"]]
        peer.say("SEEN", number, *frames)
        answer = peer.expect("SAW")
        self.assertEqual(answer[0], str(number))
        return answer[1]

    def test_a_letter_for_each_key_says_what_would_become_of_it(self):
        self.hub.put(["1", "2"])
        self.assertEqual(self.ask(item_core("1"), item_core("2", "other"), item_core("3")), "scn")
        self.assertEqual(self.ask(), "")
        self.accounts(items=2, duplicates=0, updates=0)  # asking changes nothing

    def test_a_key_that_was_only_remembered_is_seen(self):
        peer = self.hub.peer("ingest")
        self.addCleanup(peer.close)
        peer.say("PUT", 1, {"feed": "a"}, item_id("1"), b"")
        peer.expect("OK")
        self.assertEqual(self.ask(item_core("1")), "s")

    def test_what_the_feed_has_decides_and_not_the_text_of_the_page(self):
        self.assertEqual(self.hub.put([with_page("1", "The whole story of the page.")]), (1, 0))
        self.assertEqual(self.ask(item_core("1"), item_core("1", "The feed says more now.")), "sc")
        self.assertEqual(self.hub.put(["1"]), (0, 1))  # the same without its page is no update
        self.assertEqual(self.hub.put([with_page("1", "The page has changed.")]), (0, 1))
        self.assertEqual(self.hub.put([item_core("1", "The feed says more now.")]), (1, 0))
        self.accounts(items=2, updates=1)

    def test_equal_summaries_are_not_yet_copies(self):
        for feed in "ab":
            summary = item_core("1", "x" * 100, feed=feed)
            item = {**item_core("1", f"The page at {feed}. " * 10, feed=feed), "url": f"https://{feed}.example.org/",
                    "feed_hash": summary["content_hash"]}
            self.assertEqual(self.hub.put([item], feed=feed), (1, 0))
        found = self.hub.call("why", {"id": item_id("1", "b")})["found"]
        self.assertIsNone(found[0]["duplicate_of"], found)

    def test_a_question_that_is_none_is_refused(self):
        peer = self.hub.peer("ingest")
        self.addCleanup(peer.close)
        for frames in (("SEEN",), ("SEEN", "x"), ("SEEN", 3, item_id("1")), ("SEEN", 4, "short", "sha256:1")):
            peer.say(*frames)
            self.assertEqual(peer.expect("ERR")[0], "422", frames)
        self.accounts(items=0)


if __name__ == "__main__":
    unittest.main()
