"""`tidegate policy …`: one module a command, each with its ABOUT, `declare` for its options, and what it calls."""

from collections.abc import Sequence

from tidegate.cli import arguments
from tidegate.cli.policy import activate, check, diff, explain, prove, replay, rollback, shadow, sign, test

# In the order in which one comes to need them.
_PARTS = {
    "check": check,
    "prove": prove,
    "test": test,
    "explain": explain,
    "diff": diff,
    "replay": replay,
    "shadow": shadow,
    "sign": sign,
    "activate": activate,
    "rollback": rollback,
}


def run(words: Sequence[str]) -> int:
    parser = arguments.command("policy", "Check, prove, test and compare the rules.")
    below = parser.add_subparsers(dest="what", required=True, metavar=" | ".join(_PARTS))
    for name, part in _PARTS.items():
        one = below.add_parser(name, help=part.ABOUT.split(". ")[0].split(":")[0].lower(), description=part.ABOUT)
        one.formatter_class = parser.formatter_class
        part.declare(one)
        arguments.config_option(one)
        arguments.json_option(one)
        one.set_defaults(call=part.call)
    given = parser.parse_args(words)
    status: int = given.call(given)
    return status
