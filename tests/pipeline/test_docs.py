#!/usr/bin/python3
"""What the documents say is so: examples validate, links lead somewhere, the README keeps its size."""
import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from schema import check_record, validator  # noqa: E402

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(path, kind):
    return re.findall(f"^```{kind}\n(.*?)^```", path.read_text(), re.S | re.M)


class Docs(unittest.TestCase):
    def test_the_example_record_is_a_good_one(self):
        (example,) = blocks(ROOT / "docs" / "record.md", "json")
        check_record(json.loads(example))

    def test_the_record_of_the_readme_has_real_fields(self):
        (example,) = blocks(ROOT / "README.md", "json")
        example, whole = json.loads(example), json.loads(blocks(ROOT / "docs" / "record.md", "json")[0])
        for name, value in example.items():
            self.assertIn(name, whole)
            if name in ("id", "title", "url"):
                self.assertEqual(value, whole[name])

    def test_every_field_of_the_schema_is_explained(self):
        text = (ROOT / "docs" / "record.md").read_text()
        parts = validator("record").schema["$defs"]
        parts["feed"], parts["fetch"] = (parts["core"]["properties"][name] for name in ("feed", "fetch"))
        for part in "core", "feed", "fetch", "nlp", "entity", "dedup", "sink", "person", "span":
            for field in parts[part]["properties"]:
                with self.subTest(part=part, field=field):
                    self.assertRegex(text, rf"\b{field}\b")

    def test_the_readme_is_short(self):
        self.assertLess(len((ROOT / "README.md").read_text().splitlines()), 150)

    def test_the_five_lines_are_those_of_the_example(self):
        code = [line for line in (ROOT / "examples" / "titles.py").read_text().splitlines() if not line.startswith("#")]
        self.assertIn("\n".join(code) + "\n", blocks(ROOT / "README.md", "python"))

    def test_the_readme_names_every_command(self):
        kinds = re.search(r"newsmq_kinds\(command [^\n]*\n(.*?)\)", (ROOT / "CMakeLists.txt").read_text(), re.S)
        table = (ROOT / "README.md").read_text().split("| `newsmq …` | |")[1].split("\n\n")[0]
        self.assertEqual(sorted(re.findall(r"`(\w+)`", table)), sorted(kinds.group(1).split()))

    def test_links_lead_somewhere(self):
        for page in PAGES:
            for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
                if "://" not in link:
                    with self.subTest(page=page.name, link=link):
                        self.assertTrue((page.parent / link).exists())

    def test_files_that_are_named_exist(self):
        for page in PAGES:
            for name in re.findall(r"`((?:tests|examples|config|tools|include|lib|daemon|workers|docs|man|bench)/[\w./-]*\w)`",
                                   page.read_text()):
                if "NAME" in name or "shout" in name:  # what a reader is about to write
                    continue
                with self.subTest(page=page.name, file=name):
                    self.assertTrue((ROOT / name).exists())


if __name__ == "__main__":
    unittest.main()
