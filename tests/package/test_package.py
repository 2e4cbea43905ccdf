#!/usr/bin/python3
"""`cpack`: lintian finds no fault, the programs are hardened, and newsmq-dev builds a worker that works.

The packages are installed nowhere here, only unpacked; tests/systemd installs them.
"""
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
sys.path[:0] = [str(ROOT / "tests" / "pipeline"), str(ROOT / "tests" / "support")]
from hubkit import BIN, HubTest, item_core  # noqa: E402
from schema import check_nlp  # noqa: E402


def run(*command, **options) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600, **options)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def missing() -> str:
    lacking = [tool for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps") if shutil.which(tool) is None]
    if lacking:
        return f"no {lacking[0]} here"
    if "NEWSMQ_SANITIZE:BOOL=ON" in (BIN.parent / "CMakeCache.txt").read_text():
        return "packages are not made of a build with sanitizers"
    return ""


@unittest.skipIf(missing(), missing())
class Package(HubTest):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory(prefix="nmq-")
        cls.addClassCleanup(cls.made.cleanup)
        cls.top = pathlib.Path(cls.made.name)
        run("cpack", "-B", cls.top / "made", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", cwd=BIN.parent)
        cls.debs = {path.name.split("_")[0]: path for path in (cls.top / "made").glob("*.deb")}
        for name, path in cls.debs.items():
            run("dpkg-deb", "-x", path, cls.top / name)

    def field(self, package: str, name: str) -> str:
        return run("dpkg-deb", "-f", self.debs[package], name).strip()

    def test_there_are_two_packages_and_symbols(self):
        self.assertEqual(set(self.debs), {"newsmq", "newsmq-dev"})
        self.assertEqual(len(list((self.top / "made").glob("newsmq-dbgsym_*.ddeb"))), 1)

    def test_lintian_has_nothing_to_say(self):
        if shutil.which("lintian") is None:
            self.skipTest("no lintian here")
        said = run("lintian", "--allow-root", "--fail-on", "error,warning", *self.debs.values())
        self.assertEqual(said, "")

    def test_libraries_come_along_and_the_configuration_is_a_conffile(self):
        for library in "libzmq5", "libsqlite3-0", "libcurl4", "libxml2", "libc6":
            self.assertRegex(self.field("newsmq", "Depends"), rf"\b{library}\b")
        conffiles = run("dpkg-deb", "-I", self.debs["newsmq"], "conffiles")
        self.assertEqual(conffiles.split(), ["/etc/newsmq/newsmq.yaml"])
        run(BIN / "newsmq", "check", self.top / "newsmq/etc/newsmq/newsmq.yaml")

    def test_units_name_the_installed_programs(self):
        units = [*(self.top / "newsmq/usr/lib/systemd/system").iterdir()]
        self.assertIn("newsmqd.service", [unit.name for unit in units])
        for unit in units:
            for program in re.findall(r"^Exec\w+=[-@:+!]*(/\S+)", unit.read_text(), re.M):
                self.assertTrue((self.top / "newsmq" / program[1:]).exists() or program.startswith("/bin"), (unit, program))

    def test_every_program_is_hardened_and_has_a_page(self):
        programs = [*(self.top / "newsmq/usr/bin").iterdir()]
        self.assertGreaterEqual(len(programs), 6)
        for program in programs:
            with self.subTest(program=program.name):
                dynamic = run("readelf", "-W", "-d", program)
                self.assertNotRegex(dynamic, "RPATH|RUNPATH")
                self.assertRegex(dynamic, r"FLAGS_1.*\bNOW\b.*\bPIE\b")
                self.assertIn("GNU_RELRO", run("readelf", "-W", "-l", program))
                self.assertRegex(run("readelf", "-W", "--dyn-syms", program), r"__stack_chk_fail|__\w+_chk")
                pages = [*(self.top / "newsmq/usr/share/man").glob(f"man?/{program.name}.?.gz")]
                self.assertEqual(len(pages), 1)

    def test_scripts_are_good_shell(self):
        for name in "postinst", "prerm", "postrm":
            run("sh", "-n", ROOT / "packaging" / "debian" / name)

    def dev_environment(self) -> dict:
        (pc,) = (self.top / "newsmq-dev/usr/lib").rglob("newsmq.pc")
        return {**os.environ, "PKG_CONFIG_PATH": str(pc.parent)}

    def build_example(self, name: str) -> pathlib.Path:
        example = self.top / "newsmq-dev/usr/share/doc/newsmq-dev/examples" / f"{name}.c"
        flags = run("pkg-config", "--cflags", "--libs", "newsmq", env=self.dev_environment()).split()
        program = pathlib.Path(self.place.name) / name
        run("cc", "-Wall", "-Wextra", "-Werror", "-o", program, example, *flags)
        return program

    def test_a_worker_in_c_is_built_by_pkg_config_and_makes_records(self):
        worker = self.build_example("worker")
        config = pathlib.Path(self.place.name) / "worker.yaml"
        config.write_text(f"bus: {{ dir: {self.hub.folder} }}\nfeeds: [ x: https://news.example.org/ ]\n")
        with subprocess.Popen([worker, "-c", config, "--name", "shout-1"]) as process:
            try:
                self.hub.put([item_core(f"n{n}", text=f"Über {n}: the WHO met UNESCO.") for n in range(20)])
                self.hub.wait_for(lambda status: status["records"] == 20)
                replay = self.hub.peer("replay")
                replay.say("GET", "record", 1, 0)
                record = json.loads(replay.expect("MSG")[3])
                replay.close()
            finally:
                process.terminate()
        self.assertEqual(process.returncode, 0)
        check_nlp(record)
        self.assertEqual([entity["name"] for entity in record["nlp"]["entities"]], ["WHO", "UNESCO"])

    def test_the_subscriber_in_c_is_built_by_pkg_config(self):
        self.build_example("subscriber")

    def test_every_header_of_the_package_stands_alone(self):
        flags = run("pkg-config", "--cflags", "newsmq", env=self.dev_environment()).split()
        for header in sorted((self.top / "newsmq-dev/usr/include/newsmq").iterdir()):
            with self.subTest(header=header.name):
                run("cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", *flags, "-x", "c", "-",
                    input=f"#include <newsmq/{header.name}>\ntypedef int nothing;\n")


if __name__ == "__main__":
    unittest.main()
