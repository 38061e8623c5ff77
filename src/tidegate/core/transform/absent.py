"""What the egress seal looks for: each redacted value as it would read in the body's bytes, had it been left there.

Values of fewer than four bytes are no use to it: "42" stands in half of all bodies. Nor are letters that remain inside
longer words or among the API's own ("Mark" in "Markdown", "User" in "user"): those were replaced wherever they stand as
a word. Everything else must be gone, whatever the reason it could be there; if it is not, the seal refuses.
"""

import json
from collections.abc import Collection, Iterable, Iterator

import orjson
from ahocorasick_rs import BytesAhoCorasick

from tidegate.core.transform.occurrences import is_distinctive

MIN_BYTES = 4
_FEW = 8


def forms(values: Iterable[str], body: bytes, *, embedded: bool) -> tuple[bytes, ...]:
    """`embedded`: some of the request is JSON in strings, where a value is escaped once more."""
    found: dict[bytes, bool] = {}
    for value in values:
        strict = is_distinctive(value)
        for form in _forms(value, embedded=embedded):
            if len(form) >= MIN_BYTES:
                found[form] = strict or found.get(form, False)
    words = [form for form, strict in found.items() if not strict]
    remaining = _standing(words, body)
    return tuple([form for form in found if form not in remaining])


def _standing(words: list[bytes], body: bytes) -> Collection[bytes]:
    """Those of `words` that the body holds: in one pass where they are many."""
    if len(words) <= _FEW:
        return [word for word in words if word in body]
    found = BytesAhoCorasick(words).find_matches_as_indexes(body, overlapping=True)
    return {words[which] for which, _, _ in found}


def _forms(value: str, *, embedded: bool) -> Iterator[bytes]:
    once = orjson.dumps(value)[1:-1]
    yield value.encode()
    yield once
    if embedded:
        yield orjson.dumps(once.decode())[1:-1]
        if not value.isascii():
            yield orjson.dumps(json.dumps(value)[1:-1])[1:-1]
