"""`tidegate policy diff`."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from tidegate.cli import arguments, terminal
from tidegate.cli.policy import moved
from tidegate.cli.policy.chosen import named

if TYPE_CHECKING:
    from tidegate.core.decide.lifecycle.difference import Difference
    from tidegate.core.decide.policy import Policy

ABOUT = """\
Compare two policies over every request that could come: is NEW anywhere looser than OLD? The answer is a proof, or the
plainest request for each way in which they differ. Exit status 1 if NEW is looser, or drops a promise."""


_REORDERED = (
    "their preferences differ: what is permitted may be tried in another order, or dropped; --recorded shows how often"
)


def declare(parser: ArgumentParser) -> None:
    for name in ("old", "new"):
        parser.add_argument(
            name, metavar=name.upper(), help="a policy folder, or `baseline` for the one in the package"
        )
    parser.add_argument("--recorded", action="store_true", help="also decide the recorded traffic by both")
    parser.add_argument(
        "--limit",
        type=arguments.whole_number,
        metavar="N",
        help="with --recorded: only the newest N records of each log",
    )


def call(given: Namespace) -> int:
    from tidegate import app
    from tidegate.cli.chosen import written

    old, new = named(given.old), named(given.new)
    report = app.compare_policies(old.policy, new.policy)
    replayed = None
    if given.recorded:
        replayed = app.replay_log(written(given.config), new.policy, old=old.policy, newest=given.limit or 0)
    reordered = _reordered(old.policy, new.policy)
    if given.json:
        recorded = {"recorded": replayed.as_json()} if replayed else {}
        terminal.say_json({**report.as_json(), "preferences_differ": reordered, **recorded})
    else:
        _tell(report, old.where, new.where)
        if reordered:
            terminal.say(_REORDERED)
        if replayed:
            terminal.say()
            moved.tell(replayed)
    looser_then = bool(replayed and replayed.looser)
    return 0 if report.nowhere_looser and not looser_then else 1


def _reordered(old: "Policy", new: "Policy") -> bool:
    from tidegate.core.decide.preferences.policy import preferences_of

    return preferences_of(old).digest != preferences_of(new).digest


def _tell(report: "Difference", old: str, new: str) -> None:
    for word, changes in (("looser", report.looser), ("stricter", report.stricter)):
        colour = "bad" if word == "looser" else "good"
        for change in changes:
            terminal.say(f"{terminal.paint(word, colour)}: {change.sentence()}")
    for weakened in report.weakened:
        terminal.say(f"{terminal.paint('dropped', 'bad')}: {weakened.sentence()}")
    for asked in report.undecided:
        terminal.complain(f"tidegate: undecided, the solver gave up: {asked}; simplify the rules that it is about")
    terminal.say(_verdict(report, old, new))


def _verdict(report: "Difference", old: str, new: str) -> str:
    over = f"over {report.space:,} situations ({report.seconds:.1f} s)"
    if report.equivalent and report.nowhere_looser:
        return f"{terminal.paint('proven', 'good')}: {new} decides every request as {old} does, {over}"
    if report.nowhere_looser:
        return f"{terminal.paint('proven', 'good')}: {new} is nowhere looser than {old}, {over}"
    if report.looser or report.weakened:
        return f"{terminal.paint('LOOSER', 'bad')}: {new} lets more through or promises less than {old}"
    return f"{terminal.paint('UNDECIDED', 'bad')}: whether {new} is looser than {old}"
