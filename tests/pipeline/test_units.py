#!/usr/bin/python3
"""systemd's units: systemd takes them, the walls are as high as they are said to be, and the
programs of newsmq.target are strangers to each other."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("NEWSMQ_BIN", ROOT / "build" / "bin"))
UNITS = BIN.parent / "systemd"
ANALYZE = shutil.which("systemd-analyze")

# The most exposure of each, of `systemd-analyze security` (0 to 10).
MOST = {"newsmq-worker@.service": 0.5, "newsmq-sink.service": 0.5, "newsmq-http.service": 1.0, "newsmq-hub.service": 1.2,
        "newsmq-fetch.service": 1.2, "newsmqd.service": 1.2}
SPLIT = sorted(set(MOST) - {"newsmqd.service"})


def said(unit: str) -> list:
    """The settings of a unit as (key, value), in their order."""
    lines = (UNITS / unit).read_text().splitlines()
    return [tuple(line.split("=", 1)) for line in lines if "=" in line and not line.startswith("#")]


def values(unit: str, key: str) -> list:
    return [value for name, value in said(unit) if name == key]


class Units(unittest.TestCase):
    def test_all_are_here(self):
        self.assertEqual({path.name for path in UNITS.glob("*.service")}, set(MOST))

    @unittest.skipIf(ANALYZE is None, "no systemd-analyze here")
    def test_systemd_takes_them(self):
        with tempfile.TemporaryDirectory(prefix="nmq-") as place:
            for unit in [*MOST, "newsmq.target"]:
                text = (UNITS / unit).read_text()
                self.assertNotRegex(text, "@CMAKE")
                text = re.sub(r"=/\S*/bin/(newsmq[a-z-]*)( |$)", r"=/bin/true ", text, flags=re.M)
                (pathlib.Path(place) / unit.replace("@.", "@1.")).write_text(text)
            paths = sorted(map(str, pathlib.Path(place).iterdir()))
            run = subprocess.run([ANALYZE, "verify", "--man=no", *paths], capture_output=True, text=True, timeout=60)
        mine = [line for line in run.stderr.splitlines() if "newsmq" in line]
        self.assertEqual(mine, [])

    @unittest.skipIf(ANALYZE is None, "no systemd-analyze here")
    def test_the_walls_are_as_high_as_said(self):
        for unit, most in MOST.items():
            run = subprocess.run([ANALYZE, "security", "--offline=true", f"--threshold={round(most * 10)}", str(UNITS / unit)],
                                 capture_output=True, text=True, timeout=60)
            self.assertEqual(run.returncode, 0, f"{unit}\n{run.stdout}{run.stderr}")
            self.assertIn("exposure level", run.stdout)

    def test_each_program_of_the_split_form_has_a_user_of_its_own(self):
        users = [values(unit, "User")[0] for unit in SPLIT]
        sysusers = (ROOT / "systemd" / "sysusers.conf").read_text()

        self.assertEqual(len(set(users)), len(users))
        self.assertEqual({values(unit, "Group")[0] for unit in SPLIT}, {"newsmq"})
        for user in users + values("newsmqd.service", "User"):
            self.assertRegex(sysusers, rf"(?m)^u {user} ")

    def test_only_fetch_can_speak_to_strangers(self):
        for unit in SPLIT:
            closed = values(unit, "PrivateNetwork") == ["yes"] or values(unit, "IPAddressAllow") == ["localhost"]
            self.assertEqual(closed, unit != "newsmq-fetch.service", unit)

    def test_folders_are_written_by_one_program_each(self):
        folders = {unit: values(unit, "StateDirectory") for unit in SPLIT}

        self.assertEqual({unit: names for unit, names in folders.items() if names},
                         {"newsmq-hub.service": ["newsmq/state"], "newsmq-sink.service": ["newsmq/records"]})
        for unit in MOST:
            self.assertEqual(values(unit, "ProtectSystem"), ["strict"], unit)

    def test_programs_may_put_up_walls_of_their_own(self):
        for unit in MOST:
            allowed = " ".join(values(unit, "SystemCallFilter")[2:]).split()
            self.assertEqual(allowed, ["seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
                                       "sched_setscheduler"], unit)

    def test_both_forms_never_run_together(self):
        self.assertEqual(values("newsmq.target", "Conflicts"), ["newsmqd.service"])
        self.assertEqual(values("newsmqd.service", "Conflicts"), ["newsmq.target"])
        # An order between them means that one has ended, and its folder in /run is gone, before the other starts.
        self.assertIn("newsmq-hub.service", values("newsmqd.service", "After")[0].split())

    def test_the_target_brings_all_programs(self):
        wanted = values("newsmq.target", "Wants")[0].split()

        self.assertEqual({re.sub("@[0-9]+", "@", unit) for unit in wanted}, set(SPLIT))
        for unit in SPLIT:
            self.assertEqual(values(unit, "PartOf"), ["newsmq.target"], unit)


if __name__ == "__main__":
    unittest.main()
