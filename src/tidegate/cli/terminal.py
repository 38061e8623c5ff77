"""What commands print. A terminal gets aligned tables and a little colour; a pipe gets plain lines with tabs."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import IO, Any

_COLOURS = {"good": "32", "bad": "31", "dim": "2", "head": "1"}


def prepare() -> None:
    """A terminal that knows no Unicode shows escapes instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def is_terminal(stream: IO[str] | None = None) -> bool:
    return (stream or sys.stdout).isatty()


def paint(text: str, colour: str, stream: IO[str] | None = None) -> str:
    plain = not is_terminal(stream) or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return text if plain else f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def say(text: str = "") -> None:
    print(visible(text), flush=True)


def complain(text: str) -> None:
    print(visible(text), file=sys.stderr, flush=True)


def visible(text: str) -> str:
    """Nothing that came from elsewhere (a server's name for its model) may steer the terminal; our own colours may."""
    return "".join(_shown(piece) for piece in _pieces(text))


def _pieces(text: str) -> Iterable[str]:
    import re

    return re.split(r"(\x1b\[(?:32|31|2|1|0)m)", text)


def _shown(piece: str) -> str:
    if piece.startswith("\x1b[") and piece.endswith("m"):
        return piece
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in piece)


def say_json(value: Any) -> None:
    """One JSON object on one line."""
    print(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")), flush=True)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not is_terminal():
        return "\n".join("\t".join(row) for row in rows)
    widths = [max(_width(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [paint(_aligned(head, widths), "head"), *(_aligned(row, widths) for row in rows)]
    return "\n".join(lines)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    return "  ".join(padded).rstrip()


def _width(cell: str) -> int:
    """Columns on the screen; colour takes none."""
    return sum(len(piece) for piece in _pieces(cell) if not piece.startswith("\x1b["))
