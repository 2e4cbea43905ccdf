#!/usr/bin/python3
"""Each kind of trouble a feed can be in, provoked for the real fetcher, and the code that it is given."""
import json
import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from hubkit import BIN
from test_fetch import FetchTest, NewsServer, Page, feed, redirect


class Odd:
    """A server that is none: answers each connection with these bytes and then goes, or never says a word."""

    def __init__(self, *said: bytes, pause_s: float = 0, goes: bool = True):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d/feed" % self.listener.getsockname()[1]
        self.said, self.pause_s, self.goes, self.kept = said, pause_s, goes, []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        self.kept.append(client)  # so that it stays open
        try:
            client.recv(65536)
            for piece in self.said:
                client.sendall(piece)
                time.sleep(self.pause_s)
            if self.goes:
                client.close()
        except OSError:
            pass

    def close(self):
        self.listener.close()
        for client in self.kept:
            client.close()


def nobody_accepts() -> tuple:
    """A port whose backlog is full: no connection comes about, and none is refused. (url, what to keep)"""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    kept = [listener]
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
        kept.append(client)
    return "http://127.0.0.1:%d/feed" % listener.getsockname()[1], kept


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def page(title: str) -> Page:
    return Page(f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><p>Hello</p></body></html>".encode(),
                content_type="text/html")


def rss(items: str, channel: str = "<title>t</title>") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


