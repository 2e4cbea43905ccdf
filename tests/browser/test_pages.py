#!/usr/bin/python3
"""The pages in Chromium: nothing is refused by their own policy, all is reached by keyboard, every word can be read,
light and dark, wide and narrow, and open pages are kept up to date. With NEWSMQ_PICTURES=DIR pictures are left there.
"""
import os
import pathlib
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "pipeline")]
from browserkit import Browser, missing  # noqa: E402
from httpkit import Feeds, free_port, HOSTILE, Page, port_in, story, wait, write_config  # noqa: E402
from newsmqdkit import DaemonTest  # noqa: E402

# The least contrast of all text that is shown (WCAG 2.2 §1.4.3), and what has it.
CONTRAST = """
const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                     return .2126 * r + .7152 * g + .0722 * b; };
function ground(e) {
  const layers = [];
  for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0) layers.push(c); if (c[3] === 1) break; }
  return layers.reduceRight((below, c) => over(c, below), [255, 255, 255, 1]);
}
let worst = [99, ""];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const e = walk.currentNode.parentElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  if (!walk.currentNode.textContent.trim() || style.visibility === "hidden" || box.width < 2 || box.height < 2 || e.closest("script, title, details:not([open]) > :not(summary)")) continue;
  const isSvg = e.namespaceURI.endsWith("svg"), back = ground(e.closest(":not(svg *)") || e);
  const ink = over(parse(isSvg ? style.fill : style.color), back), a = light(ink.slice(0, 3)), b = light(back.slice(0, 3));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < worst[0]) worst = [ratio, e.tagName + "." + e.className + ": " + walk.currentNode.textContent.trim().slice(0, 40)];
}
return worst;
"""

# What a screen reader would miss.
NAMELESS = """
const name = e => (e.getAttribute("aria-label") || (e.labels && e.labels.length && e.labels[0].textContent) || e.textContent || "").trim();
return [
  ...[...document.querySelectorAll("a[href], button:not([hidden]), input")].filter(e => !name(e)).map(e => e.outerHTML.slice(0, 120)),
  ...[...document.querySelectorAll("svg:not([aria-hidden])")].filter(e => e.getAttribute("role") !== "img" || !name(e)).map(e => e.outerHTML.slice(0, 80)),
  ...["header", "nav", "main", "footer"].filter(t => document.querySelectorAll(t).length !== 1).map(t => "not one " + t),
  ...(document.querySelectorAll("h1").length === 1 ? [] : ["not one h1"]),
  ...(document.documentElement.lang ? [] : ["no language"]),
  ...[...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i).map(id => "twice: " + id),
  ...[...document.querySelectorAll("th")].filter(e => !e.scope).map(e => "th without scope: " + e.textContent),
];
"""


