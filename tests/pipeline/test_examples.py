#!/usr/bin/python3
"""The programs of examples/ against the real hub; one whose binding is not installed is skipped."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from hubkit import ROOT, WAIT_S, HubTest, Worker, item_core

sys.path.insert(0, str(ROOT / "tests" / "support"))
from schema import check_nlp, check_published  # noqa: E402

EXAMPLES = ROOT / "examples"


class Program:
    """A running example, its lines gathered as they come."""

    def __init__(self, *command, **env):
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env={**os.environ, **env})
        self.out, self.err = [], []
        self.readers = [threading.Thread(target=lambda stream, to: to.extend(iter(stream.readline, "")), args=pair,
                                         daemon=True)
                        for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for reader in self.readers:
            reader.start()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for reader in self.readers:
            reader.join(WAIT_S)
        self.process.stdout.close()
        self.process.stderr.close()


def wait_until(condition, what, timeout_s: float = 3 * WAIT_S):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what()}"
        time.sleep(0.02)


class Examples(HubTest):
    settings = {"high_water_mark": 20}

    def run_example(self, *command, **env):
        program = Program(*command, **env)
        self.addCleanup(program.stop)
        return program

    def endpoint(self, name: str) -> str:
        return self.hub.endpoint(name)

    def keys(self) -> list:
        """What an example is told beside the endpoint."""
        return [f"{self.hub.door.keys}/all.key_secret", f"{self.hub.door.keys}/hub.key"] if self.hub.door else []

    def make_records(self, values, **more):
        self.hub.put([item_core(value, **more) for value in values])
        done = self.hub.status()["records"] + len(values)
        worker = Worker(self.hub, name="maker", credit=1000)
        for _ in values:
            worker.result(worker.job()[0])
        self.hub.wait_for(lambda status: status["records"] == done)
        worker.say("BYE")
        worker.close()

    def make_records_until(self, program, seen):
        """A subscription takes a moment, and PUB does not wait: records until the first is seen."""
        for n in range(1000):
            self.make_records([f"warm-{n}"])
            if seen():
                return n + 1
            self.assertIsNone(program.process.poll(), program.err)
            time.sleep(0.05)
        self.fail(f"nothing was seen: {program.err}")

    def test_five_lines_of_python_print_the_titles(self):
        code = [line for line in (EXAMPLES / "titles.py").read_text().splitlines() if not line.startswith("#")]
        self.assertEqual(len(code), 5)
        program = self.run_example(sys.executable, EXAMPLES / "titles.py", self.endpoint("pub"))
        self.make_records_until(program, lambda: program.out)
        self.make_records(["last"])
        wait_until(lambda: program.out[-1] == "About last\n", lambda: program.out)

    def subscriber(self):
        compiler = shutil.which("cc")
        flags = compiler and subprocess.run(["pkg-config", "--cflags", "--libs", "libzmq"], capture_output=True, text=True)
        if not compiler or flags.returncode != 0:
            self.skipTest("no C compiler, or no libzmq for it")
        binary = pathlib.Path(self.place.name) / "subscriber"
        subprocess.run([compiler, "-Wall", "-Wextra", "-Werror", "-o", binary, EXAMPLES / "subscriber.c",
                        *flags.stdout.split()], check=True)
        return self.run_example(binary, self.endpoint("pub"), self.endpoint("replay"), "record/g/", *self.keys())

    def test_the_c_subscriber_prints_every_record_once_whatever_is_lost(self):
        self.make_records([f"before-{n}" for n in range(30)])
        program = self.subscriber()
        wait_until(lambda: len(program.out) >= 30, lambda: (len(program.out), program.err))
        warm = self.make_records_until(program, lambda: len(program.out) > 30)
        program.process.send_signal(signal.SIGSTOP)
        for batch in range(10):  # more than sockets and high water marks hold
            self.make_records([f"burst-{batch}-{n}" for n in range(100)], content_text="long " * 1000)
        program.process.send_signal(signal.SIGCONT)
        total = 30 + warm + 1000
        wait_until(lambda: len(program.out) >= total, lambda: (len(program.out), total, program.err[-3:]))
        records = [check_published(json.loads(line)) if n % 50 == 0 else json.loads(line)
                   for n, line in enumerate(program.out)]
        self.assertEqual(len({record["id"] for record in records}), total)
        self.assertEqual(len(records), total)
        self.assertTrue(any("repairing" in line for line in program.err), "nothing was lost: the test is too small")

    def test_the_c_subscriber_begins_again_with_a_new_store(self):
        self.make_records(["old"])
        program = self.subscriber()
        wait_until(lambda: len(program.out) == 1, lambda: program.err)
        self.make_records_until(program, lambda: len(program.out) > 1)
        self.hub.kill()
        shutil.rmtree(pathlib.Path(self.hub.folder) / "state")
        self.hub.start()
        self.make_records(["new"])
        wait_until(lambda: any("About new" in line for line in program.out), lambda: (program.out, program.err))

    def test_the_node_subscriber_prints_people_and_says_what_is_lost(self):
        node = shutil.which("node")
        if not node:
            self.skipTest("no node")
        # modules are looked for beside the file and above; $NODE_MODULES names another folder
        folder = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(folder.cleanup)
        shutil.copy(EXAMPLES / "subscriber.mjs", folder.name)
        modules = pathlib.Path(os.environ.get("NODE_MODULES", ROOT / "examples" / "node_modules"))
        if modules.is_dir():
            (pathlib.Path(folder.name) / "node_modules").symlink_to(modules)
        probe = subprocess.run([node, "--input-type=module", "-e", "import 'zeromq'"], cwd=folder.name, capture_output=True)
        if probe.returncode != 0:
            self.skipTest("node has no zeromq")
        program = self.run_example(node, pathlib.Path(folder.name) / "subscriber.mjs", self.endpoint("pub"))
        self.make_records_until(program, lambda: program.out)
        self.make_records(["last"])
        wait_until(lambda: "About last" in program.out[-1], lambda: (program.out, program.err))
        self.assertEqual(program.err, [])

    def test_a_worker_in_python_makes_records(self):
        program = self.run_example(sys.executable, EXAMPLES / "worker.py", self.endpoint("work"))
        self.hub.put([item_core(f"n{n}", text=f"Über {n}: the WHO met UNESCO, and the WHO — left.") for n in range(50)])
        self.hub.wait_for(lambda status: status["records"] == 50, 3 * WAIT_S)
        replay = self.hub.peer("replay")
        replay.say("GET", "record", 1, 0)
        record = check_published(json.loads(replay.expect("MSG")[3]))
        replay.close()
        check_nlp(record)
        self.assertEqual([(entity["name"], len(entity["mentions"])) for entity in record["nlp"]["entities"]],
                         [("WHO", 2), ("UNESCO", 1)])
        self.assertEqual(self.hub.status()["workers"][0]["name"], f"python-{program.process.pid}")

    def test_a_worker_in_python_outlives_the_hub_and_drains(self):
        program = self.run_example(sys.executable, EXAMPLES / "worker.py", self.endpoint("work"), *self.keys())
        self.hub.put(["one"])
        self.hub.wait_for(lambda status: status["records"] == 1, 3 * WAIT_S)
        self.hub.kill()
        self.hub.start()
        self.hub.put(["two"])
        self.hub.wait_for(lambda status: status["records"] == 2, 3 * WAIT_S)
        self.hub.call("drain")
        self.assertEqual(program.process.wait(3 * WAIT_S), 0)
        self.hub.wait_for(lambda status: status["workers"] == [], 3 * WAIT_S)


class FromAnotherMachine(Examples):
    """With keys, over tcp."""
    curve = True
    test_five_lines_of_python_print_the_titles = None
    test_the_c_subscriber_begins_again_with_a_new_store = None
    test_the_node_subscriber_prints_people_and_says_what_is_lost = None
    test_a_worker_in_python_makes_records = None

    def test_titles_from_another_machine(self):
        program = self.run_example(sys.executable, EXAMPLES / "titles_far.py", self.endpoint("pub"), *self.keys())
        self.make_records_until(program, lambda: program.out)
        self.make_records(["last"])
        wait_until(lambda: program.out[-1] == "About last\n", lambda: program.out)


if __name__ == "__main__":
    unittest.main()
