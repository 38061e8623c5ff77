"""Pseudonymise: a request without its found values, and what is needed to put them back.

Offsets are the original text's; each text is rebuilt once, from pieces that never overlap. A value that was found in
one place is replaced in all of them, so that what the seal looks for is gone.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from tidegate.core.transform import absent
from tidegate.core.transform.called import PEOPLE, parts
from tidegate.core.transform.graft import graft
from tidegate.core.transform.occurrences import Occurrences
from tidegate.core.transform.pseudonyms import session_key
from tidegate.core.transform.replacements import Replacements, Standing
from tidegate.core.transform.rewriting import Piece, Rewriting
from tidegate.core.values.envelope import Envelope, Part, Path, Position
from tidegate.core.values.errors import BadRequest, TidegateError
from tidegate.core.values.finding import Finding
from tidegate.core.values.labels import covers
from tidegate.core.values.operators import PASSAGES, SECRET, Operator, Operators

__all__ = ["PASSAGES", "Redacted", "redact", "session_key"]

_SECRETS = (SECRET,)
_TAGS = Operators()
_NONE = Occurrences(())
_LASTING = (Position.TOOL_DEFINITION, Position.SCHEMA, Position.METADATA)
"""What comes with every turn of a conversation. It is looked at first, so that one turn more changes nothing of it."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """`originals`: tag or surrogate to value, of what stands in this very request and may come back. `withheld`: tags
    of secrets, which do not.

    `absent`: for the seal. `count`: places that were replaced. `document` shares with the envelope's whatever was not
    touched.
    """

    document: dict[str, Any] = field(repr=False)
    body: bytes = field(repr=False)
    originals: Mapping[str, str] = field(repr=False)
    absent: tuple[bytes, ...] = field(repr=False)
    count: int
    withheld: frozenset[str] = field(default=frozenset(), repr=False)
    values: tuple[str, ...] = field(default=(), repr=False)
    """What was replaced."""


def redact(
    envelope: Envelope,
    findings: Sequence[Finding],
    key: bytes,
    *,
    model: str,
    operators: Operators = _TAGS,
    secret_labels: Collection[str] = _SECRETS,
) -> Redacted:
    """The request for one target that may not see values. `key` is the session's (32 bytes), `model` the target's.

    Of values under `secret_labels` nothing leads back. Raises BadRequest for a number that JSON lacks.
    """
    work = _Redaction(envelope, key, operators, tuple(secret_labels))
    work.mark([finding for finding in findings if not operators.leaves(finding.label)])
    texts, names = work.edits()
    document = graft(envelope.document, [*texts, (("model",), model)], names)
    body = _dump(document)
    embedded = any(part.is_json for part in envelope.parts)
    gone = absent.forms(work.values, body, embedded=embedded) if work.values else ()
    return Redacted(document, body, work.originals, gone, work.count, work.withheld, tuple(work.values))


class _Known(NamedTuple):
    """What a value is everywhere: the first label that it was found under, and whether it is a secret somewhere."""

    label: str
    rank: int


class _Redaction:
    __slots__ = (
        "_document", "_labels", "_occurrences", "_operators", "_parts", "_replacements", "_secret", "_texts", "count",
        "values",
    )  # fmt: skip

    def __init__(self, envelope: Envelope, key: bytes, operators: Operators, secret_labels: tuple[str, ...]) -> None:
        self._document, self._parts = envelope.document, envelope.parts
        self._operators, self._secret = operators, secret_labels
        self._texts: dict[int, Rewriting] = {}
        self._labels: dict[str, _Known] = {}
        self._occurrences = _NONE
        texts = (part.text for part in self._parts)
        self._replacements = Replacements(key, operators, texts, self._holds_value)
        self.values: dict[str, None] = {}
        self.count = 0

    @property
    def originals(self) -> Mapping[str, str]:
        return self._replacements.originals

    @property
    def withheld(self) -> frozenset[str]:
        return frozenset(self._replacements.withheld)

    def mark(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            rank = 1 if _under(self._secret, finding.label) else 0
            self._text(finding.part).mark(finding.start, finding.end, finding.label, rank)
        for text in self._in_order():
            text.merge()
            for value, piece in text.values():
                self._learn(value, piece)
        if self._labels:
            names = self._names()
            self._labels |= names
            self._occurrences = Occurrences(self._labels, names)
            self._mark_occurrences(self._occurrences)

    def edits(self) -> tuple[list[tuple[Path, Any]], list[tuple[Path, str]]]:
        """New leaves, and new names of keys."""
        texts: list[tuple[Path, Any]] = []
        names: list[tuple[Path, str]] = []
        for text in self._in_order():
            part, replaced = text.part, text.replaced(self._standing)
            if replaced == part.text:
                continue
            if part.is_key:
                names.append((part.path, replaced))
            else:
                texts.append((part.path, json.loads(replaced) if text.numeric else replaced))
        return texts, names

    def _in_order(self) -> Iterable[Rewriting]:
        """As a conversation grows: its turns last, each where it was before."""
        indexes = sorted(self._texts)
        if len(indexes) > 1:
            indexes.sort(key=lambda index: self._parts[index].position not in _LASTING)
        return [self._texts[index] for index in indexes]

    def _text(self, index: int) -> Rewriting:
        found = self._texts.get(index)
        if found is None:
            part = self._parts[index]
            found = self._texts[index] = Rewriting(part, numeric=_is_number(self._document, part))
        return found

    def _learn(self, value: str, piece: Piece) -> None:
        """The first label that a value was found under is its label. A secret that turns up later leaves the tag as it
        was in the turns before, with no way back; unless secrets shall not have tags.
        """
        known = self._labels.get(value)
        if known is None or (known.rank < piece.rank and self._operators.operator(piece.label) is not Operator.TAG):
            self._labels[value] = _Known(piece.label, piece.rank)
        elif known.rank < piece.rank:
            self._labels[value] = _Known(known.label, piece.rank)

    def _names(self) -> dict[str, _Known]:
        """Names by which people are called who were found under their full ones."""
        names: dict[str, _Known] = {}
        for value, known in self._labels.items():
            if covers(PEOPLE, known.label):
                for name in parts(value):
                    if name not in self._labels:
                        names.setdefault(name, _Known(PEOPLE, known.rank))
        common = self._standing_of([name.lower() for name in names])
        return {name: known for name, known in names.items() if name.lower() not in common}

    def _standing_of(self, words: list[str]) -> set[str]:
        """Those of them that stand in the request as words."""
        if not words:
            return set()
        search = Occurrences(words, words)
        return {part.text[start:end] for part in self._parts for start, end in search.spans(part.text)}

    def _mark_occurrences(self, occurrences: Occurrences) -> None:
        for index, part in enumerate(self._parts):
            # In JSON a value may hide behind escapes; elsewhere the text is what it is, and looked at once.
            known = None if part.is_json else list(occurrences.spans(part.text))
            if known or (known is None and ("\\" in part.text or occurrences.may_stand_in(part.text))):
                text = self._text(index)
                text.mark_occurrences(occurrences, self._labels, known)
                text.merge()

    def _holds_value(self, text: str) -> bool:
        return self._occurrences.may_stand_in(text)

    def _standing(self, value: str, piece: Piece, number: bool) -> Standing:  # noqa: FBT001 - a callback's positions
        label, rank = self._labels.get(value, (piece.label, piece.rank))
        self.values[value] = None
        self.count += 1
        return self._replacements.standing(label, value, secret=rank > 0, number=number)


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
