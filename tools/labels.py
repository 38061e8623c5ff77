"""Writes docs/labels.md from the detectors' own rows: `python -m tools.labels`. A test compares the two."""

from itertools import groupby
from pathlib import Path

from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.rows import BuiltIn, Called, Cued, Prefixed, Row, Shaped
from tidegate.core.values.labels import level

PAGE = Path(__file__).parent.parent / "docs" / "labels.md"
HEAD = """# What is found

Generated from the rows in `src/tidegate/core/classify/detectors/` by `python -m tools.labels`; do not edit.

A label is a data class; policy speaks of labels and of what they imply (`pii.email` implies `pii`). A detector finds
values of one label. *Evidence* says what a finding rests on: a **check** (digits that must agree, ranges, lengths), a
**shape**, a vendor's **prefix**, **words** nearby, or **code** of its own. A score says how much of it there must be:
what stays below 0.5 is not reported, a word nearby adds 0.45.

What no row names is not found: names of people and organisations, a customer's own terms, repositories and records,
text in images. `tidegate doctor` and every receipt say which labels the running version can find.
"""


def page() -> str:
    rows = sorted(ROWS, key=lambda row: (row.label, row.name, row.about))
    lines = [HEAD, "| label | level | detector | finds | evidence |", "|---|---|---|---|---|"]
    for label, group in groupby(rows, key=lambda row: row.label):
        for n, row in enumerate(group):
            first = (f"`{label}`", level(frozenset({label}))) if n == 0 else ("", "")
            lines.append(f"| {first[0]} | {first[1]} | {row.name} | {_cell(row.about)} | {_evidence(row)} |")
    labels = {row.label for row in rows}
    lines += ["", f"{len(labels)} labels, {len({row.name for row in rows})} detectors.", ""]
    return "\n".join(lines)


def _evidence(row: Row) -> str:
    if isinstance(row, Shaped):
        alone, cued = max(row.shapes.values()), bool(row.cues)
        if alone < 0.5:
            return "check and words"
        return "check; words where it is not grouped" if cued and min(row.shapes.values()) < 0.5 else "check"
    if isinstance(row, Prefixed):
        return f"prefix {', '.join(f'`{prefix}`' for prefix in row.prefixes)} and {_size(row)} characters"
    if isinstance(row, Cued):
        where = f" in {', '.join(sorted(row.positions))}" if row.positions else ""
        return ("words and check" if row.valid else "words and shape") + where
    if isinstance(row, Called):
        return "words and grammar"
    if isinstance(row, BuiltIn):
        return "code"
    raise TypeError(row)


def _size(row: Prefixed) -> str:
    if row.least == row.most:
        return str(row.least)
    return f"{row.least} to {row.most}" if row.most < 10**6 else f"{row.least} or more"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
