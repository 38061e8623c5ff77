"""What the egress seal looks for: each redacted value as it would read in the body's bytes, had it been left there.

Values of fewer than four bytes are no use to it: "42" stands in half of all bodies. Nor are letters that remain inside
longer words or among the API's own ("Mark" in "Markdown", "User" in "user"): those were replaced wherever they stand as
a word. Everything else must be gone, whatever the reason it could be there; if it is not, the seal refuses.
"""

import json
from collections.abc import Iterable, Iterator

import orjson

from tidegate.core.transform.occurrences import is_distinctive

MIN_BYTES = 4


def forms(values: Iterable[str], body: bytes, *, embedded: bool) -> tuple[bytes, ...]:
    """`embedded`: some of the request is JSON in strings, where a value is escaped once more."""
    found: dict[bytes, None] = {}
    for value in values:
        strict = is_distinctive(value)
        for form in _forms(value, embedded=embedded):
            if len(form) >= MIN_BYTES and (strict or form not in body):
                found[form] = None
    return tuple(found)


def _forms(value: str, *, embedded: bool) -> Iterator[bytes]:
    once = orjson.dumps(value)[1:-1]
    yield value.encode()
    yield once
    if embedded:
        yield orjson.dumps(once.decode())[1:-1]
        if not value.isascii():
            yield orjson.dumps(json.dumps(value)[1:-1])[1:-1]