@unittest.skipIf(missing(), missing())
class Pages(DaemonTest):
    standins = False

    def setUp(self):
        super().setUp()
        self.feeds = Feeds()
        self.addCleanup(self.feeds.close)
        self.feeds.put("harbour", *[story(n) for n in range(1, 6)], HOSTILE)
        self.feeds.put("copy", story(9))
        self.feeds.by_name["broken"] = 503
        write_config(self.daemon.config, self.feeds, listen=f"127.0.0.1:{free_port()}")  # the same one after a restart
        self.daemon.start()
        self.page = Page(wait(lambda: port_in(self.daemon.log), "it listens"))
        self.records = wait(lambda: len(found := self.page.json("/api/records")["records"]) == 8 and found, "all records are there")
        self.browser = Browser()
        self.addCleanup(self.browser.close)

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.page.port}{path}"

    def one(self, words: str) -> str:
        return next(r["id"] for r in self.records if words in r["title"])

    def paths(self):
        return {"front": "/", "article": f"/article/{self.one('Harbour of Lisbon')}", "hostile": f"/article/{self.one('document.title')}",
                "name": "/name/LOC:Lisbon", "names": "/names", "trends": "/trends", "feed": "/feed/harbour", "failing": "/feed/broken",
                "articles": "/articles", "search": "/search?q=lisbon", "dead": "/dead", "nothing": "/feed/nobody"}

    def test_every_page_is_whole_and_can_be_read(self):
        pictures = os.environ.get("NEWSMQ_PICTURES")
        for name, path in self.paths().items():
            for look, width, dark in (("light", 1280, False), ("dark", 1280, True), ("narrow", 390, False)):
                with self.subTest(page=name, look=look):
                    self.browser.look(width, 900, dark)
                    self.browser.open(self.at(path))
                    self.browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
                    ratio, where = self.browser.run(CONTRAST)
                    self.assertGreaterEqual(ratio, 4.5, where)
                    self.assertEqual(self.browser.run(NAMELESS), [])
                    self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), width, "it is wider than the window")
                    if name not in ("nothing",):
                        self.assertEqual(self.browser.complaints(), [])
                    else:
                        self.browser.complaints()
                    if pictures:
                        self.browser.picture(pathlib.Path(pictures) / f"{name}-{look}.png")

    def test_words_of_strangers_do_nothing(self):
        self.browser.look()
        for path in ("/", "/articles", self.paths()["hostile"]):
            self.browser.open(self.at(path))
            self.assertNotEqual(self.browser.run("return document.title"), "owned")
            self.assertEqual(self.browser.run("return document.querySelectorAll('script:not([src]), img, iframe, [onerror], [style]').length"), 0)
            self.assertEqual(self.browser.run("return [...document.links].filter(a => !/^https?:$/.test(a.protocol)).length"), 0)
            self.assertEqual(self.browser.complaints(), [])

    def test_the_policy_lets_nothing_else_run(self):
        self.browser.look()
        self.browser.open(self.at("/"))
        self.browser.run("const s = document.createElement('script'); s.textContent = 'document.title = \"owned\"'; document.body.append(s);"
                         "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title = `owned`\"><p id=styled style=\"color: red\">x</p>');")
        self.browser.wait("document.querySelector('img').complete", "the picture has failed")
        self.assertNotEqual(self.browser.run("return document.title"), "owned")
        self.assertNotEqual(self.browser.run("return getComputedStyle(document.getElementById('styled')).color"), "rgb(255, 0, 0)")
        self.assertTrue([c for c in self.browser.complaints() if "Content Security Policy" in c])

    def test_all_is_reached_by_keyboard(self):
        self.browser.look()
        self.browser.open(self.at("/"))
        seen = []
        for _ in range(24):
            self.browser.press("tab")
            seen.append(self.browser.run("""const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
                return [e.id || e.getAttribute("href") || e.className || e.tagName, s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2, b.width > 0]"""))
        names = [name for name, _, _ in seen]
        self.assertEqual(names[:9], ["#main", "/", "/", "/articles", "/names", "/trends", "q", "theme", "filter"])
        self.assertIn("/feed/harbour", names)
        self.assertEqual([s for s in seen if not (s[1] and s[2])], [])

    def test_the_first_link_leads_to_the_content(self):
        self.browser.look()
        self.browser.open(self.at("/"))
        self.browser.press("tab", "enter")
        self.assertEqual(self.browser.run("return document.activeElement.id"), "main")

    def test_feeds_are_sorted_and_filtered_by_keyboard(self):
        shown = "return [...document.querySelectorAll('.feeds tbody tr:not([hidden])')].map(r => r.id.slice(5))"
        self.browser.look()
        self.browser.open(self.at("/"))
        self.assertEqual(self.browser.run(shown)[0], "broken")
        self.browser.run("document.querySelector('a[href*=\"sort=items\"]').focus()")
        self.browser.press("enter")
        self.assertEqual(self.browser.run(shown)[0], "harbour")
        self.assertEqual(self.browser.run("return document.querySelectorAll('[aria-sort=descending]').length"), 1)
        self.browser.press("enter")
        self.assertEqual(self.browser.run(shown)[-1], "harbour")
        self.assertEqual(self.browser.run("return document.querySelectorAll('[aria-sort=ascending]').length"), 1)
        self.browser.press("/", *"harb")
        self.assertEqual(self.browser.run(shown), ["harbour"])
        self.assertEqual(self.browser.run("return document.getElementById('shown').textContent"), "1 feed")
        self.assertTrue(self.browser.run("return location.search === ''"), "without a request")

    def test_the_switch_is_remembered(self):
        ground = "return getComputedStyle(document.body).backgroundColor"
        self.browser.look()
        self.browser.open(self.at("/"))
        before = self.browser.run(ground)
        for _ in range(2):  # auto, light, dark
            self.browser.run("document.querySelector('button.theme').click()")
        dark = self.browser.run(ground)
        self.assertNotEqual(dark, before)
        self.browser.open(self.at("/names"))
        self.assertEqual(self.browser.run(ground), dark)
        self.browser.run("document.querySelector('button.theme').click()")
        self.assertEqual(self.browser.run(ground), before)

    def test_an_open_page_goes_on_by_itself_also_after_a_restart(self):
        items = "document.querySelector('#feed-harbour').cells[3].dataset.v"
        self.browser.look()
        self.browser.open(self.at("/"))
        self.browser.wait("document.getElementById('live').textContent === 'Live'", "it is live")
        grows = [story(20).replace("opens again", "grows"), *[story(n) for n in range(1, 6)], HOSTILE]
        self.feeds.put("harbour", *grows)
        self.browser.wait(f"{items} === '8'", "the row has one more")
        self.browser.wait("document.querySelector('#newest').textContent.includes('Harbour of Lisbon grows')", "the article is there")
        self.assertEqual(self.browser.complaints(), [])
        self.restart_http()
        self.browser.wait("document.getElementById('live').textContent === 'Live' && window.hasBeenAway", "it is live again")
        self.feeds.put("harbour", story(21).replace("opens again", "comes back"), *grows)
        self.browser.wait(f"{items} === '9'", "the row has one more again")
        self.browser.wait("document.querySelector('#newest').textContent.includes('Harbour of Lisbon comes back')", "its article too")
        self.assertTrue(self.browser.run("return window.hasBeenAway"), "it is the same page, not loaded again")

    def restart_http(self):
        """Kills it under the open page, and waits for the next one of newsmqd."""
        self.browser.run("""
            new MutationObserver(() => { window.hasBeenAway ||= document.getElementById("live").textContent !== "Live"; })
                .observe(document.getElementById("live"), { childList: true, characterData: true, subtree: true });""")
        before = self.daemon.program("http")["pid"]
        os.kill(before, signal.SIGKILL)
        self.daemon.wait_for(lambda s: s["state"] == "green" and any(p["name"] == "http" and p["pid"] not in (before, None) for p in s["programs"]))

    def test_it_works_without_scripts(self):
        self.browser.look(script=False)
        self.browser.open(self.at("/?sort=name&filter=o"))
        self.assertEqual(self.browser.run("return [...document.querySelectorAll('.feeds tbody tr')].map(r => r.id)"),
                         ["feed-broken", "feed-copy", "feed-harbour"])
        self.assertTrue(self.browser.run("return document.querySelector('button.theme').hidden"))
        for path in self.paths().values():
            self.browser.open(self.at(path))
            self.assertTrue(self.browser.run("return document.querySelector('h1').textContent.length > 0"))


if __name__ == "__main__":
    if missing():
        print(f"skipped: {missing()}")
        sys.exit(77)
    unittest.main()
