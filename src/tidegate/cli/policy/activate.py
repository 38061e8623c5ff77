"""`tidegate policy activate`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.cli import terminal
from tidegate.cli.policy import desk
from tidegate.core.values.errors import ConfigError

if TYPE_CHECKING:
    from tidegate.activation import Examined
    from tidegate.config import Settings

ABOUT = """\
Have a policy rule: signature, cases, proof and a comparison with the one that rules come first; a running gateway takes
it within a second or two, requests under way keep theirs. Exit status 1 if it lets anything through that does not go
now and nobody approves that."""


def declare(parser: ArgumentParser) -> None:
    parser.add_argument("policy", metavar="FOLDER|BUNDLE", help="a policy folder, or what `tidegate policy sign` made")
    parser.add_argument(
        "--approve-looser", default="", metavar="NAME", help="who accepts what it lets through that does not go now"
    )


def call(given: Namespace) -> int:
    from tidegate import activation
    from tidegate.cli.chosen import written

    settings, actor = written(given.config), desk.actor()
    try:
        found = activation.examine(settings, Path(given.policy), source="command")
    except ConfigError as error:
        activation.note_refusal(settings, given.policy, error.mistakes, actor)
        raise
    approver = given.approve_looser or found.opened.ruling.approver
    if found.looser and not approver:
        activation.note_refusal(settings, given.policy, found.looser, actor)
        return _not_approved(found, as_json=given.json)
    order = {**activation.order(found), "approver": approver, "actor": actor, "source": "command"}
    done = desk.hand_in(settings, order)
    return _tell(settings, found, done, approver, as_json=given.json)


def _not_approved(found: "Examined", *, as_json: bool) -> int:
    if as_json:
        terminal.say_json(
            {"ok": False, "looser": list(found.looser), "errors": ["nobody approves what becomes looser"]}
        )
        return 1
    for sentence in found.looser:
        terminal.complain(f"tidegate: looser: {sentence}")
    terminal.complain("tidegate: not activated: whoever accepts this gives a name: --approve-looser NAME")
    return 1


def _tell(settings: "Settings", found: "Examined", done: desk.Done, approver: str, *, as_json: bool) -> int:
    ruling = found.opened.ruling
    mistakes = desk.mistakes_of(settings, done, ruling.bundle)
    if as_json:
        terminal.say_json(
            {
                "ok": not mistakes,
                "policy": ruling.policy,
                "bundle": ruling.bundle,
                "revision": desk.revision_of(settings, ruling),
                "cases": found.cases,
                "looser": list(found.looser),
                "approver": approver if found.looser else "",
                "in_force": done is desk.Done.NOW and not mistakes,
                "errors": mistakes,
            }
        )
        return 1 if mistakes else 0
    for sentence in found.looser:
        terminal.say(f"{terminal.paint('looser', 'bad')}, approved by {approver}: {sentence}")
    return desk.say_outcome(done, mistakes, ruling)
