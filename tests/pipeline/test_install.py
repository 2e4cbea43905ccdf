#!/usr/bin/python3
"""What `cmake --install` leaves: programs, pages, units, a configuration that is good."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin"))
MANDOC = shutil.which("mandoc")


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="nmq-")
        cls.addClassCleanup(cls.place.cleanup)
        cls.top = pathlib.Path(cls.place.name)
        cls.install()

    @classmethod
    def install(cls):
        subprocess.run(["cmake", "--install", str(BIN.parent)], env={**os.environ, "DESTDIR": str(cls.top)}, check=True,
                       capture_output=True, timeout=120)

    def one(self, name: str) -> pathlib.Path:
        found = [path for path in self.top.rglob(pathlib.Path(name).name) if path.is_file() and str(path).endswith(f"/{name}")]
        self.assertEqual(len(found), 1, name)
        return found[0]

    def test_programs_pages_and_units_are_there(self):
        for name in ("bin/newsmqd", "bin/newsmq", "bin/newsmq-hub", "newsmq.1", "newsmq.yaml.5", "newsmqd.8", "newsmqd.service",
                     "configuration.md", "bash-completion/completions/newsmq", "_newsmq", "newsmq.fish", "newsmq/bus.h",
                     "libnewsmq.a", "newsmq.pc"):
            self.one(name)
        self.assertEqual({p.parent.name for p in self.top.rglob("newsmq.conf")}, {"sysusers.d", "tmpfiles.d"})

    def test_the_configuration_is_good_and_never_written_over(self):
        config = self.top / "etc/newsmq/newsmq.yaml"
        subprocess.run([str(BIN / "newsmq"), "check", str(config)], check=True, stdout=subprocess.DEVNULL)
        config.write_text("feeds: [ mine: https://news.example.org/ ]\n")
        self.install()
        self.assertIn("mine", config.read_text())

    def test_uninstalling_leaves_nothing_behind(self):
        with tempfile.TemporaryDirectory(prefix="nmq-") as place:
            env = {**os.environ, "DESTDIR": place}
            for command in (["--install", "."], ["--build", ".", "--target", "uninstall"]):
                subprocess.run(["cmake", *command], cwd=BIN.parent, env=env, check=True, capture_output=True, timeout=300)
            left = [path for path in pathlib.Path(place).rglob("*") if not path.is_dir() or path.name == "newsmq"]
            self.assertEqual(left, [])

    def test_uninstalling_leaves_the_operators_configuration(self):
        with tempfile.TemporaryDirectory(prefix="nmq-") as place:
            env = {**os.environ, "DESTDIR": place}
            config = pathlib.Path(place) / "etc/newsmq/newsmq.yaml"
            for command in (["--install", "."], ["--build", ".", "--target", "uninstall"]):
                subprocess.run(["cmake", *command], cwd=BIN.parent, env=env, check=True, capture_output=True, timeout=300)
                if config.exists():
                    config.write_text("feeds: [ mine: https://news.example.org/ ]\n")
            self.assertEqual([path for path in pathlib.Path(place).rglob("*") if path.is_file()], [config])

    def test_units_name_the_programs_where_they_are_installed(self):
        with tempfile.TemporaryDirectory(prefix="nmq-") as place:
            subprocess.run(["cmake", "--install", ".", "--prefix", "/opt/news"], cwd=BIN.parent,
                           env={**os.environ, "DESTDIR": place}, check=True, capture_output=True, timeout=300)
            unit = pathlib.Path(place) / "opt/news/lib/systemd/system/newsmqd.service"
            self.assertIn("ExecStart=/opt/news/bin/newsmqd ", unit.read_text())

    @unittest.skipIf(MANDOC is None, "no mandoc here")
    def test_the_pages_are_good_mdoc(self):
        for page in sorted((ROOT / "man").iterdir()):
            run = subprocess.run([MANDOC, "-Tlint", "-Wwarning", str(page)], capture_output=True, text=True, timeout=60)
            self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""), page)


if __name__ == "__main__":
    unittest.main()
