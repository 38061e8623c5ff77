"""A request's body as one JSON document, read so that nobody downstream can read it otherwise.

Duplicate keys, other encodings than UTF-8, NaN, lone surrogates, numbers beyond a double's range and trailing data are
refused: parsers differ on each of them, and a value that only the provider's parser sees has passed every check unseen.
"""

import json
import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Never

import orjson

from tidegate.core.values.errors import BadRequest

MOST_DEPTH = 224
"""Levels of a document. What writes JSON here gives up at 254, and dialects put some levels around what they get."""

_LOWERED = 254 - MOST_DEPTH  # a multiple of five
_SPACE = b" \t\r\n"
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_MOST_DIGITS = 300
"""A double bears any whole number of that many."""


def parse(body: bytes) -> dict[str, Any]:
    """The object that `body` is. Raises BadRequest with a sentence that holds none of its text."""
    document = _unmistakable(body)
    return document if isinstance(document, dict) else _read(body)


def _unmistakable(body: bytes) -> Any:
    """What `body` is, where it is written as it would be here, white space aside; None where it is not.

    An object that was read has each key once, so one that has a key twice is never written as it came, nor is a number
    that was not read to its last digit. Without white space each mark still stands for one mark: texts lose theirs on
    both sides alike. What has too many levels is not written at all.
    """
    try:
        tree = orjson.loads(body)
        written = orjson.dumps(_lowered(tree))[_LOWERED:-_LOWERED]
    except (ValueError, TypeError):
        return None
    if written == body or written.translate(None, _SPACE) == body.translate(None, _SPACE):
        return tree
    return None


def _read(body: bytes) -> dict[str, Any]:
    """Any body, sign by sign. Raises BadRequest."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("invalid_encoding", f"The body is not UTF-8 (byte {error.start}). Send UTF-8 JSON.") from None
    try:
        document = _decode(text)
    except BadRequest:
        raise
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadRequest("invalid_json", f"The body is not valid JSON at {where}: {error.msg}.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise BadRequest("invalid_number", "The body holds a number of more than 4,300 digits.") from None
    if not isinstance(document, dict):
        raise BadRequest("invalid_body", "The body must be a JSON object.")
    if _ESCAPED_SURROGATE.search(body):
        _refuse_lone_surrogates(document)
    if _is_deep(body, document):
        raise _too_deep()
    return document


def loads(raw: bytes | str) -> Any:
    """What others than clients wrote, or what stood as a text in something else. Raises orjson.JSONDecodeError, also
    for what is nested so deeply that it could not be written again.
    """
    tree = orjson.loads(raw)
    if _is_deep(raw, tree):
        raise orjson.JSONDecodeError("nested too deeply", "", 0)
    return tree


def dumps(tree: Any) -> bytes:
    """What somebody else said, written again: its integers may have more than 64 bits."""
    try:
        return orjson.dumps(tree)
    except TypeError:
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def _is_deep(raw: bytes | str, tree: Any) -> bool:
    """Whether `tree`, as it was read from `raw`, has more levels than MOST_DEPTH."""
    if len(raw) <= 2 * MOST_DEPTH:
        return False
    opening = raw.count("[") + raw.count("{") if isinstance(raw, str) else raw.count(b"[") + raw.count(b"{")
    if opening <= MOST_DEPTH:
        return False
    try:
        orjson.dumps(_lowered(tree))
    except TypeError:  # also for a number that it has no word for
        return _has_more_levels(tree)
    return False


def _lowered(tree: Any) -> Any:
    """`tree`, so far down that the writer gives up where it has more than MOST_DEPTH levels."""
    for _ in range(_LOWERED // 5):
        tree = (((((tree,),),),),)
    return tree


def _has_more_levels(tree: Any) -> bool:
    level = [tree] if isinstance(tree, dict | list) else []
    for _ in range(MOST_DEPTH):
        level = [inner for holder in level for inner in _within(holder) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _within(holder: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return holder.values() if isinstance(holder, dict) else holder


def _too_deep() -> BadRequest:
    return BadRequest("too_deep", "The body is nested too deeply. Send a flatter document.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequest("duplicate_key", "The body names a key twice in one object: readers would differ on it.")
    return found


def _no_constant(name: str) -> Never:
    raise BadRequest("invalid_json", f"{name} is not JSON.")


def _double(digits: str) -> float:
    found = float(digits)
    if math.isinf(found):
        raise BadRequest("invalid_number", "The body holds a number that is too large to be one of JSON's.")
    return found


def _whole(digits: str) -> int:
    """Readers that know no other numbers than doubles have to read it, too."""
    if len(digits) > _MOST_DIGITS:
        _double(digits)
    return int(digits)


# Made once: `json.loads` with hooks would make one a request. Asking each number is cheaper than searching each body.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_double, parse_int=_whole
)


def _decode(text: str) -> Any:
    """As the decoder does, without its two searches for white space where a client sends none around its object."""
    if text.startswith("{"):
        document, end = _DECODER.raw_decode(text)
        if end == len(text):
            return document
    return _DECODER.decode(text)


def _refuse_lone_surrogates(document: dict[str, Any]) -> None:
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise BadRequest("lone_surrogate", "The body holds half of a surrogate pair (\\ud800 to \\udfff).") from None


# Strings are skipped whole, so a bracket or a key inside one is never taken for structure. Possessive: no backtracking.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:]', re.DOTALL)


def splice_string(body: bytes, key: str, value: str) -> bytes:
    """`body` with the string at the top-level `key` replaced, every other byte the client's own.

    `body` has been parsed, and `key` is there with a string for a value.
    """
    wanted, encoded = _quoted(key), _quoted(value)
    if first := _first(wanted).match(body):  # where most clients write it
        return body[: first.end(1)] + encoded + body[first.end() :]
    at = body.find(wanted)
    # The only place that could be it, unless a key is spelled with escapes.
    if at >= 0 and body.find(wanted, at + 1) < 0 and b"\\u" not in body:
        start = body.index(b'"', body.index(b":", at + len(wanted)))
        found = _TOKEN.match(body, start)
        if found:
            return body[:start] + encoded + body[found.end() :]
    return _splice_by_depth(body, key, encoded)


@lru_cache(maxsize=8)
def _first(wanted: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(\s*+\{\s*+" + re.escape(wanted) + rb'\s*+:\s*+)"[^"\\]*+"')


@lru_cache(maxsize=1024)
def _quoted(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode()


def _splice_by_depth(body: bytes, key: str, encoded: bytes) -> bytes:
    depth, last, after_key = 0, b"", False
    for token in _TOKEN.finditer(body):
        text = token.group()
        if text in (b"{", b"["):
            depth += 1
        elif text in (b"}", b"]"):
            depth -= 1
        elif text == b":":
            after_key = depth == 1 and json.loads(last) == key
        elif after_key:
            return body[: token.start()] + encoded + body[token.end() :]
        if text != b":":
            last, after_key = text, False
    raise BadRequest("invalid_body", f"The body has no top-level {key}.")
