#!/usr/bin/python3
"""The annotated articles of the tree are without fault, and tools/train/articles.py finds faults where there are some."""
import glob
import json
import pathlib
import subprocess
import tempfile
import unittest

from hubkit import ROOT

PROGRAM = ROOT / "tools/train/articles.py"
GOOD = """### X1 | report | en-Test
TITLE: [Lee|PER#1] in [Bonn|GPE#2]
BODY:
[Ann Lee|PER#1] of [Bonn|GPE#2] saw "[Nodi|WORK]" there.

"We shall see what can be done," [Lee|PER#1] said.
QUOTES:
"We shall see … be done" -> 1
"""


def articles(*words):
    return subprocess.run(["/usr/bin/python3", str(PROGRAM), *map(str, words)], capture_output=True, text=True)


class Articles(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(self.place.cleanup)
        self.file = pathlib.Path(self.place.name) / "some.txt"

    def check(self, text):
        self.file.write_text(text, encoding="utf-8")
        done = articles("--check", self.file)
        return done.returncode, done.stdout

    def test_all_of_the_tree_are_without_fault(self):
        files = sorted(glob.glob(str(ROOT / "data/articles/t*.txt")))
        self.assertGreater(len(files), 2)
        done = articles("--check", *files)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_none_of_the_test_is_learned_from(self):
        test = {json.loads(line)["text"] for line in articles(ROOT / "data/articles/test.txt").stdout.splitlines()}
        train = articles(*sorted(glob.glob(str(ROOT / "data/articles/train*.txt")))).stdout
        self.assertGreater(len(test), 100)
        self.assertFalse(test & {json.loads(line)["text"] for line in train.splitlines()})

    def test_text_and_mentions_are_told_in_code_points(self):
        self.file.write_text(GOOD.replace("Ann Lee", "Änn Lee"), encoding="utf-8")
        article = json.loads(articles(self.file).stdout)
        self.assertEqual(article["title"], "Lee in Bonn")
        for m in article["mentions"]:
            self.assertEqual(article["text"][m["start"]:m["end"]], m["text"])
        self.assertEqual([m["id"] for m in article["mentions"]], ["1", "2", None, "1"])
        [quote] = article["quotes"]
        self.assertEqual(article["text"][quote["start"]:quote["end"]].strip('",'), "We shall see what can be done")

    def test_faults_are_told_with_file_and_line(self):
        self.assertEqual(self.check(GOOD), (0, ""))
        for change in [(("-> 1", "-> 7"), "speaker 7 has no mention"), (("be done\" ->", "be gone\" ->"), "not found in the text"),
                       (("[Lee|PER#1] said", "[Lee|ORG#1] said"), "entity 1 is")]:
            code, said = self.check(GOOD.replace(*change[0]))
            self.assertEqual(code, 1)
            self.assertRegex(said, r"^%s:1: X1: .*%s" % (self.file, change[1]))

    def test_an_article_that_stands_twice_is_told(self):
        code, said = self.check(GOOD + "\n" + GOOD)
        self.assertEqual(code, 1)
        self.assertIn("X1 stands in", said)

    def test_help_teaches(self):
        done = articles("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--check", done.stdout)
        self.assertEqual(articles().returncode, 2)


if __name__ == "__main__":
    unittest.main()
