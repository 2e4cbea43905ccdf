"""newsmq-http of a real newsmqd: its port, and requests in every shape."""
import http.client
import json
import pathlib
import re
import socket
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
