#!/usr/bin/python3
"""newsmq check, import, export: the real program, what it prints and how it exits."""
import json
import os
import pathlib
import pty
import subprocess
import tempfile
import unittest

NEWSMQ = pathlib.Path(os.environ.get("NEWSMQ_BIN", "build/bin")) / "newsmq"
ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(*args, stdin=None, **env):
    return subprocess.run([NEWSMQ, *map(str, args)], input=stdin, capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **env})


def run_on_a_terminal(*args):
    main, side = pty.openpty()
    child = subprocess.Popen([NEWSMQ, *map(str, args)], stdout=side, stderr=side,
                             env={"PATH": os.environ["PATH"], "TERM": "xterm", "HOME": "/nonexistent"})
    os.close(side)
    out = b""
    while True:
        try:
            chunk = os.read(main, 65536)
        except OSError:  # the other side is closed
            break
        if not chunk:
            break
        out += chunk
    os.close(main)
    return child.wait(timeout=60), out.decode()


class Check(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def faulty(self):
        return self.write("newsmq.yaml", "defaults: { evry: 5m, timeout: 20 }\n"
                                         "feeds:\n  - bbc: https://bbc.example/\n")

    def test_the_examples_of_the_tree_are_good(self):
        for name in "newsmq.yaml", "minimal.yaml":
            answer = run("check", ROOT / "config" / name)
            self.assertEqual(answer.returncode, 0, answer.stdout)
            self.assertIn("OK: ", answer.stdout)
        self.assertIn("1 feed in 0 groups", answer.stdout)

    def test_every_fault_is_one_line_with_place_and_remedy(self):
        path = self.faulty()
        answer = run("check", path)
        self.assertEqual(answer.returncode, 78)
        self.assertEqual(answer.stdout.splitlines(), [
            f"{path}:1:13: unknown key 'evry' in defaults, a group or a feed (did you mean 'every'?)",
            f"{path}:1:32: 'timeout': unit missing in '20' (did you mean 20s?)",
            "2 faults"])

    def test_on_a_terminal_a_caret_points_at_the_fault(self):
        code, out = run_on_a_terminal("check", self.faulty())
        self.assertEqual(code, 78)
        self.assertIn("\x1b[", out)
        plain = run("check", "--lines", self.faulty()).stdout.splitlines()
        self.assertEqual(plain[1], "      1 | defaults: { evry: 5m, timeout: 20 }")
        self.assertEqual(plain[2], "        |             ^")

    def test_json_has_the_same(self):
        answer = run("check", "--json", self.faulty())
        self.assertEqual(answer.returncode, 78)
        said = json.loads(answer.stdout)
        self.assertFalse(said["ok"])
        self.assertEqual([(f["line"], f["column"]) for f in said["faults"]], [(1, 13), (1, 32)])
        self.assertEqual(said["faults"][0]["hint"], "did you mean 'every'?")

    def test_print_reads_back_and_hides_secrets(self):
        path = self.write("a.yaml", "feeds:\n  - { id: a, url: 'https://a.example/', auth: { user: u, password: "
                                    "'${PW}' } }\n")
        printed = run("check", "--print", path, PW="hunter2")
        self.assertEqual(printed.returncode, 0, printed.stdout)
        self.assertNotIn("hunter2", printed.stdout)
        again = run("check", "--print", self.write("b.yaml", printed.stdout))
        self.assertEqual(again.stdout, printed.stdout)

    def test_the_configuration_is_found_in_the_usual_places(self):
        path = self.faulty()
        for answer in run("-c", path, "check"), run("check", NEWSMQ_CONFIG=str(path)):
            self.assertEqual(answer.returncode, 78)
            self.assertIn("2 faults", answer.stdout)

    def test_wrong_usage_is_told(self):
        self.assertEqual(run("check", "--prnt").returncode, 64)
        self.assertEqual(run("check", "a", "b").returncode, 64)
        self.assertIn("Usage", run("check", "--help").stdout)
        self.assertEqual(run("import", "--x").returncode, 64)
        self.assertEqual(run("export", "x").returncode, 64)

    def test_the_reference_is_the_page_in_docs(self):
        self.assertEqual(run("check", "--reference").stdout, (ROOT / "docs/configuration.md").read_text())

    def test_opml_goes_in_and_comes_out(self):
        opml = ROOT / "tests/data/opml/nested.opml"
        imported = run("import", opml)
        self.assertEqual(imported.returncode, 0)
        self.assertIn("nested.opml:12: left out: https://lodz.example/x is on line 9 already", imported.stderr)
        self.assertEqual(run("import", stdin=opml.read_text()).stdout, imported.stdout)
        path = self.write("feeds.yaml", imported.stdout)
        self.assertIn("5 feeds in 2 groups", run("check", path).stdout)
        exported = run("export", "--opml", "-c", path)
        self.assertEqual(exported.returncode, 0)
        self.assertEqual(run("import", self.write("x.opml", exported.stdout)).stdout.count("url:"), 3)

    def test_what_is_no_opml_is_refused(self):
        self.assertEqual(run("import", ROOT / "tests/data/opml/bomb.opml").returncode, 65)
        self.assertEqual(run("import", self.folder / "none").returncode, 66)
        self.assertEqual(run("export", "-c", self.faulty()).returncode, 78)

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w") as full:
            answer = subprocess.run([NEWSMQ, "check", "--reference"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("No space left", answer.stderr)


if __name__ == "__main__":
    unittest.main()
