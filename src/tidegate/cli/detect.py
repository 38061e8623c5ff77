"""`tidegate detect register-code | register-data | list | forget | test`."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tidegate.cli import arguments, terminal
from tidegate.core.values.errors import ConfigError

if TYPE_CHECKING:
    from tidegate.config import Settings

_CODE = """\
Take fingerprints of the code below a folder, so that its passages are known again in prompts: label code.proprietary.
Fingerprints are kept, not the code. What was registered under the same name before is replaced."""

_DATA = """\
Take fingerprints of the cells of a CSV file, so that they are known again in prompts, however they are written. Hashes
under the gateway's own key are kept, not the cells. A cell that identifies by itself (mail, a long number, a full name)
is found alone; others (first names, cities, dates) only where cells of the same row stand together. What was registered
under the same name before is replaced."""

_LIST = "List what is registered (code and records) and the dictionaries that the configuration names."

_FORGET = "Forget what was registered under a name."

_TEST = """\
Run the tests that stand in dictionaries: each says what is to be found in a text, and what is not. Without FILE those
that the configuration names. Exit status 1 if one fails, 2 if a dictionary cannot be read."""

_BAR = 30
_NEXT = "a gateway that runs takes it up by itself; try it: tidegate explain FILE"


def run(words: Sequence[str]) -> int:
    parser = arguments.command("detect", "Teach the gateway what is your own: words, records, code.")
    below = parser.add_subparsers(
        dest="what", required=True, metavar="register-code | register-data | list | forget | test"
    )
    for name, help_line, about, declare in (
        ("register-code", "take fingerprints of the code below a folder", _CODE, _registering_code),
        ("register-data", "take fingerprints of the cells of a CSV file", _DATA, _registering_data),
        ("list", "what is registered, and the dictionaries", _LIST, _listing),
        ("forget", "forget what was registered under a name", _FORGET, _forgetting),
        ("test", "run the tests that stand in dictionaries", _TEST, _testing),
    ):
        one = below.add_parser(name, help=help_line, description=about)
        one.formatter_class = parser.formatter_class
        arguments.config_option(one)
        arguments.json_option(one)
        declare(one)
    given = parser.parse_args(words)
    status: int = given.call(given)
    return status


def _settings(given: Namespace) -> "Settings":
    from tidegate.cli.chosen import written

    return written(given.config)


# -- register-code ---------------------------------------------------------------------------------------------------


def _registering_code(one: ArgumentParser) -> None:
    one.add_argument("path", metavar="PATH", help="the folder of a repository")
    one.add_argument("--name", default="", metavar="NAME", help="what to call it (default: the folder's own name)")
    one.set_defaults(call=_register_code)


def _register_code(given: Namespace) -> int:
    from tidegate import app

    with _Progress("files") as progress:
        found = app.register_code(_settings(given), Path(given.path), name=given.name, progress=progress.told)
    if given.json:
        terminal.say_json({"ok": True, **_code_as_json(found), "skipped": dict(found.skipped)})
        return 0
    terminal.say(
        f"{terminal.paint('registered', 'good')}: {found.name}, {found.files:,} files, {found.lines:,} lines, "
        f"{found.fingerprints:,} fingerprints; {_NEXT}"
    )
    for why, count in found.skipped:
        terminal.say(terminal.paint(f"left out: {count:,} {why}", "dim"))
    return 0


def _code_as_json(found: Any) -> dict[str, Any]:
    return {
        "name": found.name,
        "kind": "code",
        "registered_at": found.registered_at,
        "files": found.files,
        "lines": found.lines,
        "fingerprints": found.fingerprints,
    }


# -- register-data ---------------------------------------------------------------------------------------------------


def _registering_data(one: ArgumentParser) -> None:
    one.add_argument("file", metavar="FILE.csv", help="a table whose first line names the columns")
    one.add_argument("--name", default="", metavar="NAME", help="what to call it (default: the file's own name)")
    one.add_argument("--label", default="", metavar="LABEL", help="a label of your own (default: customer.record)")
    for name, about in (
        ("columns", "take these columns only, by name, commas between"),
        ("alone", "cells of these columns identify by themselves, single words too"),
        ("together", "cells of these columns count only beside others of their row"),
    ):
        one.add_argument(f"--{name}", type=_names, default=(), metavar="A,B", help=about)
    one.add_argument("--encoding", default="", metavar="E", help="of the file, if it is not UTF-8: cp1252 …")
    one.set_defaults(call=_register_data)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _register_data(given: Namespace) -> int:
    from tidegate import app

    with _Progress("bytes") as progress:
        found = app.register_data(
            _settings(given),
            Path(given.file),
            name=given.name,
            label=given.label,
            columns=given.columns,
            alone=given.alone,
            together=given.together,
            encoding=given.encoding,
            progress=progress.told,
        )
    if given.json:
        terminal.say_json({"ok": True, **_data_as_json(found), "columns": [_column(one) for one in found.columns]})
        return 0
    rows = [(one.name, f"{one.alone:,}", f"{one.together:,}", f"{one.unused:,}") for one in found.columns]
    terminal.say(terminal.table(("column", "found alone", "found together", "not used"), rows))
    terminal.say(f"{terminal.paint('registered', 'good')}: {found.name}, {found.rows:,} rows as {found.label}; {_NEXT}")
    return 0


def _column(one: Any) -> dict[str, Any]:
    return {"name": one.name, "alone": one.alone, "together": one.together, "unused": one.unused}


def _data_as_json(found: Any) -> dict[str, Any]:
    return {
        "name": found.name,
        "kind": "records",
        "label": found.label,
        "registered_at": found.registered_at,
        "rows": found.rows,
        "alone": found.alone,
        "together": found.together,
    }


# -- list and forget -------------------------------------------------------------------------------------------------


def _listing(one: ArgumentParser) -> None:
    one.set_defaults(call=_list)


def _list(given: Namespace) -> int:
    from tidegate import app

    settings = _settings(given)
    dictionaries = [app.read_dictionary(path) for path in settings.detection.dictionaries]
    entries: list[dict[str, Any]] = [
        {
            "name": str(one.path),
            "kind": "dictionary",
            "words": sum(len(rule.words) for rule in one.words),
            "patterns": len(one.patterns),
            "tests": len(one.tests),
        }
        for one in dictionaries
    ]
    entries += map(_data_as_json, app.registered_data(settings))
    entries += map(_code_as_json, app.registered_code(settings))
    if given.json:
        terminal.say_json({"ok": True, "registered": entries})
    elif entries:
        rows = [(one["name"], one["kind"], _told(one), one.get("registered_at", "")) for one in entries]
        terminal.say(terminal.table(("name", "kind", "holds", "registered"), rows))
    else:
        terminal.say("nothing yet; `tidegate detect register-data FILE.csv` or `register-code PATH` makes a beginning")
    return 0


def _told(entry: dict[str, Any]) -> str:
    told = ("rows", "alone", "together", "files", "lines", "words", "patterns", "tests")
    return ", ".join(f"{entry[key]:,} {key}" for key in told if key in entry)


def _forgetting(one: ArgumentParser) -> None:
    one.add_argument("name", metavar="NAME", help="as `tidegate detect list` shows it")
    one.set_defaults(call=_forget)


def _forget(given: Namespace) -> int:
    from tidegate import app

    settings = _settings(given)
    gone = app.forget(settings, given.name)
    if given.json:
        terminal.say_json({"ok": bool(gone), "name": given.name, "forgotten": gone})
    elif gone:
        terminal.say(f"{terminal.paint('forgotten', 'good')}: {given.name} ({' and '.join(gone)})")
    else:
        terminal.complain(f"tidegate: nothing is registered as {given.name}; `tidegate detect list` shows what is")
    return 0 if gone else 1


# -- test ------------------------------------------------------------------------------------------------------------


def _testing(one: ArgumentParser) -> None:
    one.add_argument("files", nargs="*", metavar="FILE.toml", help="dictionaries (default: the configuration's)")
    one.set_defaults(call=_test)


def _test(given: Namespace) -> int:
    from tidegate import app

    paths = [Path(name) for name in given.files] or list(_settings(given).detection.dictionaries)
    if not paths:
        raise ConfigError(["there is no dictionary; name one, or list it under [detection] dictionaries"])
    mistakes: list[str] = []
    outcomes: list[Any] = []
    for path in paths:
        try:
            outcomes += app.dictionary_outcomes(app.read_dictionary(path))
        except ConfigError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ConfigError(mistakes)
    failed = [one for one in outcomes if not one.ok]
    if given.json:
        terminal.say_json({"ok": not failed, "tests": [_outcome(one) for one in outcomes]})
    else:
        _show(outcomes, failed)
    return 1 if failed else 0


def _outcome(one: Any) -> dict[str, Any]:
    return {"place": one.place, "ok": one.ok, "finds": sorted(one.wanted), "found": sorted(one.found)}


def _show(outcomes: Sequence[Any], failed: Sequence[Any]) -> None:
    if outcomes:
        rows = [
            (_verdict(one), one.place, ", ".join(sorted(one.wanted)), ", ".join(sorted(one.found))) for one in outcomes
        ]
        terminal.say(terminal.table(("", "test", "is to find", "found"), rows))
    else:
        terminal.say("the dictionary has no tests; add [[tests]] that say what is to be found and what is not")
    for one in failed:
        terminal.complain(f"tidegate: {one.sentence()}")


def _verdict(one: Any) -> str:
    return terminal.paint("ok", "good") if one.ok else terminal.paint("FAILS", "bad")


class _Progress:
    """A bar on a terminal, and nothing elsewhere. It is wiped away at the end."""

    def __init__(self, what: str) -> None:
        self._what, self._shown = what, -1
        self.told: Callable[[int, int], None] | None = self._tell if terminal.is_terminal(sys.stderr) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown >= 0:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _tell(self, done: int, whole: int) -> None:
        filled = _BAR * done // max(1, whole)
        if filled != self._shown:
            self._shown = filled
            sys.stderr.write(f"\r[{'#' * filled}{'.' * (_BAR - filled)}] {done:,} of {whole:,} {self._what}\x1b[K")
            sys.stderr.flush()
