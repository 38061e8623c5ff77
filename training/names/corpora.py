"""The licensed corpora as texts with spans."""

from __future__ import annotations

import gzip
import json
import re
import sysconfig
import tokenize
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from training.names.texts import Text

CORPORA = Path(__file__).parents[2] / "corpora"
TOKENS = ("btc_a", "btc_b", "btc_e", "btc_f", "btc_g", "wikigold", "wnut17_train")
_KINDS = {
    "PER": "PER", "person": "PER", "LOC": "LOC", "location": "LOC", "ORG": "ORG", "group": "ORG", "corporation": "ORG",
    "PERSON": "PER", "GPE": "LOC", "LOCATION": "LOC", "ORGANIZATION": "ORG",
}  # fmt: skip
_CREDIT = re.compile(
    r"(?i)author|copyright|\(c\)|contribut|written|maintain|thank|credit|due to|\bby [A-Z]|guido|tim peters|@"
    r"|moved? by|submitted|suggest"
)
_ELSEWHERE = frozenset({"site-packages", "test", "tests", "idle_test", "lib2to3", "encodings", "this.py"})
_TIGHT = frozenset(".,!?;:)%'”’")


def sentences(split: str | None = None) -> Iterator[Text]:
    """Sentences of presidio-research, version 2. Templates of one half are `dev`, of the other `test`."""
    with gzip.open(CORPORA / "presidio-research" / "synth_dataset_v2.json.gz", "rt", encoding="utf-8") as file:
        for row in json.load(file):
            if split is None or split_of(row["template_id"]) == split:
                spans = [
                    (s["start_position"], s["end_position"], _KINDS[s["entity_type"]])
                    for s in row["spans"]
                    if s["entity_type"] in _KINDS
                ]
                yield Text(row["full_text"], sorted(spans), f"presidio:{row['template_id']}")


def split_of(template: int) -> str:
    return "dev" if crc32(b"%d" % template, 5) % 2 else "test"


def tokens(name: str) -> Iterator[Text]:
    """Sentences of a file of tokens and tags, put together as people write them."""
    rows: list[tuple[str, str]] = []
    with gzip.open(CORPORA / "ner" / f"{name}.conll.gz", "rt", encoding="utf-8") as file:
        for line in file:
            parts = line.split()
            if len(parts) >= 2:
                rows.append((parts[0], parts[-1]))
            elif rows:
                yield _joined(rows, name)
                rows = []
    if rows:
        yield _joined(rows, name)


def _joined(rows: list[tuple[str, str]], source: str) -> Text:
    text, spans = "", []
    open_kind = ""
    quoted = False
    glue = True
    for word, tag in rows:
        kind = _KINDS.get(tag[2:], "") if tag != "O" else ""
        tight = glue or word[:1] in _TIGHT or word in ("n't", "-", "/") or (word == '"' and quoted)
        if not tight:
            text += " "
        start = len(text)
        text += word
        if kind and kind == open_kind and not tag.startswith("B-"):
            spans[-1] = (spans[-1][0], len(text), kind)
        elif kind:
            spans.append((start, len(text), kind))
        open_kind = kind
        glue = word in ("(", "[", "@", "#", "$", "/", "-", "“", "‘") or (word == '"' and not quoted)
        quoted ^= word == '"'
    return Text(text, spans, source)


def sources(split: str) -> Iterator[Text]:
    """Modules of Python's standard library: code, comments and documentation in which nobody's name matters.

    Lines that credit somebody are left out: their names are names.
    """
    folder = Path(sysconfig.get_path("stdlib"))
    for file in sorted(folder.rglob("*.py")):
        name = file.relative_to(folder).as_posix()
        if _ELSEWHERE.isdisjoint(name.split("/")) and (crc32(name.encode(), 3) % 2 == 0) == (split == "test"):
            with tokenize.open(file) as source:
                yield Text("".join(line for line in source if not _CREDIT.search(line)), [], f"stdlib:{name}")
