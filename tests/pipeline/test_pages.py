#!/usr/bin/python3
"""newsmq(1) and `newsmq --help` know the same commands, in the same groups."""
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin"))


def help_of(*arguments) -> str:
    return subprocess.run([str(BIN / "newsmq"), *arguments, "--help"], capture_output=True, text=True, check=True, timeout=30).stdout


def groups_of_help() -> dict:
    groups = {}
    for title, body in re.findall(r"^(\S.*):\n((?:  \S.*\n)+)", help_of(), re.M):
        if title != "Options":
            groups[title] = {line.split()[0] for line in body.splitlines()}
    return groups


def groups_of_page() -> dict:
    page = (ROOT / "man" / "newsmq.1").read_text()
    commands = page.split("\n.Sh COMMANDS\n")[1].split("\n.Sh ")[0]
    return {title: set(re.findall(r"^\.It Cm (\S+)", body, re.M))
            for title, body in re.findall(r"^\.Ss (.*)\n((?:(?!\.Ss ).*\n?)*)", commands, re.M)}


class Pages(unittest.TestCase):
    def test_the_page_and_the_help_have_the_same_commands(self):
        self.assertEqual(groups_of_page(), groups_of_help())

    def test_long_options_of_the_page_are_in_the_help_of_their_command(self):
        page = (ROOT / "man" / "newsmq.1").read_text()
        for line in re.findall(r"^\.It Cm .*", page, re.M):
            name, options = line.split()[2], re.findall(r"Fl -([a-z-]+)", line)
            text = help_of(name)
            for option in options:
                self.assertIn(f"--{option}", text, name)

    def test_every_help_teaches(self):
        for names in groups_of_help().values():
            for name in names:
                text = help_of(name)
                self.assertTrue(text.startswith(f"newsmq {name} - "), name)
                self.assertRegex(text, r"\nUsage: newsmq ", name)
                self.assertRegex(text, r"\nExamples?:\n", name)
                self.assertRegex(text, r"\nExit", name)


if __name__ == "__main__":
    unittest.main()
