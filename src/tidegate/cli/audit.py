"""`tidegate audit verify | tail | search`."""

import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.cli import arguments, terminal
from tidegate.core.values.errors import ConfigError, TidegateError

if TYPE_CHECKING:
    from tidegate.config import Settings

_POLL_S = 0.5

_VERIFY = """\
Check every entry, tile and signature of the log, in order, and say what is damaged. Exit status 1 on any damage.
Without PATH it also compares the head that is kept outside the log, so that a log that was cut short, emptied or
replaced is damage. It may run on a log in use: what is not finished there is open, not orphaned."""

_TAIL = "Show the newest records of the log. Records hold labels, names and counts, never a prompt or an answer."

_SEARCH = """\
Find exchanges in the log, newest first. With --json an object a line: the intent and its outcome together."""


def run(words: Sequence[str]) -> int:
    parser = arguments.command("audit", "Check and read the audit log.")
    below = parser.add_subparsers(dest="what", required=True, metavar="verify | tail | search")
    for name, about, declare in (
        ("verify", _VERIFY, _verifying),
        ("tail", _TAIL, _tailing),
        ("search", _SEARCH, _searching),
    ):
        one = below.add_parser(name, help=about.split(". ")[0].split(",")[0].lower(), description=about)
        one.formatter_class = parser.formatter_class
        arguments.config_option(one)
        declare(one)
    given = parser.parse_args(words)
    status: int = given.call(given)
    return status


def _logs(config: str | None) -> list[Path]:
    """The logs under the configured folder, one a worker slot. Raises TidegateError if there is none."""
    from tidegate.cli.chosen import written

    root = written(config).audit.path
    found = sorted(path.parent for path in root.glob("*/log")) if root.is_dir() else []
    if not found:
        raise TidegateError(f"there is no log under {root} yet; it begins with the first `tidegate up`")
    return found


def _verifying(one: ArgumentParser) -> None:
    one.add_argument("path", nargs="?", metavar="PATH", help="a copy of the log's folder (default: the configured one)")
    one.add_argument(
        "--key", metavar="FILE", help="verifier keys that you got some other way, or a PEM public key (default: ours)"
    )
    arguments.json_option(one)
    one.set_defaults(call=_verify)


def _verify(given: Namespace) -> int:
    from tidegate import verify

    try:
        report = _report(given)
    except verify.CannotTell as error:
        raise ConfigError([str(error)]) from None
    if given.json:
        terminal.say_json(report)
    else:
        for line in verify.summary(report):
            terminal.say(line)
    return 0 if report["ok"] else 1


def _report(given: Namespace) -> dict[str, Any]:
    """Of the configured log with our own key and the anchored heads; of any other folder with the key that is given."""
    from tidegate import verify
    from tidegate.cli.chosen import written

    keys = verify.read_keys(Path(given.key)) if given.key else []
    try:
        settings = written(given.config)
    except ConfigError:
        if not given.path or given.config:
            raise
        settings = None  # an auditor with a copy needs no configuration, not even a correct one
    if settings is None or (given.path and Path(given.path).resolve() != settings.audit.path.resolve()):
        return verify.verify(Path(given.path), keys=keys, key="given" if keys else "untrusted")
    return report_on(settings, keys)


def report_on(settings: "Settings", keys: Sequence[bytes] = ()) -> dict[str, Any]:
    """The verifier's report on the configured log, by `keys` or else by our own key. Raises verify.CannotTell."""
    from tidegate import app, verify

    key = "given" if keys else "local"
    ours = settings.keys.path / "signing.pub"
    if not keys and ours.exists():
        keys = verify.read_keys(ours)
    return verify.verify(settings.audit.path, keys=keys, key=key, anchors=app.anchored_heads(settings))


def _tailing(one: ArgumentParser) -> None:
    one.add_argument(
        "-n", "--lines", type=arguments.whole_number, default=10, metavar="N", help="how many (default: 10)"
    )
    one.add_argument("-f", "--follow", action="store_true", help="go on with new records as they come; Ctrl-C ends it")
    arguments.json_option(one, "records as JSON, an object a line")
    one.set_defaults(call=_tail)


