"""Cuts out of a record's bytes what a replay looks at, so that most records need no parsing.

Records are canonical JSON: keys in order, no spaces. Whatever text a record holds, its quotes are escaped there, so
that none of the names below is ever found inside one.
"""

from collections.abc import Mapping
from typing import Any

import orjson

PIECES = (
    (b',"decision":[', b'],"detectors_failed":'),
    (b',"facts":{', b'},"findings":'),
    (b',"order":{', b'},"original_model":'),
    (b',"targets":[', b'],"tenant":'),
)
_ORDER, _NO_ORDER = 2, b',"order":null'  # older records have none
POLICY, REQUEST_ID = b',"policy":"', b',"request_id":"'


def parsed(entry: bytes) -> dict[str, Any]:
    """Empty for what is no JSON object: the log takes none, but may have been tampered with."""
    try:
        found = orjson.loads(entry)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def text(entry: bytes, begin: bytes) -> bytes:
    """What stands in quotes behind `begin`; neither digests nor request ids have anything to escape."""
    start = entry.find(begin)
    place = start + len(begin)
    return entry[place : entry.find(b'"', place)] if start >= 0 else b""


def key(entry: bytes) -> tuple[bytes, ...]:
    """The bytes on which the comparison rests; all of the entry, where they do not stand where they should."""
    found, place = [], 0
    for number, (begin, end) in enumerate(PIECES):
        start = entry.find(begin, place)
        if start < 0 and number == _ORDER:
            found.append(_NO_ORDER)
            continue
        place = entry.find(end, start + len(begin))
        if start < 0 or place < 0:
            return (entry,)
        found.append(entry[start : place + 1])
    return tuple(found)


def value(piece: bytes) -> object:
    """What stands behind the name of a piece; None where it was cut wrongly."""
    try:
        found: object = orjson.loads(piece[piece.index(b":") + 1 :])
    except orjson.JSONDecodeError:
        return None
    return found


def is_whole(key: tuple[bytes, ...], record: Mapping[str, Any]) -> bool:
    """Whether the pieces that were cut out are what parsing finds: looked at once for each shape of records."""
    return [value(piece) for piece in key] == [record.get(name) for name in ("decision", "facts", "order", "targets")]
