"""Registered records known again in prose, JSON and code, in the spellings that people use; false finds; cost.

Records are made up: names from the lists that the name detector is trained with, numbers by chance. Of the carriers one
half is `dev`, the other `test`; each split has a table, a seed and spellings' order of its own. Text without records is
the standard library, this project's documents, and the sentences in `corpora/` that hold other people's made-up data.

python -m bench.detect.own [ROWS]
"""

import gzip
import json
import resource
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bench.classify import best_us, code, prose, records
from bench.detect.score import Score, Split, rows
from tidegate.core.classify import Engine
from tidegate.core.classify.fold import fold, unescape
from tidegate.core.classify.records import Builder, RecordKey, RecordsFinder, unpack
from tidegate.core.classify.rows import Hit

LABEL = "customer.record"
HEADER = ("name", "email", "account", "phone", "first", "last", "city", "birth")
ROWS = 10_000
TRIALS = 400
HOUSE = Path(__file__).parents[2]
KEY = RecordKey(b"bench" * 6 + b"!!")

CARRIERS = {
    "dev": (
        "Could you check why {} was charged twice in March?",
        "Dear team,\n\nplease note that {} called again this morning.\nBest regards",
        '{{"ticket": 4711, "subject": "refund", "about": "{}"}}',
        "for row in rows:\n    if row.key == '{}':\n        print(row)  # seen twice\n",
    ),
    "test": (
        "Summarise the complaint below. It concerns {}, who has been waiting since Tuesday.",
        "Notes of the call: the caller gave {} and asked for a new statement, then hung up.",
        "{{'rows': [{{'n': 1, 'value': '{}'}}, {{'n': 2, 'value': None}}]}}",
        "SELECT * FROM t WHERE k = '{}' ORDER BY created DESC LIMIT 10;",
    ),
}


@cache
def _lists() -> tuple[list[str], list[str], list[str]]:
    with gzip.open(HOUSE / "training" / "names" / "lists.json.gz", "rt", encoding="utf-8") as file:
        lists: dict[str, Any] = json.load(file)
    of = [lists[name] for name in lists if name[:2] in {"en", "de", "fr", "es", "it", "nl", "pl"}]
    return tuple(  # type: ignore[return-value]
        sorted({word for one in of for word in _flat(one.get(part, []))}) for part in ("first", "last", "place")
    )


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _flat(one)


def people(count: int, seed: int) -> Iterator[tuple[str, ...]]:
    draw = Random(seed)
    firsts, lasts, places = _lists()
    for number in range(count):
        first, last = draw.choice(firsts), draw.choice(lasts)
        yield (
            f"{first} {last}",
            f"{first}.{last}{number}@mail{draw.randrange(50)}.example".lower().replace(" ", ""),
            f"{draw.randrange(10**9, 10**10)}",
            f"+44 20 {draw.randrange(10**4):04} {draw.randrange(10**4):04}",
            draw.choice(firsts),
            draw.choice(lasts),
            draw.choice(places),
            f"{draw.randrange(1940, 2006)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
        )


def finder(count: int, seed: int) -> RecordsFinder:
    builder = Builder(KEY, HEADER)
    for row in people(count, seed):
        builder.add(row)
    content = b"".join(builder.pack(name="crm", label=LABEL, registered_at=""))
    return RecordsFinder([unpack(memoryview(content), KEY.file([content[:-32]]), KEY.check)], KEY)


def _turned(row: Sequence[str]) -> str:
    first, _, last = row[0].partition(" ")
    return f"{last}, {first}"


def _grouped(digits: str, by: str, size: int) -> str:
    return by.join(digits[at : at + size] for at in range(0, len(digits), size))


SPELLINGS: dict[str, Callable[[Sequence[str]], str]] = {
    "name": lambda row: row[0],
    "NAME": lambda row: row[0].upper(),
    "name, lower case": lambda row: row[0].lower(),
    "last, first": _turned,
    "name over two lines": lambda row: row[0].replace(" ", "\n    "),
    "mail": lambda row: row[1],
    "MAIL": lambda row: row[1].upper(),
    "account": lambda row: row[2],
    "account in groups": lambda row: _grouped(row[2], " ", 4),
    "account with dashes": lambda row: _grouped(row[2], "-", 3),
    "account, full width": lambda row: row[2].translate({48 + n: 0xFF10 + n for n in range(10)}),
    "phone": lambda row: row[3],
    "phone, bare": lambda row: row[3].replace(" ", ""),
    "first, last and city": lambda row: f"{row[4]} {row[5]} of {row[6]}",
    "cells in JSON": lambda row: json.dumps(dict(zip(HEADER[4:], row[4:], strict=True))),
}


