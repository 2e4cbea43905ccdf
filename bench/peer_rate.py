#!/usr/bin/env python3
"""How fast python3-feedparser reads the feeds below a folder: the peer of bench-parse."""
import pathlib
import sys
import time

try:
    import feedparser
except ImportError:
    sys.exit("skipped: python3-feedparser is not installed")


def main(folder):
    documents = [p.read_bytes() for p in pathlib.Path(folder).rglob("*") if p.is_file()]
    documents = [d for d in documents if d.lstrip()[:1] == b"<"]
    for sanitize in (True, False):
        feedparser.SANITIZE_HTML = int(sanitize)
        total = entries = seconds = 0
        for document in documents:
            start = time.process_time()
            found = feedparser.parse(document, sanitize_html=sanitize, resolve_relative_uris=sanitize)
            spent = time.process_time() - start
            if found.entries:
                total += len(document)
                entries += len(found.entries)
                seconds += spent
        print(f"feedparser {feedparser.__version__} {'' if sanitize else 'without sanitising ':19}"
              f"{total / 1e6 / seconds:8.2f} MB/s, {entries / seconds:.0f} entries/s")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: bench/peer_rate.py FOLDER")
    main(sys.argv[1])
