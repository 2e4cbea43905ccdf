#!/usr/bin/env python3
"""Reads annotated articles (data/articles/GUIDE.md) and writes them as JSON Lines, or checks them.

articles.py FILE…          one object an article: {id, kind, title, title_mentions, text, mentions, quotes};
                           text is the body, paragraphs joined by LF LF; mentions are {start, end, text, type, id}
                           in code points of text, half-open; quotes {start, end, speaker};
                           speaker is the id of an entity, "0" where nobody is named
articles.py --check FILE…  every fault as file:line, exit 1 when there is one
"""
import argparse
import json
import re
import sys

TYPES = "PER|ORG|GPE|LOC|FAC|NORP|LAW|EVENT|PROD|WORK|MISC"
MARK = re.compile(r"\[([^\[\]|]+)\|(%s)(?:#(\w+))?\]" % TYPES)


def plain(marked):
    """The text without marks, and the mentions in it."""
    out, mentions, at, position = [], [], 0, 0
    for m in MARK.finditer(marked):
        out.append(marked[at:m.start()])
        position += m.start() - at
        mentions.append({"start": position, "end": position + len(m[1]), "text": m[1], "type": m[2], "id": m[3]})
        out.append(m[1])
        position += len(m[1])
        at = m.end()
    return "".join(out) + marked[at:], mentions


def quotation(text, words):
    """Where "first words … last words" stands in text, or None."""
    words = MARK.sub(lambda m: m[1], words).strip().strip("\"“”'")
    first, _, last = (part.strip() for part in words.partition("…"))
    straight = text.replace("’", "'").replace("‘", "'")
    first, last = (part.replace("’", "'").replace("‘", "'") for part in (first, last or first))
    start = straight.find(first) if first else -1
    end = straight.find(last, start) if start >= 0 else -1
    return None if end < 0 else (start, end + len(last))


def read(path):
    """Yields (line number, article)."""
    source = open(path, encoding="utf-8").read()
    for part in re.finditer(r"(?ms)^### .*?(?=^### |\Z)", source):
        head, _, rest = part[0].partition("\n")
        title = re.search(r"(?m)^TITLE:(.*)$", rest)
        body, _, quotes = rest.partition("BODY:")[2].partition("\nQUOTES:")
        fields = [field.strip() for field in head[4:].split("|")]
        text, mentions = plain("\n\n".join(p.strip() for p in re.split(r"\n\s*\n", body.strip())))
        title, title_mentions = plain(title[1].strip() if title else "")
        found = []
        for line in filter(None, (l.strip() for l in quotes.split("\n"))):
            m = re.match(r"(.+?)\s*->\s*(\S+)$", line)
            place = quotation(text, m[1]) if m else None
            found.append({"line": line, "start": place and place[0], "end": place and place[1],
                          "speaker": m and m[2]})
        yield source.count("\n", 0, part.start()) + 1, {
            "id": fields[0], "kind": fields[1] if len(fields) > 1 else None, "title": title,
            "title_mentions": title_mentions, "text": text, "mentions": mentions, "quotes": found}


def faults(line, article):
    """What is wrong with one article, in words."""
    if not article["text"]:
        yield "no BODY"
    for field in ("title", "text"):
        for odd in re.finditer(r"\|(?:%s)\b|#\w+\]|\[[^\]]*\|" % TYPES, article[field]):
            yield f"a mark that is not understood, near: {article[field][max(0, odd.start() - 30):odd.end() + 10]!r}"
    kinds = {}
    for m in article["title_mentions"] + article["mentions"]:
        if m["text"] != m["text"].strip() or "\n" in m["text"]:
            yield f"white space at the edge of a name: {m['text']!r}"
        if m["id"] and kinds.setdefault(m["id"], m["type"]) != m["type"]:
            yield f"entity {m['id']} is {kinds[m['id']]} and {m['type']} ({m['text']!r})"
    for q in article["quotes"]:
        if q["start"] is None:
            yield f"quotation not found in the text: {q['line']}"
        elif q["speaker"] not in kinds and q["speaker"] != "0":
            yield f"speaker {q['speaker']} has no mention: {q['line']}"


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--check", action="store_true", help="print every fault, and no articles")
    p.add_argument("files", nargs="+", metavar="FILE")
    return p.parse_args()


def main():
    wanted = arguments()
    bad = False
    seen = {}
    for path in wanted.files:
        for line, article in read(path):
            if not wanted.check:
                for q in article["quotes"]:
                    del q["line"]
                print(json.dumps(article, ensure_ascii=False))
                continue
            if seen.setdefault(article["id"], f"{path}:{line}") != f"{path}:{line}":
                print(f"{path}:{line}: {article['id']} stands in {seen[article['id']]} already")
                bad = True
            for fault in faults(line, article):
                print(f"{path}:{line}: {article['id']}: {fault}")
                bad = True
    return bad


if __name__ == "__main__":
    sys.exit(main())