class Problems(FetchTest):
    def check(self, member: str, expected: dict, **settings):
        """expected: feed → code, in the state's problem or its notes."""
        def found(state):
            codes = [state.get("problem")] if member == "problem" else state.get("notes", [])
            return expected[state["feed"]] in codes

        for name in expected:
            self.wait_state(found, name)

    def cli(self) -> dict:
        run = subprocess.run([str(BIN / "newsmq"), "-c", str(self.fetch.config), "feeds", "--problems", "--json"], text=True,
                             capture_output=True, timeout=60)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return {one["feed"]: one for one in json.loads(run.stdout)["feeds"]}

    def test_answers_that_are_no_feed(self):
        whole = feed("x", range(6))
        pages = {
            "bad_request": Page(status=400), "unauthorized": Page(status=401), "forbidden": Page(status=403),
            "not_found": Page(status=404), "gone": Page(status=410), "legal": Page(status=451), "http_refused": Page(status=418),
            "too_many_requests": Page(status=429), "server_error": Page(status=500), "bad_gateway": Page(status=502),
            "unavailable": Page(status=503), "odd_status": Page(status=304), "redirect_loop": redirect("/redirect-loop.xml"),
            "redirect_refused": redirect("ftp://127.0.0.1/x"), "redirect_nowhere": Page(status=302),
            "too_large": Page(feed("x", range(2), "x" * 200000)), "cut_off": Page(whole, cut_after=len(whole) // 2),
            "bad_compression": Page(b"no gzip", headers=(("Content-Encoding", "gzip"),)), "empty_body": Page(b""),
            "html_page": page("The Daily Example"), "html_error": page("404 - Seite nicht gefunden"),
            "html_login": page("Sign in to Example"), "html_challenge": page("Just a moment..."),
            "json_no_feed": Page(b'{"status": "ok", "data": []}', content_type="application/json"),
            "xml_no_feed": Page(b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>'),
            "not_a_feed": Page(b"%PDF-1.7 and so on, for some time", content_type="application/pdf"),
        }
        ids = {code.replace("_", "-"): code for code in pages}
        for name, code in ids.items():
            self.server.set(f"/{name}.xml", pages[code])
        self.begin(*ids, every="1h", max_bytes="100KB", more="", **{})
        self.check("problem", ids)
        told = self.cli()
        for name, code in ids.items():
            self.assertEqual((told[name]["problem"], told[name]["problems"][0]["problem"]), (code, code), told[name])
            self.assertTrue(told[name]["why"] and told[name]["problems"][0]["cause"] and told[name]["problems"][0]["remedy"])

    def test_servers_that_do_not_answer(self):
        garbage = Odd(b"220 mail.example.org ESMTP\r\n")
        bad_request = Odd(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        mute, hangs_up = Odd(goes=False), Odd()
        drips = Odd(b"HTTP/1.1 200 OK\r\n\r\n<rss>", *[b" "] * 600, pause_s=0.1)
        for one in (garbage, bad_request, mute, hangs_up, drips):
            self.addCleanup(one.close)
        nowhere, kept = nobody_accepts()
        self.addCleanup(lambda: [one.close() for one in kept])
        self.server.set("http://feeds.example.org/f.xml", Page(status=407))
        expected = {
            "refused": ("connection_refused", {"url": f"http://127.0.0.1:{free_port()}/feed"}),
            "private": ("refused_address", {"url": "http://10.0.0.1/feed"}),
            "garbage": ("not_http", {"url": garbage.url}),
            "mute": ("read_timeout", {"url": mute.url, "timeout": "2s"}),
            "hangs-up": ("hung_up", {"url": hangs_up.url}),
            "drips": ("too_slow", {"url": drips.url, "timeout": "3s"}),
            "nowhere": ("connect_timeout", {"url": nowhere, "connect_timeout": "1s"}),
            "plain": ("tls_handshake", {"url": bad_request.url.replace("http:", "https:")}),
            "proxy": ("proxy", {"url": "http://feeds.example.org/f.xml", "proxy": self.server.url("")}),
            "file": ("file", {"url": "file:///nowhere/feed.xml"}),
        }
        self.begin(*((name, keys) for name, (_, keys) in expected.items()), ("dns", {"url": "http://nobody.invalid/"}),
                   every="1s", max_every="1s")  # what a busy machine makes of one try, the next one mends
        self.check("problem", {name: code for name, (code, _) in expected.items()})
        # Whether the name service is there decides which of the two it is.
        self.wait_state(lambda s: s.get("problem") in ("dns_not_found", "dns_failing"), "dns")

    def test_certificates(self):
        with tempfile.TemporaryDirectory(prefix="nmq-") as place:
            folder = pathlib.Path(place)

            def openssl(*arguments):
                subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

            def serve(name: str, host: str, days: int) -> str:
                (folder / "ext").write_text(f"subjectAltName={host}\n")
                openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=s")
                openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                        f"{name}.pem", "-days", str(days), "-extfile", "ext")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
                server = NewsServer()
                self.addCleanup(server.close)
                server.set("/feed", Page(feed("x", range(2))))
                server.http.socket = context.wrap_socket(server.http.socket, server_side=True, do_handshake_on_connect=False)
                return server.url("/feed").replace("http:", "https:")

            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA",
                    "-days", "30")
            trust = {"tls": f"{{ ca_file: {folder}/ca.pem }}"}
            good = serve("good", "IP:127.0.0.1", 30)
            self.begin(("good", {"url": good, **trust}), ("untrusted", {"url": good}),
                       ("expired", {"url": serve("expired", "IP:127.0.0.1", -1), **trust}),
                       ("other", {"url": serve("other", "DNS:www.example.org", 30), **trust}), every="1h")
            self.check("problem", {"untrusted": "tls_untrusted", "expired": "tls_expired", "other": "tls_wrong_host"})
            self.wait_state(lambda s: s["state"] == "ok", "good")

    def test_what_is_odd_about_feeds_that_work(self):
        dated = "<pubDate>Sun, 01 Nov 2026 00:00:00 GMT</pubDate>"
        bodies = {
            "no_items": rss(""), "items_dropped": feed("x", range(9)),
            "no_dates": rss("<item><guid>1</guid><title>a</title></item>"),
            "future_dates": rss("<item><guid>1</guid><title>a</title><pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate></item>"),
            "no_ids": rss(f"<item><title>a</title>{dated}</item>"),
            "same_ids": rss(f"<item><guid>1</guid><title>a</title>{dated}</item><item><guid>1</guid><title>b</title>{dated}</item>"),
            "empty_items": rss(f"<item><guid>1</guid><title>a</title>{dated}</item><item></item>"),
            "encoding": rss(f"<item><guid>1</guid><title>caf@</title>{dated}</item>").replace(b'"1.0"', b'"1.0" encoding="UTF-8"')
            .replace(b"@", b"\xe9"),
            "malformed": rss(f"<item><guid>1</guid><title>a & b</title>{dated}</item>"),
        }
        ids = {code.replace("_", "-"): code for code in bodies}
        for name, code in ids.items():
            self.server.set(f"/{name}.xml", Page(bodies[code], content_type="application/xml"))
        self.server.set("/slow.xml", Page(feed("x", range(2)), delay_s=5.5))
        self.begin(*ids, ("slow", {"every": "1s"}), every="1h", max_items=5, timeout="10s")
        self.check("notes", {"slow": "slow", **ids})
        for name in ids:
            self.assertEqual(self.state(name)["state"], "ok")
        told = self.cli()
        for name, code in ids.items():
            self.assertIsNone(told[name]["problem"])
            self.assertIn(code, [one["problem"] for one in told[name]["problems"]])

    def test_a_note_goes_when_its_cause_does(self):
        self.server.set("/a.xml", Page(rss("<item><guid>1</guid><title>a</title></item>")))
        self.begin("a")
        self.check("notes", {"a": "no_dates"})
        self.server.set("/a.xml", Page(feed("a", range(2))))
        self.wait_state(lambda s: s["notes"] == [])
        self.assertEqual(self.cli(), {})

    def test_one_that_is_cut_off_every_time(self):
        body = feed("a", range(6))
        self.server.set("/a.xml", Page(body, cut_after=len(body) // 2))
        self.begin("a")
        self.check("problem", {"a": "cut_always"})

    def test_a_304_that_hides_items(self):
        """The hub's memory stands in for the eight days that it takes."""
        now_ms, day_ms = int(time.time() * 1000), 86400000
        items = [time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime((now_ms - days * day_ms) / 1000)) for days in (3, 12)]
        body = rss("".join(f"<item><guid>{n}</guid><title>{n}</title><pubDate>{date}</pubDate></item>" for n, date in enumerate(items)))
        self.server.set("/a.xml", Page(body, etag='"1"', conditional=True))
        self.hub.put([], state={"state": "ok", "url": self.server.url("/a.xml"), "etag": '"1"', "body_hash": "sha256:0", "begun": True,
                                "last_fetch_ms": now_ms - 7200000, "last_full_ms": now_ms - 9 * day_ms, "next_due_ms": now_ms})
        self.begin("a")
        self.check("notes", {"a": "false_304"})
        self.assertEqual([r.status for r in self.server.requests("/a.xml")[:2]], [304, 200])
        self.wait_items(2)

    def test_stale_and_moved_are_told_as_well(self):
        now_ms = int(time.time() * 1000)
        self.hub.put(["1"], state={"state": "ok", "url": self.server.url("/a.xml"), "moved_to": "https://new.example.org/",
                                   "last_fetch_ms": now_ms, "next_due_ms": now_ms + 3600000})
        self.fetch.write("a")
        self.assertEqual([one["problem"] for one in self.cli()["a"]["problems"]], ["moved"])


if __name__ == "__main__":
    unittest.main()
