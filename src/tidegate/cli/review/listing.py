"""`tidegate review list`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from tidegate.cli import terminal
from tidegate.cli.review import desk

ABOUT = """\
List what waits for a person, or is approved and not used yet. With a reviewer's key the running gateway is asked;
without one, whoever runs the gateway looks into its store, whether it runs or not."""

_HEAD = ("review", "state", "labels", "level", "workload", "approved", "held", "until")


def declare(parser: ArgumentParser) -> None:
    desk.declare(parser, needs_key=False)


def call(given: Namespace) -> int:
    reviews = _asked(given) if desk.key_file(given) else _stored(given)
    if given.json:
        terminal.say_json({"ok": True, "reviews": reviews})
    elif reviews:
        terminal.say(terminal.table(_HEAD, [row(one) for one in reviews]))
    else:
        terminal.say("nothing waits for a reviewer")
    return 0


def row(one: Mapping[str, Any]) -> list[str]:
    return [
        one["review"],
        one["state"],
        ", ".join(one["labels"]),
        one["level"],
        one["workload"],
        approvals(one),
        one["held"],
        one["until"],
    ]


def approvals(one: Mapping[str, Any]) -> str:
    by = f" ({', '.join(one['approved_by'])})" if one["approved_by"] else ""
    return f"{len(one['approved_by'])} of {one['needs']}{by}"


def _asked(given: Namespace) -> Sequence[dict[str, Any]]:
    found: Sequence[dict[str, Any]] = desk.desk(given).order("list")["reviews"]
    return found


def _stored(given: Namespace) -> Sequence[dict[str, Any]]:
    from tidegate import app
    from tidegate.cli.chosen import written

    return app.waiting_reviews(written(given.config))
