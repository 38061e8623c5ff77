"""The documents that are made from code: `python -m tools.documents` writes them, `--check` only looks.

Status 1 of `--check`: some document is not what the code says; each is named.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tidegate.config import reference
from tools import dialects, labels, openapi

DOCS = Path(__file__).parents[1] / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "configuration.md": reference.page,
    "dialects.md": dialects.page,
    "labels.md": labels.page,
    "openapi.json": openapi.page,
}


def main(words: Sequence[str]) -> int:
    if words not in ([], ["--check"]):
        sys.stderr.write("usage: python -m tools.documents [--check]\n")
        return 2
    drifted = [(DOCS / name, text) for name, text in _written() if _standing(DOCS / name) != text]
    for path, text in drifted:
        if words:
            sys.stderr.write(f"docs/{path.name} is not what the code says: run `make docs`\n")
        else:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote docs/{path.name}\n")
    return 1 if words and drifted else 0


def _written() -> list[tuple[str, str]]:
    return [(name, page()) for name, page in PAGES.items()]


def _standing(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
