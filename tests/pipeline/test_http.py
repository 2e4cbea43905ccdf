#!/usr/bin/python3
"""newsmq-http beside the real programs: who may ask, how it starts, and that nobody waits for it."""
import os
import pathlib
import signal
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from httpkit import Page, free_port, port_in, wait  # noqa: E402
from newsmqdkit import DaemonTest  # noqa: E402


class Http(DaemonTest):
    standins = False

    def begin(self, listen: str = "127.0.0.1:0", more: str = "") -> Page:
        text = self.daemon.write(feeds=(), workers=1).config.read_text()
        (self.daemon.folder / "a.xml").write_text("<rss version='2.0'><channel><title>A</title></channel></rss>")
        self.daemon.config.write_text(text.replace("feeds:\n", f"feeds:\n  - a: file://{self.daemon.folder}/a.xml\n", 1)
                                      .replace("http: { listen: off }", f"http: {{ listen: '{listen}' {more} }}"))
        self.daemon.start()
        if listen.endswith(":0"):
            return Page(wait(lambda: port_in(self.daemon.log), "it listens"))
        return Page(int(listen.rpartition(":")[2]))

    def test_only_names_of_this_machine_are_answered(self):
        page = self.begin(more=", hosts: [news.example.org]")
        for host in ("localhost", "localhost:8787", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:8787", "News.Example.org:443",
                     "news.example.org."):
            self.assertEqual(page.status("/healthz", Host=host), 200, host)
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", "[::2]", "[::1",
                     "localhost:x", "news.example.org:99999", "a.news.example.org", " "):
            status, _, text = page.get("/healthz", Host=host)
            self.assertIn(status, (400, 421), host)
        self.assertIn("http.hosts", page.get("/healthz", Host="evil.example")[2])
        self.assertEqual(page.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                         .split()[1], b"421")

    def test_it_is_for_reading_only(self):
        page = self.begin()
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"):
            status, headers, _ = page.get("/healthz", method)
            self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD"), method)
        status, headers, text = page.get("/healthz", "HEAD")
        self.assertEqual((status, text), (200, ""))
        self.assertEqual(page.status("/nothing"), 404)

    def test_every_answer_forbids_what_it_does_not_need(self):
        page = self.begin()
        for path, method in (("/healthz", "GET"), ("/nothing", "GET"), ("/healthz", "POST")):
            _, headers, _ = page.get(path, method)
            policy = headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertNotIn("Access-Control-Allow-Origin", headers)

    def test_a_port_that_is_taken_holds_nobody_up_and_is_told(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            at = f"127.0.0.1:{taken.getsockname()[1]}"
            self.begin(at)
            program = wait(lambda: next((p for p in self.daemon.call("status")["programs"] if p["name"] == "http" and p["says"]
                                         and p["restarts"] > 0), None), "it has tried")
            self.assertEqual(self.daemon.call("status")["state"], "green")
            self.assertIn(f"http.listen: {at} is taken by another program", program["says"])
            self.assertIn("listen: off", program["says"])
        wait(lambda: Page(int(at.rpartition(":")[2])).is_up(), "it listens when the port is free")

    def test_a_reload_moves_it_and_turns_it_off(self):
        first = self.begin(f"127.0.0.1:{free_port()}")
        wait(first.is_up, "it listens")
        second = Page(free_port())
        config = self.daemon.config.read_text()
        self.daemon.config.write_text(config.replace(str(first.port), str(second.port)))
        self.assertIn("! http is started again", self.daemon.call("reload")["diff"])
        wait(second.is_up, "it listens elsewhere")
        self.assertFalse(first.is_up())
        self.daemon.config.write_text(config.replace(f"'127.0.0.1:{first.port}'", "off"))
        self.assertIn("! http ends", self.daemon.call("reload")["diff"])
        wait(lambda: not second.is_up(), "it is off")
        self.assertEqual(self.daemon.call("status")["state"], "green")
        self.daemon.config.write_text(config)
        self.assertIn("! http is added", self.daemon.call("reload")["diff"])
        wait(first.is_up, "it is on again")

    def test_it_is_restarted_when_it_dies(self):
        page = self.begin(f"127.0.0.1:{free_port()}")
        wait(page.is_up, "it listens")
        pid = next(p["pid"] for p in self.daemon.call("status")["programs"] if p["name"] == "http")
        os.kill(pid, signal.SIGKILL)
        wait(lambda: next((p for p in self.daemon.call("status")["programs"] if p["name"] == "http" and p["pid"] not in (None, pid)),
                          None), "there is another one")
        wait(page.is_up, "it listens again")

    def test_too_many_requests_a_second_are_answered_429(self):
        page = self.begin(more=", max_requests: 3")
        statuses = [page.status("/healthz") for _ in range(12)]
        self.assertIn(429, statuses)
        wait(lambda: page.status("/healthz") == 200, "the next second is a new one")


if __name__ == "__main__":
    unittest.main()
