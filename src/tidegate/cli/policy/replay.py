"""`tidegate policy replay`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from tidegate.cli import arguments, terminal
from tidegate.cli.policy import moved
from tidegate.cli.policy.chosen import named

ABOUT = """\
Decide the recorded traffic again by another policy, from the records alone: what would be unchanged, stricter, looser,
or go elsewhere, and what that moves. The first line says how much of the traffic the answer is about."""

_MOST_IDS = 1000


def declare(parser: ArgumentParser) -> None:
    parser.add_argument("new", metavar="NEW", help="a policy folder, or `baseline` for the one in the package")
    parser.add_argument("--since", type=_moment, default="", metavar="WHEN", help="from this day or moment on (UTC)")
    parser.add_argument(
        "--limit",
        type=arguments.whole_number,
        default=_MOST_IDS,
        metavar="N",
        help=f"with --json: list at most so many request ids a bucket (default: {_MOST_IDS})",
    )


def call(given: Namespace) -> int:
    from tidegate import app
    from tidegate.cli.chosen import written

    new = named(given.new)
    report = app.replay_log(written(given.config), new.policy, since=given.since, most_ids=given.limit)
    if given.json:
        terminal.say_json({"ok": True, **report.as_json()})
    else:
        moved.tell(report)
    return 0


def _moment(text: str) -> str:
    from tidegate.cli.records import moment

    try:
        return moment(text) if text else ""
    except ValueError:
        raise ArgumentTypeError("a day or a moment is wanted, such as 2026-11-21 or 2026-11-21T14:00:00") from None
