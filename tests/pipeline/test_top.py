#!/usr/bin/python3
"""newsmq top in a pseudo-terminal, on a real daemon: what it shows, keys, sizes, and the terminal afterwards."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest

from newsmqdkit import BIN, DaemonTest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from newsserver import NewsServer, Page, feed  # noqa: E402

WAIT_S = 30
LEAVE = b"\x1b[?7h\x1b[?25h\x1b[?1049l"


class Terminal:
    """newsmq top in a terminal of so many columns and lines."""

    def __init__(self, config, columns=100, lines=24, arguments=(), **environment):
        self.columns, self.lines, self.said = columns, lines, b""
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.resize(columns, lines, tell=False)
        self.process = subprocess.Popen(
            [str(BIN / "newsmq"), "-c", str(config), "top", "--every", "1", *arguments], stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, env={**os.environ, "TERM": "xterm", "NO_COLOR": "", **environment},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def resize(self, columns, lines, tell=True):
        self.columns, self.lines = columns, lines
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read(self, timeout_s=0.1):
        if select.select([self.master], [], [], timeout_s)[0]:
            self.said += os.read(self.master, 65536)

    def frame(self) -> list:
        """The lines of the last whole frame, without colours."""
        frames = self.said.split(b"\x1b[H")
        whole = [f for f in frames[1:] if b"\x1b[J" in f]
        text = whole[-1].split(b"\x1b[J")[0].decode() if whole else ""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "").split("\n")

    def wait(self, condition, what=""):
        end = time.monotonic() + WAIT_S
        while not condition(self.frame()):
            assert time.monotonic() < end, (what, "\n".join(self.frame()))
            self.read()
        return self.frame()

    def key(self, keys: str):
        os.write(self.master, keys.encode())

    def ids(self):
        return [line.split()[0] for line in self.frame() if re.match(r"feed-", line)]

    def end(self):
        end = time.monotonic() + WAIT_S
        while self.process.poll() is None:
            assert time.monotonic() < end, "it goes on"
            self.read()
        for _ in range(3):
            self.read(0.02)
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


class Top(DaemonTest):
    standins = False

    def setUp(self):
        super().setUp()
        self.server = NewsServer()
        self.addCleanup(self.server.close)
        entries = ""
        for n in range(30):
            if n != 7:
                self.server.set(f"/{n}.xml", Page(feed(f"f{n}", range(n % 3 + 1))))
            entries += f"  - {{ id: feed-{n:02}, url: '{self.server.url(f'/{n}.xml')}', group: {'odd' if n % 2 else 'even'} }}\n"
        self.daemon.config.write_text(
            f"feeds:\n{entries}groups: {{ odd: {{}}, even: {{}} }}\n"
            "defaults: { allow_private: true, first_poll: all }\npoliteness: { per_host: { gap: 0, concurrency: 8 } }\n"
            f"bus: {{ dir: {self.place.name}/run }}\nstate: {{ path: {self.place.name}/state }}\nhttp: {{ listen: off }}\n"
            f"workers: [language]\nwatch: {{ happened: {{ any: happened }} }}\n"
            f"sinks: [{{ type: jsonl, path: {self.place.name}/out/r.jsonl }}]\n")

    def terminal(self, *arguments, **more):
        terminal = Terminal(self.daemon.config, *arguments, **more)
        self.addCleanup(terminal.close)
        return terminal

    def start(self):
        self.daemon.start()
        for _ in range(600):
            answer = self.top("--json")
            if answer.stdout and ((json.loads(answer.stdout)["hub"] or {}).get("records") == 58):
                return json.loads(answer.stdout)
            time.sleep(0.05)
        raise AssertionError(answer)

    def top(self, *arguments):
        return subprocess.run([str(BIN / "newsmq"), "-c", str(self.daemon.config), "top", *arguments], capture_output=True,
                              text=True, timeout=60, env={**os.environ, "TERM": "xterm"})

    def test_once_and_json_are_for_scripts(self):
        self.assertEqual(self.top("--once").returncode, 69)
        answer = self.start()
        self.assertEqual((answer["ok"], len(answer["feeds"]), answer["hub"]["watch"][0]["hits"]), (True, 30, 58))
        self.assertTrue(any("1 failing" in alarm["text"] and not alarm["bad"] for alarm in answer["alarms"]))
        once = self.top("--once")
        self.assertEqual(once.returncode, 0)
        self.assertNotIn("\x1b", once.stdout)
        lines = once.stdout.splitlines()
        self.assertRegex(lines[0], r"^newsmq well  up ")
        self.assertRegex(lines[1], r"^items 58  records 58  pending 0")
        self.assertIn("watch     happened 58", once.stdout)
        self.assertRegex(once.stdout, r"\nprograms  .*hub.*worker-1")
        self.assertEqual(len([line for line in lines if line.startswith("feed-")]), 30)
        self.assertRegex(once.stdout, r"\nfeed-07 +failing")
        self.assertEqual(self.top("--every", "0").returncode, 64)

    def test_keys_scroll_sort_filter_and_end(self):
        self.start()
        t = self.terminal(100, 20)
        t.wait(lambda f: "feed-07" in "".join(f))
        self.assertEqual(t.ids()[0], "feed-07")  # the failing one comes first
        self.assertEqual(len(t.frame()), 20)
        self.assertTrue(all(len(line) <= 100 for line in t.frame()), t.frame())
        rows = len(t.ids())
        t.key("s")
        t.wait(lambda f: "sort: id" in f[-1])
        t.wait(lambda f: t.ids()[0] == "feed-00")
        t.key("\x1b[B")
        t.wait(lambda f: t.ids()[0] == "feed-01", "down")
        t.key("k")
        t.wait(lambda f: t.ids()[0] == "feed-00", "k")
        t.key("\x1b[6~")
        t.wait(lambda f: t.ids()[0] == f"feed-{rows:02}", "page down")
        t.key("G")
        t.wait(lambda f: t.ids()[-1] == "feed-29" and len(t.ids()) == rows, "end")
        t.key("\x1b[H")
        t.wait(lambda f: t.ids()[0] == "feed-00", "home")
        t.key("/odd")
        t.wait(lambda f: f[-1].startswith("filter: odd_") and t.ids()[:2] == ["feed-01", "feed-03"], "filter")
        t.key("\x7f\x7f\x7f-2\r")
        t.wait(lambda f: "of 10" in f[-1] and t.ids() == [f"feed-{n}" for n in range(20, 20 + min(10, rows))], "filter -2")
        t.key("\x1b")
        t.wait(lambda f: "of 30" in f[-1], "escape")
        t.key("p")
        t.wait(lambda f: t.ids() == ["feed-07"] and "problems" in f[-1], "problems")
        t.key("\x1b[99~\x1b[Zx\x01é")  # nothing to us
        t.key("q")
        self.assertEqual(t.end(), 0)
        self.assertTrue(t.said.endswith(LEAVE), t.said[-60:])
        self.assertEqual(termios.tcgetattr(t.slave), t.before)

    def test_every_size_fits(self):
        self.start()
        t = self.terminal(100, 24)
        t.wait(lambda f: len(t.ids()) > 3)
        for columns, lines in ((200, 50), (60, 10), (30, 8), (20, 4), (5, 2), (1, 1), (80, 24)):
            t.resize(columns, lines)
            frame = t.wait(lambda f: len(f) == lines and all(len(line) <= columns for line in f), (columns, lines))
            if lines >= 8:
                self.assertTrue(t.ids() or columns < 20, frame)
        t.key("q")
        self.assertEqual(t.end(), 0)

    def test_the_terminal_is_given_back_whatever_ends_it(self):
        for number, code in ((signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGQUIT, -signal.SIGQUIT),
                             (signal.SIGSEGV, -signal.SIGSEGV), (signal.SIGABRT, -signal.SIGABRT)):
            t = self.terminal(80, 24)
            t.wait(lambda f: "trouble" in f[0], number)
            t.process.send_signal(number)
            self.assertEqual(t.end(), code, number)
            self.assertTrue(LEAVE in t.said, (number, t.said[-60:]))
            self.assertEqual(termios.tcgetattr(t.slave), t.before, number)

    def test_it_waits_for_a_daemon_and_sees_it_go(self):
        t = self.terminal(100, 24)
        t.wait(lambda f: any("the hub does not answer" in line for line in f))
        self.start()
        t.wait(lambda f: f[0].startswith("newsmq well") and t.ids(), "well")
        self.assertTrue(b"\x1b[32m" in t.said)
        os.kill(t.process.pid, signal.SIGTSTP)
        t.wait(lambda f: LEAVE in t.said, "given back")
        os.kill(t.process.pid, signal.SIGCONT)  # without a shell behind it the kernel does not even stop it
        t.wait(lambda f: b"\x1b[?1049h" in t.said.split(LEAVE)[-1] and f[0].startswith("newsmq well"), "taken again")
        self.daemon.stop()
        t.wait(lambda f: "trouble" in f[0], "gone")
        t.key("q")
        self.assertEqual(t.end(), 0)

    def test_without_colour_there_is_none(self):
        self.start()
        t = self.terminal(100, 24, NO_COLOR="1")
        t.wait(lambda f: t.ids())
        t.key("q")
        t.end()
        self.assertEqual(re.findall(rb"\x1b\[[0-9;]*m", t.said), [])


if __name__ == "__main__":
    unittest.main()
