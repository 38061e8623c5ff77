"""`tidegate review …`: one module a command, each with its ABOUT, `declare` for its options, and what it calls."""

from collections.abc import Sequence

from tidegate.cli import arguments
from tidegate.cli.review import approve, forget, key, listing, refuse, show

_MORE = """\
Policy lets some requests pass only once a person has approved them. A reviewer says so with a key of their own, which
stands under [review.reviewers]; list and forget are for whoever runs the gateway.

  tidegate review key anna.key --name anna
  tidegate review show 0190a1b2-… --key anna.key
  tidegate review approve 0190a1b2-… --redacted --key anna.key"""

# In the order in which one comes to need them.
_PARTS = {"key": key, "list": listing, "show": show, "approve": approve, "refuse": refuse, "forget": forget}


def run(words: Sequence[str]) -> int:
    parser = arguments.command("review", "See and decide what waits for a person.", _MORE)
    below = parser.add_subparsers(dest="what", required=True, metavar=" | ".join(_PARTS))
    for name, part in _PARTS.items():
        one = below.add_parser(name, help=part.ABOUT.split(". ")[0].rstrip(".").lower(), description=part.ABOUT)
        one.formatter_class = parser.formatter_class
        part.declare(one)
        arguments.config_option(one)
        arguments.json_option(one)
        one.set_defaults(call=part.call)
    given = parser.parse_args(words)
    status: int = given.call(given)
    return status
