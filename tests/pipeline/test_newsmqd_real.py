#!/usr/bin/python3
"""newsmqd with the real programs: a feed in, JSON Lines out, and every promise kept while
programs are killed, told to stop and given another configuration."""
import os
import signal
import unittest

from newsmqdkit import RealTest, is_alive, wait_until


class Real(RealTest):
    def test_a_feed_that_somebody_wants_is_polled_at_once(self):
        self.feeds = {"a": 2}
        self.configure()
        self.daemon.start()
        self.wait_for_records(2)
        self.feeds = {"a": 5}
        self.configure()
        run = self.newsmq("feeds", "--enable", "a")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.wait_for_records(5)
        self.check_whole()

    def test_feeds_become_lines_and_everything_stops_in_order(self):
        self.feeds = {"one": 30, "two": 5}
        self.configure()
        self.daemon.start()
        self.wait_for_records(35)
        status = self.newsmq("status")
        self.assertEqual((status.returncode, status.stderr), (0, ""), status.stdout)
        self.assertIn("newsmqd is green", status.stdout)
        self.assertIn("35 items = 35 done + 0 dead + 0 pending", status.stdout)
        feeds = self.newsmq("feeds")
        self.assertRegex(feeds.stdout, r"one +ok .* 30\n")
        pids = list(self.daemon.pids().values())
        self.assertEqual(self.daemon.stop(60), 0)
        self.assertFalse(any(is_alive(pid) for pid in pids))
        self.check_whole()
        self.assertNotIn("killing", self.daemon.said())
        self.daemon.start()
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()

    def test_sigterm_in_the_middle_leaves_no_record_unwritten(self):
        self.feeds = {"one": 3000}
        self.configure()
        self.daemon.start()
        self.wait_for_records(50)
        self.assertEqual(self.daemon.stop(60), 0)
        self.assertNotIn("attempt failed", self.daemon.said())  # what was in hand was finished
        self.daemon.start(wait=False)
        self.wait_for_records(3000)
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()

    def kill_program(self, name: str) -> int:
        """Kills it with SIGKILL, answers its pid. The status may still speak of one that has just ended: then the next
        is waited for."""
        killed = []

        def kill(_status) -> bool:
            pid = self.daemon.pids().get(name)
            try:
                if pid:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            except ProcessLookupError:
                pass
            return bool(killed)

        self.daemon.wait_for(kill)
        return killed[0]

    def test_each_program_is_killed_in_the_middle(self):
        self.feeds = {"one": 2000, "two": 2000}
        self.configure()
        self.daemon.start()
        for name in ("worker-1", "sink", "hub", "worker-2", "fetch", "hub", "sink"):
            killed = self.kill_program(name)
            self.daemon.wait_for(lambda s: s["state"] == "green" and self.daemon.pids().get(name) not in (None, killed))
        self.wait_for_records(4000)
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()

    def test_newsmqd_itself_is_killed_in_the_middle(self):
        self.feeds = {"one": 2000}
        self.configure()
        for _ in range(3):
            self.daemon.start()
            pids = list(self.daemon.pids().values())
            self.daemon.signal(signal.SIGKILL)
            self.daemon.process.wait(30)
        wait_until(lambda: not any(is_alive(pid) for pid in pids))
        self.daemon.start()
        self.wait_for_records(2000)
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()

    def test_a_reload_takes_new_feeds_workers_and_another_bus(self):
        self.feeds = {"one": 10}
        self.configure()
        self.daemon.start()
        self.wait_for_records(10)
        self.feeds["two"] = 20
        self.configure(workers=3)
        reload = self.newsmq("reload")
        self.assertEqual(reload.returncode, 0, reload.stderr)
        self.assertIn("+ feed two", reload.stdout)
        self.wait_for_records(30)
        self.daemon.wait_for(lambda s: s["state"] == "green" and len(s["programs"]) == 6)
        self.feeds["three"] = 40
        self.configure(workers=3, folder=self.top / "b")
        reload = self.newsmq("reload", "--dir", f"{self.top}/run")
        self.assertIn("! all programs are started again", reload.stdout)
        self.wait_for_records(70)
        self.daemon.folder = self.top / "b"
        self.daemon.wait_for(lambda s: s["state"] == "green")
        self.assertEqual(self.newsmq("status").returncode, 0)
        self.assertEqual(self.daemon.stop(60), 0)
        self.check_whole()


if __name__ == "__main__":
    unittest.main()
