#!/usr/bin/python3
"""newsmq extract on what no editor would send: right offsets, bounded memory, an answer always."""
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

from hubkit import BIN, MODEL, ROOT

sys.path.insert(0, str(ROOT / "tests" / "support"))
try:
    from schema import check_nlp
except ImportError:  # no python3-jsonschema
    def check_nlp(item):
        return item["nlp"]

MIB = 1 << 20
PROGRAM = BIN / "newsmq"
SANITIZED = b"__asan_init" in PROGRAM.read_bytes()
# A model of 40 MB is mapped and counts when it is touched.
SMALL_MIB, LARGE_MIB = 130, 300
# The most memory that a child held is counted from before its exec: its parent has to be small.
LAUNCHER = """import os, sys
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
open(sys.argv[1], "w").write(f"{os.waitstatus_to_exitcode(status)} {used.ru_maxrss}")"""
SENTENCE = "In Nairobi, Amina Otieno of the World Health Organization said on Friday that Kenya would help. "


def check_spans(record: dict):
    """Spans slice the text they name, in code points and in bytes; for any size."""
    nlp = record["nlp"]
    raw = {}
    for span in [m for entity in nlp["entities"] for m in entity["mentions"]] + nlp.get("quotes", []):
        field = span.get("field", "content_text")
        text = record[field]
        if field not in raw:
            raw[field] = text.encode()
        assert text[span["start"]:span["end"]] == span["text"], span
        assert raw[field][span["start_byte"]:span["end_byte"]] == span["text"].encode(), span


