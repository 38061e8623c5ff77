"""`tidegate review approve`."""

from argparse import ArgumentParser, Namespace

from tidegate.cli import arguments
from tidegate.cli.review import saying
from tidegate.core.values.review import Verdict

ABOUT = """\
Let a held request go, once: this very request, by this caller, under the policy that rules now. Where two must agree
and one of them says --redacted, it goes so."""


def declare(parser: ArgumentParser) -> None:
    saying.declare(parser)
    parser.add_argument("--redacted", action="store_true", help="only with pseudonyms for what was found")
    parser.add_argument(
        "--target", action="append", default=[], metavar="NAME", help="only there (default: all that it waits for)"
    )
    parser.add_argument(
        "--minutes", type=arguments.whole_number, metavar="N", help="for less time than the configuration allows"
    )


def call(given: Namespace) -> int:
    verdict = Verdict.REDACTED if given.redacted else Verdict.RAW
    return saying.say(given, verdict, targets=given.target, for_minutes=given.minutes)
