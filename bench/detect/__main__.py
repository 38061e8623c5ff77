"""`make bench-detect`: every family on every corpus, the peers beside us, and what a KB costs; writes docs/accuracy.md.

Some minutes. On a quiet machine, for the speeds.
"""

import gc
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.detect import code, names, own, peers, phones, pii, secrets, speed
from bench.detect.score import Score, Split
from tidegate import app
from tidegate.core.classify import Engine

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
SPLITS: tuple[Split, ...] = ("dev", "test")
HEAD = f"""# Accuracy and speed of detection

Written by `make bench-detect` ({platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},
{sys.platform}); do not edit. What is found is protected, what is not found is not: these figures are measured, never
proven. Rules were written looking at `dev` and not at `test`, but where a table says so; how each corpus is split, and
what else a rule or a model was made from, stands with each table. The corpora lie in `corpora/`, with their licences.

A finding is right where it has a value's label and overlaps it. F2 weighs recall twice. What reached a cloud in the
end, under load, is on another page: [conformance.md](conformance.md).
"""


def table(scores: Iterable[Score]) -> Iterator[str]:
    yield "| corpus | label | split | values | found | recall | precision | F1 | F2 | note |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for line in scores:
        if line.truth:
            rates = f"{line.recall:.3f} | {line.precision:.3f} | {line.f1:.2f} | {line.f2:.2f}"
        else:  # texts in which nothing is to be found: what was is wrong
            rates = " | ".join("–" * 4)
        yield f"| {line.corpus} | `{line.label}` | {line.split} | {line.truth} | {line.found} | {rates} | {line.note} |"


def pages(engine: Engine) -> Iterator[str]:
    """Section by section, so that somebody who waits sees it grow."""
    yield from _section("Structured personal, health and payment data", pii.__doc__, _both(pii, engine))
    yield from _section("Telephone numbers of all regions", phones.__doc__, _both(phones, engine))
    yield from _section("Secrets", secrets.__doc__, _both(secrets, engine))
    tagging = Engine(finders=[app.names_finder()], kept_bytes=0)
    yield from _section("Names, places, organisations", names.__doc__, _both(names, tagging))
    yield from _section("Code", code.__doc__, _both(code, engine))
    yield from _section("A customer's own data", own.__doc__, _both(own, engine))
    yield from _section("Beside: Presidio", peers.__doc__, _presidio())
    yield from _section("Beside: detect-secrets", None, _detect_secrets())
    yield from _speeds(engine)


def _both(family: object, engine: Engine) -> Iterator[Score]:
    for split in SPLITS:
        yield from family.score(engine, split)  # type: ignore[attr-defined]


def _presidio() -> Iterator[Score]:
    asked = peers.Presidio()
    for split in SPLITS:
        scores = pii.score(asked, split)  # type: ignore[arg-type]  # it has what is asked for: `find`
        yield from (line for line in scores if line.label in asked.covers and line.note != "validator")


def _detect_secrets() -> Iterator[Score]:
    asked = peers.DetectSecrets()
    for split in SPLITS:
        scores = secrets.score(asked, split)  # type: ignore[arg-type]
        yield from (line for line in scores if line.corpus in ("kingfisher", "gitleaks"))


def _section(title: str, doc: str | None, scores: Iterable[Score]) -> Iterator[str]:
    yield f"## {title}\n"
    if doc:
        yield "\n".join(line for line in doc.strip().splitlines() if not line.startswith("python -m")) + "\n"
    yield from table(scores)
    yield ""


def _speeds(engine: Engine) -> Iterator[str]:
    gc.disable()
    ours = {(kind, size): cost for kind, size, cost in speed.ours(engine)}
    yield "## What a KB costs\n\nCPU time of the whole classification without names, nothing kept from before.\n"
    yield "| text | size | µs/KB | p99 |\n|---|---|---|---|"
    for (kind, size), cost in ours.items():
        yield f"| {kind} | {size // 1024} KB | {cost.best / (size / 1024):.0f} | {cost.p99 / 1000:.2f} ms |"
    yield "\n| beside | text | size | µs/KB | times ours |\n|---|---|---|---|---|"
    for peer, kind, size, cost in speed.peers():
        times = cost.best / ours[kind, size].best
        yield f"| {peer} | {kind} | {size // 1024} KB | {cost.best / (size / 1024):,.0f} | {times:.0f} |"
    yield ""


def main() -> None:
    lines = [HEAD]
    for line in pages(Engine(kept_bytes=0)):
        print(line, flush=True)
        lines.append(line)
    PAGE.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
