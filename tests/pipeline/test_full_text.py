"""full_text: the pages of new items, fetched by the real fetcher from a scripted server, on their way to the real hub."""
import json
import signal
import subprocess
import unittest

from hubkit import BIN, check_item
from test_fetch import FetchTest
from newsserver import Page, redirect, too_many

TEASER = "The harbour board will decide on Tuesday…"
WORDS = ("The harbour board has leased a second ship, the {}, which carries forty cars and, in summer, a small band. It is older "
         "than the ship it will sail beside, but broad enough for the ramp, and that, said the chair, is all the weather asks.")


def story(name: str, n: int = 4) -> str:
    return "\n\n".join(WORDS.format(f"{name} {number}") for number in range(n))


def page(name: str, n: int = 4, **more) -> Page:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story(name, n).split("\n\n"))
    html = (f"<!doctype html><html lang=en><head><title>{name}</title></head><body><nav><a href=/>Home</a></nav><article>"
            f"<h1>{name}</h1>{paragraphs}</article><footer>Imprint</footer></body></html>")
    return Page(html.encode(), content_type="text/html; charset=utf-8", **more)


def text(body: str, **more) -> Page:
    return Page(body.encode(), content_type="text/plain", **more)


class FullText(FetchTest):
    def feed(self, *items, **more) -> Page:
        """Each item: (name, text of the feed) or a name; its link is /NAME.html."""
        parts = []
        for one in items:
            name, words = one if isinstance(one, tuple) else (one, TEASER)
            parts.append(f"<item><title>About {name}</title><guid>{name}</guid><link>{self.server.url(f'/{name}.html')}</link>"
                         f"<description><![CDATA[{words}]]></description></item>")
        return Page(f'<rss version="2.0"><channel><title>a</title>{"".join(parts)}</channel></rss>'.encode(), **more)

    def start(self, mode: str = "always", politeness: str = "", concurrency: int = 8, **settings):
        self.fetch.write("a", full_text=mode, **settings)
        config = self.fetch.config.read_text().replace("concurrency: 8", f"concurrency: {concurrency}")
        if politeness:
            config = config.replace("politeness:", f"politeness:\n  {politeness}", 1)
        self.fetch.config.write_text(config)
        self.fetch.start()

    def items(self) -> dict:
        """The items by name; a later revision in place of an earlier one."""
        peer = self.hub.peer("replay")
        peer.say("GET", "item", 1, 0)
        items = {}
        while (answer := peer.hear())[0] == "MSG":
            item = check_item(json.loads(answer[4]))
            items[item["guid"]] = item
        peer.close()
        return items

    def one(self, name: str = "x", n: int = 1) -> dict:
        self.wait_items(n)
        return self.items()[name]

    def polls(self, n: int = 3):
        """n more polls of the feed."""
        self.server.wait_for("/a.xml", self.server.count("/a.xml") + n)


