"""`tidegate policy prove`."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from tidegate.cli import terminal
from tidegate.cli.policy.chosen import chosen, folder_argument

if TYPE_CHECKING:
    from tidegate.core.decide.proof import ProofReport

ABOUT = """\
Prove every invariant of the policy over all possible requests and targets, or show a request that breaks it. Exit
status 1 if one is not proven. A policy serves clouds only after this has succeeded."""


def declare(parser: ArgumentParser) -> None:
    folder_argument(parser)


def call(given: Namespace) -> int:
    from tidegate import app

    policy, where, _ = chosen(given.folder, given.config)
    report = app.prove_policy(policy)
    if given.json:
        terminal.say_json(report.as_json())
    else:
        _tell(report, where)
    return 0 if report.ok else 1


def _tell(report: "ProofReport", where: str) -> None:
    rows = [(_verdict(one.proved), one.id, _why(one)) for one in report.invariants]
    terminal.say(terminal.table(("", "invariant", "counterexample"), rows))
    for mistake in report.mistakes():
        terminal.complain(f"tidegate: {mistake}")
    for name in report.unpinned:
        terminal.complain(f"tidegate: no invariant would notice if the forbid {name} were removed; state one")
    for name in report.redundant:
        terminal.complain(f"tidegate: the rule {name} changes no decision")
    if report.ok:
        terminal.say(
            f"{terminal.paint('proven', 'good')}: {where} keeps all {len(report.invariants)} invariants over "
            f"{report.space:,} situations ({report.seconds:.1f} s); {report.coverage:.0%} of its forbids are needed"
        )


def _verdict(proved: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return terminal.paint("proven", "good") if proved else terminal.paint("BROKEN", "bad")


def _why(one: Any) -> str:
    if one.counterexample is not None:
        return str(one.counterexample.sentence())
    return "undecided: the solver gave up" if one.undecided else ""
