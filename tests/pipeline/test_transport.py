#!/usr/bin/python3
"""Credentials, certificates and proxies of the real fetcher, against real servers."""
import base64
import json
import pathlib
import select
import socket
import socketserver
import ssl
import subprocess
import threading
import unittest

from hubkit import BIN
from test_fetch import FetchTest, NewsServer, Page, feed, redirect


def make_certificates(folder: pathlib.Path):
    """An authority, a server's certificate for 127.0.0.1, a client's, its key under a password."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA",
            "-days", "30")
    (folder / "server.ext").write_text("subjectAltName=IP:127.0.0.1\n")
    (folder / "client.ext").write_text("extendedKeyUsage=clientAuth\n")
    for name in ("server", "client"):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                f"{name}.pem", "-days", "30", "-extfile", f"{name}.ext")
    openssl("rsa", "-aes256", "-in", "client.key", "-passout", "pass:sesame", "-out", "locked.key")
    (folder / "sesame").write_text("sesame\n")
    for name in ("client.key", "locked.key", "sesame"):
        (folder / name).chmod(0o600)


def with_tls(server: NewsServer, folder: pathlib.Path, verify=ssl.CERT_NONE) -> str:
    """server speaks TLS from now on; its base URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = verify
    # The handshake in the thread of its connection, so that a failing one holds up nobody.
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True, do_handshake_on_connect=False)
    return f"https://127.0.0.1:{server.port}"


