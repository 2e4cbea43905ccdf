#!/usr/bin/python3
"""A worker in Python: takes jobs from the hub over NMQ1 (docs/wire.md, "work") and gives back what it found.

    apt install python3-zmq
    examples/worker.py ipc:///run/newsmq/work.sock
    examples/worker.py tcp://hub.example.org:5562 mine.key_secret hub.key      from another machine (docs/security.md)

It runs beside newsmq's own workers, or in their place when newsmq-hub runs without them; the hub shares out the
jobs. What it finds is little: words in capitals, such as WHO. Put yours into `extract`. An item that fails may be
told with FAIL; when this program dies instead, the hub notices and gives the job to another.
"""
import json
import os
import re
import signal
import sys
import time

import zmq
import zmq.auth

CREDIT = 8    # jobs in flight
PING_S = 1.0  # three missed, and each side takes the other for gone
NAME, VERSION = "acronyms.py", "1"


def extract(item: dict) -> list:
    """Entities as docs/record.md has them: offsets in code points and in bytes of UTF-8, half-open."""
    text, found = item["content_text"], {}
    for match in re.finditer(r"\b[A-Z]{2,10}\b", text):
        start, end = match.span()
        entity = found.setdefault(match.group(), {"id": f"e{len(found) + 1}", "type": "ORG", "name": match.group(),
                                                  "mentions": []})
        start_byte = len(text[:start].encode())
        entity["mentions"].append({"start": start, "end": end, "start_byte": start_byte,
                                   "end_byte": start_byte + len(match.group().encode()), "text": match.group()})
    return list(found.values())


def work_on(item: dict) -> dict:
    began = time.monotonic()
    entities = extract(item)
    return {"status": "ok", "entities": entities,
            "workers": [{"name": NAME, "version": VERSION, "duration_ms": round((time.monotonic() - began) * 1000, 3)}]}


def main(endpoint: str, *keys: str) -> None:
    socket = zmq.Context().socket(zmq.DEALER)
    socket.linger = 1000
    if keys:  # ours with its secret, and the hub's public one
        socket.curve_publickey, socket.curve_secretkey = zmq.auth.load_certificate(keys[0])
        socket.curve_serverkey, _ = zmq.auth.load_certificate(keys[1])
    socket.connect(endpoint)

    def say(verb: str, *frames):
        socket.send_multipart([b"NMQ1", verb.encode()] +
                              [frame if isinstance(frame, bytes) else str(frame).encode() for frame in frames])

    def introduce():
        hello = {"name": f"python-{os.getpid()}", "pid": os.getpid(), "version": VERSION, "extractors": [NAME]}
        say("HELLO", json.dumps(hello))
        say("READY", CREDIT)

    stopping = []
    for name in signal.SIGTERM, signal.SIGINT:
        signal.signal(name, lambda *_: stopping.append(True))
    introduce()
    last_ping = 0.0
    while not stopping:
        if time.monotonic() - last_ping >= PING_S:
            last_ping = time.monotonic()
            say("PING")
        if not socket.poll(PING_S * 1000 / 2):
            continue
        _version, verb, *frames = socket.recv_multipart()
        if verb == b"JOB":  # seq, attempt, lease_ms, item
            nlp = work_on(json.loads(frames[3]))
            say("RESULT", frames[0], frames[1], json.dumps(nlp))  # an answer gives the credit back
        elif verb == b"WHO":  # the hub was started again and does not know us
            introduce()
        elif verb == b"DRAIN":
            stopping.append(True)
        elif verb == b"ERR":
            print("the hub says:", *(frame.decode(errors="replace") for frame in frames), file=sys.stderr)
    say("BYE")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
