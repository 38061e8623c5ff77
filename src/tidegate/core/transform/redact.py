"""Pseudonymise: a request whose found values are tags, and what is needed to put them back.

Offsets are the original text's; each text is rebuilt once, from pieces that never overlap. A value that was found in
one place is replaced in all of them, so that what the seal looks for is gone.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from tidegate.core.transform import absent
from tidegate.core.transform.graft import graft
from tidegate.core.transform.occurrences import Occurrences
from tidegate.core.transform.pseudonyms import Pseudonyms, session_key
from tidegate.core.transform.rewriting import Piece, Rewriting
from tidegate.core.values.envelope import Envelope, Part, Path
from tidegate.core.values.errors import BadRequest, TidegateError
from tidegate.core.values.finding import Finding
from tidegate.core.values.labels import covers

__all__ = ["PASSAGES", "SECRET", "Redacted", "redact", "session_key"]

SECRET = ("secret",)
PASSAGES = ("code.source", "injection.suspected")
"""What a whole passage is. There is no value in it that a tag could stand for; policy decides on the label."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """`originals`: tag to value, only of what stands in this very request and may come back. `absent`: for the seal.

    `count`: places that were replaced. `document` shares with the envelope's whatever was not touched.
    """

    document: dict[str, Any] = field(repr=False)
    body: bytes = field(repr=False)
    originals: Mapping[str, str] = field(repr=False)
    absent: tuple[bytes, ...] = field(repr=False)
    count: int


def redact(
    envelope: Envelope,
    findings: Sequence[Finding],
    key: bytes,
    *,
    model: str,
    secret_labels: Collection[str] = SECRET,
    passages: Collection[str] = PASSAGES,
) -> Redacted:
    """The request for one target that may not see values. `key` is the session's (32 bytes), `model` the target's.

    Values under `secret_labels` get tags that nothing leads back from. Raises BadRequest for a number that JSON lacks.
    """
    work = _Redaction(envelope, Pseudonyms(key), tuple(secret_labels))
    left_to_policy = tuple(passages)
    work.mark([finding for finding in findings if not _under(left_to_policy, finding.label)])
    texts, names = work.edits()
    document = graft(envelope.document, [*texts, (("model",), model)], names)
    body = _dump(document)
    embedded = any(part.is_json for part in envelope.parts)
    gone = absent.forms(work.values, body, embedded=embedded) if work.values else ()
    return Redacted(document, body, work.originals, gone, work.count)


class _Redaction:
    __slots__ = ("_document", "_labels", "_parts", "_pseudonyms", "_secret", "_texts", "count", "originals", "values")

    def __init__(self, envelope: Envelope, pseudonyms: Pseudonyms, secret_labels: tuple[str, ...]) -> None:
        self._document, self._parts = envelope.document, envelope.parts
        self._pseudonyms, self._secret = pseudonyms, secret_labels
        self._texts: dict[int, Rewriting] = {}
        self._labels: dict[str, tuple[str, int]] = {}
        self.values: dict[str, None] = {}
        self.originals: dict[str, str] = {}
        self.count = 0

    def mark(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            rank = 1 if _under(self._secret, finding.label) else 0
            self._text(finding.part).mark(finding.start, finding.end, finding.label, rank)
        for index in sorted(self._texts):
            self._texts[index].merge()
            for value, piece in self._texts[index].values():
                self._learn(value, piece)
        if self._labels:
            self._mark_occurrences()

    def edits(self) -> tuple[list[tuple[Path, str]], list[tuple[Path, str]]]:
        """New leaves, and new names of keys."""
        texts: list[tuple[Path, str]] = []
        names: list[tuple[Path, str]] = []
        for index in sorted(self._texts):
            part = self._parts[index]
            replaced = self._texts[index].replaced(self._tag)
            if replaced != part.text:
                (names if part.is_key else texts).append((part.path, replaced))
        return texts, names

    def _text(self, index: int) -> Rewriting:
        found = self._texts.get(index)
        if found is None:
            part = self._parts[index]
            found = self._texts[index] = Rewriting(part, numeric=_is_number(self._document, part))
        return found

    def _learn(self, value: str, piece: Piece) -> None:
        """The first label that a value was found under is its label, unless it is a secret somewhere."""
        known = self._labels.get(value)
        if known is None or known[1] < piece.rank:
            self._labels[value] = (piece.label, piece.rank)

    def _mark_occurrences(self) -> None:
        occurrences = Occurrences(self._labels)
        for index, part in enumerate(self._parts):
            if occurrences.may_stand_in(part.text) or (part.is_json and "\\" in part.text):
                text = self._text(index)
                text.mark_occurrences(occurrences, self._labels)
                text.merge()

    def _tag(self, value: str, piece: Piece) -> str:
        label, rank = self._labels.get(value, (piece.label, piece.rank))
        tag = self._pseudonyms.tag(label, value)
        self.values[value] = None
        self.count += 1
        if not rank:
            self.originals[tag] = value
        return tag


def _is_number(document: dict[str, Any], part: Part) -> bool:
    """Whether a number stands at the part's path. Raises TidegateError if something else than the part stands there."""
    node: Any = document
    for step in part.path[:-1]:
        node = node[step]
    leaf = part.path[-1] if part.is_key else node[part.path[-1]]
    if leaf == part.text or (part.is_key and part.text in node):
        return False
    if isinstance(leaf, int | float) and repr(leaf) == part.text:
        return True
    raise TidegateError("A part of the request is not what stands at its place in the document: nothing is sent.")


@lru_cache(maxsize=1024)
def _under(prefixes: tuple[str, ...], label: str) -> bool:
    return any(covers(prefix, label) for prefix in prefixes)


def _dump(document: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(document)
    except TypeError:  # an integer of more than 64 bits, or more than 254 levels
        return _dump_slowly(document)


def _dump_slowly(document: dict[str, Any]) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except ValueError:
        raise BadRequest(
            "invalid_number", "The body holds a number too large to be one. Send it as a string."
        ) from None
