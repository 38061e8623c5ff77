"""Registered code known again, source code told from prose: on what is installed on this machine.

Nothing of it is in the repository. Of each language's packages a quarter is registered for `dev`, a quarter is
unrelated text for `dev`, and so on for `test`: whole packages (for the standard library: files) fall on one side, so
that no package's own habits help. In an excerpt at least three lines of five hold one of `=(){};[]` outside of
comments: licences and docstrings are no code. What is unrelated may still be copied: packages share helpers, and so
does the standard library with itself.

python -m bench.detect.code
"""

import re
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from shutil import which
from typing import NamedTuple

from bench.detect.score import Score, Split
from tidegate.core.classify import Engine
from tidegate.core.classify.proprietary import Builder, CodeFinder, derive_key, pack, plain, read, unpack

PROPRIETARY = "code.proprietary"
SOURCE = "code.source"
KEY = derive_key(b"bench" * 6 + b"!!")
MOST_BYTES = 6_000_000
EXCERPTS = 150
_SIDES = {"dev": (0, 1), "test": (2, 3)}
_COMMENT_LINE = re.compile(rb"[ \t]*(?:#(?![a-z])|//|\*|/\*|--|$)")
_CODE_LINE = re.compile(rb"[^\n]*[=(){};\[\]]")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_KEPT_WORDS = frozenset(
    b"if else elif for while do switch case default break continue return try except catch finally throw raise with as "
    b"def class function fn func async await yield import from export package use namespace module include define "
    b"ifdef ifndef endif struct enum union typedef interface impl static const extern inline var let new delete "
    b"sizeof typeof in is not and or pass None True False true false null undefined self this super void int long char "
    b"float double unsigned my our local sub unless elsif foreach next last lambda int16_t".split()
)


class File(NamedTuple):
    """`unit`: what falls on one side as a whole."""

    unit: str
    text: bytes


def _folders() -> Iterator[tuple[str, Path, tuple[str, ...], Callable[[Path], str]]]:
    """Language, where its files are, their endings, and what they belong to."""
    stdlib, packages = Path(sysconfig.get_paths()["stdlib"]), Path(sysconfig.get_paths()["purelib"])
    yield "Python, standard library", stdlib, (".py",), str
    yield "Python, packages", packages, (".py",), lambda file: file.relative_to(packages).parts[0]
    node = which("node")
    if node:
        modules = Path(node).resolve().parents[1] / "lib" / "node_modules"
        yield (
            "JavaScript",
            modules,
            (".js", ".cjs", ".mjs"),
            lambda file: str(file).rpartition("node_modules/")[2].partition("/")[0],
        )
    headers = Path("/usr/include")
    perl = Path("/usr/share/perl")
    yield "Perl", perl, (".pm",), lambda file: file.name
    yield "C", headers, (".h",), lambda file: file.parent.name


@cache
def files(language: str) -> tuple[File, ...]:
    """Each text once, in an order that has nothing to do with its name."""
    _, root, endings, unit_of = next(one for one in _folders() if one[0] == language)
    found: dict[bytes, File] = {}
    for path in root.rglob("*"):
        inside = str(path.relative_to(root))
        if path.suffix not in endings or ".min." in inside or path.is_symlink():
            continue
        if "standard library" in language and any(name in inside for name in ("site-packages", "test", "encodings")):
            continue
        if not 800 < path.stat().st_size < 200_000:
            continue
        text = path.read_bytes()
        try:
            text.decode()
        except UnicodeDecodeError:
            continue
        found.setdefault(sha256(b"".join(text.split())).digest(), File(unit_of(path), text))
    return tuple(file for _, file in sorted(found.items()))


def side(language: str, number: int) -> list[bytes]:
    chosen: list[bytes] = []
    size = 0
    for file in files(language):
        if sha256(file.unit.encode()).digest()[0] % 4 == number and size < MOST_BYTES:
            chosen.append(file.text)
            size += len(file.text)
    return chosen


def finder_of(texts: Sequence[bytes]) -> CodeFinder:
    builder = Builder(KEY)
    for text in texts:
        builder.add(read(plain(text)), len(text))
    return CodeFinder([unpack(pack(builder, KEY, name="bench", registered_at=""), KEY)], KEY)


def excerpts(texts: Sequence[bytes], lines: int, count: int, draw: Random) -> Iterator[bytes]:
    for text in draw.choices(texts, k=count) if texts else ():
        rows = text.split(b"\n")
        for _ in range(20):
            at = draw.randrange(max(1, len(rows) - lines))
            chosen = rows[at : at + lines]
            if len(chosen) == lines and sum(1 for row in chosen if is_code(row)) >= 0.6 * lines:
                yield b"\n".join(chosen)
                break


def is_code(row: bytes) -> bool:
    return not _COMMENT_LINE.match(row) and bool(_CODE_LINE.match(row))


def renamed(text: bytes, share: float, draw: Random) -> bytes:
    names = sorted(set(_WORD.findall(text)) - _KEPT_WORDS)
    others = {
        name: b"%c%d" % (draw.choice(b"abcxyz"), draw.randrange(10**5)) for name in names if draw.random() < share
    }
    return _WORD.sub(lambda match: others.get(match[0], match[0]), text)


