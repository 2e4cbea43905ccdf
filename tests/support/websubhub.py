"""A WebSub hub (https://www.w3.org/TR/websub/) that does as its test says.

    hub = WebSubHub()
    hub.reach = lambda callback: "http://127.0.0.1:8788/..."   # as a web server in front of the listener would
    hub.url, hub.asked                     # the forms it got, as dicts without "hub."
    hub.publish(topic, body) -> [status]   # of each subscriber that it has verified
    hub.close()
"""
import hashlib
import hmac
import http.client
import http.server
import secrets
import threading
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        hub = self.server.owner
        length = int(self.headers.get("Content-Length", 0))
        fields = urllib.parse.parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        form = {name.removeprefix("hub."): values[0] for name, values in fields.items()}
        form["content_type"] = self.headers.get("Content-Type")
        hub.note(form)  # before it can be confirmed
        status, text = hub.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.wfile.flush()
        if status // 100 == 2:
            hub.later(hub.ask_back, form)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


class WebSubHub:
    def __init__(self):
        self.asked, self.subscribers, self.confirmed = [], {}, []
        self.answer = (202, b"")
        self.lease_s = None  # in place of what is asked for
        self.denies = None  # a reason
        self.reach = lambda callback: callback
        self.changed = threading.Condition()
        self.http = Server(("127.0.0.1", 0), Handler)
        self.http.owner = self
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/hub?x=1"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def later(self, what, *arguments):
        threading.Thread(target=what, args=arguments, daemon=True).start()

    def note(self, form: dict):
        with self.changed:
            self.asked.append(form)
            self.changed.notify_all()

    def wait(self, condition, timeout_s: float = 30):
        with self.changed:
            assert self.changed.wait_for(condition, timeout_s), f"asked: {self.asked}, confirmed: {self.confirmed}"

    def wait_asked(self, n: int, mode: str = "subscribe") -> list:
        def those():
            return [form for form in self.asked if form["mode"] == mode]
        self.wait(lambda: len(those()) >= n)
        return those()

    def wait_confirmed(self, n: int, mode: str = "subscribe"):
        """Noted as well: the request may be noted after its confirmation, which has a thread of its own."""
        self.wait(lambda: self.confirmed.count(mode) >= n and sum(form["mode"] == mode for form in self.asked) >= n)

    def get(self, callback: str, **query) -> tuple:
        """GET of a callback; status and body."""
        url = urllib.parse.urlsplit(self.reach(callback))
        connection = http.client.HTTPConnection(url.netloc, timeout=30)
        connection.request("GET", url.path + "?" + urllib.parse.urlencode({f"hub.{k}": v for k, v in query.items()}))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def ask_back(self, form: dict):
        if self.denies is not None:
            self.get(form["callback"], mode="denied", topic=form["topic"], reason=self.denies)
            return
        challenge = secrets.token_hex(20)
        query = {"mode": form["mode"], "topic": form["topic"], "challenge": challenge}
        if form["mode"] == "subscribe":
            query["lease_seconds"] = self.lease_s or form["lease_seconds"]
        try:
            status, body = self.get(form["callback"], **query)
        except OSError:  # it has gone
            return
        if status != 200 or body != challenge.encode():
            return
        with self.changed:
            if form["mode"] == "subscribe":
                self.subscribers[form["callback"]] = form
            else:
                self.subscribers.pop(form["callback"], None)
            self.confirmed.append(form["mode"])
            self.changed.notify_all()

    def publish(self, topic: str, body: bytes, method: str = "sha256", secret: str | None = None, self_link: str | None = None,
                signature: str | None = None, content_type: str = "application/rss+xml") -> list:
        """POST to all who have subscribed to topic; signature "" sends none."""
        statuses = []
        for form in [form for form in self.subscribers.values() if form["topic"] == topic]:
            digest = hmac.new((secret or form["secret"]).encode(), body, getattr(hashlib, method)).hexdigest()
            headers = {"Content-Type": content_type, "Link": f'<{self.url}>; rel="hub", <{self_link or topic}>; rel="self"'}
            if signature != "":
                headers["X-Hub-Signature"] = signature or f"{method}={digest}"
            url = urllib.parse.urlsplit(self.reach(form["callback"]))
            connection = http.client.HTTPConnection(url.netloc, timeout=60)
            connection.request("POST", url.path, body, headers)
            statuses.append(connection.getresponse().status)
            connection.close()
        return statuses

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()
