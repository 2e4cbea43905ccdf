#!/usr/bin/env python3
"""A local HTTP server that answers as its script says, and notes what it was asked.

    server = NewsServer()
    server.set("/a.xml", Page(feed("a", range(5)), etag='"1"', conditional=True))
    server.url("/a.xml"), server.count("/a.xml"), server.requests("/a.xml")[-1].header("If-None-Match")
    server.close()

A path may have several pages: they are served in turn, the last one from then on. Answers
are put together when the page is set, so that serving is only sending.

As a program: newsserver.py --feeds 200 --items 100 [--port N] serves made-up feeds,
newsserver.py --folder DIR serves files; both print a feeds: list for newsmq.yaml.
"""
import argparse
import dataclasses
import gzip
import http.server
import pathlib
import socket
import sys
import threading
import time
import urllib.parse
import zlib
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone

START = datetime(2026, 11, 1, tzinfo=timezone.utc)
TYPES = {".xml": "application/xml", ".rss": "application/rss+xml", ".atom": "application/atom+xml",
         ".json": "application/feed+json", ".rdf": "application/rdf+xml", ".html": "text/html"}


def item(feed_name: str, number: int, text: str = "") -> str:
    """One RSS item; its guid is FEED-NUMBER, its title "FEED NUMBER"."""
    return (f"<item><title>{feed_name} {number}</title><link>http://news.example.org/{feed_name}/{number}</link>"
            f"<guid isPermaLink=\"false\">{feed_name}-{number}</guid>"
            f"<pubDate>{format_datetime(START + timedelta(minutes=number))}</pubDate>"
            f"<description>{text or f'What happened as number {number} in {feed_name}.'}</description></item>\n")


def feed(feed_name: str, numbers, text: str = "") -> bytes:
    """An RSS document with the newest item first."""
    items = "".join(item(feed_name, number, text) for number in sorted(numbers, reverse=True))
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{feed_name}</title>'
            f"<link>http://news.example.org/</link>\n{items}</channel></rss>\n").encode()


@dataclasses.dataclass
class Page:
    body: bytes = b""
    status: int = 200
    headers: tuple = ()  # of (name, value); value may be bytes
    content_type: str = "application/rss+xml"
    etag: object = None  # str or bytes, sent as it is
    last_modified: object = None
    conditional: bool = False  # 304 when a validator comes back byte for byte
    compress: str = ""  # "gzip" or "deflate", whatever is asked for
    delay_s: float = 0
    cut_after: int = -1  # bytes of the body, then the connection ends
    drip_after: int = -1  # bytes of the body, then one by one until `release` is set
    release: threading.Event = None
    has_length: bool = True  # Content-Length; without it the connection's end is the body's
    location: str = ""
    retry_after: object = None

    def render(self):
        body = self.body
        if self.compress == "gzip":
            body = gzip.compress(body, 6, mtime=0)
        elif self.compress == "deflate":
            body = zlib.compress(body)
        validators = [(name, value) for name, value in (("ETag", self.etag), ("Last-Modified", self.last_modified))
                      if value is not None]
        pairs = [("Content-Type", self.content_type), *validators, *self.headers]
        if self.compress:
            pairs.append(("Content-Encoding", self.compress))
        if self.location:
            pairs.append(("Location", self.location))
        if self.retry_after is not None:
            pairs.append(("Retry-After", str(self.retry_after)))
        self.head = head_bytes(self.status, pairs, len(body) if self.has_length else None)
        self.sent = body if self.cut_after < 0 else body[:self.cut_after]
        self.head_304 = head_bytes(304, validators, 0)
        return self

    def is_known(self, request: "Request") -> bool:
        if not self.conditional:
            return False
        if self.etag is not None:
            return request.raw_header("If-None-Match") == as_bytes(self.etag)
        return self.last_modified is not None and request.raw_header("If-Modified-Since") == as_bytes(self.last_modified)


def redirect(to: str, status: int = 302) -> Page:
    return Page(status=status, location=to)


def too_many(retry_after, status: int = 429) -> Page:
    return Page(b"slower\n", status=status, retry_after=retry_after, content_type="text/plain")


def as_bytes(value) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8")


def head_bytes(status: int, pairs, length) -> bytes:
    lines = [f"HTTP/1.1 {status} {http.server.BaseHTTPRequestHandler.responses.get(status, ('Status',))[0]}".encode()]
    lines += [as_bytes(name) + b": " + as_bytes(value) for name, value in pairs]
    if length is None:
        lines.append(b"Connection: close")
    elif status != 304:
        lines.append(b"Content-Length: %d" % length)
    return b"\r\n".join(lines) + b"\r\n\r\n"


