"""`tidegate policy test`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.cli import terminal
from tidegate.cli.policy.chosen import chosen, folder_argument

if TYPE_CHECKING:
    from tidegate.core.decide.lifecycle.tested import CasesReport

ABOUT = """\
Run the cases beside the policy (tests/*.toml in its folder) and say which rules they exercise. Exit status 1 if a case
comes out otherwise than it says."""


def declare(parser: ArgumentParser) -> None:
    folder_argument(parser)
    parser.add_argument(
        "--junit", metavar="FILE", help="also write the outcome as JUnit XML, for continuous integration"
    )


def call(given: Namespace) -> int:
    from tidegate import app
    from tidegate.cli.policy.labels import misspelt, warn
    from tidegate.core.decide.lifecycle.junit import junit
    from tidegate.core.decide.lifecycle.misspelt import in_cases

    policy, where, folder = chosen(given.folder, given.config)
    report, seconds = app.run_cases(policy, folder)
    if given.junit:
        Path(given.junit).write_text(junit(report, seconds), "utf-8")
    warnings = misspelt(in_cases(one.case for one in report.outcomes), given.config)
    if given.json:
        terminal.say_json({**report.as_json(), "warnings": warnings})
    else:
        warn(warnings)
        _tell(report, where)
    return 0 if report.ok else 1


def _tell(report: "CasesReport", where: str) -> None:
    for one in report.failed:
        terminal.complain(f"{one.case.file}:{one.case.line}: {one.case.name}: {one.why}")
    verdict = terminal.paint("ok", "good") if report.ok else terminal.paint("FAILED", "bad")
    failed = f", {len(report.failed)} of them otherwise than they say" if report.failed else ""
    cases = "1 case" if len(report.outcomes) == 1 else f"{len(report.outcomes)} cases"
    terminal.say(f"{verdict}: {where}: {cases}{failed}")
    terminal.say(
        f"of {len(report.rules)} rules {report.fired:.0%} applied in a case and {report.decided:.0%} decided one"
    )
    if report.preferences:
        moved = len(report.preferences) - len(report.never_moved)
        terminal.say(f"of {len(report.preferences)} preferences {moved} drop or move something in a case")
    for preference in report.never_moved:
        terminal.complain(
            f"{preference.file}:{preference.line}: no case shows what {preference.id} does; write an [[order]] case"
        )
    for rule in report.never:
        terminal.complain(
            f"{rule.file}:{rule.line}: no case exercises the rule {rule.id}; write one to which it applies"
        )
