#!/usr/bin/python3
"""newsmqd starts, watches, reloads and stops programs; here they are stand-ins."""
import os
import pathlib
import pty
import re
import select
import signal
import socket
import stat
import subprocess
import tempfile
import time
import unittest

from newsmqdkit import BIN, DaemonTest, is_alive, wait_until

ALL = ["hub", "sink", "worker-1", "worker-2", "fetch"]


class Starting(DaemonTest):
    def test_each_kind_starts_when_those_before_it_are_ready(self):
        self.daemon.start()
        events = self.daemon.events()
        at = {event: events.index(event) for event in events}
        for before, after in (("hub", "sink"), ("sink", "worker-1"), ("sink", "worker-2"), ("worker-1", "fetch"),
                              ("worker-2", "fetch")):
            self.assertLess(at["ready", before], at["start", after], events)
        status = self.daemon.call("status")
        self.assertEqual([(p["name"], p["state"], p["restarts"], p["last_exit"], p["next_start_ms"])
                          for p in status["programs"]], [(name, "running", 0, None, None) for name in ALL])
        self.assertEqual((status["pid"], status["config"]), (self.daemon.process.pid, str(self.daemon.config)))
        for pid in self.daemon.pids().values():
            self.assertEqual(os.getpgid(pid), pid)
            self.assertEqual(os.readlink(f"/proc/{pid}/fd/0"), "/dev/null")

    def test_a_hub_that_is_not_ready_keeps_the_others_waiting(self):
        (self.daemon.programs / "hub.mute").touch()
        self.daemon.start(wait=False)
        status = self.daemon.wait_for(lambda s: s["programs"][0]["state"] == "starting")
        self.assertEqual((status["state"], [p["state"] for p in status["programs"][1:]]), ("starting", ["waiting"] * 4))
        (self.daemon.programs / "hub.mute").unlink()
        os.kill(self.daemon.pids()["hub"], signal.SIGKILL)
        self.daemon.wait_for(lambda s: s["state"] == "green")

    def test_a_second_newsmqd_is_refused_with_a_sentence(self):
        self.daemon.start()
        command = [str(BIN / "newsmqd"), "-c", str(self.daemon.config), *self.daemon.arguments]
        second = subprocess.run(command, capture_output=True, text=True, timeout=30)
        self.assertEqual(second.returncode, 69, second.stderr)
        self.assertIn(f"newsmqd runs here already (process {self.daemon.process.pid}", second.stderr)
        other = self.new_daemon(str(self.daemon.folder), standins=False)
        other.config = self.daemon.folder / "other.yaml"
        other.write()
        other.config.write_text(other.config.read_text().replace("/run\n", "/run2\n"))
        command[2] = str(other.config)
        third = subprocess.run(command, capture_output=True, text=True, timeout=30)
        self.assertEqual(third.returncode, 69, third.stderr)
        self.assertIn("another newsmqd uses the state folder", third.stderr)
        self.assertEqual(self.daemon.call("status")["state"], "green")

    def test_every_fault_of_a_bad_configuration_is_told_and_nothing_starts(self):
        self.daemon.config.write_text("feeds:\n  - a: ftp://x\n    evry: 5m\nworkers: [languag]\nsinks: [jsonx]\n")
        for more in ([], ["--check"]):
            run = subprocess.run([str(BIN / "newsmqd"), "-c", str(self.daemon.config), *self.daemon.arguments, *more],
                                 capture_output=True, text=True, timeout=30)
            self.assertEqual(run.returncode, 78, run.stderr)
            places = re.findall(r"newsmq\.yaml:(\d+):\d+: ", run.stderr)
            self.assertTrue({"2", "3"} <= set(places), run.stderr)
        self.assertEqual(self.daemon.events(), [])
        self.assertFalse((self.daemon.folder / "run").exists())

    def test_check_of_a_good_configuration_starts_nothing(self):
        run = subprocess.run([str(BIN / "newsmqd"), "-c", str(self.daemon.config), "--check"], timeout=30)
        self.assertEqual((run.returncode, self.daemon.events()), (0, []))

    def test_a_missing_program_is_named(self):
        (self.daemon.programs / "newsmq-sink").unlink()
        self.daemon.start(wait=False)
        self.assertEqual(self.daemon.process.wait(30), 69)
        self.assertIn("newsmq-sink", self.daemon.said())

    def test_systemd_is_told_when_all_run_and_when_it_stops(self):
        path = str(self.daemon.folder / "systemd")
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind(path)
        manager.settimeout(30)
        (self.daemon.programs / "worker-2.mute").touch()
        self.daemon.start(wait=False, NOTIFY_SOCKET=path, WATCHDOG_USEC="200000")
        self.daemon.wait_for(lambda s: s["programs"][2]["state"] == "running")
        heard = []

        def hear(wanted):
            while True:
                heard.append(manager.recv(4096).decode())
                if re.match(wanted, heard[-1]):
                    return heard[-1]

        hear("STATUS=starting: waiting for worker-2")
        self.assertNotIn("READY=1", heard)
        (self.daemon.programs / "worker-2.mute").unlink()
        os.kill(self.daemon.pids()["worker-2"], signal.SIGKILL)
        hear("READY=1")
        hear("WATCHDOG=1")
        hear("WATCHDOG=1")
        self.daemon.signal(signal.SIGHUP)
        self.assertRegex(hear("RELOADING=1"), r"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        hear("READY=1")
        self.daemon.signal(signal.SIGTERM)
        hear("STOPPING=1")
        hear("STATUS=draining")
        self.assertEqual(self.daemon.process.wait(30), 0)


class Watching(DaemonTest):
    def test_whatever_is_killed_is_started_again(self):
        self.daemon.start()
        for name in ALL:
            pid = self.daemon.pids()[name]
            os.kill(pid, signal.SIGKILL)
            status = self.daemon.wait_for(lambda s: s["state"] == "green" and self.daemon.pids().get(name) not in (None, pid))
            program = next(p for p in status["programs"] if p["name"] == name)
            self.assertEqual((program["restarts"], program["last_exit"]), (1, "killed by SIGKILL"))
        self.assertIn("program=fetch cause='killed by SIGKILL'", self.daemon.said())

    def test_five_deaths_in_a_minute_are_red_and_tried_again(self):
        (self.daemon.programs / "worker-2.dies").write_text("78")
        self.daemon.start(wait=False)
        status = self.daemon.wait_for(lambda s: s["state"] == "red")
        program = status["programs"][3]
        self.assertEqual((program["red"], program["last_exit"]), (True, "exit 78: the configuration is bad"))
        self.daemon.wait_for(lambda s: s["programs"][3]["restarts"] >= program["restarts"] + 2)
        self.assertEqual(self.daemon.said().count("a program keeps ending"), 1)
        self.assertEqual([p["red"] for p in self.daemon.call("status")["programs"]], [False, False, False, True, False])
        (self.daemon.programs / "worker-2.dies").unlink()
        status = self.daemon.wait_for(lambda s: s["programs"][3]["state"] == "running")
        self.assertEqual(status["state"], "red")  # until it has run well for a minute

    def test_a_program_that_cannot_be_run_any_more_is_tried_again(self):
        self.daemon.start()
        program = self.daemon.programs / "newsmq-fetch"
        program.chmod(0o644)
        os.kill(self.daemon.pids()["fetch"], signal.SIGKILL)
        self.daemon.wait_for(lambda s: "Permission denied" in (s["programs"][4]["last_exit"] or ""))
        program.chmod(0o755)
        self.daemon.wait_for(lambda s: s["programs"][4]["state"] == "running")

    def test_kill_9_of_newsmqd_leaves_nothing_that_blocks_the_next(self):
        self.daemon.start()
        pids = list(self.daemon.pids().values())
        self.daemon.signal(signal.SIGKILL)
        self.daemon.process.wait(30)
        wait_until(lambda: not any(is_alive(pid) for pid in pids), what="orphans end")
        self.daemon.start()
        self.assertEqual(len(self.daemon.pids()), 5)


class Stopping(DaemonTest):
    def test_sigterm_stops_fetch_workers_sink_and_hub_in_this_order(self):
        self.daemon.start()
        pids = list(self.daemon.pids().values())
        self.assertEqual(self.daemon.stop(), 0)
        order = [name for _, name in self.daemon.events("term")]
        self.assertEqual((order[0], sorted(order[1:3]), order[3:]), ("fetch", ["worker-1", "worker-2"], ["sink", "hub"]))
        self.assertFalse(any(is_alive(pid) for pid in pids))
        self.assertFalse((self.daemon.folder / "run" / "newsmqd.sock").exists())
        self.daemon.start()
        self.assertEqual(self.daemon.stop(), 0)

    def test_what_does_not_end_in_time_is_killed_with_a_warning(self):
        self.daemon.arguments += ["--stop-within", "2"]
        (self.daemon.programs / "sink.deaf").touch()
        self.daemon.start()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertRegex(self.daemon.said(), r"program does not end, killing it: program=sink pid=\d+")
        self.assertEqual([name for _, name in self.daemon.events("term")][-1], "hub")

    def test_a_second_sigterm_is_quicker_and_a_third_kills(self):
        self.daemon.arguments += ["--stop-within", "600"]
        for name in ("fetch", "hub"):
            (self.daemon.programs / f"{name}.deaf").touch()
        self.daemon.start()
        self.daemon.signal(signal.SIGTERM)
        wait_until(lambda: ("term", "fetch") in self.daemon.events(), what="fetch is told")
        self.assertEqual(self.daemon.call("status")["state"], "draining")
        self.assertRegex(self.daemon.call("reload"), r"^ERR 503 newsmqd is stopping")
        self.daemon.signal(signal.SIGINT)
        wait_until(lambda: ("term", "hub") in self.daemon.events(), what="hub is told at once")
        self.assertEqual(self.daemon.process.wait(60), 0)

    def test_a_third_sigterm_kills(self):
        self.daemon.arguments += ["--stop-within", "600"]
        (self.daemon.programs / "fetch.deaf").touch()
        self.daemon.start()
        for times in ("stopping", "being quick", "killing what is left"):
            self.daemon.signal(signal.SIGTERM)
            wait_until(lambda: times in self.daemon.said(), what=times)
        self.assertEqual(self.daemon.process.wait(30), 0)

    def test_ctrl_c_at_a_terminal_stops_in_order_too(self):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(BIN / "newsmqd", ["newsmqd", "-c", str(self.daemon.config), *self.daemon.arguments])
        self.addCleanup(os.close, terminal)
        self.daemon.wait_for(lambda s: s["state"] == "green")
        os.write(terminal, b"\x03")
        status = None
        while status is None:
            if select.select([terminal], [], [], 0.02)[0]:
                try:
                    os.read(terminal, 65536)  # or the log would fill it
                except OSError:
                    pass  # the other end is closed
            done, code = os.waitpid(pid, os.WNOHANG)
            status = code if done else None
        self.assertEqual(status, 0)
        order = [name for _, name in self.daemon.events("term")]
        self.assertEqual((order[0], sorted(order[1:3]), order[3:]), ("fetch", ["worker-1", "worker-2"], ["sink", "hub"]))

    def test_sigterm_while_programs_start_stops_them(self):
        (self.daemon.programs / "sink.mute").touch()
        (self.daemon.programs / "hub.dies").write_text("1")
        self.daemon.start(wait=False)
        self.daemon.wait_for(lambda s: s["programs"][0]["restarts"] >= 1)
        self.assertEqual(self.daemon.stop(), 0)


class Reloading(DaemonTest):
    def test_a_good_file_is_taken_and_its_changes_are_told(self):
        self.daemon.start()
        before = self.daemon.pids()
        self.daemon.write(feeds=("a", "b"))
        answer = self.daemon.call("reload")
        self.assertEqual(answer, {"ok": True, "diff": "+ feed b https://news.example.org/b.xml\n"})
        wait_until(lambda: sorted(n for _, n in self.daemon.events("hup")) == sorted(ALL), what="all are told")
        self.assertEqual(self.daemon.pids(), before)
        self.assertIn("configuration changes: + feed b", self.daemon.said())

    def test_a_bad_file_is_refused_with_its_faults_and_the_old_one_goes_on(self):
        self.daemon.start()
        good = self.daemon.config.read_text()
        self.daemon.config.write_text(good.replace("processes", "proceses").replace("feeds:", "feed:"))
        answer = self.daemon.call("reload")
        self.assertFalse(answer["ok"])
        self.assertGreaterEqual(len(answer["faults"]), 2)
        self.assertTrue(all(re.search(r"newsmq\.yaml:\d+:\d+: ", fault) for fault in answer["faults"]), answer)
        self.daemon.signal(signal.SIGHUP)
        wait_until(lambda: self.daemon.said().count("going on as before") == 2, what="SIGHUP is refused too")
        self.assertEqual((self.daemon.call("status")["state"], self.daemon.events("hup")), ("green", []))
        self.daemon.config.write_text(good)
        self.assertEqual(self.daemon.call("reload"), {"ok": True, "diff": ""})

    def test_workers_come_and_go(self):
        self.daemon.start()
        before = self.daemon.pids()
        self.daemon.write(workers=4)
        self.assertIn("! worker-3 is added\n! worker-4 is added\n", self.daemon.call("reload")["diff"])
        self.daemon.wait_for(lambda s: s["state"] == "green" and len(s["programs"]) == 7)
        self.daemon.write(workers=1)
        self.assertIn("! worker-2 ends\n", self.daemon.call("reload")["diff"])
        self.daemon.wait_for(lambda s: [p["name"] for p in s["programs"] if "worker" in p["name"]] == ["worker-1"])
        self.assertEqual(self.daemon.pids(), {k: v for k, v in before.items() if k != "worker-2"})

    def test_a_sink_that_goes_is_remembered_by_the_hub_and_this_is_told(self):
        self.daemon.start()
        before = self.daemon.pids()
        self.daemon.write(more="sinks:\n  - { type: jsonl, name: other, keep: 30d }")
        self.assertEqual(self.daemon.call("reload")["diff"], "- sink jsonl\n+ sink other\n"
                         "! the hub keeps records for sink jsonl until `newsmq forget jsonl`\n")
        wait_until(lambda: ("hup", "sink") in self.daemon.events(), what="the sink is told")
        self.assertEqual(self.daemon.pids(), before)

    def test_another_bus_starts_everything_again_in_order(self):
        self.daemon.start()
        before = self.daemon.pids()
        other = self.daemon.folder / "other"
        self.daemon.write(folder=other)
        self.assertIn("! all programs are started again: where the bus is\n", self.daemon.call("reload")["diff"])
        self.daemon.process.poll()
        old = self.daemon.folder / "run" / "newsmqd.sock"
        wait_until(lambda: (other / "run" / "newsmqd.sock").exists() and not old.exists(), what="the socket moves")
        self.daemon.folder = other
        self.daemon.wait_for(lambda s: s["state"] == "green")
        self.assertFalse(set(before.values()) & set(self.daemon.pids().values()))
        self.assertEqual([name for _, name in self.daemon.events("term")][-2:], ["sink", "hub"])

    def test_a_place_that_another_newsmqd_has_is_refused(self):
        with tempfile.TemporaryDirectory(prefix="nmq-") as folder:
            other = self.new_daemon(folder).start()
            self.daemon.start()
            self.daemon.write(folder=pathlib.Path(folder))
            answer = self.daemon.call("reload")
            self.assertFalse(answer["ok"])
            self.assertIn("runs here already", answer["faults"][0])
            self.assertEqual((self.daemon.call("status")["state"], other.call("status")["state"]), ("green", "green"))
            other.stop()

    def test_sigterm_during_a_restart_of_everything_stops(self):
        (self.daemon.programs / "fetch.deaf").touch()
        self.daemon.start()
        self.daemon.write(bus="  credit: 7")
        self.assertTrue(self.daemon.call("reload")["ok"])
        self.daemon.wait_for(lambda s: s["state"] == "draining")
        self.daemon.signal(signal.SIGTERM)
        self.daemon.signal(signal.SIGINT)
        self.assertEqual(self.daemon.process.wait(60), 0)

    def test_a_good_file_lets_resting_programs_start_at_once(self):
        self.daemon.arguments = [a if a != "400" else "600000" for a in self.daemon.arguments]
        (self.daemon.programs / "fetch.dies").write_text("78")
        self.daemon.start(wait=False)
        self.daemon.wait_for(lambda s: s["programs"][4]["restarts"] >= 4)
        (self.daemon.programs / "fetch.dies").unlink()
        self.assertTrue(self.daemon.call("reload")["ok"])
        self.daemon.wait_for(lambda s: s["programs"][4]["state"] == "running")


class Control(DaemonTest):
    def setUp(self):
        super().setUp()
        before = os.umask(0)  # the socket's mode does not depend on it
        try:
            self.daemon.start()
        finally:
            os.umask(before)

    def test_the_socket_is_for_user_and_group_only(self):
        mode = (self.daemon.folder / "run" / "newsmqd.sock").stat().st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o660)

    def test_garbage_is_answered_and_changes_nothing(self):
        before = self.daemon.pids()
        for line, code in ((b"\n", 400), (b"GET / HTTP/1.1\r\n", 400), (b"CALL\n", 400), (b"CALL \n", 400),
                           (bytes(range(1, 10)) + b"\xff\x00\xfe\n", 400), (b"call status {}\n", 400),
                           (b"CALL stop {}\n", 404), (b"CALL status\0 {}\n", 404), (b"CALL status [1]\n", 422),
                           (b"CALL status {\n", 422), (b"CALL reload {}{}\n", 422), (b"x" * 70000 + b"\n", 413)):
            self.assertRegex(self.daemon.ask(line), f"^ERR {code} [ -~]+\n$", line[:40])
        self.assertTrue(self.daemon.ask(b"CALL status\n").startswith("RET {"))
        self.assertTrue(self.daemon.ask(b"CALL status {}\r\n").startswith("RET {"))
        self.assertEqual((self.daemon.pids(), self.daemon.events("hup")), (before, []))

    def test_many_clients_in_pieces_and_pipelined(self):
        clients = [self.daemon.connect() for _ in range(20)]
        for client in clients:
            client.sendall(b"CALL sta")
        for client in clients:
            client.sendall(b"tus {}\nCALL nothing {}\n" + b"y" * 70000 + b"\nCALL status {}\n")
        for client in clients:
            with client.makefile() as lines:
                answers = [lines.readline() for _ in range(4)]
            self.assertEqual([answer[:7] for answer in answers], ['RET {"v', "ERR 404", "ERR 413", 'RET {"v'])
            client.close()

    def test_clients_that_never_read_or_hang_up_are_no_burden(self):
        greedy = self.daemon.connect()
        greedy.setblocking(False)
        end = time.monotonic() + 20
        dropped = False
        while not dropped and time.monotonic() < end:
            try:
                greedy.send(b"CALL status {}\n" * 200)
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                dropped = True
        self.assertTrue(dropped)
        greedy.close()
        idle = [self.daemon.connect() for _ in range(200)]
        for client in idle:
            client.close()
        self.daemon.wait_for(lambda s: s["state"] == "green")


if __name__ == "__main__":
    unittest.main()