def reindented(text: bytes) -> bytes:
    return re.sub(rb"(?m)^ +", lambda match: b"\t" * max(1, len(match[0]) // 4), text)


def surrounded(text: bytes, others: Sequence[bytes], draw: Random) -> bytes:
    rows = b"\n".join(draw.choices(others, k=12)).split(b"\n")[:400]
    return b"\n".join((*rows[:200], text, *rows[200:]))


def without_comments(text: bytes) -> bytes:
    rows = [row for row in text.split(b"\n") if not _COMMENT_LINE.match(row)]
    return b"\n".join(re.sub(rb"[ \t]+(?:#|//) [^\n]*$", b"", row) for row in rows)


def finds(finder: CodeFinder, text: bytes) -> bool:
    data = plain(text)
    return any(True for _ in finder.hits(data, data))


def score(engine: Engine, split: Split) -> list[Score]:
    """Fingerprints, then source code. A row with truth 0 counts false alarms, among as many texts as its note says."""
    registered = [row for language, *_ in _folders() for row in _of_language(language, split)]
    return [*registered, *_sources(engine, split), *_prose(engine, split)]


def _is_code(engine: Engine, text: bytes) -> bool:
    return any(found.label == SOURCE for found in engine.find(text.decode("utf-8", "replace")))


def _sources(engine: Engine, split: Split) -> Iterator[Score]:
    for language, *_ in _folders():
        texts = side(language, _SIDES[split][0])
        for lines in (3, 5, 10, 20):
            chosen = list(excerpts(texts, lines, EXCERPTS, Random(language)))
            caught = sum(_is_code(engine, text) for text in chosen)
            yield Score(f"{language}: {lines} lines", SOURCE, split, len(chosen), caught, caught, caught)


def _prose(engine: Engine, split: Split) -> Iterator[Score]:
    """Licences, packages' copyright notes, this project's own pages outside of their fences; 25 lines at a time."""
    own = Path(__file__).parents[2]
    for what, paths in (
        ("licences", [*Path("/usr/share/common-licenses").glob("*"), *Path("/usr/share/doc").glob("*/copyright")]),
        ("own pages", [*own.glob("*.md"), *(own / "docs").rglob("*.md")]),
    ):
        mine = [
            path
            for path in paths
            if sha256(path.name.encode() + path.parent.name.encode()).digest()[0] % 2 == (split == "test")
        ]
        pieces = [piece for path in sorted(mine)[:200] if path.is_file() for piece in _pieces(path)]
        alarms = sum(_is_code(engine, piece) for piece in pieces)
        yield Score(f"{what}: 25 lines", SOURCE, split, 0, alarms, 0, 0, f"of {len(pieces)} pieces")


def _pieces(path: Path) -> Iterator[bytes]:
    rows = re.sub(rb"(?s)```.*?```", b"", path.read_bytes()).split(b"\n")
    yield from (b"\n".join(rows[at : at + 25]) for at in range(0, min(len(rows), 500), 25))


def _of_language(language: str, split: Split) -> Iterator[Score]:
    mine, others = (side(language, number) for number in _SIDES[split])
    finder = finder_of(mine)
    draw = Random(language + split)
    changes: list[tuple[str, int, Callable[[bytes], bytes]]] = [
        ("10 lines", 10, bytes),
        ("20 lines", 20, bytes),
        ("50 lines", 50, bytes),
        ("20 lines in the middle of 400 others", 20, lambda text: surrounded(text, others, draw)),
        ("20 lines, re-indented", 20, reindented),
        ("20 lines, comments dropped", 20, without_comments),
        ("20 lines, 20% of names changed, re-indented", 20, lambda text: reindented(renamed(text, 0.2, draw))),
        ("20 lines, 50% of names changed, re-indented", 20, lambda text: reindented(renamed(text, 0.5, draw))),
        ("20 lines, all names changed, re-indented", 20, lambda text: reindented(renamed(text, 1, draw))),
    ]
    for what, lines, change in changes:
        texts = [change(text) for text in excerpts(mine, lines, EXCERPTS, draw)]
        caught = sum(finds(finder, text) for text in texts)
        yield Score(f"{language}: {what}", PROPRIETARY, split, len(texts), caught, caught, caught)
    unrelated = others[:EXCERPTS]
    alarms = sum(finds(finder, text) for text in unrelated)
    yield Score(f"{language}: unrelated files", PROPRIETARY, split, 0, alarms, 0, 0, f"of {len(unrelated)} files")
    pieces = list(excerpts(others, 20, 2 * EXCERPTS, draw))
    alarms = sum(finds(finder, text) for text in pieces)
    yield Score(f"{language}: unrelated 20 lines", PROPRIETARY, split, 0, alarms, 0, 0, f"of {len(pieces)} excerpts")


def speed() -> Iterator[str]:
    for language, *_ in _folders():
        finder = finder_of(side(language, 0))
        texts = [plain(text) for text in (*side(language, 0)[:20], *side(language, 1)[:20])]
        size = sum(map(len, texts)) / 1024
        best = float("inf")
        for _ in range(5):
            start = time.process_time_ns()
            for text in texts:
                list(finder.hits(text, text))
            best = min(best, time.process_time_ns() - start)
        yield f"{language}: {best / 1000 / size:.0f} us/KB, half of it registered"


def main() -> None:
    for split in ("dev", "test") if len(sys.argv) < 2 else sys.argv[1:]:
        for row in score(Engine(), split):  # type: ignore[arg-type]
            told = f"{row.found:>4} {row.note}" if row.note else f"{row.recall:>6.3f} of {row.truth}"
            print(f"{split:<5}{row.corpus:<75}{told}")
    print(*speed(), sep="\n")


if __name__ == "__main__":
    main()
