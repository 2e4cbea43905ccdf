#!/usr/bin/python3
"""The state over time: an older schema is upgraded, a newer one refused, a copy is made while it is used and put back."""
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from hubkit import BIN, ROOT, Hub, HubTest, Worker, item_core

OLD = sorted((ROOT / "tests" / "data" / "state").glob("schema-*.sql"))
NEWEST = int(re.search(r"#define SCHEMA_VERSION (\d+)", (ROOT / "lib" / "store" / "private.h").read_text()).group(1))


def scripted(folder: pathlib.Path, script: pathlib.Path):
    folder.mkdir()
    with sqlite3.connect(folder / "state.db") as state:
        state.executescript(script.read_text())
    state.close()


def columns(path: pathlib.Path) -> dict:
    state = sqlite3.connect(path)
    tables = [name for (name,) in state.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'")]
    found = {name: [row[1:] for row in state.execute(f"PRAGMA table_info({name})")] for name in tables}
    found["version"] = state.execute("PRAGMA user_version").fetchone()
    state.close()
    return found


class Schema(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.hub = Hub(self.place.name)
        self.addCleanup(self.place.cleanup)
        self.addCleanup(self.hub.close)
        self.state = pathlib.Path(self.place.name) / "state"

    def test_every_older_schema_has_its_script(self):
        self.assertEqual([path.name for path in OLD], [f"schema-{n}.sql" for n in range(1, NEWEST)])

    def test_an_older_state_is_upgraded_and_goes_on(self):
        for script in OLD:
            with self.subTest(script=script.name):
                shutil.rmtree(self.state, ignore_errors=True)
                scripted(self.state, script)
                self.hub.start()
                status = self.hub.status()
                self.assertTrue(status["accounts_ok"])
                self.assertEqual([status[name] for name in ("items", "records", "dead", "pending")], [7, 5, 1, 1])
                self.assertEqual([(c["name"], c["acked"]) for c in status["consumers"]], [("jsonl", 3)])
                self.assertEqual(self.hub.put([item_core("n0", text="Text 0: Maria Keller in Geneva.")]), (0, 1))  # known
                worker = Worker(self.hub)
                seq, _attempt, item = worker.job()
                worker.result(seq)
                self.hub.wait_for(lambda status: status["records"] == 6 and status["pending"] == 0)
                worker.close()
                self.assertEqual(self.hub.stop(), 0)

    def test_an_upgraded_state_has_the_tables_of_a_new_one(self):
        scripted(self.state, OLD[0])
        self.hub.start()
        self.assertEqual(self.hub.stop(), 0)
        upgraded = columns(self.state / "state.db")
        shutil.rmtree(self.state)
        self.hub.start()
        self.assertEqual(self.hub.stop(), 0)
        self.assertEqual(upgraded, columns(self.state / "state.db"))
        self.assertEqual(upgraded["version"], (NEWEST,))

    def test_a_newer_state_is_refused_with_a_sentence_and_left_alone(self):
        self.hub.start()
        self.hub.put(["one"])
        self.assertEqual(self.hub.stop(), 0)
        state = sqlite3.connect(self.state / "state.db")
        state.execute(f"PRAGMA user_version={NEWEST + 1}")
        state.close()
        before = (self.state / "state.db").read_bytes()
        run = subprocess.run([str(BIN / "newsmq-hub"), "-c", f"{self.place.name}/newsmq.yaml"], capture_output=True, text=True, timeout=30)
        self.assertNotEqual(run.returncode, 0)
        self.assertRegex(run.stderr, rf"written by a newer newsmq \(schema {NEWEST + 1}, this one knows {NEWEST}\); run that newsmq")
        self.assertEqual((self.state / "state.db").read_bytes(), before)


class Backup(HubTest):
    def backup(self, name: str = "copy.db", ok: bool = True):
        path = pathlib.Path(self.place.name) / name
        run = subprocess.run([str(BIN / "newsmq"), "-c", f"{self.place.name}/newsmq.yaml", "backup", "--json", str(path)],
                             capture_output=True, text=True, timeout=60)
        if ok:
            self.assertEqual(run.returncode, 0, run.stderr)
            return path, json.loads(run.stdout)
        return path, run

    def records(self, values):
        self.hub.put(values)
        worker = Worker(self.hub, name=f"maker-{values[0]}", credit=100)
        for _ in values:
            worker.result(worker.job()[0])
        worker.close()
        self.hub.wait_for(lambda status: status["pending"] == 0)

    def test_a_copy_is_whole_while_the_hub_commits(self):
        self.records([f"n{n}" for n in range(20)])
        worker = Worker(self.hub, name="busy", credit=1000)
        for batch in range(10):
            self.hub.put([f"b{batch}-{n}" for n in range(50)])
            path, told = self.backup(f"copy-{batch}.db")
            state = sqlite3.connect(path)
            (items,), (check,) = state.execute("SELECT count(*) FROM item").fetchone(), state.execute("PRAGMA integrity_check").fetchone()
            (open_,), (records,) = state.execute("SELECT count(*) FROM pending").fetchone(), state.execute("SELECT count(*) FROM record").fetchone()
            state.close()
            self.assertEqual((check, items, items), ("ok", told["items"], open_ + records))
            for _ in range(25):
                worker.result(worker.job()[0])
        worker.close()

    def test_a_copy_is_for_its_owner_only_and_none_is_written_over(self):
        path, _told = self.backup()
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        before = path.read_bytes()
        _path, run = self.backup(ok=False)
        self.assertEqual((run.returncode, path.read_bytes()), (73, before))
        self.assertIn("is there already", run.stderr)
        self.assertEqual([p.name for p in pathlib.Path(self.place.name).glob("*.part")], [])

    def test_what_is_put_back_goes_on_from_there(self):
        self.records(["one", "two"])
        path, _told = self.backup()
        self.records(["three"])
        self.assertEqual(self.hub.stop(), 0)
        shutil.rmtree(pathlib.Path(self.place.name) / "state")
        (pathlib.Path(self.place.name) / "state").mkdir()
        shutil.copy(path, pathlib.Path(self.place.name) / "state" / "state.db")
        self.hub.start()
        self.accounts(items=2, records=2)
        self.assertEqual(self.hub.put(["one", "two", "three"]), (1, 2))

    def test_a_copy_works_beside_the_hub_it_was_made_of(self):
        """Another daemon runs on; moving to another machine is the same with a copy of the file."""
        self.records(["one", "two"])
        path, _told = self.backup()
        with tempfile.TemporaryDirectory(prefix="nmq-") as place:
            (pathlib.Path(place) / "state").mkdir()
            shutil.copy(path, pathlib.Path(place) / "state" / "state.db")
            other = Hub(place)
            try:
                other.start()
                self.assertEqual(other.status()["records"], 2)
                self.assertEqual(other.status()["epoch"], self.hub.status()["epoch"])
            finally:
                other.close()
        self.records(["three"])
        self.accounts(items=3, records=3)

    def test_without_a_state_it_says_so(self):
        config = pathlib.Path(self.place.name) / "none.yaml"
        config.write_text(f"state: {{ path: {self.place.name}/none }}\nfeeds: [ x: https://news.example.org/ ]\n")
        run = subprocess.run([str(BIN / "newsmq"), "-c", str(config), "backup", f"{self.place.name}/x.db"], capture_output=True,
                             text=True, timeout=30)
        self.assertEqual(run.returncode, 66, run.stderr)
        self.assertFalse((pathlib.Path(self.place.name) / "x.db").exists())


if __name__ == "__main__":
    unittest.main()
