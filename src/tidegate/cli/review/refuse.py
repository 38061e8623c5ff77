"""`tidegate review refuse`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from tidegate.cli.review import saying
from tidegate.core.values.review import Verdict

ABOUT = """\
Refuse a held request, or take an approval back that was not used yet. The reason is told to its caller and stands in
the log: write nothing of the request's text into it."""

_MOST = 500


def declare(parser: ArgumentParser) -> None:
    saying.declare(parser)
    parser.add_argument("--reason", required=True, metavar="TEXT", type=_reason, help="why, in a sentence")


def call(given: Namespace) -> int:
    return saying.say(given, Verdict.REFUSE, reason=given.reason)


def _reason(text: str) -> str:
    if not text.strip() or len(text) > _MOST or not text.isprintable():
        raise ArgumentTypeError(f"a sentence of up to {_MOST} characters on one line is wanted")
    return text.strip()
