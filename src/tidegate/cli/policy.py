"""`tidegate policy check | prove`."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.cli import arguments, terminal

if TYPE_CHECKING:
    from tidegate.core.decide.policy import Policy
    from tidegate.core.decide.proof import ProofReport

_CHECK = """\
Read the policy and say every mistake in it, with file and line: syntax, attributes that do not exist, conditions that
cannot be compiled, ids that stand twice. Nothing is activated."""

_PROVE = """\
Prove every invariant of the policy over all possible requests and targets, or show a request that breaks it. Exit
status 1 if one is not proven. A policy serves clouds only after this has succeeded."""


def run(words: Sequence[str]) -> int:
    parser = arguments.command("policy", "Check and prove the rules.")
    below = parser.add_subparsers(dest="what", required=True, metavar="check | prove")
    for name, about, call in (("check", _CHECK, _check), ("prove", _PROVE, _prove)):
        one = below.add_parser(name, help=about.split(". ")[0].split(":")[0].lower(), description=about)
        one.formatter_class = parser.formatter_class
        one.add_argument(
            "folder", nargs="?", help="a policy folder (default: the configuration's, else the baseline in the package)"
        )
        arguments.config_option(one)
        arguments.json_option(one)
        one.set_defaults(call=call)
    given = parser.parse_args(words)
    status: int = given.call(given)
    return status


def _policy(given: Namespace) -> tuple["Policy", str]:
    from tidegate import app
    from tidegate.cli.chosen import written

    path = Path(given.folder) if given.folder else written(given.config).policy.path
    return app.compiled_policy(path), str(path) if path else "the baseline in the package"


def _check(given: Namespace) -> int:
    policy, where = _policy(given)
    if given.json:
        terminal.say_json(
            {"ok": True, "policy": policy.digest, "rules": len(policy.rules), "invariants": len(policy.invariants)}
        )
    else:
        terminal.say(
            f"{terminal.paint('ok', 'good')}: {where} holds {len(policy.rules)} rules and "
            f"{len(policy.invariants)} invariants (policy {policy.digest[:12]}); next: tidegate policy prove"
        )
    return 0


def _prove(given: Namespace) -> int:
    from tidegate import app

    policy, where = _policy(given)
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
