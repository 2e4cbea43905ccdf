#!/usr/bin/python3
"""newsmq keys, and newsmq's own programs with right, wrong and missing keys: each says what helps."""
import json
import os
import pathlib
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import unittest

import zmq
import zmq.auth

from curvekit import BIN, Door, free_ports, newsmq
from hubkit import NLP, WAIT_S, HubTest
from newsmqdkit import DaemonTest

LANGUAGE = "workers: [ { name: language } ]\n"


def wait_until(condition, what, timeout_s=3 * WAIT_S):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what()}"
        time.sleep(0.02)


class Commands(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.clients = self.place / "clients"

    def keys(self, *arguments, code=0):
        return newsmq("keys", *arguments, code=code)

    def make(self, name):
        self.keys("gen", name, "--dir", self.place)
        return self.place / f"{name}.key"

    def listed(self):
        return json.loads(self.keys("list", "--dir", self.clients, "--json"))

    def test_a_pair_is_private_shown_without_its_secret_and_never_overwritten(self):
        before = os.umask(0)
        try:
            said = self.keys("gen", "berlin", "--dir", self.place)
        finally:
            os.umask(before)
        public, none = zmq.auth.load_certificate(self.place / "berlin.key")
        same, secret = zmq.auth.load_certificate(self.place / "berlin.key_secret")
        self.assertIsNone(none)
        self.assertEqual(public, same)
        self.assertEqual(zmq.curve_public(secret), public)
        self.assertIn(public.decode(), said)
        self.assertNotIn(secret.decode(), said)
        self.assertEqual(stat.S_IMODE((self.place / "berlin.key_secret").stat().st_mode), 0o600)
        self.assertIn("is there already", self.keys("gen", "berlin", "--dir", self.place, code=1))
        self.assertEqual(zmq.auth.load_certificate(self.place / "berlin.key_secret")[1], secret)

    def test_allow_sets_the_roles_and_tells_those_of_before(self):
        path = self.make("berlin")
        self.assertIn("berlin may: work tap", self.keys("allow", path, "tap,work", "--dir", self.clients))
        said = self.keys("allow", path, "look", "--dir", self.clients)
        self.assertIn("berlin may: look\nbefore: work tap\n", said)
        self.assertIn("newsmq reload", said)
        [key] = self.listed()["keys"]
        self.assertEqual((key["name"], key["roles"]), ("berlin", ["look"]))
        self.assertEqual(stat.S_IMODE(pathlib.Path(key["file"]).stat().st_mode), 0o644)

    def test_a_key_may_be_given_as_its_forty_characters(self):
        public = zmq.auth.load_certificate(self.make("berlin"))[0].decode()
        self.assertIn("--name NAME", self.keys("allow", public, "work", "--dir", self.clients, code=64))
        self.keys("allow", public, "work", "--name", "b", "--dir", self.clients)
        self.assertEqual([(k["name"], k["public_key"]) for k in self.listed()["keys"]], [("b", public)])

    def test_mistakes_are_told_with_what_helps(self):
        path = self.make("berlin")
        self.assertIn("'wrok' is no role; there are publish, work, tap, subscribe, replay, control, look",
                      self.keys("allow", path, "wrok", "--dir", self.clients, code=64))
        self.assertIn("take the file that ends in .key",
                      self.keys("allow", f"{path}_secret", "work", "--dir", self.clients, code=1))
        self.assertIn("no public-key in it", self.keys("allow", __file__, "work", "--dir", self.clients, code=1))
        self.assertIn("No such file", self.keys("allow", "nowhere.key", "work", "--dir", self.clients, code=1))
        self.assertIn("there is no key 'rome'", self.keys("revoke", "rome", "--dir", self.clients, code=1))
        self.keys("allow", path, "work", "--dir", self.clients)
        self.assertIn("known as 'berlin' already",
                      self.keys("allow", path, "work", "--name", "other", "--dir", self.clients, code=1))
        (self.place / "x").mkdir()
        self.keys("gen", "berlin", "--dir", self.place / "x")
        other = self.place / "x" / "berlin.key"
        self.assertIn("--replace", self.keys("allow", other, "work", "--dir", self.clients, code=1))
        self.keys("allow", other, "work", "--replace", "--dir", self.clients)
        self.assertIn("has no bus.curve.clients_dir", self.no_folder("keys", "list"))

    def no_folder(self, *arguments):
        config = self.place / "newsmq.yaml"
        config.write_text("feeds: [ { a: 'https://a.example/' } ]\n")
        return newsmq("-c", config, *arguments, code=78)

    def test_what_is_of_no_use_is_listed_with_its_cause(self):
        self.keys("allow", self.make("berlin"), "work", "--dir", self.clients)
        (self.clients / "bad.key").write_text("curve\n    public-key = \"x\"\n")
        (self.clients / "bare.key").write_text((self.place / "berlin.key").read_text().replace("berlin", "bare"))
        listed = self.listed()
        self.assertEqual([(k["name"], k["roles"]) for k in listed["keys"]], [("bare", []), ("berlin", ["work"])])
        self.assertIn("not 40 characters of Z85", listed["bad"][0]["cause"])
        self.assertRegex(self.keys("list", "--dir", self.clients), r"bare +nothing +")

    def test_the_secret_is_in_no_output(self):
        path = self.make("berlin")
        secret = zmq.auth.load_certificate(f"{path}_secret")[1].decode()
        for arguments, code in ((("allow", f"{path}_secret", "work", "--dir", self.clients), 1),
                                (("allow", path, "work", "--dir", self.clients, "--json"), 0),
                                (("list", "--dir", self.place), 0), (("list", "--dir", self.place, "--json"), 0)):
            self.assertNotIn(secret, self.keys(*arguments, code=code))

    def test_a_file_that_others_may_read_is_refused_where_it_is_named(self):
        path = self.make("hub")
        config = self.place / "newsmq.yaml"
        config.write_text("feeds: [ { a: 'https://a.example/' } ]\nbus:\n  curve:\n"
                          f"    server_key_file: {path}_secret\n    clients_dir: {self.place}\n")
        newsmq("check", config)
        os.chmod(f"{path}_secret", 0o644)
        said = newsmq("check", config, code=78)
        self.assertRegex(said, r"newsmq.yaml:4:22: 'server_key_file': .* \(mode 0644\) \(chmod 600 ")
        credentials = self.place / "credentials"
        shutil.copytree(self.place, credentials)
        os.chmod(credentials / "hub.key_secret", 0o440)  # as systemd shows what an ACL gives
        config.write_text(config.read_text().replace(f"{path}_secret", "${CREDENTIALS_DIRECTORY}/hub.key_secret"))
        run = subprocess.run([BIN / "newsmq", "check", config], capture_output=True, text=True,
                             env={**os.environ, "CREDENTIALS_DIRECTORY": str(credentials)})
        self.assertEqual(run.returncode, 0, run.stdout)


class Programs(HubTest):
    """A hub with keys, and newsmq's programs elsewhere with a configuration of their own."""
    curve = True

    def config(self, key="all", server="hub", curve=True, more="", **bus):
        door, path = self.hub.door, pathlib.Path(self.place.name) / f"{key}.yaml"
        places = {"publish" if name == "pub" else name: f"'{at}'" for name, at in door.endpoints.items()}
        keys = f"{{ key_file: {door.keys}/{key}.key_secret, server_public_file: {door.keys}/{server}.key, loopback: true }}"
        lines = {**places, "dir": f"{self.place.name}/run-{key}", "ping": "200ms", **({"curve": keys} if curve else {}), **bus}
        path.write_text("feeds: [ { a: 'https://a.example/' } ]\nhttp: { listen: off }\nbus:\n" +
                        "".join(f"  {name}: {value}\n" for name, value in lines.items()) + more)
        return path

    def run_program(self, program, *arguments):
        log = open(f"{self.place.name}/{program}.log", "wb+")
        process = subprocess.Popen([BIN / program, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=log)
        self.addCleanup(log.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        process.said = lambda: pathlib.Path(log.name).read_text()
        return process

    def allow(self, name, *roles):
        self.hub.door.allow(name, *roles)
        count = self.hub.log.read_text().count("keys read again")
        self.hub.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.hub.log.read_text().count("keys read again") > count, self.hub.log.read_text)

    def test_a_worker_that_is_refused_says_so_and_works_once_it_is_allowed(self):
        self.hub.door.make("berlin")
        self.hub.put(["1", "2", "3"])
        worker = self.run_program("newsmq-worker", "-c", self.config("berlin", more=LANGUAGE), "--name", "worker-1")
        wait_until(lambda: "the hub refuses our key" in worker.said(), worker.said)
        self.assertIn("newsmq keys allow FILE ROLE", worker.said())
        self.assertIn(self.hub.door.public("berlin"), worker.said())
        self.assertEqual(worker.said().count("refuses our key"), 1)
        self.allow("berlin", "work")
        self.hub.wait_for(lambda s: s["records"] == 3, 30)
        self.assertEqual(self.hub.status()["workers"][0]["name"], "berlin/worker-1")

    def test_a_sink_elsewhere_needs_the_role_tap_and_no_other(self):
        self.allow("archive", "tap")
        out = pathlib.Path(self.place.name) / "out"
        sink = self.run_program("newsmq-sink", "-c", self.config(
            "archive", more=f"sinks: [ {{ type: jsonl, path: {out}/%Y.jsonl }} ]\n"))
        self.hub.put(["1", "2"])
        worker = self.hub.peer("work")
        worker.say("HELLO", {"name": "w", "pid": 1})
        worker.say("READY", 2)
        for _ in range(2):
            seq = worker.expect("JOB", ignore=("PONG", "WELCOME"))[0]
            worker.say("RESULT", seq, 1, NLP)
        self.hub.wait_for(lambda s: [c["acked"] for c in s["consumers"]] == [2])
        self.assertEqual(self.hub.status()["consumers"][0]["name"], "archive/jsonl")
        self.assertEqual(len(next(out.glob("*.jsonl")).read_text().splitlines()), 2)
        sink.send_signal(signal.SIGTERM)
        self.assertEqual(sink.wait(WAIT_S), 0, sink.said())

    def test_the_command_line_tells_what_is_wrong_with_the_keys(self):
        self.hub.door.make("stranger")
        self.allow("far", "work")
        for config, words in ((self.config("stranger"), "the hub refuses our key"),
                              (self.config("far"), "the hub refuses our key"),
                              (self.config("all", server="stranger"), "is server_public_file this hub's key?"),
                              (self.config("plain", curve=False), "wants CURVE|breaks off: does it want CURVE")):
            self.assertRegex(newsmq("-c", config, "status", code=69), words)
        self.assertIn(" items = ", newsmq("-c", self.config("all"), "status", code=0))

    def test_looking_is_not_ordering(self):
        self.allow("eye", "look")
        config = self.config("eye")
        status = json.loads(newsmq("-c", config, "status", "--json"))
        self.assertTrue(status["hub"]["door"]["curve"])
        self.assertIn("it needs the role control", newsmq("-c", config, "forget", "x", code=65))
        self.assertRegex(newsmq("-c", config, "status"), r"2 keys may connect; 1 refused: wrong_role 1")

    def test_tail_and_replay_over_curve(self):
        self.allow("reader", "tap", "replay")
        config = self.config("reader")
        self.hub.put(["1", "2"])
        for command in (["tail", "--stream", "item", "--since", "1", "--count", "2", "--json"], ["replay", "--stream", "item", "--from", "1"]):
            lines = newsmq("-c", config, *command).splitlines()
            self.assertEqual(len([line for line in lines if line.startswith("{")]), 2, lines)
        newsmq("-c", config, "tail", "--stream", "item", "--resume", "mine", "--since", "1", "--count", 1)
        self.hub.put(["3"])
        self.assertIn("About 2", newsmq("-c", config, "tail", "--stream", "item", "--resume", "mine", "--count", 1, "--json"))

    def test_a_key_that_others_may_read_is_not_used(self):
        config = self.config("all")
        os.chmod(f"{self.hub.door.keys}/all.key_secret", 0o604)
        self.assertRegex(newsmq("-c", config, "status", code=78), "'key_file': .* others than its owner may read it")


class Service(DaemonTest):
    """newsmqd with all its programs, keys only for those from elsewhere."""
    standins = False

    def test_newsmq_reload_takes_new_keys_and_sends_the_revoked_away(self):
        door = Door(self.place.name)
        run = f"{self.place.name}/run"
        self.daemon.write(workers=1, bus=f"  work: [ipc://{run}/work.sock, '{door.endpoints['work']}']\n"
                                         f"  curve: {{ server_key_file: keys/hub.key_secret, clients_dir: clients, loopback: true }}")
        self.daemon.start()
        pids = self.daemon.pids()
        door.make("new")
        context = zmq.Context()
        self.addCleanup(context.destroy, linger=0)

        def workers():
            return [w["name"] for w in json.loads(newsmq("-c", self.daemon.config, "status", "--json"))["hub"]["workers"]]

        def hello():
            socket = context.socket(zmq.DEALER)
            door.lend(socket, "new")
            socket.connect(door.endpoints["work"])
            socket.send_multipart([b"NMQ1", b"HELLO", b'{"name":"w","pid":1}'])
            return socket
        stranger = hello()
        self.assertFalse(stranger.poll(500))
        newsmq("-c", self.daemon.config, "keys", "allow", f"{door.keys}/new.key", "work")
        newsmq("-c", self.daemon.config, "reload")
        wait_until(lambda: hello().poll(1000) and "new/w" in workers(), self.daemon.said)
        newsmq("-c", self.daemon.config, "keys", "revoke", "new")
        newsmq("-c", self.daemon.config, "reload")
        wait_until(lambda: workers() == ["worker-1"], self.daemon.said)
        self.assertEqual(self.daemon.pids(), pids, "nothing was started again")


def own_address() -> str:
    """One of this machine's that others could reach; without a network that of loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


class Elsewhere(unittest.TestCase):
    """The walk-through of docs/security.md: a hub here, a worker there, nothing shared but two public keys."""

    def test_a_worker_on_another_machine(self):
        place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(place.cleanup)
        here, there = pathlib.Path(place.name) / "hub", pathlib.Path(place.name) / "worker"
        here.mkdir()
        there.mkdir()
        [port], address = free_ports(1), own_address()
        loopback = "true" if address == "127.0.0.1" else "false"
        newsmq("keys", "gen", "hub", "--dir", here)
        newsmq("keys", "gen", "berlin", "--dir", there)
        shutil.copy(there / "berlin.key", here)
        shutil.copy(here / "hub.key", there)
        (here / "newsmq.yaml").write_text(f"""
feeds: [ {{ a: 'https://a.example/' }} ]
http: {{ listen: off }}
state: {{ path: state }}
bus:
  dir: {here}/run
  work: [ ipc://{here}/run/work.sock, 'tcp://*:{port}' ]
  curve: {{ server_key_file: hub.key_secret, clients_dir: clients, loopback: {loopback} }}
""")
        (there / "worker.yaml").write_text(f"""
feeds: [ {{ a: 'https://a.example/' }} ]
http: {{ listen: off }}
bus:
  dir: {there}/run
  work: 'tcp://{address}:{port}'
  curve: {{ key_file: berlin.key_secret, server_public_file: hub.key, loopback: {loopback} }}
workers: [ {{ name: language }} ]
""")
        newsmq("check", here / "newsmq.yaml")
        newsmq("check", there / "worker.yaml")
        newsmq("-c", here / "newsmq.yaml", "keys", "allow", here / "berlin.key", "work")
        log = open(here / "log", "wb")
        self.addCleanup(log.close)
        programs = []
        for program, folder, *more in (("newsmq-hub", here / "newsmq.yaml"),
                                       ("newsmq-worker", there / "worker.yaml", "--name", "worker-1")):
            process = subprocess.Popen([BIN / program, "-c", folder, *more], stderr=log)
            programs.append(process)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)

        def workers():
            run = subprocess.run([BIN / "newsmq", "-c", here / "newsmq.yaml", "status", "--json"], capture_output=True, text=True)
            hub = json.loads(run.stdout)["hub"] if run.stdout.startswith("{") else None
            return [worker["name"] for worker in hub["workers"]] if hub else []
        wait_until(lambda: workers() == ["berlin/worker-1"], lambda: (here / "log").read_text())
        newsmq("-c", here / "newsmq.yaml", "keys", "revoke", "berlin")
        programs[0].send_signal(signal.SIGHUP)
        wait_until(lambda: workers() == [], lambda: (here / "log").read_text())


if __name__ == "__main__":
    unittest.main()
