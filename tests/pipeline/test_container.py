#!/usr/bin/python3
"""The Containerfile, read: no engine is needed. What it copies, installs and starts is there."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin"))


def instructions() -> list:
    text = re.sub(r"^#.*\n", "", (ROOT / "Containerfile").read_text(), flags=re.M).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def values(name: str) -> list:
    return [value for key, value in instructions() if key == name]


class Container(unittest.TestCase):
    def test_there_are_two_stages_of_debian_12_and_the_first_stays_behind(self):
        self.assertEqual([re.sub(r"^\S*/", "", value) for value in values("FROM")], ["debian:12 AS build", "debian:12-slim"])

    def test_every_source_that_is_copied_exists(self):
        for value in values("COPY"):
            *sources, _to = [word for word in value.split() if not word.startswith("--")]
            for source in sources:
                if "--from=build" in value:
                    self.assertRegex(source, r"^/build/newsmq_\*\.deb$")
                else:
                    self.assertTrue((ROOT / source).exists(), source)

    def test_what_it_builds_with_is_installed_by_tools_deps(self):
        build, run = " ".join(values("RUN")[:2]), values("RUN")[2]
        self.assertIn("tools/deps", build)
        self.assertNotIn("apt-get install", build)
        allowed = {"systemd-standalone-sysusers", "ca-certificates", "/tmp/newsmq_*.deb"}  # one of the package's alternatives
        named = {word for part in re.findall(r"apt-get install ([^&]*)", run) for word in part.split() if not word.startswith("-")}
        self.assertEqual(named, allowed)
        depends = (ROOT / "cmake" / "package.cmake").read_text()
        self.assertIn("systemd-standalone-sysusers", depends)

    def test_it_runs_as_nobody_special_and_starts_what_is_installed(self):
        self.assertEqual(values("USER"), ["newsmq"])
        self.assertRegex((ROOT / "systemd" / "sysusers.conf").read_text(), r"(?m)^u newsmq ")
        with tempfile.TemporaryDirectory(prefix="nmq-") as place:
            subprocess.run(["cmake", "--install", str(BIN.parent), "--prefix", "/usr"], env={**os.environ, "DESTDIR": place}, check=True,
                           capture_output=True, timeout=300)
            entry, arguments = json.loads(values("ENTRYPOINT")[0]), json.loads(values("CMD")[0])
            for path in entry[0], arguments[1]:
                self.assertTrue((pathlib.Path(place) / path[1:]).is_file(), path)

    def test_health_is_asked_by_a_command_that_there_is(self):
        (check,) = values("HEALTHCHECK")
        command = json.loads(check.split("CMD ")[1])
        self.assertEqual(command[0], "newsmq")
        subprocess.run([str(BIN / "newsmq"), *command[1:], "--help"], check=True, capture_output=True, timeout=30)

    def test_state_is_kept_in_the_volume(self):
        config = (ROOT / "config" / "system.yaml").read_text()
        for path in re.findall(r"path: (\S+)", config):
            self.assertTrue(path.startswith(values("VOLUME")[0]), path)


if __name__ == "__main__":
    unittest.main()
