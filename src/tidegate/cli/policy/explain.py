"""`tidegate policy explain`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.cli import arguments, terminal
from tidegate.cli.policy.chosen import chosen
from tidegate.core.values.errors import ConfigError, TidegateError

if TYPE_CHECKING:
    from tidegate.core.decide.lifecycle.explained import RuleReading, TargetReading
    from tidegate.core.decide.lifecycle.receipt import Again
    from tidegate.core.decide.policy import Policy

ABOUT = """\
Say rule by rule why a request may go to each target, or not: a recorded one, decided again from its record alone, or
one that a file describes. Exit status 1 if the very policy that decided then decides otherwise now."""

_MOST_BYTES = 1024 * 1024


def declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what_about",
        metavar="REQUEST_ID|FILE",
        help="a request of the log, or a JSON file (-: standard input) with a record, or with facts as a case has them",
    )
    parser.add_argument(
        "--policy", metavar="FOLDER", help="by this policy (default: the configuration's, else the baseline)"
    )
    parser.add_argument("--all", action="store_true", help="show also the rules that do not apply")


def call(given: Namespace) -> int:
    policy, where, _ = chosen(given.policy, given.config)
    found = _again(policy, given)
    if given.json:
        terminal.say_json(found.as_json())
    else:
        for line in _lines(found, policy, where, every=given.all):
            terminal.say(line)
    return 0 if found.ok else 1


def _again(policy: "Policy", given: Namespace) -> "Again":
    from tidegate.core.decide.lifecycle.facts import WrongFact, read_case, read_receipt
    from tidegate.core.decide.lifecycle.receipt import again, decide_written

    name: str = given.what_about
    is_file = name == "-" or Path(name).is_file()
    shown = "standard input" if name == "-" else name if is_file else f"the record of {name}"
    record = _document(name, shown) if is_file else _recorded(name, given.config)
    try:
        if "decision" in record or not is_file:
            return again(policy, record)
        return decide_written(policy, read_receipt(record) if "facts" in record else read_case(record))
    except WrongFact as wrong:
        raise ConfigError([f"{shown}: {wrong.what}; {wrong.advice}"]) from None


def _document(name: str, shown: str) -> dict[str, Any]:
    import orjson

    try:
        document = orjson.loads(arguments.read_input(name, _MOST_BYTES))
    except orjson.JSONDecodeError as error:
        raise ConfigError([f"{shown}:{error.lineno}: this is not JSON: {error.msg}; correct it"]) from None
    if not isinstance(document, dict):
        raise ConfigError([f'{shown}:1: this is not a JSON object; write facts as {{"labels": […], "target": {{…}}}}'])
    return document


def _recorded(request_id: str, config: str | None) -> dict[str, Any]:
    from tidegate import app
    from tidegate.cli.chosen import written

    record = app.recorded_intent(written(config), request_id)
    if record is None:
        raise TidegateError(
            f"there is no file {request_id}, and no request of that id in the log; `tidegate audit search` lists them"
        )
    return record


def _lines(found: "Again", policy: "Policy", where: str, *, every: bool) -> Iterator[str]:
    for reading in found.readings:
        yield from _target(reading, every=every)
        yield ""
    yield from _order(found, policy)
    if found.missed:
        yield f"not recorded, and read as what lets the least through: {', '.join(found.missed)}"
    yield _verdict(found, where)


def _order(found: "Again", policy: "Policy") -> Iterator[str]:
    """What preferences make of what is permitted; nothing, where they made no difference."""
    from tidegate.core.decide.preferences.policy import preferences_of

    order = found.order
    acted = [rule for rule in preferences_of(policy).rules if rule.id in order.rules]
    if acted:
        names = ", ".join(order.names) or terminal.paint("nothing is left", "bad")
        yield f"tried in this order: {names}"
    for rule in acted:
        gone = ", ".join(one.target for one in order.dropped if one.rule == rule.id)
        does = f"{rule.sentence()}: {gone}" if gone else rule.sentence()
        yield f"  {rule.id} (preferences.toml:{rule.line}) {does}; {rule.reason}"
    if found.recorded_order is not None and found.recorded_order != order.names:
        yield f"recorded was: {', '.join(found.recorded_order) or 'nothing'}"


def _target(reading: "TargetReading", *, every: bool) -> Iterator[str]:
    decided = reading.decided
    effect = terminal.paint(decided.effect.value, "bad" if decided.effect.value == "none" else "good")
    yield f"{decided.target} behind {decided.boundary}: {effect}, by {', '.join(decided.rules)}"
    for action in reading.actions:
        against = f"forbidden by {', '.join(action.forbids)}" if action.forbids else ""
        for_it = f"permitted by {', '.join(action.permits)}" if action.permits else "permitted by no rule"
        why = ", ".join(filter(None, (against, for_it)))
        yield f"  {action.action:13}  {'yes' if action.permitted else 'no':3}  {why}"
    for rule in reading.rules:
        if rule.holds or every:
            yield from _rule(rule)


def _rule(reading: "RuleReading") -> Iterator[str]:
    rule = reading.rule
    applies = "applies" if reading.holds else terminal.paint("does not apply", "dim")
    yield f"  {rule.effect} {rule.id} ({rule.file}:{rule.line}) {applies}: {rule.reason}"
    for one in reading.tests:
        mark = "*" if one.decides else " "
        yield f"    {mark} {'true' if one.holds else 'false':5}  {one.text}   (found {' and '.join(one.values)})"


def _verdict(found: "Again", where: str) -> str:
    if not found.recorded_policy:
        return f"decided by {where} (policy {found.policy[:12]}); * marks the tests that decide"
    outcome = "the same decision" if found.agrees else "ANOTHER decision"
    if found.same_policy:
        return f"decided again from the record alone, by the policy that decided then ({found.policy[:12]}): {outcome}"
    return (
        f"the record was decided by policy {found.recorded_policy[:12]}; {where} is {found.policy[:12]}, "
        f"and from the record alone it comes to {outcome}"
    )
