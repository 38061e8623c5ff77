"""Names of tools, which are text only where they are none of a programmer's: one rule for all dialects.

No API takes a name in which something was replaced, and "Edit" and "Mark" are names of people, too: each request that
offers such a tool would fail. What is spelt in any other way is looked at like all text.
"""

import re
from typing import Any

_WORDS = re.compile(r"[A-Za-z]{1,24}[0-9]{0,3}(?:[_-]+[A-Za-z]{1,24}[0-9]{0,3})*", re.ASCII)
_LONGEST = 64
_WITHIN = frozenset(("function", "custom"))
"""Where tools, choices and calls keep their name, if not at their top."""


def is_plain_name(name: object) -> bool:
    """Whether it is words of a programmer's, as nearly all are."""
    return isinstance(name, str) and len(name) <= _LONGEST and _WORDS.fullmatch(name) is not None


def without_plain_names(named: Any) -> Any:
    """A tool, the choice or the call of one, or a list of them, without the names that are no text. Every other thing
    in it keeps its place.
    """
    if isinstance(named, list):
        return [without_plain_names(each) for each in named]
    if not isinstance(named, dict):
        return named
    return {
        key: without_plain_names(value) if key in _WITHIN or (key == "tools" and isinstance(value, list)) else value
        for key, value in named.items()
        if key != "name" or not is_plain_name(value)
    }
