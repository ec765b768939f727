"""Compares an answer with an example of it, in which ids, times and tokens are somebody else's."""

import json
import re

MORE = "…"

_SHAPES = (
    re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
)


def json_documents(text: str) -> list[object]:
    """Return the JSON documents that stand one after the other in a text."""
    decoder = json.JSONDecoder()
    documents, rest = [], text.strip()
    while rest:
        document, end = decoder.raw_decode(rest)
        documents.append(document)
        rest = rest[end:].strip()
    return documents


def differences(example: object, actual: object, place: str = "answer") -> list[str]:
    """Say where an answer is not what the example leads one to expect.

    `…` in a text of the example stands for any characters; as a member or item for any further ones. A UUID stands
    for any UUID and a time for any time.
    """
    if isinstance(example, dict) and isinstance(actual, dict):
        return _in_members(example, actual, place)
    if isinstance(example, list) and isinstance(actual, list):
        return _in_items(example, actual, place)
    if isinstance(example, str) and isinstance(actual, str) and _is_like(example, actual):
        return []
    return [] if example == actual and type(example) is type(actual) else [f"{place}: {actual!r} is not {example!r}"]


def _in_members(example: dict[str, object], actual: dict[str, object], place: str) -> list[str]:
    named = {name: value for name, value in example.items() if name != MORE}
    found = [f"{place}: {name} is missing" for name in named.keys() - actual.keys()]
    if MORE not in example:
        found += [f"{place}: {name} is not expected" for name in actual.keys() - named.keys()]
    for name in named.keys() & actual.keys():
        found += differences(named[name], actual[name], f"{place}.{name}")
    return found


def _in_items(example: list[object], actual: list[object], place: str) -> list[str]:
    named = example[:-1] if example[-1:] == [MORE] else example
    if len(actual) < len(named) or (named is example and len(actual) != len(named)):
        return [f"{place}: {len(actual)} items instead of {len(named)}"]
    return [
        difference
        for position, (one, other) in enumerate(zip(named, actual, strict=False))
        for difference in differences(one, other, f"{place}[{position}]")
    ]


def _is_like(example: str, actual: str) -> bool:
    if MORE in example:
        return re.fullmatch(".+".join(map(re.escape, example.split(MORE))), actual) is not None
    return any(shape.fullmatch(example) and shape.fullmatch(actual) for shape in _SHAPES)
