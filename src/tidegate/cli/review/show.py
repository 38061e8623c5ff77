"""`tidegate review show`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.cli import terminal
from tidegate.cli.review import desk
from tidegate.cli.review.listing import approvals

ABOUT = """\
Show what was found in a held request and where; to reviewers whose role is `context`, also the text around it. The log
says who has looked."""


def declare(parser: ArgumentParser) -> None:
    desk.review_argument(parser)
    desk.declare(parser)


def call(given: Namespace) -> int:
    found = desk.desk(given).order("show", given.review)
    if given.json:
        terminal.say_json({"ok": True, **found})
        return 0
    for line in _lines(found):
        terminal.say(line)
    return 0


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"review    {found['review']}: {found['state']}, until {found['until']}"
    yield f"found     {_counts(found)} ({found['level']})"
    work = f" for workload {found['workload']}" if found["workload"] else ""
    yield f"asked by  {found['actor']}{work}, {found['held']}"
    yield f"to        {', '.join(found['targets'])}, by {', '.join(found['rules'])}"
    yield f"approved  {approvals(found)}"
    contents = found["contents"]
    if contents is None:
        yield "Its text has been erased: it is kept only while somebody has to look at it."
        return
    yield ""
    yield from _findings(contents)
    if "context" in contents:
        yield from _context(contents)
    if not contents["whole"]:
        yield f"There is more: {contents['found']} findings in all. What is too long to be read should be refused."


def _counts(found: Mapping[str, Any]) -> str:
    counted = {**dict.fromkeys(found["labels"], 0), **found["counts"]}
    return ", ".join(f"{label} {count or ''}".strip() for label, count in counted.items()) or "no label"


def _findings(contents: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        [one["label"], f"{one['position']} {one['part']}", f"{one['start']}-{one['end']}"]
        for one in contents["findings"]
    ]
    if rows:
        yield terminal.table(("label", "part", "characters"), rows)
    if contents["unscannable"]:
        yield f"nobody could look at {contents['unscannable']} parts of it"


def _context(contents: Mapping[str, Any]) -> Iterator[str]:
    for piece in contents["context"]:
        position = contents["parts"][piece["part"]]["position"]
        yield ""
        yield terminal.paint(f"-- {position} {piece['part']}, from character {piece['start']}", "dim")
        yield piece["text"]
