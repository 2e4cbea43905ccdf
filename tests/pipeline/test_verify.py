#!/usr/bin/python3
"""The output as docs/output.md describes it, read by other code, and `newsmq verify` as a person uses it."""
import json
import os
import pathlib
import pty
import subprocess
import unittest

from hubkit import BIN
from sinkkit import SinkTest, verify

MASK = (1 << 64) - 1
P1, P2, P3, P4, P5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
                      0x27D4EB2F165667C5)


def rotate(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & MASK


def xxh64(data: bytes, seed: int = 0) -> int:
    """XXH64 as its specification says, slowly."""
    def turn(acc: int, lane: int) -> int:
        return rotate((acc + lane * P2) & MASK, 31) * P1 & MASK

    at, n = 0, len(data)
    if n >= 32:
        accs = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK]
        while at + 32 <= n:
            for i in range(4):
                accs[i] = turn(accs[i], int.from_bytes(data[at + 8 * i:at + 8 * i + 8], "little"))
            at += 32
        h = sum(rotate(acc, bits) for acc, bits in zip(accs, (1, 7, 12, 18))) & MASK
        for acc in accs:
            h = ((h ^ turn(0, acc)) * P1 + P4) & MASK
    else:
        h = (seed + P5) & MASK
    h = (h + n) & MASK
    for width, (first, bits, factor, plus) in ((8, (None, 27, P1, P4)), (4, (P1, 23, P2, P3)), (1, (P5, 11, P1, 0))):
        while at + width <= n:
            lane = int.from_bytes(data[at:at + width], "little")
            h ^= turn(0, lane) if first is None else lane * first & MASK
            h = (rotate(h, bits) * factor + plus) & MASK
            at += width
            if width == 4:
                break
    h = (h ^ h >> 33) * P2 & MASK
    h = (h ^ h >> 29) * P3 & MASK
    return h ^ h >> 32


class Format(SinkTest):
    def test_the_hash_here_is_the_known_one(self):
        self.assertEqual(xxh64(b""), 0xEF46DB3751D8E999)
        self.assertEqual(xxh64(b"a"), 0xD24EC4F1A98C6E5B)
        self.assertEqual(xxh64(b"Nobody inspects the spammish repetition"), 0xFBCEA83C8A378BF1)

    def test_the_sidecar_is_as_documented(self):
        self.answering()
        sink = self.sink(f"{{ type: jsonl, path: '{self.out}/all.jsonl', rotate: 50KB }}")
        for _ in range(5):
            self.put_items(60)
            self.wait_acked(self.put_so_far)
        self.assertEqual(sink.stop(), 0)
        epoch = self.hub.call("heads")["epoch"]
        expected = 1
        files = sorted(self.out.glob("*.sums"), key=lambda p: (len(p.name), p.name))
        self.assertGreater(len(files), 2)
        for number, sums in enumerate(files):
            expected = self.check(sums, epoch, expected, is_last=number + 1 == len(files))
        self.assertEqual(expected, 301)

    def check(self, sums: pathlib.Path, epoch: str, expected: int, is_last: bool) -> int:
        text = sums.with_suffix("").read_bytes()
        lines = sums.read_bytes().decode("ascii").split("\n")
        self.assertEqual(lines.pop(), "")
        seed, offset = 0, 0
        for number, line in enumerate(lines):
            before, check = line[:-16], line[-16:]
            self.assertEqual(check, f"{xxh64(before.encode(), seed):016x}")
            fields = before.split()
            if number == 0:
                self.assertEqual((fields[0], fields[1], fields[3], fields[4]),
                                 ("newsmq-sums", "1", epoch, str(expected)))
                seed = int(check, 16)
            elif fields[0] == "batch":
                at, size, first, last = map(int, fields[1:5])
                batch = text[at:at + size]
                self.assertEqual((at, first, fields[5]), (offset, expected, f"{xxh64(batch):016x}"))
                self.assertEqual([json.loads(one)["sink"]["seq"] for one in batch.splitlines()],
                                 list(range(first, last + 1)))
                offset, expected = offset + size, last + 1
            else:
                self.assertEqual((fields[0], int(fields[1]), int(fields[2])), ("closed", len(text), expected - 1))
                self.assertEqual(number, len(lines) - 1)
        self.assertEqual(offset, len(text))
        self.assertEqual(fields[0] == "closed", not is_last)
        return expected


class Command(SinkTest):
    def newsmq(self, *arguments, **more) -> subprocess.CompletedProcess:
        return subprocess.run([str(BIN / "newsmq"), *map(str, arguments)], capture_output=True, text=True, timeout=60,
                              **more)

    def test_it_says_in_a_line_that_all_is_well(self):
        self.answering()
        sink = self.sink()
        self.put_items(50)
        self.wait_acked(50)
        for run in (self.newsmq("verify", self.out), self.newsmq("-c", sink.config, "verify"),
                    self.newsmq("verify", self.out / "all.jsonl")):
            self.assertEqual((run.returncode, run.stderr), (0, ""))
            self.assertRegex(run.stdout, r"^OK: 1 file, 50 records, 1–50, 0\.\d MB\n$")

    def test_faults_have_a_place_and_a_status(self):
        self.answering()
        sink = self.sink()
        self.put_items(50)
        self.wait_acked(50)
        sink.stop()
        path = self.out / "all.jsonl"
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(lines[:20] + lines[21:]))
        run = self.newsmq("verify", self.out)
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"{path}:", run.stdout)
        self.assertRegex(run.stdout, r"(?m)^\d+ faults?: 1 file, ")
        self.assertNotIn("\033", run.stdout)
        found = verify(self.out)
        self.assertEqual((found["status"], found["ok"]), (1, False))
        self.assertTrue(all(one["file"] == str(path) and one["kind"] == "fault" for one in found["found"]))

    def test_what_is_not_there_and_what_is_not_meant(self):
        self.assertEqual(self.newsmq("verify", self.out / "nothing").returncode, 66)
        self.assertEqual(self.newsmq("verify", "--wrong").returncode, 64)
        self.assertEqual(self.newsmq("-c", "/nonexistent.yaml", "verify").returncode, 78)
        self.assertIn("Examples:", self.newsmq("verify", "--help").stdout)

    def test_colour_is_for_terminals(self):
        self.answering()
        self.sink()
        self.put_items(5)
        self.wait_acked(5)
        for env, coloured in (({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False)):
            main, side = pty.openpty()
            run = subprocess.run([str(BIN / "newsmq"), "verify", str(self.out)], stdout=side, timeout=60,
                                 env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **env})
            os.close(side)
            text = os.read(main, 4096)
            os.close(main)
            self.assertEqual((run.returncode, b"\033[" in text), (0, coloured), text)


if __name__ == "__main__":
    unittest.main()