@dataclasses.dataclass
class Request:
    path: str
    lines: list  # header lines as they came, bytes
    time: float  # monotonic
    status: int = 0  # what was answered

    def raw_header(self, name: str):
        """The bytes behind the colon and one space; None when there is no such header."""
        for line in self.lines:
            key, _, value = line.partition(b":")
            if key.lower() == name.lower().encode():
                return value[1:] if value.startswith(b" ") else value
        return None

    def header(self, name: str):
        value = self.raw_header(name)
        return None if value is None else value.decode("utf-8", "replace")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_one_request(self):
        """The request line and the headers as they are: http.server would decode them."""
        line = self.rfile.readline(65537)
        parts = line.split()
        if len(parts) != 3:
            self.close_connection = True
            return
        lines = []
        while (header := self.rfile.readline(65537)) not in (b"\r\n", b"\n", b""):
            lines.append(header.rstrip(b"\r\n"))
        request = Request(parts[1].decode("latin-1"), lines, time.monotonic())
        self.close_connection = b"close" in (request.raw_header("Connection") or b"").lower()
        try:
            self.answer(request)
            self.wfile.flush()
        except OSError:  # the client has gone
            self.close_connection = True

    def answer(self, request: Request):
        page = self.server.owner.take(request)
        if page.delay_s:
            time.sleep(page.delay_s)
        if request.status == 304:
            self.wfile.write(page.head_304)
            return
        if page.drip_after >= 0:
            self.drip(page)
            return
        self.wfile.write(page.head + page.sent)
        if page.cut_after >= 0 or not page.has_length:
            self.close_connection = True
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)


    def drip(self, page: Page):
        sent = page.drip_after
        self.wfile.write(page.head + page.sent[:sent])
        self.wfile.flush()
        while sent < len(page.sent) - 1 and not page.release.wait(0.05):
            self.wfile.write(page.sent[sent:sent + 1])
            self.wfile.flush()
            sent += 1
        page.release.wait()
        self.wfile.write(page.sent[sent:])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """A client that was killed is no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


NOT_FOUND = Page(b"not here\n", status=404, content_type="text/plain").render()


class NewsServer:
    def __init__(self, port: int = 0):
        self.pages, self.asked, self.counts = {}, {}, {}
        self.lock = threading.Condition()
        self.http = Server(("127.0.0.1", port), Handler)
        self.http.owner = self
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def port(self) -> int:
        return self.http.server_address[1]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def set(self, path: str, *pages):
        """From now on path answers with these, in turn."""
        rendered = [page.render() for page in pages]
        with self.lock:
            self.pages[path] = rendered

    def remove(self, path: str):
        with self.lock:
            self.pages.pop(path, None)

    def take(self, request: Request) -> Page:
        with self.lock:
            pages = self.pages.get(request.path) or [NOT_FOUND]
            page = pages.pop(0) if len(pages) > 1 else pages[0]
            request.status = 304 if page.is_known(request) else page.status
            self.asked.setdefault(request.path, []).append(request)
            self.lock.notify_all()
        return page

    def requests(self, path: str) -> list:
        with self.lock:
            return list(self.asked.get(path, ()))

    def count(self, path: str, status: int = 0) -> int:
        """How often path was asked for (and answered with status)."""
        with self.lock:
            return sum(1 for request in self.asked.get(path, ()) if status in (0, request.status))

    def wait_for(self, path: str, n: int, status: int = 0, timeout_s: float = 20) -> list:
        """Until path was asked for n times; answers the requests."""
        with self.lock:
            def enough():
                return sum(1 for request in self.asked.get(path, ()) if status in (0, request.status)) >= n
            assert self.lock.wait_for(enough, timeout_s), f"{path} was asked for {self.count_now(path)} times, not {n}"
            return list(self.asked[path])

    def count_now(self, path: str) -> str:
        return str([request.status for request in self.asked.get(path, ())])

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def serve_folder(server: NewsServer, folder: pathlib.Path):
    """One page a file, and (id, path) of each."""
    for number, file in enumerate(sorted(folder.rglob("*"))):
        if file.is_file() and file.suffix in TYPES:
            path = "/" + urllib.parse.quote(str(file.relative_to(folder)))
            server.set(path, Page(file.read_bytes(), content_type=TYPES[file.suffix], etag=f'"{number}"', conditional=True))
            yield f"f{number}", path


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--feeds", type=int, default=10)
    arguments.add_argument("--items", type=int, default=20)
    arguments.add_argument("--folder", type=pathlib.Path)
    chosen = arguments.parse_args()
    server = NewsServer(chosen.port)
    if chosen.folder:
        feeds = list(serve_folder(server, chosen.folder))
    else:
        feeds = [(f"feed-{number}", f"/feed-{number}.xml") for number in range(chosen.feeds)]
        for name, path in feeds:
            server.set(path, Page(feed(name, range(chosen.items)), etag=f'"{name}"', conditional=True))
    print("feeds:", *(f"  - {name}: {server.url(path)}" for name, path in feeds), sep="\n", flush=True)
    try:
        server.thread.join()
    except KeyboardInterrupt:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
