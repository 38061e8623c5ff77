"""`tidegate policy shadow`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tidegate.cli import terminal
from tidegate.cli.policy import desk
from tidegate.core.values.errors import TidegateError

ABOUT = """\
Let a second policy go along with live traffic, without any effect: how many requests it would decide as the ruling one
does, how many stricter, looser, or send elsewhere. Without arguments: show what it has counted since it began."""


def declare(parser: ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("policy", nargs="?", metavar="FOLDER|BUNDLE", help="a policy folder, or a bundle")
    what.add_argument("--off", action="store_true", help="end it")


def call(given: Namespace) -> int:
    from tidegate import activation
    from tidegate.cli.chosen import written

    settings = written(given.config)
    if not given.policy and not given.off:
        return _show(activation.desk_of(settings).told().get("shadow"), as_json=given.json)
    order: dict[str, object] = {"act": "shadow", "what": "the shadow", "actor": desk.actor()}
    if given.policy:
        bundle = activation.shadow_bundle(settings, Path(given.policy))
        order |= {"bundle": bundle.manifest.digest, "name": bundle.manifest.name}
    done = desk.hand_in(settings, order)
    if given.json:
        terminal.say_json({"ok": True, "shadow": order.get("bundle"), "in_force": done is desk.Done.NOW})
    else:
        what = f"{given.policy} goes along" if given.policy else "no policy goes along any more"
        terminal.say(f"{terminal.paint('ok', 'good')}: {what}, {desk.WHEN[done]}")
    return 0


def _show(shadow: Mapping[str, Any] | None, *, as_json: bool) -> int:
    if shadow is None:
        raise TidegateError("no policy goes along; `tidegate policy shadow FOLDER` lets one")
    if as_json:
        terminal.say_json({"ok": True, **shadow})
        return 0
    counts = ", ".join(f"{shadow[word]:,} {word}" for word in ("unchanged", "stricter", "looser", "rerouted"))
    terminal.say(f"{shadow['name']} (policy {shadow['policy'][:12]}) on {shadow['requests']:,} requests: {counts}")
    rows = [
        (
            terminal.paint(one["bucket"], "bad" if one["bucket"] == "looser" else "good"),
            one["target"],
            f"{one['before']} by {', '.join(one['before_rules'])}",
            f"{one['after']} by {', '.join(one['after_rules'])}",
            f"{one['requests']:,}",
        )
        for one in shadow["kinds"]
    ]
    if rows:
        terminal.say(terminal.table(("", "target", "rules", "would", "requests"), rows))
    return 0
