"""What tests/systemd/run starts inside the container: each check in order, a line of JSON for each.

The service is asked to do what an administrator does to it: installed, started, changed, stopped in odd ways, upgraded,
purged. A feed is served on this machine.
"""
import json
import os
import pathlib
import pwd
import re
import signal
import sqlite3
import subprocess
import time
import traceback
import urllib.request

CHECK = pathlib.Path("/check")
WWW = CHECK / "www"
CONFIG = pathlib.Path("/etc/newsmq/newsmq.yaml")
POLICY = pathlib.Path("/usr/sbin/policy-rc.d")
UNITS = ["newsmq-hub", "newsmq-sink", "newsmq-worker@1", "newsmq-fetch", "newsmq-http"]
WAIT_S = 40
FAILED_MAX = 3  # what comes after would only wait in vain
LOOK_IN = ("/etc", "/var", "/usr", "/run", "/lib", "/home", "/root", "/tmp")


def run(*command, ok=True, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", timeout=120, **options)
    if ok:
        assert done.returncode == 0, f"{' '.join(str(w) for w in command)}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def wait_for(condition, what, seconds=WAIT_S):
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.2)


def show(unit: str, name: str) -> str:
    return run("systemctl", "show", "-P", name, unit).stdout.strip()


def is_active(unit: str) -> bool:
    return show(unit, "ActiveState") == "active"


