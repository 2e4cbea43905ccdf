#!/usr/bin/python3
"""Places as the real program finds them: bench/places on its own cases, and what a record holds."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

from hubkit import BIN, ROOT

sys.path.insert(0, str(ROOT / "tests" / "support"))
try:
    from schema import check_nlp
except ImportError:  # no python3-jsonschema
    def check_nlp(item):
        return item["nlp"]

TEXT = "The mayor of Paris, Texas, flew to Geneva, and Switzerland paid. Nobody came from Springfield."


def extract(text: str, env=None):
    return subprocess.run([str(BIN / "newsmq"), "extract", "--json", "-"], input=text, text=True, capture_output=True,
                          timeout=60, env={**os.environ, **(env or {})})


class Places(unittest.TestCase):
    def test_most_places_are_where_they_belong(self):
        done = subprocess.run([str(ROOT / "bench" / "places"), "--bin", str(BIN), "--errors"], text=True,
                              capture_output=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        every, right, wrong, missed = map(int, re.search(
            r"places (\d+): (\d+) where they belong, (\d+) elsewhere or nowhere, (\d+) not found", done.stdout).groups())
        self.assertEqual(every, right + wrong + missed)
        self.assertGreaterEqual(right / (right + wrong), 0.97, done.stdout)
        self.assertGreaterEqual(right / every, 0.9, done.stdout)

    def test_a_record_says_where_and_which(self):
        named = {e["name"]: e for e in check_nlp(json.loads(extract(TEXT).stdout))["entities"]}
        paris, country, open_one = named["Paris"], named["Switzerland"], named["Springfield"]
        self.assertEqual(paris["uri"], "https://sws.geonames.org/4717560/")
        self.assertEqual({k: paris["geo"][k] for k in ("country", "admin1", "precision")},
                         {"country": "US", "admin1": "US-TX", "precision": "city"})
        self.assertGreater(paris["link_score"], 0.9)
        self.assertEqual((country["wikidata"], country["geo"]["precision"]), ("Q39", "country"))
        self.assertIsNone(open_one["uri"])

    def test_without_its_data_the_program_says_so(self):
        with tempfile.TemporaryDirectory(prefix="nmq-") as folder:
            os.mkdir(f"{folder}/places")
            with open(f"{folder}/places/places.tsv", "w", encoding="utf-8") as f:
                f.write("#places.tsv 1 100 0123456789abcdef\ncut")
            done = subprocess.run([str(BIN / "newsmq"), "extract", "--extractors", "places", "-"], input=TEXT,
                                  text=True, capture_output=True, timeout=60, env={**os.environ, "NEWSMQ_DATA": folder})
        self.assertEqual(done.returncode, 78)
        self.assertIn("places/places.tsv: 3 bytes where 100 belong: it is cut off", done.stderr)


if __name__ == "__main__":
    unittest.main()
