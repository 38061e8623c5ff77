"""Writes docs/labels.md from the detectors' own rows: `python -m tools.labels`. A test compares the two."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.detectors.beyond import FINDERS
from tidegate.core.classify.rows import REPORTED, BuiltIn, Called, Cued, Prefixed, Row, Shaped
from tidegate.core.values.labels import level

PAGE = Path(__file__).parent.parent / "docs" / "labels.md"
HEAD = """# What is found

Generated from the rows in `src/tidegate/core/classify/detectors/` by `python -m tools.labels`; do not edit.

A label is a data class; policy speaks of labels and of what they imply (`pii.email` implies `pii`). A detector finds
values of one label. *Level* is what the label stands for unless a policy says otherwise. *Evidence* says what a finding
rests on: a **check** (the named function: digits that must agree, ranges, lengths), a **shape**, a vendor's **prefix**,
**words** nearby, a **grammar**, or **code** of its own. A score says how much of it there must be: what stays below 0.5
is not reported, a word nearby adds 0.45. Examples are values that nobody owns: reserved ranges, test cards, issuers'
own samples. *Peer* is the name that Presidio has for it, or else Google's Sensitive Data Protection.

Names, a customer's own terms, records and code, and what local models made of restricted data are found by detectors
with data of their own. Text in images is found by none: it is `unscannable`. `tidegate doctor` says which labels the
running configuration can find.
"""
PERSONAL = ("pii", "gov", "phi", "pci", "bank")
_COUNTRY = re.compile(r"(?:gov|phi|bank)\.([a-z]{2})_")


def page() -> str:
    rows = sorted((*ROWS, *FINDERS), key=lambda row: (row.label, row.name, row.about))
    lines = [
        HEAD,
        _counts(rows),
        "",
        "| label | level | detector | finds | example | evidence | peer |",
        "|---|---|---|---|---|---|---|",
    ]
    for label, group in groupby(rows, key=lambda row: row.label):
        for n, row in enumerate(group):
            first = (f"`{label}`", level(frozenset({label}))) if n == 0 else ("", "")
            cells = (*first, row.name, _cell(row.about), _code(row.example), _evidence(row), row.peer)
            lines.append(f"| {' | '.join(cells)} |")
    labels = {row.label for row in rows}
    lines += ["", f"{len(labels)} labels, {len({row.name for row in rows})} detectors.", ""]
    return "\n".join(lines)


def countries() -> set[str]:
    """Whose numbers are known, by ISO code; the Baltic code serves two."""
    codes = {found[1] for row in ROWS if (found := _COUNTRY.match(row.label))}
    return codes | ({"ee", "lt"} if any(row.name == "baltic_code" for row in ROWS) else set())


def _counts(rows: Sequence[Row]) -> str:
    personal = {row.label for row in rows if row.label.split(".")[0] in PERSONAL}
    names = ", ".join(code.upper() for code in sorted(countries()))
    return (
        f"Personal, state, health, card and bank data: {len(personal)} labels; "
        f"numbers of {len(countries())} countries ({names})."
    )


def _evidence(row: Row) -> str:
    if isinstance(row, Shaped):
        return _shaped(row)
    if isinstance(row, Prefixed):
        return f"prefix {', '.join(f'`{prefix}`' for prefix in row.prefixes)} and {_size(row)} characters"
    if isinstance(row, Cued):
        where = f" in {', '.join(sorted(row.positions))}" if row.positions else ""
        return (f"words and check{_named(row.valid)}" if row.valid else "words and shape") + where
    if isinstance(row, Called):
        return "words and grammar"
    if isinstance(row, BuiltIn):
        return "code"
    raise TypeError(row)


def _shaped(row: Shaped) -> str:
    alone, cued = max(row.shapes.values()), bool(row.cues)
    check = f"check{_named(row.valid)}"
    if alone < REPORTED:
        return f"{check} and words"
    return f"{check}; words where it is not grouped" if cued and min(row.shapes.values()) < REPORTED else check


def _named(check: Callable[[str], bool]) -> str:
    name = getattr(check, "__name__", "<")
    return "" if name.startswith("<") else f" `{name}`"


def _code(example: str) -> str:
    text = example.replace("\n", "\\n")
    return f"`{_cell(text)}`" if text else ""


def _size(row: Prefixed) -> str:
    if row.least == row.most:
        return str(row.least)
    return f"{row.least} to {row.most}" if row.most < 10**6 else f"{row.least} or more"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
