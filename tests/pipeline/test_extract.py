#!/usr/bin/python3
"""newsmq extract: what a person and a program get to see of names in files."""
import difflib
import json
import os
import pathlib
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

SEED = ROOT.parent / "shared" / "data" / "seed"
TEXT = """# Jehangir Khan visits Brussels

“We have a moral duty to help,” said Mr. Khan of the [Counter-Terrorism Task Force](https://x.example.org/) (CTTF).

Élan vital – the CTTF met in Brussels.
"""


class Extract(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)
        self.file = self.folder / "article.md"
        self.file.write_text(TEXT)

    def run_it(self, *arguments, stdin: str = "", env=None):
        return subprocess.run([str(BIN / "newsmq"), *[str(word) for word in arguments]], input=stdin, text=True,
                              capture_output=True, timeout=60, cwd=self.folder, env={**os.environ, **(env or {})})

    def test_json_has_title_text_and_what_was_found(self):
        done = self.run_it("extract", "--json", self.file)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        record = json.loads(done.stdout)
        self.assertEqual(list(record), ["title", "content_text", "nlp"])
        self.assertEqual(record["title"], "Jehangir Khan visits Brussels")
        self.assertIn("said Mr. Khan of the Counter-Terrorism Task Force (CTTF).", record["content_text"])
        nlp = check_nlp(record)
        named = {entity["name"]: entity for entity in nlp["entities"]}
        self.assertEqual(named["Jehangir Khan"]["aliases"], ["Khan"])
        self.assertEqual(named["Counter-Terrorism Task Force"]["aliases"], ["CTTF"])
        self.assertEqual({m.get("field", "content_text") for m in named["Brussels"]["mentions"]},
                         {"title", "content_text"})
        self.assertEqual(nlp["quotes"][0]["speaker"], named["Jehangir Khan"]["id"])
        self.assertEqual([run["name"] for run in nlp["workers"]], ["language", "entities", "acronyms", "aliases", "places", "quotes"])

    def test_people_see_marks_in_the_text_and_a_list(self):
        shown = self.run_it("extract", "-", stdin=TEXT).stdout
        self.assertIn("[Jehangir Khan|PER] visits [Brussels|LOC]", shown)
        self.assertIn("language en", shown)
        self.assertIn("ORG  Counter-Terrorism Task Force (CTTF)", shown)
        self.assertIn("Jehangir Khan: We have a moral duty to help,", shown)
        self.assertNotIn("\x1b", shown)

    def test_several_files_are_told_apart_and_a_missing_one_is_said(self):
        done = self.run_it("extract", "--json", self.file, "nothing.txt", self.file)
        self.assertEqual(done.returncode, 66)
        self.assertIn("nothing.txt: No such file", done.stderr)
        self.assertEqual([json.loads(line)["file"] for line in done.stdout.splitlines()], [str(self.file)] * 2)

    def test_extractors_are_chosen_and_listed(self):
        record = json.loads(self.run_it("extract", "--json", "--extractors", "language", self.file).stdout)
        self.assertEqual([run["name"] for run in record["nlp"]["workers"]], ["language"])
        listed = self.run_it("extract", "--list").stdout
        self.assertEqual([line.split()[0] for line in listed.splitlines()], ["acronyms", "aliases", "entities", "language", "places",
                                                                        "quotes", "watch"])
        done = self.run_it("extract", "--extractors", "languages", self.file)
        self.assertEqual(done.returncode, 78)
        self.assertIn("extractor 'languages': there is none of this name", done.stderr)

    def test_the_configuration_is_used_and_judged(self):
        config = self.folder / "n.yaml"
        config.write_text("feeds: [ { a: 'https://x.example.org/' } ]\nworkers: [ { name: entities, types: [ORG] } ]\n")
        record = json.loads(self.run_it("-c", config, "extract", "--json", self.file).stdout)
        self.assertEqual({entity["type"] for entity in record["nlp"]["entities"]}, {"ORG"})
        config.write_text("feeds: [ { a: 'https://x.example.org/' } ]\nworkers: [ { name: entities, types: [PEOPLE] } ]\n")
        done = self.run_it("-c", config, "extract", "--json", self.file)
        self.assertEqual(done.returncode, 78)

    def test_missing_data_is_said_with_the_remedy(self):
        done = self.run_it("extract", self.file, env={"NEWSMQ_DATA": str(self.folder)})
        self.assertEqual(done.returncode, 78)
        self.assertIn("no model 'en': models/en.model is not beside the program", done.stderr)
        self.assertIn("$NEWSMQ_DATA", done.stderr)

    def test_any_bytes_are_a_text(self):
        self.file.write_bytes(bytes(range(256)) * 50)
        done = self.run_it("extract", "--json", self.file)
        self.assertEqual(done.returncode, 0)
        check_nlp(json.loads(done.stdout))
        self.file.write_bytes(b"")
        self.assertEqual(json.loads(self.run_it("extract", "--json", self.file).stdout)["nlp"]["status"], "skipped")

    def test_without_a_file_the_way_out_is_told(self):
        done = self.run_it("extract")
        self.assertEqual(done.returncode, 64)
        self.assertIn("which file?", done.stderr)

    @unittest.skipUnless((SEED / "article.txt").exists(), "the article is not here")
    def test_the_article_newsmq_exists_for(self):
        source = (SEED / "article.txt").read_bytes()
        gold = json.loads((SEED / "gold.json").read_text())
        record = json.loads(self.run_it("extract", "--json", SEED / "article.txt").stdout)
        text, nlp = record["content_text"], check_nlp(record)
        place = places_in(source.decode(), text)
        span = lambda m: (place[len(source[:m["start"]].decode())], place[len(source[:m["end"]].decode()) - 1] + 1)

        found = {(m["start"], m["end"]): entity["type"] for entity in nlp["entities"] for m in entity["mentions"]}
        self.assertEqual({(text[slice(*s)], s[0], kind) for s, kind in found.items()},
                         {(m["text"], span(m)[0], m["type"]) for m in gold["mentions"]})
        by_form = {m["text"]: entity["id"] for entity in nlp["entities"] for m in entity["mentions"]}
        for acronym in gold["acronyms"]:
            long_form = acronym.get("surface_long", acronym["long"])
            self.assertEqual(by_form[acronym["short"]], by_form[long_form], acronym["short"])
        khan = by_form["Jehangir Khan"]
        self.assertEqual([(text[q["start"] - 1:q["end"] + 1], q["speaker"]) for q in nlp["quotes"]],
                         [(q["text"], khan) for q in gold["quotes"]])
        for where in gold["places"]:
            entity = next(e for e in nlp["entities"] if e["name"] == where["name"])
            self.assertEqual((entity.get("geo") or {}).get("country"), where["iso3166_1"], where["name"])


def places_in(source, text):
    """Where each character of the file is in its text: links are read as their words."""
    place = {}
    for _, a, b, c, d in difflib.SequenceMatcher(None, source, text, autojunk=False).get_opcodes():
        place.update({a + i: c + i for i in range(min(b - a, d - c))})
    return place


if __name__ == "__main__":
    unittest.main()
