#!/usr/bin/python3
"""Clients that want newsmq-http to fail: slow ones, many, odd ones. Others go on being answered."""
import pathlib
import re
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from httpkit import Feeds, Page, port_in, story, wait, write_config  # noqa: E402
from newsmqdkit import BIN, DaemonTest  # noqa: E402


def memory_kib(pid: int) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))


class Hostile(DaemonTest):
    standins = False

    def begin(self, more: str = ""):
        self.feeds = Feeds()
        self.addCleanup(self.feeds.close)
        self.feeds.put("harbour", story())
        write_config(self.daemon.config, self.feeds, every="1h", more=more)
        self.daemon.start()
        self.page = Page(wait(lambda: port_in(self.daemon.log), "it listens"))
        wait(self.page.is_up, "it answers")
        self.pid = self.daemon.pids()["http"]

    def connect(self) -> socket.socket:
        s = socket.create_connection(("127.0.0.1", self.page.port), timeout=60)
        self.addCleanup(s.close)
        return s

    def is_same(self):
        """The process is the one that it was."""
        self.assertTrue(self.page.is_up())
        self.assertEqual(self.daemon.pids()["http"], self.pid)

    def test_odd_bytes_are_refused_or_answered_and_nothing_breaks(self):
        self.begin()
        lines = [b"GET /%FF%FE HTTP/1.1", b"GET /feed/%C3%28 HTTP/1.1", b"GET /article/%00%00 HTTP/1.1", b"GET /" + b"a" * 60000 + b" HTTP/1.1",
                 b"GET /" + b"a/" * 3000 + b" HTTP/1.1", b"GET /?" + b"sort=%3C&" * 600 + b" HTTP/1.1", b"GET /name/" + b"%F0%9F%92%A9" * 300 + b" HTTP/1.1",
                 b"GET //../../etc/passwd HTTP/1.1", b"GET /static/..%2f..%2fpage.c HTTP/1.1", b"GET http://evil.example/ HTTP/1.1",
                 b"GET / HTTP/9.9", b"GET /", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00" * 300, b"GET\t/\tHTTP/1.1", b"get / http/1.1",
                 b"GET /api/records?limit=99999999999999999999&before=-1 HTTP/1.1", b"GET /api/why?item=%FF HTTP/1.1", b"GET /%%%%% HTTP/1.1"]
        for line in lines:
            answer = self.page.raw(line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n", 30)
            if answer:
                self.assertRegex(answer[:20], rb"^HTTP/1\.[01] \d\d\d ", line[:60])
                self.assertNotRegex(answer[:20], rb" 50[0-4] ", line[:60])
                self.assertNotIn(b"root:", answer)
        head = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
        for more in (b"X: " + b"a" * 100000 + b"\r\n", b"X: a\r\n" * 20000, b"Content-Length: 99999999\r\n", b"Content-Length: x\r\n",
                     b"Transfer-Encoding: chunked\r\n", b"Last-Event-ID: 99999999999999999999\r\n", b"Expect: 100-continue\r\nContent-Length: 5\r\n",
                     b"Range: bytes=0-1\r\n", b"X\r\n", b": x\r\n"):
            self.page.raw(head + more + b"Connection: close\r\n\r\n" + b"zzzzz", 30)
        self.is_same()

    def test_a_request_that_does_not_end_is_cut_and_others_are_answered(self):
        self.begin(", max_connections: 64")
        slow = [self.connect() for _ in range(40)]
        end = time.monotonic() + 60
        cut = set()
        for s in slow:
            s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        while len(cut) < len(slow) and time.monotonic() < end:
            self.assertTrue(self.page.is_up())
            for s in set(slow) - cut:
                try:
                    s.sendall(b"a")
                except OSError:
                    cut.add(s)
            time.sleep(0.3)
        self.assertEqual(len(cut), len(slow))
        self.is_same()

    def test_ten_thousand_connections_cost_little_and_the_next_is_answered(self):
        self.begin()
        before = memory_kib(self.pid)
        for _ in range(10):
            many = []
            for _ in range(1000):
                s = socket.socket()
                s.setblocking(False)
                s.connect_ex(("127.0.0.1", self.page.port))
                many.append(s)
            for s in many:
                s.close()
        wait(self.page.is_up, "it answers again", 60)
        quarantine_kib = 256 * 1024 if b"__asan_init" in (BIN / "newsmq-http").read_bytes() else 0
        self.assertLess(memory_kib(self.pid) - before, 64 * 1024 + quarantine_kib)
        self.is_same()

    def test_idle_connections_make_room(self):
        self.begin(", max_connections: 16")
        idle = [self.connect() for _ in range(60)]
        wait(self.page.is_up, "it answers", 60)
        self.assertEqual(len(idle), 60)
        self.is_same()

    def test_streams_are_bounded_and_one_that_is_not_read_holds_nobody_up(self):
        self.begin(", max_streams: 5, max_connections: 40")
        streams = [self.connect() for _ in range(8)]
        for s in streams:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            s.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        first = [s.recv(20) for s in streams]
        self.assertEqual(sorted(line[9:12] for line in first), [b"200"] * 5 + [b"503"] * 3)
        for n in range(2, 12):
            self.feeds.put("harbour", *[story(k) for k in range(1, n)])
            self.assertTrue(self.page.is_up())
            time.sleep(0.2)
        for s in streams:
            s.close()
        wait(lambda: self.page.raw(b"GET /events HTTP/1.0\r\n\r\n", 2).startswith(b"HTTP/1.1 200"), "there is room again", 60)
        self.is_same()

    def test_many_ask_at_once_and_the_hub_is_asked_once_a_second(self):
        self.begin(", max_requests: 100000")
        wrong = []

        def ask():
            for _ in range(20):
                if self.page.status("/") != 200:
                    wrong.append(1)
        threads = [threading.Thread(target=ask) for _ in range(20)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(wrong, [])
        self.is_same()

    def test_half_closed_and_pipelined_requests(self):
        self.begin()
        one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        s = self.connect()
        s.sendall(one * 30)
        s.shutdown(socket.SHUT_WR)
        out = b""
        try:
            while chunk := s.recv(65536):
                out += chunk
        except OSError:
            pass
        self.assertGreaterEqual(out.count(b"HTTP/1.1 200"), 1)
        for _ in range(50):
            t = self.connect()
            t.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            t.close()
        self.is_same()


if __name__ == "__main__":
    unittest.main()
