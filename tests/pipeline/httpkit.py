"""newsmq-http of a real newsmqd: its port, and requests in every shape."""
import email.utils
import http.client
import http.server
import json
import pathlib
import re
import socket
import threading
import time

WAIT_S = 30


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait(condition, what: str, within_s: float = WAIT_S):
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {within_s} s: {what}")


class Page:
    """Requests to 127.0.0.1:port."""

    def __init__(self, port: int):
        self.port = port

    def get(self, path: str, method: str = "GET", **headers):
        """(status, headers, text)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def status(self, path: str, method: str = "GET", **headers) -> int:
        return self.get(path, method, **headers)[0]

    def json(self, path: str):
        return json.loads(self.get(path)[2])

    def is_up(self) -> bool:
        try:
            return self.status("/healthz") == 200
        except OSError:
            return False

    def raw(self, data: bytes, timeout_s: float = 20) -> bytes:
        """What comes back until the other side closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s) as s:
            s.sendall(data)
            out = b""
            try:
                while chunk := s.recv(65536):
                    out += chunk
            except (TimeoutError, ConnectionResetError):
                pass
            return out


def port_in(log: pathlib.Path) -> int:
    found = re.findall(r"newsmq-http\[\d+\]: listening: at=\S+ port=(\d+)", log.read_text())
    return int(found[-1]) if found else 0


# ---- feeds over HTTP, and a daemon that polls them ----

HOSTILE = (
    "<item><title>&amp;lt;script&amp;gt;document.title='owned'&amp;lt;/script&amp;gt;&amp;lt;img src=x onerror=alert(1)&amp;gt; \"q\" 'q'</title>"
    "<link>javascript:alert(document.domain)</link><guid>hostile-1</guid>"
    "<description>&lt;p&gt;In Paris &amp;lt;script&amp;gt;alert(2)&amp;lt;/script&amp;gt; said Angela Merkel.&lt;/p&gt;</description></item>"
    "<item><title>\u202eturned round\u202c and \u0001 a control</title><link>data:text/html,&lt;script&gt;alert(3)&lt;/script&gt;</link>"
    "<guid>hostile-2</guid><description>Nothing in Lisbon.</description></item>")
STORY = ("<item><title>Harbour of Lisbon opens again</title><link>https://harbour.example/1?a=1&amp;b=&quot;2</link>"
         "<guid>story-1</guid><pubDate>{date}</pubDate><description>The Food and Agriculture Organization (FAO) met in Lisbon. "
         "“We are glad,” said Haja Rakotovao, who lives in Madagascar.</description></item>")


class Feeds:
    """Feeds of a local server: text by name, a status by number."""

    def __init__(self):
        self.by_name = {}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                found = outer.by_name.get(self.path.strip("/"), 404)
                if isinstance(found, int):
                    self.send_response(found)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = found.encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    def put(self, name: str, *items: str):
        self.by_name[name] = f"<rss version='2.0'><channel><title>The {name}</title><link>https://{name}.example/</link>{''.join(items)}</channel></rss>"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def write_config(path: pathlib.Path, feeds: Feeds, listen: str = "127.0.0.1:0", every: str = "500ms", more: str = ""):
    folder = path.parent
    path.write_text("\n".join(
        [f"defaults: {{ first_poll: all, every: {every}, min_every: {every}, adaptive: false, max_items: 10000 }}",
         "politeness: { allow_addresses: [127.0.0.1], per_host: { concurrency: 8, gap: 0s } }", "groups: { world: {} }", "feeds:"] +
        [f"  - {{ id: {name}, url: 'http://127.0.0.1:{feeds.port}/{name}', group: world }}" for name in feeds.by_name] +
        ["bus:", f"  dir: {folder}/run", "workers: [{ name: language, processes: 1 }, entities, acronyms, aliases, places, quotes]",
         "state:", f"  path: {folder}/state", f"http: {{ listen: '{listen}' {more} }}"]) + "\n")


def story(n: int = 1) -> str:
    return STORY.replace("{date}", email.utils.formatdate(time.time() - 3600)).replace("story-1", f"story-{n}")
