#!/usr/bin/python3
"""Who comes in by tcp: right, wrong, revoked and missing keys, wrong roles, strangers and garbage; limits."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import tempfile
import time
import unittest

import zmq
import zmq.auth
from zmq.utils.monitor import recv_monitor_message

import curvekit
from hubkit import BIN, WAIT_S, Hub, HubTest, Peer, Worker, item_core

SOCKETS = curvekit.ROLES


def wait_until(condition, what="", timeout_s=3 * WAIT_S):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what() if callable(what) else what}"
        time.sleep(0.02)


class DoorTest(HubTest):
    curve = True

    def setUp(self):
        super().setUp()
        self.door = self.hub.door

    def refused(self) -> dict:
        return self.hub.status()["door"]["refused"]

    def wait_refused(self, reason: str, count: int = 1):
        wait_until(lambda: self.refused()[reason] >= count, lambda: f"{reason} of {self.refused()}")

    def reload(self):
        before = self.log().count("keys read again")
        self.hub.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.log().count("keys read again") > before, self.log)

    def log(self) -> str:
        return self.hub.log.read_text()

    def handshake(self, name: str, key: str, server: str = "hub"):
        """What becomes of it: SUCCEEDED, FAILED_AUTH, FAILED_PROTOCOL, FAILED_NO_DETAIL or None."""
        at = self.hub.context.socket(zmq.SUB if name == "pub" else zmq.DEALER)
        at.linger = 0
        self.door.lend(at, key, server)
        monitor = at.get_monitor_socket()  # before it connects
        self.addCleanup(monitor.close)  # after the socket, which waits to tell it of its end
        self.addCleanup(at.close)
        at.connect(self.hub.endpoint(name))
        end = time.monotonic() + WAIT_S
        while (left := end - time.monotonic()) > 0 and monitor.poll(int(left * 1000)):
            event = zmq.Event(recv_monitor_message(monitor)["event"]).name
            if event.startswith("HANDSHAKE_"):
                return event[10:]
        return None


class Keys(DoorTest):
    def test_each_role_opens_its_socket_and_no_other(self):
        for role in SOCKETS.values():
            self.door.allow(role, role)
        self.reload()
        for name, role in SOCKETS.items():
            for other in SOCKETS.values():
                # The control socket takes all who read or fetch, for the calls that they need.
                lets = role == other or (name == "control" and other != "work")
                self.assertEqual(self.handshake(name, other), "SUCCEEDED" if lets else "FAILED_AUTH", (name, other))
        self.assertEqual(self.refused()["wrong_role"], sum(len(SOCKETS) - 1 for _ in SOCKETS) - 4)
        self.assertEqual(self.refused()["unknown_key"], 0)

    def test_a_role_is_enough_for_its_work(self):
        for name, role in SOCKETS.items():
            self.door.allow(role, role)
        self.reload()
        self.hub.put(["1"], peer=self.hub.peer("ingest", "publish"))
        listener = self.hub.connect(zmq.SUB, "pub", "subscribe")
        listener.subscribe("record/")
        wait_until(lambda: self.hub.call("metrics")["subscribers"], "a subscriber")
        worker = Worker(self.hub, key="work")
        worker.result(worker.job()[0])
        self.assertTrue(listener.poll(WAIT_S * 1000))
        self.assertEqual(json.loads(listener.recv_multipart()[2])["title"], "About 1")
        replay = self.hub.peer("replay", "replay")
        replay.say("GET", "record", 1, 0)
        replay.expect("MSG")
        tap = self.hub.peer("tap", "tap")
        tap.say("SUB", "record", 0, 10, "archive")
        tap.expect("MSG")
        self.assertEqual(self.hub.call("status", key="control")["items"], 1)

    def test_an_unknown_key_is_refused_counted_and_logged_with_peer_and_key(self):
        self.door.make("stranger")
        for name in SOCKETS:
            self.assertEqual(self.handshake(name, "stranger"), "FAILED_AUTH", name)
        self.wait_refused("unknown_key", len(SOCKETS))
        public = self.door.public("stranger")
        for name in SOCKETS:
            self.assertRegex(self.log(), "a peer was refused: socket=%s peer=127.0.0.1 key='%s'" % (name, re.escape(public)))
        self.assertEqual(self.hub.call("metrics")["auth_failures"]["unknown_key"], len(SOCKETS))

    def test_one_offender_is_one_line_a_minute(self):
        self.door.make("stranger")
        for _ in range(20):
            self.handshake("work", "stranger")
        self.wait_refused("unknown_key", 20)
        self.assertEqual(self.log().count("a peer was refused"), 1)

    def test_plain_text_another_hubs_key_and_garbage_do_not_get_in(self):
        self.door.make("other")
        self.assertNotIn(self.handshake("work", ""), ("SUCCEEDED", None))
        self.assertNotIn(self.handshake("work", "all", server="other"), ("SUCCEEDED", None))
        port = int(self.hub.endpoint("work").rsplit(":", 1)[1])
        for garbage in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64,
                        os.urandom(5000), b"\xff" + b"\0" * 8 + b"\x7f\x03\x00CURVE" + b"\0" * 48 + b"\xff" * 900):
            with socket.create_connection(("127.0.0.1", port), WAIT_S) as client:
                client.settimeout(WAIT_S)
                try:
                    client.sendall(garbage)
                    client.shutdown(socket.SHUT_WR)
                    while client.recv(4096):
                        pass  # a greeting; then it hangs up
                except OSError as fault:  # it hung up before
                    self.assertNotIsInstance(fault, TimeoutError)
        wait_until(lambda: self.refused()["handshake"] + self.refused()["cut_off"] >= 4, self.refused)
        self.assertEqual(self.hub.put(["1"]), (1, 0))

    def test_who_says_nothing_is_cut_off_and_others_come_in_meanwhile(self):
        self.hub.kill()
        self.hub.start(handshake="300ms")
        port = int(self.hub.endpoint("control").rsplit(":", 1)[1])
        mute = [socket.create_connection(("127.0.0.1", port), WAIT_S) for _ in range(50)]
        self.assertIsNotNone(self.hub.status())
        for client in mute:
            client.settimeout(WAIT_S)
            try:
                while client.recv(100):
                    pass
            except ConnectionResetError:
                pass
            client.close()
        self.wait_refused("cut_off", 50)

    def test_a_key_that_is_allowed_comes_in_after_a_reload(self):
        self.door.make("new")
        self.assertEqual(self.handshake("work", "new"), "FAILED_AUTH")
        self.door.allow("new", "work")
        self.assertEqual(self.handshake("work", "new"), "FAILED_AUTH")
        self.reload()
        self.assertEqual(self.handshake("work", "new"), "SUCCEEDED")
        self.assertEqual(self.handshake("tap", "new"), "FAILED_AUTH")

    def test_a_key_that_is_revoked_is_sent_away_with_what_it_has_in_hand(self):
        self.door.allow("berlin", "work")
        self.reload()
        self.hub.put(["1", "2"])
        berlin = Worker(self.hub, "w", credit=2, key="berlin")
        self.assertEqual(berlin.job()[0], 1)
        self.assertEqual(self.hub.status()["workers"][0]["name"], "berlin/w")
        self.door.revoke("berlin")
        self.reload()
        berlin.result(1)
        self.hub.wait_for(lambda s: not s["workers"] and s["in_flight"] == 0)
        self.assertEqual(self.hub.status()["records"], 0)
        self.assertGreaterEqual(self.refused()["revoked"], 1)
        self.assertEqual(self.handshake("work", "berlin"), "FAILED_AUTH")
        other = Worker(self.hub, "w", credit=2)
        for _ in range(2):
            seq, attempt, _item = other.job()
            other.result(seq, attempt)
        self.hub.wait_for(lambda s: s["records"] == 2)

    def test_a_revoked_subscriber_and_reader_hear_no_more(self):
        self.door.allow("ear", "subscribe", "tap")
        self.reload()
        listener = self.hub.connect(zmq.SUB, "pub", "ear")
        listener.subscribe("item/")
        tap = self.hub.peer("tap", "ear")
        tap.say("SUB", "item", 0, 10, "")
        wait_until(lambda: self.hub.call("metrics")["subscribers"], "a subscriber")
        self.hub.put(["1"])
        self.assertTrue(listener.poll(WAIT_S * 1000))
        tap.expect("MSG")
        listener.recv_multipart()
        self.door.revoke("ear")
        self.reload()
        wait_until(lambda: not self.hub.call("metrics")["subscribers"], "no subscriber")
        self.hub.put(["2"])
        self.assertFalse(listener.poll(300))
        self.assertIsNone(tap.hear(0.3))

    def test_a_role_that_is_taken_away_counts_too(self):
        self.door.allow("ops", "control")
        self.reload()
        peer = self.hub.peer("control", "ops")
        peer.say("CALL", "drain", {})
        peer.expect("RET")
        self.door.allow("ops", "look")
        self.reload()
        peer.say("CALL", "drain", {})
        self.assertIn("it needs the role control", peer.expect("ERR")[1])
        peer.say("CALL", "status", {})
        peer.expect("RET")

    def test_calls_have_roles_of_their_own(self):
        self.door.allow("eye", "look")
        self.door.allow("arch", "tap")
        self.door.allow("feeds", "publish")
        self.reload()
        may = {"eye": {"status", "metrics", "heads", "why", "dead"}, "arch": {"heads"}, "feeds": {"feeds", "feed_states"},
               "all": {"status", "metrics", "heads", "why", "dead", "feeds", "feed_states", "forget", "drain"}}
        arguments = {"why": {"url": "x"}, "forget": {"consumer": "x"}}
        for key, calls in may.items():
            for call in sorted(may["all"]):
                answer = self.hub.call(call, arguments.get(call), key=key)
                self.assertEqual(not isinstance(answer, list), call in calls, (key, call, answer))

    def test_the_folder_of_keys_may_come_later(self):
        shutil.move(self.door.clients, f"{self.door.clients}.away")
        self.hub.kill()
        self.hub.call = lambda *_, **__: {}  # nobody may ask it anything
        self.hub.start()
        del self.hub.call
        wait_until(lambda: "no key may connect" in self.log() and self.log().count(" ready: ") == 2, self.log)
        shutil.move(f"{self.door.clients}.away", self.door.clients)
        self.reload()
        self.assertEqual(self.handshake("work", "all"), "SUCCEEDED")

    def test_one_bad_file_keeps_nobody_else_out(self):
        (self.door.clients / "broken.key").write_text("curve\n    public-key = \"short\"\n")
        (self.door.clients / "no good name.key").write_text("x")
        self.door.allow("new", "work")
        self.reload()
        self.assertEqual(self.handshake("work", "new"), "SUCCEEDED")
        self.assertIn("a key is not taken", self.log())

    def test_names_are_the_keys_own(self):
        self.door.allow("a", "tap", "work")
        self.door.allow("b", "tap", "work")
        self.reload()
        taps = {key: self.hub.peer("tap", key) for key in ("a", "b")}
        for tap in taps.values():
            tap.say("SUB", "record", 0, 1, "jsonl")
        workers = [Worker(self.hub, "worker-1", key=key) for key in ("a", "b")]
        status = self.hub.wait_for(lambda s: len(s["consumers"]) == 2 and len(s["workers"]) == 2)
        self.assertEqual(sorted(c["name"] for c in status["consumers"]), ["a/jsonl", "b/jsonl"])
        self.assertEqual(sorted(w["name"] for w in status["workers"]), ["a/worker-1", "b/worker-1"])
        self.assertTrue(all(c["connected"] for c in status["consumers"]))
        self.assertEqual(self.hub.call("forget", {"consumer": "a/jsonl"}), {"forgotten": True})
        for worker in workers:
            worker.close()

    def test_a_certificate_made_by_pyzmq_is_as_good(self):
        public, secret = zmq.auth.create_certificates(self.door.keys, "foreign")
        curvekit.newsmq("keys", "allow", public, "subscribe,replay", "--dir", self.door.clients)
        self.reload()
        self.assertEqual(self.handshake("pub", "foreign"), "SUCCEEDED")
        self.assertEqual(self.handshake("work", "foreign"), "FAILED_AUTH")


class Limits(DoorTest):
    def test_too_many_connections_are_sent_away_and_the_first_stay(self):
        self.hub.kill()
        self.hub.start(max_connections=5)
        worker = Worker(self.hub)
        port = int(self.hub.endpoint("work").rsplit(":", 1)[1])
        crowd = [socket.create_connection(("127.0.0.1", port), WAIT_S) for _ in range(30)]
        self.wait_refused("max_connections", 26)
        self.hub.put(["1"])
        self.assertEqual(worker.job()[0], 1)
        wait_until(lambda: self.hub.status()["door"]["sockets"]["work"]["open"] <= 5,
                   lambda: self.hub.status()["door"]["sockets"])
        self.assertEqual(self.handshake("work", "all"), "SUCCEEDED", "the mute ones make room")
        for client in crowd:
            client.close()
        wait_until(lambda: self.hub.status()["door"]["sockets"]["work"]["open"] <= 3,
                   lambda: self.hub.status()["door"]["sockets"])
        self.assertEqual(self.handshake("work", "all"), "SUCCEEDED")

    def test_too_many_calls_a_second_are_answered_429(self):
        self.door.allow("eye", "look", "replay")
        self.hub.kill()
        self.hub.start(max_calls=10)
        for name, say in (("control", ("CALL", "heads", {})), ("replay", ("GET", "record", 1, 0))):
            peer = self.hub.peer(name, "eye")
            for _ in range(40):
                peer.say(*say)
            answers = [peer.hear() for _ in range(40)]
            good = sum(answer[0] != "ERR" for answer in answers)
            self.assertEqual([a for a in answers if a[0] == "ERR" and a[1] != "429"], [])
            self.assertTrue(10 <= good < 40, good)
            self.assertIsNotNone(self.hub.call("heads"), "another key has a share of its own")
        self.wait_refused("max_calls", 1)

    def test_too_many_subscriptions_end_the_connection(self):
        self.hub.kill()
        self.hub.start(max_subscriptions=100)
        greedy, modest = (self.hub.connect(zmq.SUB, "pub") for _ in range(2))
        modest.subscribe("item/")
        for i in range(300):
            greedy.subscribe(f"record/{i}/")
        self.wait_refused("max_subscriptions")
        wait_until(lambda: self.hub.call("metrics")["subscribers"], "a subscriber")
        self.hub.put(["1"])
        self.assertTrue(modest.poll(WAIT_S * 1000))

    def test_too_many_readers_are_answered_429(self):
        self.hub.kill()
        self.hub.start(max_taps=2)
        for number in range(3):
            tap = self.hub.peer("tap")
            tap.say("SUB", "record", 1, 1, f"name-{number}")
            if number < 2:
                self.hub.wait_for(lambda s: len(s["consumers"]) == number + 1)
        self.assertEqual(tap.expect("ERR")[0], "429")

    def test_too_many_frames_are_answered_413(self):
        self.hub.kill()
        self.hub.start(max_frames=1024)
        peer = self.hub.peer("ingest")
        peer.raw("NMQ1", "PUT", 1, {"feed": "a"}, *["x"] * 1100)
        self.assertEqual(peer.expect("ERR")[0], "413")
        self.assertEqual(self.hub.call("metrics")["refused"]["too_large"], 1)


class Local(HubTest):
    def test_local_sockets_have_their_modes_whatever_the_umask(self):
        self.hub.kill()
        before = os.umask(0)
        try:
            self.hub.start()
        finally:
            os.umask(before)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in pathlib.Path(self.place.name).glob("*.sock")}
        self.assertEqual(modes, {"ingest.sock": 0o660, "work.sock": 0o660, "tap.sock": 0o660, "control.sock": 0o660,
                                 "pub.sock": 0o666, "replay.sock": 0o666})

    def test_local_limits_hold_without_keys(self):
        self.hub.kill()
        self.hub.start(max_connections=3)
        crowd = [self.hub.peer("ingest") for _ in range(10)]
        wait_until(lambda: self.hub.status()["door"]["refused"]["max_connections"] >= 1, "somebody is sent away")
        self.assertFalse(self.hub.status()["door"]["curve"])
        for peer in crowd:
            peer.close()

    def test_plain_and_encrypted_side_by_side(self):
        door = curvekit.Door(self.place.name)
        self.hub.kill()
        self.hub.start(curve=door.curve(), work=f"[ipc://{self.place.name}/work.sock, '{door.endpoints['work']}']")
        self.hub.put(["1", "2"])
        near = Worker(self.hub, "near")
        self.hub.door = door
        door.endpoints["control"] = f"ipc://{self.place.name}/control.sock"
        far = Worker(self.hub, "far")
        self.hub.door = None
        jobs = {near.job()[0], far.job()[0]}
        self.assertEqual(jobs, {1, 2})
        self.assertEqual(sorted(w["name"] for w in self.hub.status()["workers"]), ["all/far", "near"])


class NoKeys(unittest.TestCase):
    def hub(self, **bus):
        place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(place.cleanup)
        hub = Hub(place.name, curve=True, **bus)
        self.addCleanup(hub.close)
        return hub

    def run_hub(self, hub) -> str:
        with self.assertRaises(AssertionError):
            hub.start()
        self.assertEqual(hub.process.wait(WAIT_S), 78)
        return hub.log.read_text()

    def setUp(self):
        self.addCleanup(setattr, Peer, "hear", Peer.hear)
        Peer.hear = lambda *_args, **_more: None  # nobody will answer

    def test_a_hub_whose_key_others_may_read_does_not_start(self):
        hub = self.hub()
        os.chmod(f"{hub.folder}/keys/hub.key_secret", 0o640)
        self.assertRegex(self.run_hub(hub), r"newsmq.yaml:\d+:\d+: 'server_key_file': .* others than its owner may read it "
                                            r"\(mode 0640\) \(chmod 600 ")

    def test_a_hub_without_its_key_says_how_to_make_one(self):
        hub = self.hub()
        os.unlink(f"{hub.folder}/keys/hub.key_secret")
        said = self.run_hub(hub)
        self.assertRegex(said, r"newsmq.yaml:\d+:\d+: warning: 'server_key_file': there is no .*`newsmq keys gen`")
        self.assertIn("cannot start: cause='bus.curve.server_key_file: ", said)

    def test_a_public_key_that_is_not_the_secret_ones_is_told(self):
        hub = self.hub()
        path = pathlib.Path(f"{hub.folder}/keys/hub.key_secret")
        path.write_text(path.read_text().replace(hub.door.public("hub"), hub.door.public("all")))
        self.assertIn("is not that of its secret key", self.run_hub(hub))


if __name__ == "__main__":
    unittest.main()
