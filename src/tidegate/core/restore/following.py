"""What stands right after a value: a few characters that could make a host of it, or a mailbox, under another's domain.

`⟦pii.email:…⟧.evil.example` is a name that many clients make a link of, and that some look up before anybody clicks.
So where text is shown a value waits for what follows: most often one character, never more than a dozen.
"""

import re

LOOK = 12
"""Characters after a value that are waited for at most. When they decide nothing, the value does not come back."""

_ESCAPE_CHARS = 6
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([^u]))|\\u?[0-9a-fA-F]{0,3}\Z", re.DOTALL)
_WORD = re.compile(r"[\w-]*", re.ASCII)
_JOINTS = frozenset(".@\u3002\uff0e\uff61\ufe52\uff20")
"""Dots, as host names are read, and what stands between a mailbox and its host."""
_FILE_NAME_END = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|txt|csv|tsv|json|jsonl|xml|ya?ml|toml|html?|jpe?g|png|gif|svg|eml|msg|log|sql|bak)"
    r"(?![\w-]|\.\w)",
    re.IGNORECASE,
)
"""Files are named after people; none of these is a country's or anybody's top-level domain."""


def makes_host(text: str, at: int, *, json: bool, last: bool) -> bool | None:
    """Whether what stands at `at` could make a host or mailbox of a value that ends there; None: not known yet.

    `last`: no more text is coming.
    """
    ahead, complete = _ahead(text, at, json=json)
    complete = complete or last
    joint = _word_end(ahead, 0)
    if joint == len(ahead) or (ahead[joint] in _JOINTS and joint + 1 == len(ahead)):
        return len(ahead) >= LOOK if complete else None
    if ahead[joint] not in _JOINTS or not ahead[joint + 1].isalnum():
        return False
    label = _word_end(ahead, joint + 1)
    if not complete and (label == len(ahead) or (ahead[label] in _JOINTS and label + 1 == len(ahead))):
        return None
    file_name = _FILE_NAME_END.match(ahead, joint)
    return file_name is None or (len(ahead) >= LOOK and file_name.end() >= LOOK - 1)


def _word_end(text: str, at: int) -> int:
    found = _WORD.match(text, at)
    return found.end() if found else at


def _ahead(text: str, at: int, *, json: bool) -> tuple[str, bool]:
    """The next characters, as JSON means them, and whether they are all that will be looked at."""
    if not json:
        ahead = text[at : at + LOOK]
        return ahead, len(ahead) == LOOK
    raw = text[at : at + LOOK * _ESCAPE_CHARS]
    if "\\" in raw:
        raw = _ESCAPE.sub(_meaning, raw)
    return raw[:LOOK], len(raw) >= LOOK


def _meaning(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else " " if escape[2] else ""