def score(engine: Engine, split: Split) -> list[Score]:  # noqa: ARG001 - records have an engine's part of their own
    """Recall by spelling; then what was found where no record stands."""
    seed = {"dev": 11, "test": 12}[split]
    by = finder(ROWS, seed)
    table = list(people(ROWS, seed))
    found = [_recall(by, name, spell, table, split) for name, spell in SPELLINGS.items()]
    return found + [_false_finds(by, name, texts, split) for name, texts in unrelated(split).items()]


def _recall(
    by: RecordsFinder, name: str, spell: Callable[[Sequence[str]], str], table: Sequence[Sequence[str]], split: Split
) -> Score:
    draw = Random(name)
    truth = found = right = caught = 0
    for row in draw.sample(table, TRIALS):
        value, carrier = spell(row), draw.choice(CARRIERS[split])
        text = carrier.format(value)
        start = text.index(value)
        spans = [(low, high) for low, high in _spans(by, text)]
        truth += 1
        found += len(spans)
        inside = [low < start + len(value) and start < high for low, high in spans]
        right += sum(inside)
        caught += any(inside)
    return Score(f"{ROWS:,} rows", LABEL, split, truth, found, right, caught, name)


def _spans(by: RecordsFinder, text: str) -> Iterator[tuple[int, int]]:
    """In characters of the text."""
    source = text.encode()
    folded = fold(source)
    data = unescape(folded.data if folded else source)
    for hit in by.hits(data, data.lower()):
        low, high = folded.span(hit.start, hit.end) if folded else (hit.start, hit.end)
        yield len(source[:low].decode("utf-8", "ignore")), len(source[:high].decode("utf-8", "ignore"))


@cache
def unrelated(split: Split) -> dict[str, list[bytes]]:
    half = {"dev": 0, "test": 1}[split]
    library = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))[half::2]
    documents = sorted((HOUSE / "docs").rglob("*.md"))[half::2]
    sentences = [str(one["full_text"]) for one in rows("presidio-research/generated_large.json.gz")][half::2]
    return {
        "standard library": [file.read_bytes() for file in library],
        "documents": [file.read_bytes() for file in documents],
        "sentences with other people's data": ["\n".join(sentences[at : at + 50]).encode() for at in range(0, 700, 50)],
    }


def _false_finds(by: RecordsFinder, name: str, texts: Sequence[bytes], split: Split) -> Score:
    hits: list[Hit] = [hit for text in texts for hit in by.hits(text, text.lower())]
    size, words = sum(map(len, texts)), sum(len(text.split()) for text in texts)
    note = f"{name}: {len(hits)} in {size / 1e6:.1f} MB, {words:,} words"
    return Score("no record", LABEL, split, 0, len(hits), 0, 0, note)


def _speed(by: RecordsFinder) -> None:
    documents = "".join(text.decode() for text in unrelated("test")["documents"])
    texts = {"prose": prose(204_800), "code": code(204_800), "JSON": records(204_800), "documents": documents[:204_800]}
    print(f"{'us/KB':<12}{'first time':>12}{'again':>8}")
    for name, text in texts.items():
        data = text.encode()
        lower, kilobytes = data.lower(), len(data) / 1024
        fresh = RecordsFinder(by._tables, KEY)  # noqa: SLF001 - the same table, nothing looked up yet
        begun = time.process_time_ns()
        fresh.hits(data, lower)
        first = (time.process_time_ns() - begun) / 1000
        again = best_us(lambda data=data, lower=lower, fresh=fresh: fresh.hits(data, lower), 1)  # type: ignore[misc]
        print(f"{name:<12}{first / kilobytes:>12.1f}{again / kilobytes:>8.1f}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    for split in ("dev", "test"):
        print(f"-- {split}")
        for one in score(Engine(), split):  # type: ignore[arg-type]
            told = f"recall {one.recall:.3f} precision {one.precision:.3f}  " if one.truth else ""
            print(f"{told}{one.note}")
    begun = time.process_time()
    by = finder(count, 12)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"-- {count:,} rows of {len(HEADER)} columns: {time.process_time() - begun:.1f} s CPU, {peak:.0f} MB at most")
    for name, texts in unrelated("test").items():
        print(_false_finds(by, name, texts, "test").note)
    _speed(by)


if __name__ == "__main__":
    main()