def _tail(given: Namespace) -> int:
    from tidegate import app

    logs = _logs(given.config)
    newest = merge(
        *(_records(app.log_entries(log, newest_first=True), log.name) for log in logs), key=_when, reverse=True
    )
    last = {log.name: -1 for log in logs}
    for name, index, record in reversed(list(islice(newest, given.lines))):
        last[name] = max(last[name], index)
        _show(name, index, record, as_json=given.json)
    while given.follow:
        time.sleep(_POLL_S)
        for log in logs:
            for name, index, record in _records(app.log_entries(log, start=last[log.name] + 1), log.name):
                last[name] = index
                _show(name, index, record, as_json=given.json)
    return 0


def _records(entries: Iterator[tuple[int, bytes]], log: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    import orjson

    for index, entry in entries:
        yield log, index, orjson.loads(entry)


def _when(found: tuple[str, int, dict[str, Any]]) -> str:
    return str(found[2].get("ts", ""))


def _show(log: str, index: int, record: dict[str, Any], *, as_json: bool) -> None:
    from tidegate.cli.records import sentence

    if as_json:
        terminal.say_json({"log": log, "index": index, **record})
    else:
        terminal.say(sentence(record))


def _searching(one: ArgumentParser) -> None:
    for name, about in (
        ("request-id", "one exchange"),
        ("label", "with this label or one below it (pii, pii.email)"),
        ("level", "public, internal, confidential or restricted"),
        ("target", "answered by this target"),
        ("boundary", "answered behind this boundary"),
        ("status", "completed, refused, failed, aborted, unknown (its process died) or open"),
        ("model", "asked for under this name"),
        ("workload", "of this workload"),
    ):
        one.add_argument(f"--{name}", default="", metavar="X", help=about)
    one.add_argument("--since", type=_moment, default="", metavar="WHEN", help="from this day or moment on (UTC)")
    one.add_argument("--until", type=_moment, default="", metavar="WHEN", help="before this day or moment (UTC)")
    one.add_argument(
        "--limit", type=arguments.whole_number, default=20, metavar="N", help="at most so many (default: 20)"
    )
    arguments.json_option(one, "exchanges as JSON, an object a line")
    one.set_defaults(call=_search)


def _moment(text: str) -> str:
    from tidegate.cli.records import moment

    try:
        return moment(text) if text else ""
    except ValueError:
        raise ArgumentTypeError("a day or a moment is wanted, such as 2026-11-21 or 2026-11-21T14:00:00") from None


def _search(given: Namespace) -> int:
    from tidegate import app
    from tidegate.cli.records import Wanted, exchanges

    wanted = Wanted(*(getattr(given, name) for name in Wanted._fields))
    found = merge(
        *(exchanges(app.log_entries(log, newest_first=True), log.name) for log in _logs(given.config)),
        key=lambda exchange: exchange["ts"],
        reverse=True,
    )
    matching = islice(filter(wanted.matches, _until_too_old(found, wanted.since)), given.limit)
    if given.json:
        for exchange in matching:
            terminal.say_json(exchange)
    else:
        _tell(list(matching))
    return 0


def _until_too_old(found: Iterator[dict[str, Any]], since: str) -> Iterator[dict[str, Any]]:
    """The log's clock never goes back: behind the first exchange that is too old there are older ones only."""
    for exchange in found:
        if exchange["ts"] < since:
            return
        yield exchange


def _tell(found: Sequence[dict[str, Any]]) -> None:
    if not found:
        terminal.say("nothing in the log matches")
        return
    rows = [
        (
            f"{one['ts'][:19]}Z",
            one["request_id"],
            one["status"],
            one.get("target") or "-",
            one.get("boundary") or "-",
            ", ".join(one["labels"]) or "-",
        )
        for one in found
    ]
    terminal.say(terminal.table(("time", "request", "status", "target", "boundary", "labels"), rows))
