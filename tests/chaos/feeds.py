"""Feeds that grow in waves, and a server that hides what a reader says it has.

A feed shows one wave of items at a time and nothing of the waves before it. It moves on
only after a reader has proved, by sending the wave's validators back, that it has the
wave: a reader that remembers an ETag without the items it came with loses them for good,
and the count at the end shows it.
"""
import email.utils
import hashlib
import http.server
import random
import socketserver
import threading

WORDS = ("ministers officials delegates markets farmers reporters observers agreed discussed rejected welcomed "
         "proposed measures budgets borders harvests elections treaties reforms during after before against "
         "talks in Geneva Nairobi Vienna Lima Oslo Jakarta with the European Union and the World Health Organization").split()
EPOCH = 1_790_000_000


class Feed:
    def __init__(self, name: str, counts: list[int], size: int, seed: int):
        self.name, self.counts, self.size, self.seed = name, counts, size, seed
        self.wave = 0
        self.proved = False  # the reader has shown that it has the current wave
        self.uses_etag = seed % 3 != 0
        self.body = self.render()

    def guids(self, wave: int) -> list[str]:
        return [f"urn:chaos:{self.name}:{wave}:{i}" for i in range(self.counts[wave])]

    def all_guids(self) -> list[str]:
        return [guid for wave in range(len(self.counts)) for guid in self.guids(wave)]

    def render(self) -> bytes:
        dice = random.Random(f"{self.seed} {self.wave}")
        items = []
        for i, guid in enumerate(self.guids(self.wave)):
            text = ""
            while len(text) < self.size:
                text += " ".join(dice.choices(WORDS, k=12)).capitalize() + ". "
            when = email.utils.formatdate(EPOCH + self.wave * 3600 + i, usegmt=True)
            items.append(f"<item><guid isPermaLink='false'>{guid}</guid><title>{self.name} {self.wave}-{i}</title>"
                         f"<link>http://chaos.example.org/{self.name}/{self.wave}/{i}</link><pubDate>{when}</pubDate>"
                         f"<description>{text}</description></item>")
        return (f"<?xml version='1.0'?><rss version='2.0'><channel><title>{self.name}</title>"
                f"<link>http://chaos.example.org/{self.name}</link><description>d</description>"
                + "".join(items) + "</channel></rss>").encode()

    def etag(self) -> str:
        return '"' + hashlib.sha256(self.body).hexdigest()[:16] + '"'

    def modified(self) -> str:
        return email.utils.formatdate(EPOCH + self.wave * 3600, usegmt=True)

    def is_done(self) -> bool:
        return self.proved and self.wave == len(self.counts) - 1


class Feeds:
    """All feeds, and how far they may go: `share` of their waves (0 to 1)."""

    def __init__(self, items: int, size: int, seed: int):
        count = max(4, min(100, items // 50))
        waves = max(2, min(10, items // count // 2))
        self.by_name, self.share, self.lock = {}, 0.0, threading.Lock()
        left = items
        for f in range(count):
            mine = left // (count - f)
            left -= mine
            counts = [mine // waves + (1 if w < mine % waves else 0) for w in range(waves)]
            self.by_name[f"chaos-{f:03}"] = Feed(f"chaos-{f:03}", counts, size, seed * 1000 + f)

    def all_guids(self) -> set[str]:
        return {guid for feed in self.by_name.values() for guid in feed.all_guids()}

    def done(self) -> int:
        return sum(feed.is_done() for feed in self.by_name.values())

    def answer(self, name: str, if_none_match: str | None, if_modified_since: str | None):
        """(status, headers, body) for one request."""
        with self.lock:
            feed = self.by_name[name]
            if feed.proved and feed.wave + 1 < len(feed.counts) and self.share * len(feed.counts) > feed.wave + 1:
                feed.wave, feed.proved = feed.wave + 1, False
                feed.body = feed.render()
            same = if_none_match == feed.etag() if feed.uses_etag else if_modified_since == feed.modified()
            if same:
                feed.proved = True
                return 304, {}, b""
            validator = ("ETag", feed.etag()) if feed.uses_etag else ("Last-Modified", feed.modified())
            return 200, {"Content-Type": "application/rss+xml", validator[0]: validator[1]}, feed.body


def serve(feeds: Feeds):
    """Starts serving; answers (port, stop)."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, headers, body = feeds.answer(self.path.strip("/"), self.headers.get("If-None-Match"),
                                                 self.headers.get("If-Modified-Since"))
            try:
                self.send_response(status)
                for key, value in {**headers, "Content-Length": len(body)}.items():
                    self.send_header(key, str(value))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the reader was killed

        def log_message(self, *args):
            pass

    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request, client_address):
            pass  # the reader was killed

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1], server.shutdown
