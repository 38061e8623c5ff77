"""What stands for a value that may not leave: a row for each label that shall not simply get a tag."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tidegate.core.values.labels import covers


class Operator(StrEnum):
    """What is done to a value. Only `tag` and `format` leave a way back."""

    TAG = "tag"
    FORMAT = "format"
    MASK = "mask"
    DROP = "drop"
    HASH = "hash"
    GENERALISE = "generalise"


SECRET = "secret"  # noqa: S105 - the label's name
PASSAGES = ("code.source", "code.proprietary", "derived.local", "injection.suspected")
"""Labels of whole passages. There is no one value in them that could be looked for elsewhere, or look like another."""
STANDING = ("code.source", "injection.suspected")
"""Passages that stay where no row names them: what policy says of them is said of the request as a whole."""

_LABEL = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9][a-z0-9_]*)*")
_FOR_SECRETS = (Operator.TAG, Operator.MASK, Operator.DROP, Operator.HASH)


@dataclass(frozen=True, slots=True)
class Operators:
    """`rows`: label to operator, each for what is below it too. The longest label that covers another one wins."""

    rows: tuple[tuple[str, Operator], ...] = ()

    @classmethod
    def of(cls, rows: Mapping[str, str]) -> "Operators":
        """Raises ValueError that names the row that cannot be meant."""
        checked = [(label, _checked(label, name)) for label, name in rows.items()]
        return cls(tuple(sorted(checked, key=lambda row: (-len(row[0]), row[0]))))

    def operator(self, label: str) -> Operator:
        return _operator(self.rows, label) or Operator.TAG

    def leaves(self, label: str) -> bool:
        """Whether what bears the label stays as it is."""
        return _leaves(self.rows, label)


@lru_cache(maxsize=4096)
def _operator(rows: tuple[tuple[str, Operator], ...], label: str) -> Operator | None:
    return next((operator for prefix, operator in rows if covers(prefix, label)), None)


@lru_cache(maxsize=4096)
def _leaves(rows: tuple[tuple[str, Operator], ...], label: str) -> bool:
    return any(covers(standing, label) for standing in STANDING) and _operator(rows, label) is None


def _checked(label: str, name: str) -> Operator:
    if not _LABEL.fullmatch(label):
        raise ValueError(f"{label!r} is no label: labels are dotted lower-case words, as in pii.email.")
    try:
        operator = Operator(name)
    except ValueError:
        known = ", ".join(Operator)
        raise ValueError(f"{label} = {name!r} is no operator. There are: {known}.") from None
    if covers(SECRET, label) and operator not in _FOR_SECRETS:
        allowed = ", ".join(_FOR_SECRETS)
        raise ValueError(f"{label} = {name!r}: nothing of a secret may leave or come back. Use one of {allowed}.")
    if operator is Operator.FORMAT and (passage := _passage_under(label)):
        raise ValueError(f"{label} = 'format': {passage} marks whole passages, and nothing looks like one. Use tag.")
    return operator


def _passage_under(label: str) -> str | None:
    return next((passage for passage in PASSAGES if covers(label, passage) or covers(passage, label)), None)