def names(count: int):
    """Different names of people, in sentences."""
    dice = random.Random(7)
    parts = ["ka", "mo", "ri", "tan", "vel", "shi", "do", "bar", "nu", "les", "go", "fin", "ya", "zur"]

    def name():
        return "".join(dice.choice(parts) for _ in range(dice.randint(2, 4))).capitalize()
    return " ".join(f"Mr. {name()} {name()} met {name()} in Paris." for _ in range(count // 2))


class Odd(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="nmq-")
        self.addCleanup(self.place.cleanup)
        self.folder = pathlib.Path(self.place.name)

    def extract(self, content, before=()):
        """Runs the program on a file: exit status, output, errors, the most memory it held in MiB."""
        path, out, err = (self.folder / name for name in ("text.txt", "out", "err"))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with open(out, "wb") as stdout, open(err, "wb") as stderr:
            subprocess.run([sys.executable, "-S", "-c", LAUNCHER, self.folder / "used", PROGRAM, *before,
                            "extract", "--json", path], stdout=stdout, stderr=stderr, cwd=self.folder, check=True)
        status, held = (self.folder / "used").read_text().split()
        return int(status), out.read_bytes(), err.read_text(errors="replace"), int(held) / 1024

    def read(self, content, bound_mib=SMALL_MIB):
        """The nlp of a text that has to be read whole; its spans are checked."""
        status, out, err, held = self.extract(content)
        self.assertEqual(status, 0, err[-2000:])
        record = json.loads(out)
        nlp = record["nlp"]
        if len(out) < MIB // 4:
            check_nlp(record)
        check_spans(record)
        self.assertNotEqual(nlp["status"], "failed")
        self.assertEqual([run for run in nlp["workers"] if "error" in run], [])
        if not SANITIZED:
            self.assertLess(held, bound_mib)
        return record

    def test_nothing_and_next_to_nothing(self):
        for text in ("", " ", "\n\n\n", "\u200b", "\u00a0\u00ad", ".", "A", "'", "\u0301", "#", "<b>", "&", "-" * 5000):
            with self.subTest(text=text):
                self.assertEqual(self.read(text)["nlp"]["entities"], [])

    def test_one_token_of_a_mebibyte(self):
        for part in ("a", "A", "x-", "A.", "1", "ab@", "http://", "'", "\u00e9", "\u5b89", "\u00ad", "Aa", "a/", "_"):
            with self.subTest(part=part):
                self.read(part * (MIB // len(part.encode())), LARGE_MIB)

    def test_only_marks(self):
        dice = random.Random(3)
        for marks in (".", "!?", "\"'", "()[]{}", "«»“”‘’", "—–-", "…", ",;:", "#@&<>", "\u2022\n"):
            with self.subTest(marks=marks):
                self.read("".join(dice.choice(marks + " ") for _ in range(100_000)), LARGE_MIB)

    def test_bytes_that_are_no_utf8(self):
        dice = random.Random(5)
        broken = SENTENCE.encode().replace(b"a", b"\xff").replace(b"o", b"\xc3")
        for content in (broken * 200, bytes(range(256)) * 400, dice.randbytes(100_000), b"\xed\xa0\x80 Khan " * 500,
                        SENTENCE.encode("utf-16")):
            self.read(content)

    def test_names_between_broken_bytes_keep_their_places(self):
        record = self.read(b"\xff\xfe \xf0\x9f " + SENTENCE.encode() + b"\xe2\x80" + SENTENCE.encode())
        self.assertIn("Nairobi", {entity["name"] for entity in record["nlp"]["entities"]})

    def test_nul_bytes_and_controls(self):
        record = self.read(("\0" * 100).join(SENTENCE.split(" ")) + "\x01\x1b[31m\x7f " + SENTENCE * 3)
        self.assertIn("Kenya", {entity["name"] for entity in record["nlp"]["entities"]})

    def test_text_from_right_to_left_and_of_all_scripts(self):
        for text in ("قال كوفي عنان في جنيف إن الأمم المتحدة ستساعد. ", "אמר ראש הממשלה בירושלים. ", "安南在日内瓦说。联合国！",
                     "นายกรัฐมนตรีกล่าวว่า", "コフィー・アナン氏はジュネーブで", "Кофи Аннан в Женеве. ",
                     "\u202bNairobi\u202c \u200fAmina Otieno\u200e of Kenya said. ", "Z\u0351\u036b\u0343a\u0363l\u0350go " * 3):
            with self.subTest(text=text):
                self.read(text * 100)

    def test_emoji_between_and_inside_names(self):
        record = self.read(("🇰🇪 Nairobi 👩🏽\u200d🚀 says: Kenya❤️ wins 🏆🏆🏆. " + SENTENCE) * 20)
        self.assertIn("Kenya", {entity["name"] for entity in record["nlp"]["entities"]})

    def test_ten_thousand_names(self):
        record = self.read(names(10_000), LARGE_MIB)
        self.assertGreater(len(record["nlp"]["entities"]), 1000)

    def test_a_hundred_thousand_quotes(self):
        for one in ('"We will go," Mr. Khan said. ', '"', '“', '“a” ', "'a b c d' ", '"We do not know why," said '):
            with self.subTest(one=one):
                self.read(one * 100_000, LARGE_MIB)

    def test_deep_brackets(self):
        for left, right in ("()", "[]", ("[", "](#)"), ("<b>", "</b>"), ("“", "”"), ("Task Force (", "TF)")):
            with self.subTest(left=left):
                self.read(left * 50_000 + SENTENCE + right * 50_000, LARGE_MIB)

    def test_acronyms_without_end(self):
        self.read("".join(f"World Health Organization of {chr(65 + i % 26)}x (WHO{chr(65 + i % 26)}), " for i in range(20_000)),
                  LARGE_MIB)
        self.read("A B C D E F G H I J K L M N O P (ABCDEFGHIJKLMNOP) " * 5000, LARGE_MIB)

    def test_one_line_and_many(self):
        self.read(SENTENCE.strip(". ").replace(".", "") * 3000, LARGE_MIB)
        self.read("\n".join(SENTENCE.split()) * 3000, LARGE_MIB)

    def test_sixteen_megabytes_and_one_more(self):
        content = (SENTENCE * (16 * MIB // len(SENTENCE) + 1)).encode()[:16 * MIB]
        record = self.read(content, LARGE_MIB)
        self.assertIn("Kenya", {entity["name"] for entity in record["nlp"]["entities"]})
        status, _, err, _ = self.extract(content + b"x")
        self.assertEqual(status, 65)
        self.assertIn("text.txt", err)

    def spoil(self, model: bytes):
        """Models that are none, by what is wrong with them."""
        middle = len(model) // 2
        yield "empty", b""
        yield "text", SENTENCE.encode() * 1000
        yield "another program's", b"\x7fELF" + model[4:]
        yield "its head alone", model[:64]
        yield "half", model[:middle]
        yield "one byte short", model[:-1]
        yield "one bit changed", model[:middle] + bytes([model[middle] ^ 1]) + model[middle + 1:]
        yield "one byte more", model + b"\0"

    @unittest.skipUnless(MODEL.exists(), "no model here")
    def test_a_model_that_does_not_fit_is_told_with_its_path(self):
        config, path = self.folder / "n.yaml", self.folder / "odd.model"
        config.write_text("feeds: [ { a: 'https://x.example.org/' } ]\n"
                          f"workers: [ {{ name: entities, model: {path} }} ]\n")
        for what, content in self.spoil(MODEL.read_bytes()):
            with self.subTest(what=what):
                path.write_bytes(content)
                status, out, err, held = self.extract(SENTENCE, before=["-c", config])
                self.assertEqual((status, out), (78, b""), err)
                self.assertIn("n.yaml:2:12: extractor 'entities'", err)
                self.assertIn(str(path), err)
                self.assertEqual(len(err.splitlines()), 1)

    @unittest.skipUnless(MODEL.exists(), "no model here")
    def test_a_model_that_is_not_there_is_told(self):
        config = self.folder / "n.yaml"
        for model in (self.folder / "none.model", self.folder, "klingon"):
            config.write_text("feeds: [ { a: 'https://x.example.org/' } ]\n"
                              f"workers: [ {{ name: entities, model: {model} }} ]\n")
            status, out, err, _ = self.extract(SENTENCE, before=["-c", config])
            self.assertEqual((status, out), (78, b""), err)
            self.assertIn(str(model), err)


if __name__ == "__main__":
    unittest.main()
