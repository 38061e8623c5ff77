"""`tidegate doctor`: each thing the gateway needs, and what to do about what is missing."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tidegate.cli import arguments, terminal
from tidegate.core.values.errors import ConfigError

if TYPE_CHECKING:
    from tidegate.cli.checkup import Line

_MORE = """\
OK    it is as it must be
FAIL  the gateway cannot start, or would not do what the configuration promises; the line says what to do
SKIP  it cannot be checked now, or is not in use; the line says why

Targets are asked for their list of models and nothing else; no text leaves. Exit status 1 if anything fails."""


def run(words: Sequence[str]) -> int:
    parser = arguments.command("doctor", "Check everything that the gateway needs.", _MORE)
    arguments.config_option(parser)
    arguments.json_option(parser)
    given = parser.parse_args(words)
    lines: list[Line] = []
    for line in _lines(given.config):
        lines.append(line)
        if not given.json:
            _say(line)
    failed = sum(line.verdict == "FAIL" for line in lines)
    if given.json:
        checks = [
            {"verdict": line.verdict, "what": line.what, "found": line.found, "next": line.next_step} for line in lines
        ]
        terminal.say_json({"ok": not failed, "checks": checks})
    else:
        terminal.say(_summary(lines, failed))
    return 1 if failed else 0


def _say(line: "Line") -> None:
    colour = {"OK": "good", "FAIL": "bad", "SKIP": "dim"}[line.verdict]
    terminal.say(f"{terminal.paint(f'{line.verdict:4}', colour)}  {line.what}: {line.found}")
    if line.next_step:
        terminal.say(f"      next: {line.next_step}")


def _summary(lines: Sequence["Line"], failed: int) -> str:
    skipped = sum(line.verdict == "SKIP" for line in lines)
    if failed:
        return f"not ready: {failed} of {len(lines)} checks failed"
    unchecked = f"; {skipped} skipped, see there" if skipped else ""
    return f"nothing failed in {len(lines)} checks{unchecked}"


def _lines(config: str | None) -> Iterator["Line"]:
    from tidegate.cli.checkup import CHECKS, Line, Verdict
    from tidegate.cli.chosen import choose

    try:
        chosen = choose(config)
    except ConfigError as error:
        for mistake in error.mistakes:
            yield Line(Verdict.FAIL, "configuration", mistake, "correct it, then run `tidegate doctor` again")
        return
    for check in CHECKS:
        yield from check(chosen)
