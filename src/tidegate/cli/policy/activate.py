"""`tidegate policy activate`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tidegate.cli import terminal
from tidegate.cli.policy import desk
from tidegate.core.values.errors import ConfigError

if TYPE_CHECKING:
    from tidegate.activation import Examined
    from tidegate.config import Settings

ABOUT = """\
Have a policy rule: signature, cases, proof and a comparison with the one that rules come first; a running gateway takes
it within a second or two, requests under way keep theirs. Exit status 1 if it lets anything through that does not go
now and nobody approves that. One that is nowhere looser may close any target of the configuration at once; one that
closes some and opens others asks for a name for both."""

_LOOSER = "whoever accepts what becomes looser gives a name: --approve-looser NAME"
_CLOSING = (
    "it closes ways that the configuration names, and is looser elsewhere; whoever accepts that they get nothing gives "
    "a name: --approve-closing NAME"
)


def declare(parser: ArgumentParser) -> None:
    parser.add_argument("policy", metavar="FOLDER|BUNDLE", help="a policy folder, or what `tidegate policy sign` made")
    parser.add_argument(
        "--approve-looser", default="", metavar="NAME", help="who accepts what it lets through that does not go now"
    )
    parser.add_argument(
        "--approve-closing",
        default="",
        metavar="NAME",
        help="who accepts that it closes ways that the configuration names, where it is looser elsewhere",
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
    names = Names(approver, given.approve_closing)
    if missing := names.missing(found):
        activation.note_refusal(settings, given.policy, (*found.looser, *found.closing), actor)
        return _not_approved(found, missing, as_json=given.json)
    who = {"approver": approver, "closed_by": given.approve_closing, "actor": actor}
    done = desk.hand_in(settings, {**activation.order(found), **who, "source": "command"})
    return _tell(settings, found, done, names, as_json=given.json)


class Names(NamedTuple):
    """Who accepts what becomes looser, and what is closed beside it."""

    looser: str
    closing: str

    def missing(self, found: "Examined") -> list[str]:
        """A sentence for each name that nobody has given."""
        return [
            *([_LOOSER] if found.looser and not self.looser else []),
            *([_CLOSING] if found.needs_closer and not self.closing else []),
        ]


def _not_approved(found: "Examined", missing: list[str], *, as_json: bool) -> int:
    if as_json:
        told = {"looser": list(found.looser), "closes": list(found.closing)}
        terminal.say_json({"ok": False, **told, "errors": missing})
        return 1
    for sentence in found.looser:
        terminal.complain(f"tidegate: looser: {sentence}")
    for sentence in found.closing:
        terminal.complain(f"tidegate: closes: {sentence}")
    for sentence in missing:
        terminal.complain(f"tidegate: not activated: {sentence}")
    return 1


def _tell(settings: "Settings", found: "Examined", done: desk.Done, names: Names, *, as_json: bool) -> int:
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
                "approver": names.looser if found.looser else "",
                "closes": list(found.closing),
                "closed_by": names.closing if found.closing else "",
                "in_force": done is desk.Done.NOW and not mistakes,
                "errors": mistakes,
            }
        )
        return 1 if mistakes else 0
    for sentence in found.looser:
        terminal.say(f"{terminal.paint('looser', 'bad')}, approved by {names.looser}: {sentence}")
    for sentence in found.closing:
        by = f", approved by {names.closing}" if names.closing else ""
        terminal.say(f"{terminal.paint('closes', 'bad')}{by}: {sentence}")
    return desk.say_outcome(done, mistakes, ruling)
