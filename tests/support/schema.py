"""The schema of the tree (docs/schema/news.schema.json), for every test that holds an item or a record.

    from schema import check_record      # with tests/support on sys.path
    check_record(json.loads(line))       # AssertionError with the place and the reason

Beside the schema it checks what a schema cannot say: that spans are the text they claim to be, in code points
and in bytes, that ids of entities are unique, and that a speaker is one of them.
"""
import functools
import json
import pathlib

import jsonschema

PATH = pathlib.Path(__file__).resolve().parents[2] / "docs" / "schema" / "news.schema.json"


@functools.lru_cache(maxsize=None)
def validator(name: str) -> jsonschema.Draft202012Validator:
    """The compiled validator of one of $defs: item, record, published, nlp."""
    schema = json.loads(PATH.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator({"$schema": schema["$schema"], "$ref": f"#/$defs/{name}",
                                            "$defs": schema["$defs"]})


def check(name: str, value: dict) -> dict:
    faults = [f"{fault.json_path}: {fault.message[:300]}" for fault in validator(name).iter_errors(value)]
    assert not faults, f"not a good {name} ({value.get('id')}):\n  " + "\n  ".join(faults[:10])
    return value


def check_item(item: dict) -> dict:
    """An item/1; answers it."""
    return check("item", item)


def check_record(record: dict) -> dict:
    """A record/1 as a sink wrote it; answers it."""
    check("record", record)
    check_spans(record)
    return record


@functools.lru_cache(maxsize=None)
def quick_validator():
    """The schema of a record as compiled code: twenty times as fast, with poorer messages. None when not installed."""
    try:
        import fastjsonschema
    except ImportError:
        return None
    return fastjsonschema.compile({"$ref": "#/$defs/record", "$defs": json.loads(PATH.read_text())["$defs"]})


def check_one_of_many(record: dict, number: int) -> None:
    """check_record for thousands: by the compiled schema, each fiftieth by the whole of draft 2020-12 (where there is no
    compiled one: all); the spans of all."""
    if quick_validator() is None or number % 50 == 0:
        check("record", record)
    else:
        try:
            quick_validator()(record)
        except ValueError as fault:
            check("record", record)
            raise AssertionError(f"{record.get('id')}: {fault}") from fault
    check_spans(record)


def check_published(record: dict) -> dict:
    """A record/1 as it is published, tapped or replayed: without `sink`; answers it."""
    check("published", record)
    check_spans(record)
    return record


def check_nlp(item: dict) -> dict:
    """An item with the `nlp` of a worker; answers the nlp."""
    check("nlp", item["nlp"])
    check_spans(item)
    return item["nlp"]


def check_spans(record: dict) -> None:
    entities = record["nlp"].get("entities", [])
    ids = [entity["id"] for entity in entities]
    assert len(ids) == len(set(ids)), f"{record.get('id')}: entities with one id: {ids}"
    for entity in entities:
        for mention in entity["mentions"]:
            check_span(record, mention)
    for quote in record["nlp"].get("quotes", []):
        check_span(record, quote)
        assert quote.get("speaker") is None or quote["speaker"] in ids, (record.get("id"), quote)
    for hit in record["nlp"].get("watch", []):
        for span in hit.get("spans", []):
            check_span(record, span)


def check_span(record: dict, span: dict) -> None:
    text = record[span.get("field", "content_text")]
    assert text[span["start"]:span["end"]] == span["text"], (record.get("id"), span)
    if "start_byte" in span:
        found = text.encode()[span["start_byte"]:span["end_byte"]]
        assert found == span["text"].encode(), (record.get("id"), span, found)
