#!/usr/bin/python3
"""docs/adding-a-kind.md is true: its code compiles, its line makes it a kind, and it does what the page says."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from hubkit import ROOT

PAGE = (ROOT / "docs" / "adding-a-kind.md").read_text()
LIMIT_S = 280


def block(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.S).group(1)


class AddingAKind(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="nmq-")
        cls.addClassCleanup(cls.place.cleanup)
        tree = pathlib.Path(cls.place.name) / "tree"
        shutil.copytree(ROOT, tree, ignore=lambda folder, names: [
            name for name in names if folder == str(ROOT) and (name.startswith(("build", ".git")) or name == "demo-out")])
        (tree / "workers" / "shout.c").write_text(block("c"))
        lists = tree / "CMakeLists.txt"
        lists.write_text(re.sub(r'newsmq_kinds\(extractor .*?\n  \)\n', lambda _: block("cmake"), lists.read_text(),
                                flags=re.S))
        cls.build = pathlib.Path(cls.place.name) / "build"
        launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        # The compiler's cache knows the files by their content, wherever they stand.
        env = {**os.environ, "CCACHE_BASEDIR": str(tree), "CCACHE_NOHASHDIR": "1"}
        for command in (["cmake", "-S", tree, "-B", cls.build, "-G", "Ninja", "-DNEWSMQ_WERROR=ON",
                         "-DCMAKE_BUILD_TYPE=Debug", *launcher],
                        ["ninja", "-C", cls.build, "-j2", "newsmq_extract", "newsmq"]):
            done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=env, timeout=LIMIT_S)
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def extract(self, text: str, *options: str):
        return subprocess.run([str(self.build / "bin" / "newsmq"), *options], input=text, capture_output=True, text=True,
                              timeout=60)

    def test_the_walk_through_works(self):
        done = self.extract("The WHO said NO to a BAN.", "extract", "--extractors", "shout", "--json", "-")
        nlp = json.loads(done.stdout)["nlp"]
        self.assertEqual([entity["name"] for entity in nlp["entities"]], ["WHO", "BAN"])
        self.assertEqual(nlp["workers"][0]["name"], "shout")
        shown = self.extract("The WHO said NO to a BAN.", "extract", "--extractors", "shout", "-").stdout
        self.assertIn("[WHO|MISC]", shown)
        self.assertIn("[BAN|MISC]", shown)

    def test_its_options_are_judged_with_their_place(self):
        config = pathlib.Path(self.place.name) / "newsmq.yaml"
        for option, says in (("min: few", "min wants a number of letters, not 'few'"),
                             ("loudness: 5", "unknown key 'loudness'; it has min")):
            config.write_text(f"feeds: [ {{ a: 'https://news.example.org/a.xml' }} ]\nworkers: [ {{ name: shout, {option} }} ]\n")
            done = self.extract("X", "-c", str(config), "extract", "-")
            self.assertEqual(done.returncode, 78, done.stderr)
            self.assertIn("newsmq.yaml:2:", done.stderr)
            self.assertIn(says, done.stderr)
        config.write_text("feeds: [ { a: 'https://news.example.org/a.xml' } ]\nworkers: [ { name: shout, min: 2 } ]\n")
        self.assertIn("[NO|MISC]", self.extract("NO", "-c", str(config), "extract", "-").stdout)


if __name__ == "__main__":
    unittest.main()
