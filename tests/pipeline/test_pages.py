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


def options_of(text: str) -> set:
    usage = text.split("Usage:")[1].split("\n\n")[0]
    listed = re.findall(r"^  (--?[a-z][a-z-]*)", text.split("\n\nExamples")[0], re.M)
    return set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", usage)) | set(listed)


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

    def test_every_option_of_a_command_is_in_the_page(self):
        page = (ROOT / "man" / "newsmq.1").read_text()
        parts = {part.split()[0]: part for part in re.split(r"^\.It Cm ", page, flags=re.M)[1:]}
        for part in re.split(r"^\.It Cm ", page, flags=re.M)[1:]:
            parts[part.split()[0]] += part
        for names in groups_of_help().values():
            for name in names:
                for option in options_of(help_of(name)) - {"-c", "--help"}:
                    with self.subTest(command=name, option=option):
                        self.assertTrue(f"Fl {option[1:]}" in parts[name] or f"{name} {option}" in parts[name])

    def test_every_program_has_a_page_with_its_options(self):
        programs = [path.name for path in BIN.iterdir() if re.fullmatch(r"newsmq(d|-[a-z]+)", path.name)]
        programs = [name for name in programs if name != "newsmq-train"]  # not installed
        self.assertGreaterEqual(len(programs), 5)
        for name in programs:
            text = subprocess.run([str(BIN / name), "--help"], capture_output=True, text=True, check=True, timeout=30).stdout
            page = (ROOT / "man" / f"{name}.8").read_text()
            for option in options_of(text):
                with self.subTest(program=name, option=option):
                    self.assertRegex(page, rf"\.It Fl {option[1:]}\b")

    def test_every_help_teaches(self):
        for names in groups_of_help().values():
            for name in names:
                text = help_of(name)
                self.assertTrue(text.startswith(f"newsmq {name} - "), name)
                self.assertRegex(text, r"\nUsage: newsmq ", name)
                self.assertRegex(text, r"\nExamples?[:,]", name)
                self.assertRegex(text, r"\nExit", name)


if __name__ == "__main__":
    unittest.main()
