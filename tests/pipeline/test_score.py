#!/usr/bin/python3
"""tools/score, and `newsmq extract --conll` which it reads."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from hubkit import BIN, ROOT

COLUMNS = """-DOCSTART-\tO\tO

Ann\tB-PER\tB-PER
Lee\tI-PER\tI-PER
of\tO\tO
Bonn\tB-LOC\tB-ORG

Cup\tB-EVENT\tB-MISC
final\tI-EVENT\tO
Rome\tB-LOC\tI-LOC
"""
CONLL = """-DOCSTART- O O

Jehangir B-PER B-PER
Khan I-PER I-PER
visited O O
Brussels B-LOC B-GPE
. O O

He O O
likes O O
Europe\tB-LOC\tB-LOC
.\tO\tO
"""
ARTICLE = """### X1 | report | en-Test
TITLE: [Lee|PER#1] in [Bonn|GPE#2]
BODY:
[Ann Lee|PER#1] of [Bonn|GPE#2] met the [Bonn|ORG#3] team.

"We shall see what can be done," [Lee|PER#1] said.
QUOTES:
"We shall see … be done" -> 1
"""
NLP = {"title": "Lee in Bonn", "content_text": 'Ann Lee of Bonn met the Bonn team.\n\n"We shall see what can be done," Lee '
       "said.", "nlp": {
           "entities": [
               {"id": "e1", "type": "PER", "name": "Ann Lee", "mentions": [
                   {"start": 0, "end": 7}, {"start": 0, "end": 3, "field": "title"}, {"start": 69, "end": 72}]},
               {"id": "e2", "type": "LOC", "subtype": "GPE", "name": "Bonn", "mentions": [
                   {"start": 11, "end": 15}, {"start": 24, "end": 28}]}],
           "quotes": [{"start": 37, "end": 67, "text": "We shall see what can be done,", "speaker": "e1"}]}}


class Score(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def run_it(self, *words, stdin=""):
        return subprocess.run([str(w) for w in words], input=stdin, text=True, capture_output=True, timeout=60,
                              cwd=self.folder)

    def figures(self, *words, stdin=""):
        run = self.run_it("/usr/bin/python3", ROOT / "tools/score", "--json", *words, stdin=stdin)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return json.loads(run.stdout)

    def test_a_span_counts_when_both_ends_and_the_type_are_right(self):
        names = self.figures(self.write("x", COLUMNS))["names"]
        self.assertEqual(names["PER"], {"p": 100.0, "r": 100.0, "f1": 100.0, "right": 1, "found": 1, "wanted": 1})
        self.assertEqual((names["LOC"]["right"], names["LOC"]["found"], names["LOC"]["wanted"]), (1, 1, 2))
        self.assertEqual((names["all"]["right"], names["all"]["found"], names["all"]["wanted"]), (2, 4, 4))
        self.assertEqual(names["PER+ORG+LOC"]["found"], 3)

    def test_events_can_count_as_misc(self):
        names = self.figures("--fold-event", self.write("x", COLUMNS))["names"]
        self.assertNotIn("EVENT", names)
        self.assertEqual((names["MISC"]["right"], names["MISC"]["found"], names["MISC"]["wanted"]), (0, 1, 1))

    def test_what_has_no_three_columns_is_refused_with_its_line(self):
        run = self.run_it("/usr/bin/python3", ROOT / "tools/score", self.write("x", "Ann\tB-PER\n"))
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("x:1: ", run.stderr)

    def test_articles_count_names_who_is_who_and_quotations(self):
        article, found = self.write("a.txt", ARTICLE), self.write("found", json.dumps(NLP) + "\n")
        figures = self.figures("--articles", "--found", found, article)
        self.assertEqual((figures["names"]["PER"]["right"], figures["names"]["PER"]["wanted"]), (3, 3))
        self.assertEqual((figures["names"]["LOC"]["right"], figures["names"]["LOC"]["found"],
                          figures["names"]["LOC"]["wanted"]), (1, 2, 2))
        self.assertEqual(figures["who is who"]["PER"]["f1"], 100.0)
        self.assertEqual(figures["who is who"]["LOC"]["right"], 0)
        self.assertEqual(figures["who, all"]["LOC"]["wanted"], 1)
        self.assertEqual((figures["quotes"]["with speaker"]["p"], figures["quotes"]["with speaker"]["r"]), (100.0, 100.0))
        fine = self.figures("--articles", "--scheme", "fine", "--found", found, article)
        self.assertEqual(fine["names"]["GPE"]["right"], 1)

    def test_conll_writes_token_gold_and_prediction(self):
        path = self.write("x.tsv", CONLL)
        done = self.run_it(BIN / "newsmq", "extract", "--conll", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "-DOCSTART-\tO\tO\n\nJehangir\tB-PER\tB-PER\nKhan\tI-PER\tI-PER\nvisited\tO\tO\n"
                         "Brussels\tB-LOC\tB-LOC\n.\tO\tO\n\nHe\tO\tO\nlikes\tO\tO\nEurope\tB-LOC\tB-LOC\n.\tO\tO\n\n")
        fine = self.run_it(BIN / "newsmq", "extract", "--conll", "--no-rules", "--scheme", "fine", path)
        self.assertIn("Brussels\tB-GPE\tB-GPE\n", fine.stdout)
        self.assertEqual(self.figures("-", stdin=done.stdout)["names"]["all"]["f1"], 100.0)

    def test_conll_takes_tokens_as_they_are(self):
        odd = "No-one's\tO\nmade-up,\tO\n…tokens.Here\tO\n\n"
        done = self.run_it(BIN / "newsmq", "extract", "--conll", "-", stdin=odd)
        self.assertEqual([line.split("\t")[0] for line in done.stdout.splitlines()],
                         ["No-one's", "made-up,", "…tokens.Here", ""])

    def test_conll_tells_file_and_line_of_a_fault(self):
        for text, scheme, says in (("Ann B-PER\nLee\n", "coarse", "x:2: no second column"),
                                   ("Ann B-PER\n", "fine", "x:1: no third column"),
                                   ("a O\n\nAnn PER\n", "coarse", "x:3: the tag is not O, B-TYPE or I-TYPE")):
            done = self.run_it(BIN / "newsmq", "extract", "--conll", "--scheme", scheme, self.write("x", text))
            self.assertEqual(done.returncode, os.EX_DATAERR)
            self.assertIn(says, done.stderr)
        (self.folder / "x").write_bytes(b"\xff\xfe O\n")
        self.assertIn("x:1: the token is not valid UTF-8",
                      self.run_it(BIN / "newsmq", "extract", "--conll", self.folder / "x").stderr)

    def test_options_that_do_not_go_together_are_told(self):
        for words in (["--conll", "--json"], ["--no-rules"], ["--scheme", "fine"], ["--conll", "--scheme", "x"]):
            self.assertEqual(self.run_it(BIN / "newsmq", "extract", *words, "x").returncode, os.EX_USAGE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