def install(name: str):
    run("dpkg", "-i", CHECK / name, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


# ---- feeds and records ----

def write_feed(name: str, n: int):
    items = "".join(f"<item><title>{name} {i}</title><link>http://news.example.org/{name}/{i}</link>"
                    f"<guid isPermaLink=\"false\">{name}-{i}</guid><description>Maria Keller met the {name} board in "
                    f"Geneva, number {i}.</description></item>" for i in range(n))
    WWW.mkdir(exist_ok=True)
    fresh = WWW / f".{name}"
    fresh.write_text(f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>')
    fresh.rename(WWW / f"{name}.xml")


def write_config(*feeds: str, more: str = ""):
    text = CONFIG.read_text().split("\nfeeds:")[0] if "# checked" not in CONFIG.read_text() else CONFIG.read_text().split("# checked")[0]
    lines = "".join(f"  - {{ id: {name}, url: 'http://127.0.0.1:8080/{name}.xml', first_poll: all, every: 10s, min_every: 5s,"
                    f" allow_private: true }}\n" for name in feeds)
    CONFIG.write_text(f"{text}\n# checked\nfeeds:\n{lines}{more}")


def hub() -> dict:
    done = run("newsmq", "status", "--json", ok=False)
    return (json.loads(done.stdout).get("hub") or {}) if done.stdout else {}


def records() -> int:
    return hub().get("records", -1)


def wait_records(n: int):
    wait_for(lambda: records() == n, f"{n} records")
    wait_for(lambda: verify()["records"] == n, f"{n} records in files")
    assert verify()["ok"], verify()


def verify() -> dict:
    return json.loads(run("newsmq", "verify", "--json", "/var/lib/newsmq/records", ok=False).stdout)


# ---- processes ----

def processes() -> dict:
    """Of each program, its pid (of one of the workers)."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            name = os.path.basename(os.readlink(path / "exe"))
        except OSError:
            continue
        if name.startswith("newsmq"):
            found[name] = int(path.name)
    return found


def status_of(pid: int, field: str) -> str:
    return re.search(rf"^{field}:\s*(.*)$", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M).group(1)


def user_of(pid: int) -> str:
    return pwd.getpwuid(int(status_of(pid, "Uid").split()[0])).pw_name


# ---- the checks, in order ----

def check_a_policy_against_starting_is_respected():
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    install("first.deb")
    POLICY.unlink()
    assert show("newsmqd", "ActiveState") == "inactive"
    assert run("systemctl", "is-enabled", "newsmqd").stdout.strip() == "enabled"


def check_the_installed_configuration_is_good():
    run("newsmq", "check")


def check_it_starts_and_writes_records():
    write_feed("one", 25)
    write_config("one")
    run("systemctl", "start", "newsmqd")
    assert is_active("newsmqd")
    wait_records(25)


def check_status_says_in_words_what_it_does():
    assert show("newsmqd", "StatusText"), "no STATUS="
    assert "green" in run("newsmq", "status").stdout


def check_healthz_answers():
    answer = wait_for(lambda: ask("http://127.0.0.1:8787/healthz"), "healthz")
    assert answer, answer


def ask(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return reply.read().decode()
    except OSError:
        return ""


def check_every_program_has_a_wall_around_it():
    programs = processes()
    assert {"newsmqd", "newsmq-hub", "newsmq-sink", "newsmq-worker", "newsmq-fetch"} <= set(programs), programs
    for name, pid in programs.items():
        assert status_of(pid, "NoNewPrivs") == "1", name
        assert status_of(pid, "Seccomp") == "2", name
        assert int(status_of(pid, "CapEff"), 16) == 0, name
        assert user_of(pid) == "newsmq", name


def check_the_journal_has_lines_with_fields():
    rows = [json.loads(line) for line in run("journalctl", "-u", "newsmqd", "-o", "json", "--no-pager").stdout.splitlines()]
    mine = [row for row in rows if str(row.get("_EXE", "")).startswith("/usr/bin/newsmq")]
    assert mine, rows[-3:]
    assert {row["SYSLOG_IDENTIFIER"] for row in mine} & {"newsmqd", "newsmq-hub", "newsmq-fetch"}
    assert all(row["PRIORITY"] in "34567" for row in mine)
    assert any(key.startswith("NEWSMQ_") for row in mine for key in row), sorted(mine[0])


def check_a_good_configuration_is_taken_while_it_runs():
    before = show("newsmqd", "MainPID")
    write_feed("two", 10)
    write_config("one", "two")
    run("systemctl", "reload", "newsmqd")
    wait_records(35)
    assert show("newsmqd", "MainPID") == before


def check_a_bad_configuration_is_refused_and_changes_nothing():
    good, before = CONFIG.read_text(), show("newsmqd", "MainPID")
    CONFIG.write_text(good + "nonsense: 7\n")
    refused = run("systemctl", "reload", "newsmqd", ok=False)
    CONFIG.write_text(good)
    assert refused.returncode != 0 and is_active("newsmqd") and show("newsmqd", "MainPID") == before
    assert "nonsense" in run("journalctl", "-u", "newsmqd", "--no-pager").stdout
    write_feed("one", 30)
    wait_records(40)


def check_the_watchdog_begins_anew_when_the_hub_stands_still():
    override("newsmqd", "[Service]\nWatchdogSec=5s\n")
    run("systemctl", "restart", "newsmqd")
    wait_records(40)
    first = show("newsmqd", "MainPID")
    stopped = processes()["newsmq-hub"]
    os.kill(stopped, signal.SIGSTOP)
    wait_for(lambda: processes().get("newsmq-hub", stopped) != stopped, "another hub", 90)
    wait_for(lambda: is_active("newsmqd"), "an active service", 60)
    write_feed("two", 14)
    wait_records(44)
    if show("newsmqd", "MainPID") != first:
        assert int(show("newsmqd", "NRestarts")) >= 1
    override("newsmqd", "")


def override(unit: str, text: str):
    folder = pathlib.Path(f"/etc/systemd/system/{unit}.service.d")
    folder.mkdir(exist_ok=True)
    (folder / "check.conf").write_text(text)
    if not text:
        (folder / "check.conf").unlink()
        folder.rmdir()
    run("systemctl", "daemon-reload")


def check_killing_everything_loses_nothing():
    run("systemctl", "kill", "-s", "KILL", "--kill-who=all", "newsmqd")
    wait_for(lambda: is_active("newsmqd") and len(processes()) >= 5, "a service that is back")
    write_feed("one", 33)
    wait_records(47)


def check_a_restart_keeps_everything():
    run("systemctl", "restart", "newsmqd")
    wait_records(47)
    write_feed("one", 34)
    wait_records(48)


def check_stopping_finishes_what_is_in_hand():
    write_feed("two", 314)
    wait_for(lambda: records() > 48, "the first of many records")
    run("systemctl", "stop", "newsmqd")
    assert show("newsmqd", "Result") == "success", show("newsmqd", "Result")
    assert show("newsmqd", "ExecMainStatus") == "0"
    with sqlite3.connect("file:/var/lib/newsmq/state/state.db?mode=ro", uri=True) as state:
        (made,) = state.execute("SELECT count(*) FROM record").fetchone()
        (held,) = state.execute("SELECT coalesce(sum(attempts), 0) FROM pending").fetchone()
    assert held == 0, "items that were in the hands of workers came back"
    assert verify()["records"] == made and verify()["ok"], (made, verify())
    run("systemctl", "start", "newsmqd")
    wait_records(348)


def check_an_upgrade_keeps_everything_and_the_configuration():
    before, config = show("newsmqd", "MainPID"), CONFIG.read_text()
    install("next.deb")
    assert run("dpkg-query", "-W", "-f", "${Version}", "newsmq").stdout.endswith("+next")
    assert is_active("newsmqd") and show("newsmqd", "MainPID") != before
    assert CONFIG.read_text() == config
    wait_records(348)


def check_the_split_form_goes_on_where_the_service_was():
    run("systemctl", "disable", "--now", "newsmqd")
    run("systemctl", "enable", "--now", "newsmq.target")
    for unit in UNITS:
        wait_for(lambda: is_active(unit), unit)
    write_feed("one", 40)
    wait_records(354)


def check_in_the_split_form_each_program_has_its_user_and_its_wall():
    programs = processes()
    assert {"newsmq-hub", "newsmq-sink", "newsmq-worker", "newsmq-fetch"} <= set(programs), programs
    assert len({user_of(pid) for pid in programs.values()}) == len(programs)
    for name, pid in programs.items():
        assert status_of(pid, "NoNewPrivs") == "1" and status_of(pid, "Seccomp") == "2", name
        assert user_of(pid) == name, name


def check_an_upgrade_restarts_the_split_form():
    before = processes()["newsmq-hub"]
    install("next.deb")
    wait_for(lambda: processes().get("newsmq-hub", before) != before, "another hub")
    assert not is_active("newsmqd")
    for unit in UNITS:
        wait_for(lambda: is_active(unit), unit)
    write_feed("one", 42)
    wait_records(356)


def check_removing_keeps_records_and_configuration():
    run("dpkg", "-r", "newsmq")
    assert processes() == {}
    assert CONFIG.exists() and pathlib.Path("/var/lib/newsmq/state/state.db").exists()
    install("first.deb")
    assert not is_active("newsmqd")  # the administrator had it disabled
    run("systemctl", "start", "newsmq.target")
    wait_records(356)


def check_purging_leaves_nothing():
    run("dpkg", "-P", "newsmq")
    assert processes() == {}
    assert run("find", *LOOK_IN, "-xdev", "-name", "*newsmq*").stdout == ""
    assert run("systemctl", "list-unit-files", "newsmq*", "--no-legend", ok=False).stdout == ""
    assert pwd.getpwnam("newsmq")  # users stay, as Debian has it


def check_installing_alone_starts_it_and_purging_stops_it():
    install("first.deb")
    wait_for(lambda: is_active("newsmqd"), "the service")
    run("dpkg", "-P", "newsmq")
    assert processes() == {}
    assert not pathlib.Path("/var/lib/newsmq").exists() and not pathlib.Path("/etc/newsmq").exists()


def check_what_the_operators_page_says_can_be_done():
    """Its blocks one after the other; backup, restore and the move to another machine keep the records."""
    place = CHECK / "operating"
    (place / "newsmq_0_amd64.deb").symlink_to(CHECK / "first.deb")
    blocks = sorted(place.glob("*.sh"))
    run("bash", "-eux", blocks[0], cwd=place)
    write_feed("one", 20)
    write_config("one", more="include: [conf.d/*.yaml]\n")
    run("systemctl", "reload", "newsmqd")
    wait_records(20)
    for block in blocks[1:]:
        run("bash", "-eux", block, cwd=place)
        wait_for(lambda: not is_active("newsmqd") or verify()["records"] == 20, f"20 records after {block.read_text()}")
    write_feed("one", 23)
    wait_records(23)


# ---- running them ----

def journal() -> str:
    return run("journalctl", "--no-pager", "-q", "-n", "60", "-o", "short-monotonic", ok=False).stdout


def tell(name: str, ok: bool, said: str, seconds: float):
    with open(CHECK / "results.jsonl", "a") as out:
        out.write(json.dumps({"name": name, "ok": ok, "said": said, "s": seconds}) + "\n")


def main():
    only = (CHECK / "only.txt").read_text()
    subprocess.Popen(["python3", "-m", "http.server", "-b", "127.0.0.1", "-d", str(WWW), "8080"],
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    WWW.mkdir()
    checks = [(name[6:].replace("_", " "), function) for name, function in globals().items() if name.startswith("check_")]
    failed = 0
    for number, (name, function) in enumerate(checks):
        if only and number > 2 and only not in name:
            continue
        begun = time.monotonic()
        try:
            function()
            tell(name, True, "", time.monotonic() - begun)
        except Exception:
            tell(name, False, traceback.format_exc() + journal(), time.monotonic() - begun)
            failed += 1
        if failed == FAILED_MAX:
            return
    tell("all was done", True, "", 0)


if __name__ == "__main__":
    main()
