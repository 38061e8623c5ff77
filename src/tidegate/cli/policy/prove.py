"""`tidegate policy prove`."""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tidegate.cli import terminal
from tidegate.cli.policy.chosen import chosen, folder_argument

if TYPE_CHECKING:
    from tidegate.core.decide.proof import ProofReport
    from tidegate.core.decide.ways.survey import Found

ABOUT = """\
Prove every invariant of the policy over all possible requests and targets, or show a request that breaks it; and hold
every way of the configuration against it. Exit status 1 if one is not proven, or a way must not be there. A policy
serves clouds only after this has succeeded."""


def declare(parser: ArgumentParser) -> None:
    folder_argument(parser)


def call(given: Namespace) -> int:
    from tidegate import activation, app
    from tidegate.cli.chosen import written

    policy, where, _ = chosen(given.folder, given.config)
    report = app.prove_policy(policy)
    began = time.monotonic()
    ways = activation.proven_ways(written(given.config), policy)
    took = time.monotonic() - began
    ok = report.ok and not any(one.is_mistake for one in ways)
    if given.json:
        told = {"ok": not any(one.is_mistake for one in ways), "seconds": round(took, 3)}
        terminal.say_json({**report.as_json(), "ok": ok, "ways": {**told, "ways": [one.as_json() for one in ways]}})
    else:
        _tell(report, where)
        _tell_ways(ways)
    return 0 if ok else 1


def _tell(report: "ProofReport", where: str) -> None:
    rows = [(_verdict(one.proved), one.id, _why(one)) for one in report.invariants]
    terminal.say(terminal.table(("", "invariant", "counterexample"), rows))
    for mistake in report.mistakes():
        terminal.complain(f"tidegate: {mistake}")
    for remark in report.remarks():
        terminal.complain(f"tidegate: {remark}")
    if report.ok:
        terminal.say(
            f"{terminal.paint('proven', 'good')}: {where} keeps all {len(report.invariants)} invariants over "
            f"{report.space:,} situations ({report.seconds:.1f} s); {report.coverage:.0%} of its forbids are needed"
        )


def _tell_ways(ways: "Sequence[Found]") -> None:
    """What the configuration surrounds the policy with; without targets there is nothing to say."""
    if not ways:
        return
    rows = [(_standing(one), one.way.path, one.way.carries.value) for one in ways]
    terminal.say(terminal.table(("", "way", "carries"), rows))
    for one in ways:
        if one.is_mistake:
            terminal.complain(f"tidegate: {one.sentence()}")
        elif one.rules:
            terminal.say(one.sentence())


def _standing(one: "Found") -> str:
    word = one.verdict.value
    return terminal.paint(word.upper() if one.is_mistake else word, "bad" if one.is_mistake else "good")


def _verdict(proved: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return terminal.paint("proven", "good") if proved else terminal.paint("BROKEN", "bad")


def _why(one: Any) -> str:
    if one.counterexample is not None:
        return str(one.counterexample.sentence())
    return "undecided: the solver gave up" if one.undecided else ""
