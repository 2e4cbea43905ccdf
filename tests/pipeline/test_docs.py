#!/usr/bin/python3
"""What the documents say is so: examples validate, links lead somewhere, the README keeps its size."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from schema import check_record, validator  # noqa: E402

BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin"))
# A block of commands, and what a comment above it says of running it.
COMMANDS = re.compile(r"(?:^<!-- ([^\n]*) -->\n)?^```(?:sh|bash|console)\n(.*?)^```", re.S | re.M)
ELSEWHERE = "runs in tests/systemd"  # which takes them from the page itself
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(path, kind):
    return re.findall(f"^```{kind}\n(.*?)^```", path.read_text(), re.S | re.M)


def commands_of(page: pathlib.Path) -> list:
    """(what is said of running it, the block); nothing is said of those that are run here."""
    return COMMANDS.findall(page.read_text())


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

    def test_commands_stand_in_blocks_that_are_run(self):
        for page in PAGES:
            for line in re.findall(r"^    (?:[#$] )?(?:newsmqd? |newsmq-\w+ -|tools/|systemctl |apt |curl |cmake |ninja ).*", page.read_text(), re.M):
                self.fail(f"{page.name}: a command that is not in a block of commands: {line}")

    def test_a_block_that_is_not_run_here_says_why_or_where(self):
        for page in PAGES:
            for said, block in commands_of(page):
                with self.subTest(page=page.name, block=block):
                    self.assertRegex(said, f"^$|^{ELSEWHERE}$|^not run: .{{10,}}")
                    if said == ELSEWHERE:
                        self.assertEqual(page.name, "operating.md", "tests/systemd runs one page")

    def test_blocks_of_commands_do_what_they_say(self):
        """In a place with a configuration, a running newsmqd and the files that pages speak of."""
        wanted = [(page, block) for page in PAGES for said, block in commands_of(page) if not said]
        if not wanted:
            return
        with tempfile.TemporaryDirectory(prefix="nmq-") as place:
            daemon = self.prepare(pathlib.Path(place))
            try:
                for page, block in wanted:
                    with self.subTest(page=page.name, block=block):
                        env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "NEWSMQ_CONFIG": f"{place}/newsmq.yaml"}
                        run = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=place, env=env, capture_output=True,
                                             text=True, timeout=120)
                        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
            finally:
                daemon.terminate()
                daemon.wait(60)

    def prepare(self, place: pathlib.Path) -> subprocess.Popen:
        for name in "examples", "config", "data", "tools", "bench":
            (place / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / "config/demo/science.atom", place / "feed.xml")
        (place / "newsmq.yaml").write_text(f"feeds:\n  - {{ id: un-news, url: 'file://{place}/feed.xml' }}\nbus: {{ dir: {place}/bus }}\n"
                                           f"state: {{ path: {place}/state }}\nhttp: {{ listen: off }}\n")
        daemon = subprocess.Popen([str(BIN / "newsmqd"), "-c", str(place / "newsmq.yaml")], stderr=subprocess.DEVNULL)
        for command in "until newsmq status; do sleep 0.1; done", "newsmq tail --since 1 --count 1":
            subprocess.run(["timeout", "60", "bash", "-c", command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "NEWSMQ_CONFIG": str(place / "newsmq.yaml")})
        return daemon

    def test_every_alarm_has_a_remedy(self):
        rules = (ROOT / "config/prometheus/newsmq.rules.yml").read_text()
        page = (ROOT / "docs" / "operating.md").read_text()
        for alarm in re.findall(r"alert: (\w+)", rules):
            self.assertIn(alarm, page)

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
