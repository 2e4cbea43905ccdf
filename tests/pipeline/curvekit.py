"""Keys for a hub on tcp with CURVE, made and allowed by `newsmq keys` and read by pyzmq."""
import os
import pathlib
import socket
import subprocess

import zmq.auth

BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", pathlib.Path(__file__).resolve().parents[2] / "build" / "bin"))
ROLES = {"ingest": "publish", "work": "work", "tap": "tap", "pub": "subscribe", "replay": "replay", "control": "control"}


def free_ports(count: int) -> list:
    """Ports that are free now, and not given to whoever asks for any (ip_local_port_range)."""
    found, port = [], 20000 + os.getpid() * 37 % 9000
    while len(found) < count:
        port += 1
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
    return found


def newsmq(*arguments, code: int = 0) -> str:
    run = subprocess.run([str(BIN / "newsmq"), *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert run.returncode == code, (arguments, run.returncode, run.stdout, run.stderr)
    return run.stdout + run.stderr


class Door:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.keys, self.clients = self.folder / "keys", self.folder / "clients"
        self.endpoints = {name: f"tcp://127.0.0.1:{port}" for name, port in zip(ROLES, free_ports(len(ROLES)))}
        self.make("hub")
        self.allow("all", *ROLES.values())

    def make(self, name: str) -> str:
        """A pair of keys; answers the path of the public one."""
        newsmq("keys", "gen", name, "--dir", self.keys)
        return f"{self.keys}/{name}.key"

    def allow(self, name: str, *roles: str):
        path = self.keys / f"{name}.key"
        if not path.exists():
            self.make(name)
        newsmq("keys", "allow", path, *roles, "--dir", self.clients)

    def revoke(self, name: str):
        newsmq("keys", "revoke", name, "--dir", self.clients)

    def public(self, name: str) -> str:
        return zmq.auth.load_certificate(self.keys / f"{name}.key")[0].decode()

    def lend(self, to: zmq.Socket, key: str, server: str = "hub"):
        """key "": none, plain text."""
        if not key:
            return
        to.curve_publickey, to.curve_secretkey = zmq.auth.load_certificate(self.keys / f"{key}.key_secret")
        to.curve_serverkey = zmq.auth.load_certificate(self.keys / f"{server}.key")[0]

    def curve(self, key: str = "all") -> str:
        return (f"{{ server_key_file: {self.keys}/hub.key_secret, clients_dir: {self.clients}, loopback: true, "
                f"key_file: {self.keys}/{key}.key_secret, server_public_file: {self.keys}/hub.key }}")

    def settings(self) -> dict:
        """Of `bus:`."""
        return {**{"publish" if name == "pub" else name: f"'{at}'" for name, at in self.endpoints.items()},
                "curve": self.curve()}
