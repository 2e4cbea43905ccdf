#!/usr/bin/python3
"""The completions of three shells offer what `newsmq COMMAND --help` tells, all of it and nothing else."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin"))
NEWSMQ = BIN / "newsmq"


def run(*command, **options) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True, timeout=60, **options).stdout


def commands() -> list:
    groups = run(NEWSMQ, "--help").split("\nOptions:")[0]
    return re.findall(r"^  ([a-z]+) ", groups, re.M)


def options_of(command: str) -> set:
    """As a person reads them: in the usage, and in front of a line of "Options:"."""
    text = run(NEWSMQ, command, "--help")
    usage = text.split("Usage:")[1].split("\n\n")[0]
    listed = text.split("\nOptions:\n")[1].split("\n\n")[0] if "\nOptions:\n" in text else ""
    found = set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", usage)) | set(re.findall(r"^  (--?[a-z][a-z-]*)", listed, re.M))
    return found - {"-c"} | {"--help"}


class Completions(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(self.place.cleanup)
        self.env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": self.place.name, "TERM": "dumb"}

    def script(self, shell: str) -> str:
        if shutil.which(shell) is None:
            self.skipTest(f"no {shell} here")
        path = pathlib.Path(self.place.name) / f"newsmq.{shell}"
        path.write_text(run(NEWSMQ, "completions", shell))
        return str(path)

    def bash(self, script, *words) -> set:
        line = " ".join(f"'{word}'" for word in words)
        code = f". {script}; COMP_WORDS=(newsmq {line}); COMP_CWORD={len(words)}; _newsmq 2>/dev/null; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        return set(run("bash", "-c", code, env=self.env, cwd=self.place.name).split())

    def fish(self, script, line) -> set:
        out = run("fish", "--no-config", "-c", f"source {script}; complete -C 'newsmq {line}'", env=self.env, cwd=self.place.name)
        return {row.split("\t")[0] for row in out.splitlines()}

    def test_bash(self):
        script = self.script("bash")
        self.assertEqual(self.bash(script, "") - {"-c", "--help", "--version"}, set(commands()))
        for command in commands():
            with self.subTest(command=command):
                self.assertEqual(self.bash(script, command, "-"), options_of(command))
        self.assertEqual(self.bash(script, "-c", "x.yaml", "tail", "--stream", ""), {"item", "record", "event"})

    def test_bash_knows_files_and_feeds(self):
        script = self.script("bash")
        (pathlib.Path(self.place.name) / "news.yaml").write_text("feeds: [ mine: https://news.example.org/ ]\n")
        self.env["NEWSMQ_CONFIG"] = f"{self.place.name}/news.yaml"
        self.assertEqual(self.bash(script, "check", "ne"), {"news.yaml", "newsmq.bash"})
        self.assertEqual(self.bash(script, "-c", "news."), {"news.yaml"})
        self.assertEqual(self.bash(script, "why", ""), {"mine"})
        self.assertEqual(self.bash(script, "feeds", "--enable", "m"), {"mine"})

    def test_zsh(self):
        script = self.script("zsh")
        code = ("_arguments() { if [[ $1 == -C ]]; then state=rest words=($probe); else print -rl -- \"$@\"; fi }; "
                "_describe() { : }; ")
        for command in commands():
            with self.subTest(command=command):
                out = run("zsh", "-f", "-c", f"{code} probe={command}; . {script}", env=self.env)
                self.assertEqual(set(re.findall(r"^(--?[a-z][a-z-]*)\[", out, re.M)), options_of(command))
        names = run("zsh", "-f", "-c", "_arguments() { state=command }; _describe() { print -rl -- ${(P)2} }; . " + script, env=self.env)
        self.assertEqual({line.split(":")[0] for line in names.splitlines()}, set(commands()))

    def test_fish(self):
        script = self.script("fish")
        self.assertEqual(self.fish(script, ""), set(commands()))
        for command in commands():
            with self.subTest(command=command):
                long = {option for option in options_of(command) if option.startswith("--")}
                self.assertEqual({word for word in self.fish(script, f"{command} --") if word.startswith("--")}, long)
        self.assertEqual(self.fish(script, "tail --stream "), {"item", "record", "event"})


if __name__ == "__main__":
    unittest.main()
