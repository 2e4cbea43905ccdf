"""A model of spaCy for bench/entities: entities_spacy.py MODEL TASK.json SECONDS > ANSWERS.json

Only what finds names runs (tok2vec and ner): parser, tagger and lemmatizer would cost time and change nothing."""
import json
import resource
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import spacy  # noqa: E402
from spacy.tokens import Doc  # noqa: E402


def main():
    path, task, seconds = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8")), float(sys.argv[3])
    nlp = spacy.load(path, exclude=["parser", "tagger", "lemmatizer", "attribute_ruler", "senter"])
    raw = [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in nlp.pipe(task["texts"])]
    began, used, rounds = time.process_time(), 0.0, 0
    while used < seconds:
        for _ in nlp.pipe(task["texts"]):
            pass
        rounds += 1
        used = time.process_time() - began
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    given = {}
    for name, sentences in task["given"].items():
        docs = (Doc(nlp.vocab, words=words) for words in sentences)
        given[name] = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in nlp.pipe(docs)]
    json.dump({"texts": raw, "given": given, "seconds_a_round": used / rounds, "peak_kib": peak_kib,
               "version": f"spaCy {spacy.__version__}"}, sys.stdout)


main()