class Modes(FullText):
    def test_the_text_of_the_page_stands_in_for_the_teaser(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x"))
        self.start("always")
        item = self.one()
        self.assertEqual(item["content_text"], story("x"))
        self.assertEqual((item["content_source"], item["summary"], item["language"]), ("page", TEASER, "en"))
        self.assertNotEqual(item["content_hash"], item["feed_hash"])
        told = item["fetch"]["page"]
        self.assertEqual((told["outcome"], told["http_status"], told["url"]), ("used", 200, self.server.url("/x.html")))
        request = self.server.requests("/x.html")[0]
        self.assertIn("text/html", request.header("Accept"))
        self.assertTrue(request.header("User-Agent").startswith("newsmq/"))

    def test_each_page_is_fetched_once_over_several_polls_and_a_restart(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x"))
        self.start("always")
        self.wait_items(1)
        self.polls()
        self.server.set("/a.xml", self.feed("y", "x"))
        self.server.set("/y.html", page("y"))
        self.wait_items(2)
        self.polls()
        self.fetch.kill()
        self.fetch.start()
        self.polls()
        self.assertEqual([self.server.count(f"/{name}.html") for name in "xy"], [1, 1])
        self.accounts(items=2, updates=0)
        self.assertEqual(self.items()["y"]["content_source"], "page")

    def test_auto_asks_only_where_the_feed_has_a_summary(self):
        long = " ".join(["Everything that is known stands here, in the feed itself, to its end."] * 20)
        encoded = f'<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[{long}]]></content:encoded>'
        whole = self.feed("x", "whole", "broken").body.decode()
        whole = whole.replace("<guid>whole</guid>", f"<guid>whole</guid>{encoded}")
        whole = whole.replace("<guid>broken</guid>", f"<guid>broken</guid>{encoded.replace('to its end.]]', 'to its … Read more]]')}")
        self.server.set("/a.xml", Page(whole.encode()))
        for name in ("x", "whole", "broken"):
            self.server.set(f"/{name}.html", page(name, 12))
        self.start("auto")
        self.wait_items(3)
        items = self.items()
        self.assertEqual({name: item["content_source"] for name, item in items.items()},
                         {"x": "page", "whole": "feed_content", "broken": "page"})
        self.assertNotIn("page", items["whole"]["fetch"])
        self.assertEqual(self.server.count("/whole.html"), 0)

    def test_never_asks_for_no_page(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x"))
        self.start("never")
        item = self.one()
        self.polls()
        self.assertEqual((item["content_source"], item["content_text"]), ("feed_summary", TEASER))
        self.assertEqual((self.server.count("/x.html"), self.server.count("/robots.txt")), (0, 0))

    def test_what_the_feed_changes_is_an_update_with_the_page_as_it_is_now(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x"), page("x", 6))
        self.start("always")
        self.wait_items(1)
        self.polls()
        self.server.set("/a.xml", self.feed(("x", "The board has decided: the ship sails…")))
        self.wait_items(2)
        self.polls()
        item = self.items()["x"]
        self.assertEqual((item["revision"], item["content_text"]), (2, story("x", 6)))
        self.assertEqual(self.server.count("/x.html"), 2)
        self.accounts(items=2, updates=1)

    def test_of_a_new_feed_only_what_is_taken_has_its_page_fetched(self):
        names = [f"n{number}" for number in range(6)]
        self.server.set("/a.xml", self.feed(*names))
        for name in names:
            self.server.set(f"/{name}.html", page(name))
        self.start("always", first_poll="last 2")
        self.wait_items(2)
        self.polls()
        self.assertEqual([self.server.count(f"/{name}.html") for name in names], [1, 1, 0, 0, 0, 0])


class Faults(FullText):
    def outcome(self, **expected) -> dict:
        item = self.one()
        self.polls(2)
        self.assertEqual((item["content_source"], item["content_text"]), ("feed_summary", TEASER))
        told = item["fetch"]["page"]
        for key, value in expected.items():
            self.assertEqual(told.get(key), value, told)
        self.accounts(items=1, updates=0)
        return told

    def test_a_page_that_is_not_there_costs_nothing_but_the_text(self):
        self.server.set("/a.xml", self.feed("x"))
        self.start()
        self.outcome(outcome="failed", http_status=404)
        self.assertEqual(self.server.count("/x.html"), 1)

    def test_a_page_without_an_article_is_not_used(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", Page(b"<html><body><ul><li><a href=1>One</a></ul><p>Log in.</p></body></html>", content_type="text/html"))
        self.start()
        self.assertTrue(self.outcome(outcome="no_article")["reason"])

    def test_a_page_that_is_no_html_is_not_read(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", Page(b"%PDF-1.4 " * 100000, content_type="application/pdf"))
        self.start()
        self.assertIn("application/pdf", self.outcome(outcome="failed")["reason"])

    def test_a_page_over_the_limit_is_given_up(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", Page(b"<p>" + b"x" * 30_000_000, content_type="text/html", compress="gzip"))
        self.start(max_bytes="100KB")
        self.assertIn("max_bytes", self.outcome(outcome="failed")["reason"])

    def test_a_slow_page_holds_up_its_poll_to_a_bound_and_no_other_feed(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x", delay_s=60))
        self.server.set("/b.xml", self.feed("y"))
        self.fetch.write(("a", {"full_text": "always"}), "b", timeout="2s").start()
        self.server.wait_for("/b.xml", 8)  # many intervals, while a waits
        self.wait_items(2)
        items = self.items()
        self.assertEqual(items["y"]["content_source"], "feed_summary")
        self.assertIn(items["x"]["fetch"]["page"]["outcome"], ("failed", "left_out"))
        self.assertEqual(items["x"]["content_text"], TEASER)

    def test_a_page_that_leads_to_an_address_that_is_not_allowed_is_refused(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", redirect(f"http://127.0.0.2:{self.server.port}/y.html"))
        self.server.set("/y.html", page("y"))
        self.start()
        self.assertIn("127.0.0.2", self.outcome(outcome="failed")["reason"])
        self.assertEqual(self.server.count("/y.html"), 0)

    def test_a_redirect_is_followed(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", redirect("/y.html"))
        self.server.set("/y.html", page("x"))
        self.start()
        told = self.one()["fetch"]["page"]
        self.assertEqual((told["outcome"], told["url"]), ("used", self.server.url("/y.html")))

    def test_a_kill_while_pages_are_fetched_loses_nothing(self):
        self.server.set("/a.xml", self.feed("y", "x", etag='"1"', conditional=True))
        self.server.set("/x.html", page("x"))
        self.server.set("/y.html", page("y", delay_s=60), page("y"))
        self.start(timeout="55s")
        self.server.wait_for("/y.html", 1)
        self.fetch.kill()
        self.accounts(items=0)
        self.fetch.start()
        self.wait_items(2)
        self.assertEqual({name: item["content_source"] for name, item in self.items().items()}, {"x": "page", "y": "page"})
        self.accounts(items=2)

    def test_the_end_while_pages_are_fetched_loses_nothing(self):
        self.server.set("/a.xml", self.feed("x", etag='"1"', conditional=True))
        self.server.set("/x.html", page("x", delay_s=60), page("x"))
        self.start(timeout="55s")
        self.server.wait_for("/x.html", 1)
        self.assertEqual(self.fetch.stop(), 0)
        self.accounts(items=0)
        self.fetch.start()
        self.assertEqual(self.one()["content_source"], "page")

    def test_a_hub_that_is_killed_is_asked_again(self):
        self.server.set("/a.xml", self.feed("x", etag='"1"', conditional=True, delay_s=0.5))
        self.server.set("/x.html", page("x"))
        self.start()
        self.server.wait_for("/a.xml", 1)
        self.hub.kill()
        self.hub.start()
        self.assertEqual(self.one()["content_source"], "page")
        self.polls()
        self.accounts(items=1)

    def test_a_feed_that_leaves_while_its_pages_are_fetched_takes_them_along(self):
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x", delay_s=60))
        self.server.set("/b.xml", self.feed("y"))
        self.fetch.write(("a", {"full_text": "always"}), "b", timeout="55s").start()
        self.server.wait_for("/x.html", 1)
        self.fetch.write("b", timeout="55s")
        self.fetch.process.send_signal(signal.SIGHUP)
        self.fetch.wait_said("configuration read again")
        n = self.server.count("/b.xml")
        self.server.wait_for("/b.xml", n + 3)
        self.assertEqual(self.fetch.stop(), 0)
        self.accounts(items=1)


class ByHand(FullText):
    def run_try(self, *more) -> str:
        run = subprocess.run([str(BIN / "newsmq"), "try", "--no-entities", "--full-text", *more, self.server.url("/a.xml")],
                             capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_try_shows_the_text_of_the_page_and_what_came_of_it(self):
        self.server.set("/robots.txt", text("User-agent: *\nDisallow: /y\n"))
        self.server.set("/a.xml", self.feed("x", "y"))
        self.server.set("/x.html", page("x"))
        shown = self.run_try()
        self.assertIn("page: used, HTTP 200", shown)
        self.assertIn("page: forbidden", shown)
        self.assertIn("leased a second ship", shown)

    def test_try_fetches_the_pages_of_what_it_shows(self):
        self.server.set("/a.xml", self.feed("x", "y"))
        for name in "xy":
            self.server.set(f"/{name}.html", page(name))
        items = [json.loads(line) for line in self.run_try("--json", "-n", "1").splitlines()]
        self.assertEqual([item["content_source"] for item in items], ["page"])
        self.assertEqual([self.server.count(f"/{name}.html") for name in "xy"], [1, 0])


class Robots(FullText):
    def test_what_robots_txt_forbids_is_not_fetched_and_it_is_asked_once(self):
        self.server.set("/robots.txt", text("User-agent: newsmq\nDisallow: /secret\n\nUser-agent: *\nDisallow: /\n"))
        self.server.set("/a.xml", self.feed("x", "secret1", "y"))
        for name in ("x", "secret1", "y"):
            self.server.set(f"/{name}.html", page(name))
        self.start()
        self.wait_items(3)
        self.polls()
        items = self.items()
        self.assertEqual({name: item["fetch"]["page"]["outcome"] for name, item in items.items()},
                         {"x": "used", "secret1": "forbidden", "y": "used"})
        self.assertEqual((self.server.count("/secret1.html"), self.server.count("/robots.txt")), (0, 1))

    def test_a_server_without_robots_txt_allows_all(self):
        self.server.set("/robots.txt", text("no", status=403))
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x"))
        self.start()
        self.assertEqual(self.one()["content_source"], "page")

    def test_a_server_in_trouble_is_left_alone(self):
        self.server.set("/robots.txt", text("no", status=500))
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x"))
        self.start()
        told = self.one()["fetch"]["page"]
        self.assertEqual(told["outcome"], "forbidden")
        self.assertIn("robots.txt", told["reason"])
        self.assertEqual(self.server.count("/x.html"), 0)

    def test_robots_txt_is_not_asked_for_when_it_is_ignored(self):
        self.server.set("/robots.txt", text("User-agent: *\nDisallow: /\n"))
        self.server.set("/a.xml", self.feed("x"))
        self.server.set("/x.html", page("x"))
        self.start(politeness="robots: ignore")
        self.assertEqual(self.one()["content_source"], "page")
        self.assertEqual(self.server.count("/robots.txt"), 0)

    def test_another_name_after_a_reload_reads_it_anew(self):
        self.server.set("/robots.txt", text("User-agent: other\nDisallow: /\n"))
        self.server.set("/a.xml", self.feed("x"))
        for name in "xy":
            self.server.set(f"/{name}.html", page(name))
        self.start()
        self.assertEqual(self.one()["content_source"], "page")
        config = self.fetch.config.read_text().replace("politeness:", "politeness:\n  user_agent: other/1", 1)
        self.fetch.config.write_text(config)
        self.fetch.process.send_signal(signal.SIGHUP)
        self.fetch.wait_said("configuration read again")
        self.server.set("/a.xml", self.feed("y", "x"))
        self.wait_items(2)
        self.assertEqual(self.items()["y"]["fetch"]["page"]["outcome"], "forbidden")
        self.assertEqual((self.server.count("/y.html"), self.server.count("/robots.txt")), (0, 2))

    def test_its_delay_and_the_gap_of_the_host_are_kept(self):
        self.server.set("/robots.txt", text("User-agent: *\nCrawl-delay: 1\n"))
        self.server.set("/a.xml", self.feed("x", "y"))
        for name in "xy":
            self.server.set(f"/{name}.html", page(name))
        self.start(every="1h")
        self.wait_items(2)
        times = sorted(self.server.requests(f"/{name}.html")[0].time for name in "xy")
        self.assertGreaterEqual(times[1] - times[0], 0.9)

    def test_retry_after_of_a_page_is_waited_for(self):
        self.server.set("/a.xml", self.feed("x", "y"))
        self.server.set("/x.html", too_many(2))
        self.server.set("/y.html", page("y"))
        self.start(every="1h", concurrency=1, politeness="robots: ignore")
        self.wait_items(2)
        items = self.items()
        self.assertEqual((items["x"]["fetch"]["page"]["http_status"], items["y"]["content_source"]), (429, "page"))
        times = [self.server.requests(f"/{name}.html")[0].time for name in "xy"]
        self.assertGreaterEqual(times[1] - times[0], 1.9)

    def test_where_it_is_only_the_feeds_wish_its_other_pages_are_left_out(self):
        self.server.set("/a.xml", self.feed("x", "y"))
        self.server.set("/x.html", too_many(600))
        self.server.set("/y.html", page("y"))
        self.start(every="1h", concurrency=1, politeness="retry_after_scope: feed\n  robots: ignore")
        self.wait_items(2)
        items = self.items()
        self.assertEqual({name: item["fetch"]["page"]["outcome"] for name, item in items.items()}, {"x": "failed", "y": "left_out"})
        self.assertIn("fewer requests", items["y"]["fetch"]["page"]["reason"])
        self.assertEqual(self.server.count("/y.html"), 0)


if __name__ == "__main__":
    unittest.main()
