"""backfill_pages: the past of a new feed, by its links to older pages (RFC 5005, next_url of JSON Feed)."""
import json
import unittest

from test_fetch import FetchTest
from newsserver import Page, item  # found by test_fetch


class Backfill(FetchTest):
    def page(self, numbers, older: str = "", rel: str = "next", **more) -> Page:
        """Newest first; older: where the next page is."""
        link = f'<atom:link rel="{rel}" href="{older}"/>' if older else ""
        return Page((f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>a</title>'
                     f'<link>http://news.example.org/</link>{link}'
                     f'{"".join(item("a", number) for number in sorted(numbers, reverse=True))}</channel></rss>').encode(), **more)

    def pages(self, n: int, rel: str = "next", each: int = 2):
        """n pages with the newest items on /a.xml, older ones on /p2, /p3, …"""
        for page in range(1, n + 1):
            first = (n - page) * each
            older = f"/p{page + 1}" if page < n else ""
            self.server.set("/a.xml" if page == 1 else f"/p{page}", self.page(range(first, first + each), older, rel))

    def counts(self, n: int) -> list:
        return [self.server.count(f"/p{page}") for page in range(2, n + 1)]

    def polls(self, n: int = 3):
        self.server.wait_for("/a.xml", self.server.count("/a.xml") + n)

    def test_pages_are_followed_and_items_come_oldest_first(self):
        self.pages(4)
        self.begin("a", backfill_pages=10)
        self.wait_items(8)
        self.assertEqual(self.titles(), [f"a {number}" for number in range(8)])
        self.polls()
        self.assertEqual(self.counts(4), [1, 1, 1])  # of a new feed, and once
        self.accounts(items=8)

    def test_archives_are_followed(self):
        self.pages(3, rel="prev-archive")
        self.begin("a", backfill_pages=10)
        self.wait_items(6)
        self.assertEqual(self.titles(), [f"a {number}" for number in range(6)])

    def test_a_json_feed_has_them_as_well(self):
        for page, (path, numbers) in enumerate((("/a.xml", (3, 4)), ("/p2", (1, 2)))):
            feed = {"version": "https://jsonfeed.org/version/1.1", "title": "a", "items": [
                {"id": str(number), "title": f"a {number}", "content_text": "x",
                 "date_published": f"2026-11-0{number}T00:00:00Z"} for number in reversed(numbers)]}
            if page == 0:
                feed["next_url"] = self.server.url("/p2")
            self.server.set(path, Page(json.dumps(feed).encode(), content_type="application/feed+json"))
        self.begin("a", backfill_pages=10)
        self.wait_items(4)
        self.assertEqual(self.titles(), [f"a {number}" for number in range(1, 5)])

    def test_no_page_is_asked_for_unless_it_is_wanted(self):
        self.pages(3)
        self.begin("a")
        self.wait_items(2)
        self.polls()
        self.assertEqual(self.counts(3), [0, 0])

    def test_pages_end_at_their_number(self):
        self.pages(6)
        self.begin("a", backfill_pages=2)
        self.wait_items(6)
        self.polls()
        self.assertEqual(self.counts(6), [1, 1, 0, 0, 0])
        self.accounts(items=6)

    def test_no_more_is_read_than_first_poll_takes(self):
        self.pages(6)
        self.begin("a", backfill_pages=10, first_poll="last 5")
        self.wait_items(5)
        self.polls()
        self.assertEqual(self.counts(6), [1, 1, 0, 0, 0])
        self.assertEqual(self.titles(), [f"a {number}" for number in range(7, 12)])
        self.accounts(items=5)

    def test_nothing_of_the_past_is_read_when_none_is_wanted(self):
        self.pages(3)
        self.begin("a", backfill_pages=10, first_poll="none")
        self.polls()
        self.assertEqual(self.counts(3), [0, 0])
        self.accounts(items=0)

    def test_pages_that_lead_in_a_circle_end(self):
        self.server.set("/a.xml", self.page((4, 5), "/p2"))
        self.server.set("/p2", self.page((2, 3), "/p3"))
        self.server.set("/p3", self.page((0, 1), "/p2"))
        self.begin("a", backfill_pages=100)
        self.wait_items(6)
        self.fetch.wait_said("circle")
        self.assertEqual(self.counts(3), [1, 1])

    def test_a_fault_keeps_the_pages_before_it_and_is_told(self):
        self.pages(4)
        self.server.set("/p3", Page(b"broken", status=500))
        self.begin("a", backfill_pages=10)
        self.wait_items(4)
        self.fetch.wait_said("page=3 cause='HTTP 500")
        self.assertEqual(self.titles(), [f"a {number}" for number in range(4, 8)])
        state = self.wait_state(lambda s: s["state"] == "ok")
        self.assertEqual(state["failures"], 0)
        self.accounts(items=4)

    def test_items_before_the_fault_of_a_page_are_kept(self):
        body = self.page((0, 1, 2, 3)).body
        self.server.set("/a.xml", self.page((4, 5), "/p2"))
        self.server.set("/p2", Page(body, cut_after=body.index(b"a-1") - 20))
        self.begin("a", backfill_pages=10)
        self.wait_items(4)
        self.fetch.wait_said("not read to its end")
        self.assertEqual(self.titles(), ["a 2", "a 3", "a 4", "a 5"])

    def test_another_host_is_not_followed(self):
        self.server.set("/a.xml", self.page((4, 5), f"http://localhost:{self.server.port}/p2"))
        self.server.set("/p2", self.page((2, 3)))
        self.begin("a", backfill_pages=10)
        self.wait_items(2)
        self.fetch.wait_said("another host")
        self.assertEqual(self.server.count("/p2"), 0)

    def test_a_kill_between_pages_loses_nothing(self):
        self.pages(3)
        self.server.set("/a.xml", self.page((4, 5), "/p2", etag='"1"', conditional=True))
        self.server.set("/p3", self.page((0, 1), delay_s=60), self.page((0, 1)))
        self.begin("a", backfill_pages=10, timeout="55s")
        self.server.wait_for("/p3", 1)
        self.fetch.kill()
        self.accounts(items=0)
        self.fetch.start()
        self.wait_items(6)
        self.assertEqual(self.titles(), [f"a {number}" for number in range(6)])

    def test_the_end_between_pages_loses_nothing(self):
        self.pages(3)
        self.server.set("/p2", self.page((2, 3), "/p3", delay_s=60), self.page((2, 3), "/p3"))
        self.begin("a", backfill_pages=10, timeout="55s")
        self.server.wait_for("/p2", 1)
        self.assertEqual(self.fetch.stop(), 0)
        self.accounts(items=0)
        self.fetch.start()
        self.wait_items(6)
        self.accounts(items=6)

    def test_older_items_have_their_pages_fetched_as_well(self):
        words = "<p>The board has leased a second ship, which is older, but broad enough, and that is what the weather asks.</p>" * 4
        for name, number in (("/a.xml", 1), ("/p2", 0)):
            link = '<atom:link rel="next" href="/p2"/>' if number else ""
            self.server.set(name, Page((f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>a</title>{link}'
                                        f"<item><title>a {number}</title><guid>{number}</guid><link>{self.server.url(f'/{number}.html')}</link>"
                                        "<description>x…</description></item></channel></rss>").encode()))
            self.server.set(f"/{number}.html", Page(f"<html><body><article>{words}</article></body></html>".encode(), content_type="text/html"))
        self.begin("a", backfill_pages=10, full_text="auto")
        self.wait_items(2)
        self.polls()
        self.assertEqual([self.server.count(f"/{number}.html") for number in (0, 1)], [1, 1])


if __name__ == "__main__":
    unittest.main()