class Certificates(FetchTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import tempfile
        cls.certificates = tempfile.TemporaryDirectory(prefix="nmq-certs-")
        cls.folder = pathlib.Path(cls.certificates.name)
        make_certificates(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.certificates.cleanup()
        super().tearDownClass()

    def setUp(self):
        super().setUp()
        self.base = with_tls(self.server, self.folder, ssl.CERT_REQUIRED)
        self.server.set("/a.xml", Page(feed("a", range(3))))

    def of(self, name: str, **tls):
        keys = {"url": f"{self.base}/a.xml", "every": "1h"}
        if tls:
            keys["tls"] = "{ " + ", ".join(f"{key}: {self.folder / value}" for key, value in tls.items()) + " }"
        return name, keys

    def test_a_client_shows_its_certificate(self):
        self.begin(self.of("plain", ca_file="ca.pem", cert_file="client.pem", key_file="client.key"),
                   self.of("locked", ca_file="ca.pem", cert_file="client.pem", key_file="locked.key",
                           key_password_file="sesame"))
        for name in ("plain", "locked"):
            self.wait_state(lambda s: s["state"] == "ok", name)
        self.assertNotIn("sesame", self.fetch.said())

    def test_without_it_or_the_authority_nothing_is_fetched(self):
        self.begin(self.of("unknown", cert_file="client.pem", key_file="client.key"), self.of("shy", ca_file="ca.pem"))
        state = self.wait_state(lambda s: s["state"] == "failing", "unknown")
        self.assertIn("not trusted", state["reason"])
        state = self.wait_state(lambda s: s["state"] == "failing", "shy")
        self.assertTrue(state["reason"])
        self.assertEqual(self.server.count("/a.xml"), 0)

    def test_another_server_is_shown_none_and_must_be_trusted_by_the_system(self):
        other = NewsServer()
        self.addCleanup(other.close)
        base = with_tls(other, self.folder, ssl.CERT_OPTIONAL)
        other.set("/b.xml", Page(feed("b", range(3))))
        self.server.set("/a.xml", redirect(f"{base}/b.xml"))
        self.begin(self.of("away", ca_file="ca.pem", cert_file="client.pem", key_file="client.key"))
        state = self.wait_state(lambda s: s["state"] == "failing", "away")
        self.assertIn("not trusted", state["reason"])
        self.assertEqual(self.server.count("/a.xml"), 1)
        self.assertEqual(other.count("/b.xml"), 0)


class Secrets(FetchTest):
    def everything_said(self) -> str:
        """All that leaves the fetcher: its log, the states, the items."""
        peer = self.hub.peer("replay")
        peer.say("GET", "item", 1, 0)
        said = [self.fetch.said(), json.dumps(self.hub.call("feed_states"))]
        while (answer := peer.hear())[0] == "MSG":
            said.append(str(answer))
        peer.close()
        return "\n".join(said)

    def test_a_token_goes_to_the_feed_alone(self):
        token = pathlib.Path(self.hub.folder) / "token"
        token.write_text("t0ken\n")
        token.chmod(0o600)
        other = NewsServer()
        self.addCleanup(other.close)
        self.server.set("/a.xml", redirect("/same"))
        self.server.set("/same", redirect(other.url("/other")))
        other.set("/other", redirect(self.server.url("/back")))
        self.server.set("/back", Page(feed("a", range(2))))
        self.begin(("a", {"auth": f"{{ bearer_file: {token} }}", "headers": "{ X-Api-Key: k3y, Cookie: c=00kie }"}))
        self.wait_items(2)
        for path in ("/a.xml", "/same"):
            request = self.server.requests(path)[0]
            self.assertEqual(request.header("Authorization"), "Bearer t0ken")
            self.assertEqual((request.header("X-Api-Key"), request.header("Cookie")), ("k3y", "c=00kie"))
        for request in (other.requests("/other")[0], self.server.requests("/back")[0]):
            for name in ("Authorization", "X-Api-Key", "Cookie"):
                self.assertIsNone(request.header(name), request.lines)
        said = self.everything_said()
        for secret in ("t0ken", "k3y", "00kie"):
            self.assertNotIn(secret, said)

    def test_a_password_in_a_redirect_is_neither_sent_nor_told(self):
        self.server.set("/a.xml", redirect(f"http://someone:hunter2@127.0.0.1:{self.server.port}/there", 301))
        self.server.set("/there", Page(feed("a", range(2))))
        self.server.set("/b.xml", redirect("http://someone:hunter2@127.0.0.9:1/there", 301))
        self.begin("a", ("b", {"every": "1h"}))
        self.wait_items(2)
        self.wait_state(lambda s: s["state"] == "failing", "b")
        self.assertIsNone(self.server.requests("/there")[0].header("Authorization"))
        self.assertNotIn("hunter2", self.everything_said())

    def test_a_redirect_into_a_private_network_is_refused(self):
        self.server.set("/a.xml", redirect(f"http://127.0.0.2:{self.server.port}/inner"))
        self.server.set("/inner", Page(feed("a", range(2))))
        self.begin(("a", {"every": "1h"}))
        state = self.wait_state(lambda s: s["state"] == "failing")
        self.assertIn("the address 127.0.0.2 is refused (loopback)", state["reason"])
        self.assertIn("allow_addresses: [127.0.0.2]", state["reason"])
        self.assertEqual(self.server.count("/inner"), 0)


def pump(one: socket.socket, other: socket.socket):
    while True:
        for side in select.select([one, other], [], [])[0]:
            try:
                data = side.recv(65536)
            except OSError:
                data = b""
            if not data:
                return
            (other if side is one else one).sendall(data)


class HttpProxy(socketserver.StreamRequestHandler):
    """GET of whole URLs and CONNECT, for alice alone."""
    user = "Basic " + base64.b64encode(b"alice:wonder").decode()

    def handle(self):
        while self.one():
            pass

    def one(self) -> bool:
        line = self.rfile.readline().decode()
        headers = []
        while (header := self.rfile.readline().decode().strip()):
            headers.append(header)
        if not line:
            return False
        named = {name.lower(): value.strip() for name, _, value in (header.partition(":") for header in headers)}
        self.server.asked.append((line.split()[:2], named))
        if named.get("proxy-authorization") != self.user:
            self.wfile.write(b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
            return True
        method, target = line.split()[:2]
        where = target if method == "CONNECT" else target.split("/")[2]
        host, port = where.rsplit(":", 1)
        with socket.create_connection((self.server.names.get(host, host), int(port))) as upstream:
            if method == "CONNECT":
                self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                path = "/" + target.split("/", 3)[3]
                kept = [header for header in headers if not header.lower().startswith(("proxy-", "connection"))]
                upstream.sendall("\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""]).encode())
            pump(self.connection, upstream)
        return False


class SocksProxy(socketserver.StreamRequestHandler):
    """SOCKS 5 (RFC 1928, 1929) to names, for alice alone."""

    def handle(self):
        _, n = self.rfile.read(2)
        self.rfile.read(n)
        self.wfile.write(b"\x05\x02")
        self.rfile.read(1)
        user = self.rfile.read(self.rfile.read(1)[0])
        password = self.rfile.read(self.rfile.read(1)[0])
        good = (user, password) == (b"alice", b"wonder")
        self.wfile.write(b"\x01" + (b"\x00" if good else b"\x01"))
        if not good:
            return
        kind = self.rfile.read(4)[3]
        host = self.rfile.read(self.rfile.read(1)[0]).decode() if kind == 3 else socket.inet_ntoa(self.rfile.read(4))
        port = int.from_bytes(self.rfile.read(2), "big")
        self.server.asked.append((kind, host))
        with socket.create_connection((self.server.names.get(host, host), port)) as upstream:
            self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
            self.wfile.flush()
            pump(self.connection, upstream)


class ProxyServer(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def handle_error(self, request, client_address):
        """A side that hung up is no news."""


class Proxies(FetchTest):
    def proxy(self, handler) -> ProxyServer:
        server = ProxyServer(("127.0.0.1", 0), handler)
        server.asked, server.names = [], {"news.test": "127.0.0.1"}
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def proxy_file(self, scheme: str, server: ProxyServer, user: str = "alice:wonder@") -> pathlib.Path:
        path = pathlib.Path(self.hub.folder) / f"proxy-{scheme}-{len(user)}"
        path.write_text(f"{scheme}://{user}127.0.0.1:{server.server_address[1]}\n")
        path.chmod(0o600)
        return path

    def test_an_http_proxy_with_a_password(self):
        proxy = self.proxy(HttpProxy)
        self.server.set("/a.xml", Page(feed("a", range(2))))
        self.begin(("a", {"url": f"http://news.test:{self.server.port}/a.xml", "proxy_file": self.proxy_file("http", proxy)}),
                   ("b", {"url": f"http://news.test:{self.server.port}/b.xml", "every": "1h",
                          "proxy_file": self.proxy_file("http", proxy, "alice:wrong@")}))
        self.wait_items(2)
        self.assertIsNone(self.server.requests("/a.xml")[0].header("Proxy-Authorization"))
        state = self.wait_state(lambda s: s["state"] == "failing", "b")
        self.assertIn("proxy", state["reason"])
        said = self.fetch.said() + json.dumps(self.hub.call("feed_states"))
        for secret in ("wonder", "wrong"):
            self.assertNotIn(secret, said)

    def test_the_secrets_of_https_do_not_pass_the_proxy_in_the_open(self):
        proxy = self.proxy(HttpProxy)
        self.begin(("a", {"url": f"https://news.test:{self.server.port}/a.xml", "every": "1h",
                          "proxy_file": self.proxy_file("http", proxy), "auth": "{ bearer: t0ken }",
                          "headers": "{ X-Api-Key: k3y }"}))
        self.wait_state(lambda s: s["state"] == "failing")  # there is no TLS behind it
        self.assertEqual(proxy.asked[-1][0], ["CONNECT", f"news.test:{self.server.port}"])
        for _, headers in proxy.asked:
            self.assertEqual({"authorization", "x-api-key"} & set(headers), set())

    def test_socks5h_leaves_the_name_to_the_proxy(self):
        proxy = self.proxy(SocksProxy)
        self.server.set("/a.xml", Page(feed("a", range(2))))
        self.begin(("a", {"url": f"http://news.test:{self.server.port}/a.xml", "proxy_file": self.proxy_file("socks5h", proxy)}))
        self.wait_items(2)
        self.assertEqual(proxy.asked[0], (3, "news.test"))

    def test_a_proxy_is_not_asked_for_a_private_address(self):
        proxy = self.proxy(HttpProxy)
        file = self.proxy_file("http", proxy)
        self.server.set("/a.xml", redirect("http://[::ffff:10.1.2.3]/x"))
        self.begin(("a", {"url": f"http://news.test:{self.server.port}/a.xml", "every": "1h", "proxy_file": file}),
                   ("b", {"url": "http://169.254.169.254/latest", "every": "1h", "proxy_file": file}),
                   ("c", {"url": "http://localhost:1/", "every": "1h", "proxy_file": file, "allow_private": "false"}))
        for name, address in (("a", "10.1.2.3"), ("b", "169.254.169.254")):
            state = self.wait_state(lambda s: s["state"] == "failing", name)
            self.assertIn(f"the address {address} is refused", state["reason"])
        self.assertEqual([target for (_, target), _ in proxy.asked if "news.test" not in target and "localhost" not in target],
                         [])

    def test_none_leaves_the_proxy_of_the_environment_alone(self):
        import os
        os.environ["http_proxy"] = "http://127.0.0.1:1/"
        self.addCleanup(os.environ.pop, "http_proxy")
        self.server.set("/a.xml", Page(feed("a", range(2))))
        self.begin(("a", {"proxy": "none"}), ("b", {"every": "1h"}))
        self.wait_items(2)
        state = self.wait_state(lambda s: s["state"] == "failing", "b")
        self.assertTrue(state["reason"])
        self.assertEqual(self.server.count("/b.xml"), 0)

    def test_what_is_printed_holds_no_secret(self):
        self.fetch.write(("a", {"proxy": "http://alice:wonder@127.0.0.1:3128", "auth": "{ bearer: t0ken }"}))
        printed = subprocess.run([BIN / "newsmq", "-c", self.fetch.config, "check", "--print"], capture_output=True, text=True)
        self.assertEqual(printed.returncode, 0, printed.stderr)
        self.assertIn("http://***@127.0.0.1:3128", printed.stdout)
        for secret in ("wonder", "t0ken"):
            self.assertNotIn(secret, printed.stdout)


if __name__ == "__main__":
    unittest.main()
