"""How a family's table of cases is read: a detector's name, texts in which it must find a value, texts in which it
must not.
"""

from functools import cache
from typing import NamedTuple

from tidegate.core.classify import Engine
from tidegate.core.values.envelope import Part, Position


class Cases(NamedTuple):
    """`found`: text with the value in angle quotes ‹so›. `ignored`: texts in which this label must not appear."""

    found: tuple[str, ...]
    ignored: tuple[str, ...]


@cache
def engine() -> Engine:
    return Engine()


def findings_of(text: str, label: str, position: Position = Position.USER) -> list[str]:
    classification = engine().classify((Part(position, ("messages", 0, "content"), text),))
    assert classification.failed == ()
    return [text[f.start : f.end] for f in classification.findings if f.label == label]


def unmarked(text: str) -> tuple[str, str]:
    """The text without its marks, and what stood between them."""
    value = text[text.index("‹") + 1 : text.index("›")]
    return text.replace("‹", "").replace("›", ""), value


def assert_holds(cases: Cases, label: str) -> None:
    """Every marked value is found whole, and nothing of this label where it is to be ignored."""
    for marked in cases.found:
        text, value = unmarked(marked)
        assert findings_of(text, label) == [value], text
    for text in cases.ignored:
        assert findings_of(text, label) == [], text
