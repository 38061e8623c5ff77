"""`tidegate policy rollback`."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from tidegate.cli import arguments, terminal
from tidegate.cli.policy import desk
from tidegate.core.values.errors import TidegateError

if TYPE_CHECKING:
    from tidegate.core.decide.bundle.standing import Standing

ABOUT = """\
Go back to a policy that ruled before: the last one, or the one with a revision. Somebody signs this off by name. What
may be activated next stays as it was: it must be newer than everything that ever ruled."""


def declare(parser: ArgumentParser) -> None:
    parser.add_argument("revision", nargs="?", type=arguments.whole_number, help="(default: the one before)")
    parser.add_argument("--approve", default="", metavar="NAME", help="who signs it off")
    parser.add_argument("--reason", default="", help="why, for the log")
    parser.add_argument("--list", action="store_true", help="only show what rules and what one can go back to")


def call(given: Namespace) -> int:
    from tidegate import activation
    from tidegate.cli.chosen import written

    settings = written(given.config)
    standing = activation.desk_of(settings).standing()
    if standing is None or standing.ruling is None:
        raise TidegateError("no gateway has run with this configuration yet: there is nothing to go back to")
    if given.list:
        return _list(standing, as_json=given.json)
    earlier = standing.earlier(given.revision)
    if earlier is None:
        kept = ", ".join(str(one.revision) for one in standing.before) or "none"
        raise TidegateError(f"there is no such revision to go back to; at hand: {kept}")
    if not given.approve:
        raise TidegateError(f"whoever signs off going back to {earlier.title()} gives a name: --approve NAME")
    order = {
        "act": "roll_back",
        "what": f"going back to revision {earlier.revision}",
        "revision": earlier.revision,
        "approver": given.approve,
        "reason": given.reason,
        "actor": desk.actor(),
    }
    done = desk.hand_in(settings, order)
    mistakes = desk.mistakes_of(settings, done, earlier.bundle)
    if given.json:
        in_force = done is desk.Done.NOW and not mistakes
        terminal.say_json(
            {
                "ok": not mistakes,
                "policy": earlier.policy,
                "revision": earlier.revision,
                "in_force": in_force,
                "errors": mistakes,
            }
        )
        return 1 if mistakes else 0
    for name in desk.closed_now(settings, earlier) if done is desk.Done.NOW and not mistakes else ():
        terminal.say(f"{terminal.paint('closed', 'bad')}: {name} gets nothing")
    return desk.say_outcome(done, mistakes, earlier)


def _list(standing: "Standing", *, as_json: bool) -> int:
    from dataclasses import asdict

    assert standing.ruling is not None  # looked at by whoever calls
    known = [standing.ruling, *standing.before]
    if as_json:
        terminal.say_json({"ok": True, "ruling": asdict(known[0]), "before": [asdict(one) for one in known[1:]]})
        return 0
    rows = [
        ("rules" if place == 0 else "", str(one.revision), one.name, one.policy[:12], one.signed_by, one.approver)
        for place, one in enumerate(known)
    ]
    terminal.say(terminal.table(("", "revision", "name", "policy", "signed by", "approved by"), rows))
    return 0
