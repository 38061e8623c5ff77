"""Names of fields as they may be told: in a header, in a refusal, in the log. A key of JSON may be any text."""

import re
from collections.abc import Iterable

ODD = "other"
"""Stands for a name that is not spelt as programmers spell theirs: it may say anything about anybody."""
_LONGEST = 128
_WORD = r"[$_]*[A-Za-z]{1,32}[0-9]{0,8}(?:[_-]+(?:[A-Za-z]{1,32}[0-9]{0,8}|[0-9]{1,8}[a-z]?))*(?:\[[0-9]{1,6}\])*"
_NAME = re.compile(rf"{_WORD}(?:[.:]{_WORD})*", re.ASCII)


def told(name: str) -> str:
    """`name`, a path of words, or ODD. Where only a word of it is odd, that word is."""
    if len(name) <= _LONGEST and _NAME.fullmatch(name):
        return name
    kept: list[str] = []
    for word in name[:_LONGEST].split("."):
        if not _NAME.fullmatch(word):
            break
        kept.append(word)
    return ".".join((*kept, ODD))


def all_told(names: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys([told(name) for name in names]))
