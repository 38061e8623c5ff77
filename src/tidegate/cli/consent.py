"""`tidegate consent give | withdraw | reside | show | forget`: what people have said of the data about them."""

import argparse
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tidegate.cli import arguments, terminal

if TYPE_CHECKING:
    from tidegate.config import Settings
    from tidegate.core.values.wish import About, Wish

_MORE = """\
A subject is whom data is about, by an id of your own, as requests name it in x-tidegate-subject; a session is what they
name in x-tidegate-session. Only a keyed hash of either is kept. Rules read the outcome as context.consent, of workloads
whose consent_from says so, and as context.residency: of the subject, and of the tenant, the caller and the key that a
request comes from (without access keys: default, local and loopback). A running gateway knows within two seconds.

Whatever is given, withdrawn or erased is in the audit log with who entered it, never with the name: a running gateway
writes it within a second or two, else the next one that starts.

  tidegate consent give --subject patient-17 care research --until 2027-06-30
  tidegate consent withdraw --subject patient-17 research
  tidegate consent reside --tenant default eu"""

_GIVE = "Say that a subject, or everybody in a session, has agreed to purposes."
_WITHDRAW = "Say that they agree no longer."
_RESIDE = "Say in which region data must stay; without REGION: in none any more."
_SHOW = "Show all that was said, in force or not."
_FORGET = "Erase all that was said."

_OF_ALL = {
    "subject": "whom the data is about",
    "session": "a session, as requests name it",
    "tenant": "all data of a tenant",
    "caller": "all data that a caller sends",
    "key": "all data that comes with a key",
}
_PEOPLE = ("subject", "session")
_RESIDENT = ("subject", "tenant", "caller", "key")
# Who there is as long as there are no access keys: a tag for anybody else would never be read.
_KNOWN = {"tenant": "default", "caller": "local", "key": "loopback"}

_NAME = 200
_LAST_YEAR = 2200  # nanoseconds since 1970 must fit into 64 bits
_WORD = "abcdefghijklmnopqrstuvwxyz0123456789._-"


def run(words: Sequence[str]) -> int:
    parser = arguments.command("consent", "Keep what people have said of the data about them.", _MORE)
    below = parser.add_subparsers(dest="what", required=True, metavar="give | withdraw | reside | show | forget")
    for name, about, declare in (
        ("give", _GIVE, _giving),
        ("withdraw", _WITHDRAW, _withdrawing),
        ("reside", _RESIDE, _residing),
        ("show", _SHOW, _showing),
        ("forget", _FORGET, _forgetting),
    ):
        one = below.add_parser(name, help=about.rstrip(".").lower(), description=about)
        one.formatter_class = parser.formatter_class
        arguments.config_option(one)
        arguments.json_option(one)
        declare(one)
    given = parser.parse_args(words)
    status: int = given.call(given)
    return status


def _giving(one: ArgumentParser) -> None:
    _whom(one, _PEOPLE)
    one.add_argument("words", metavar="PURPOSE", nargs="+", type=_word, help="as workloads name it under consent")
    one.add_argument("--until", metavar="DAY", type=_day, help="the last day on which it holds, UTC (default: no end)")
    one.set_defaults(call=_give)


def _withdrawing(one: ArgumentParser) -> None:
    _whom(one, _PEOPLE)
    one.add_argument("words", metavar="PURPOSE", nargs="+", type=_word)
    one.set_defaults(call=_withdraw)


def _residing(one: ArgumentParser) -> None:
    _whom(one, _RESIDENT)
    one.add_argument("words", metavar="REGION", nargs="?", type=_word)
    one.set_defaults(call=_reside)


def _showing(one: ArgumentParser) -> None:
    _whom(one, _OF_ALL)
    one.set_defaults(call=_show)


def _forgetting(one: ArgumentParser) -> None:
    _whom(one, _OF_ALL)
    one.set_defaults(call=_forget)


def _whom(one: ArgumentParser, which: Iterable[str]) -> None:
    whom = one.add_mutually_exclusive_group(required=True)
    for name in which:
        whom.add_argument(f"--{name}", metavar="ID", type=_name, help=_OF_ALL[name])


def _give(given: Namespace) -> int:
    from tidegate.core.values.wish import Wish

    end = _end(given.until) if given.until else 0
    return _keep(given, [Wish("consent", word, time.time_ns(), end) for word in given.words])


def _withdraw(given: Namespace) -> int:
    said = {wish.word: wish for wish in _said(given) if wish.kind == "consent"}
    unknown = [word for word in given.words if word not in said]
    if unknown:
        terminal.complain(f"tidegate: nobody had agreed to {', '.join(unknown)}; `tidegate consent show` says to what")
        return 1
    return _keep(given, [said[word]._replace(withdrawn_ns=time.time_ns()) for word in given.words])


def _reside(given: Namespace) -> int:
    """One region at a time: another one takes the place of that before."""
    from tidegate.core.values.wish import Wish

    now = time.time_ns()
    before = [wish for wish in _said(given) if wish.kind == "residency" and wish.in_force(now)]
    kept = [wish._replace(withdrawn_ns=now) for wish in before if wish.word != given.words]
    return _keep(given, [*kept, *([Wish("residency", given.words, now)] if given.words else [])])


def _keep(given: Namespace, wishes: "Sequence[Wish]") -> int:
    from tidegate import app
    from tidegate.cli.policy.desk import actor

    which, name = _whose(given)
    if name != _KNOWN.get(which, name):
        terminal.complain(f"tidegate: requests come from no {which} {name} yet, only from {_KNOWN[which]}")
    app.keep_wishes(_settings(given), which, name, wishes, actor())
    return _show(given)


def _show(given: Namespace) -> int:
    said = _said(given)
    if given.json:
        terminal.say_json({"ok": True, "said": [_as_json(wish) for wish in said]})
    elif said:
        rows = [
            [wish.kind, wish.word, _state(wish), _date(wish.until_ns - 1) if wish.until_ns else ""] for wish in said
        ]
        terminal.say(terminal.table(["kind", "word", "state", "until"], rows))
    else:
        terminal.say("nothing was said")
    return 0


def _forget(given: Namespace) -> int:
    from tidegate import app
    from tidegate.cli.policy.desk import actor

    gone = app.forget_wishes(_settings(given), *_whose(given), actor())
    if given.json:
        terminal.say_json({"ok": gone > 0, "forgotten": gone})
    else:
        terminal.say(f"forgotten: {gone}")
    return 0 if gone else 1


def _said(given: Namespace) -> "list[Wish]":
    from tidegate import app

    return app.wishes_of(_settings(given), *_whose(given))


def _settings(given: Namespace) -> "Settings":
    from tidegate.cli.chosen import written

    return written(given.config)


def _whose(given: Namespace) -> "tuple[About, str]":
    found = ((name, getattr(given, name, None)) for name in _OF_ALL)
    return next((which, name) for which, name in found if name)  # type: ignore[return-value]  # one is required


def _as_json(wish: "Wish") -> dict[str, Any]:
    times = {"given": wish.given_ns, "until": wish.until_ns, "withdrawn": wish.withdrawn_ns}
    told = {name: datetime.fromtimestamp(ns // 10**9, UTC).isoformat() if ns else None for name, ns in times.items()}
    return {"kind": wish.kind, "word": wish.word, "in_force": wish.in_force(time.time_ns()), **told}


def _state(wish: "Wish") -> str:
    if wish.withdrawn_ns:
        return f"withdrawn on {_date(wish.withdrawn_ns)}"
    return "in force" if wish.in_force(time.time_ns()) else "over"


def _date(ns: int) -> str:
    return datetime.fromtimestamp(ns // 10**9, UTC).date().isoformat()


def _end(day: date) -> int:
    """The first moment at which it holds no longer."""
    after = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return int(after.timestamp()) * 10**9


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is wanted, such as 2027-06-30") from None
    if day < datetime.now(UTC).date():
        raise argparse.ArgumentTypeError("this day is over")
    if day.year > _LAST_YEAR:
        raise argparse.ArgumentTypeError(f"this is after {_LAST_YEAR}; leave it out for no end")
    return day


def _word(text: str) -> str:
    if not _made_of(text, _WORD) or len(text) > 40 or not text[0].isalnum():
        raise argparse.ArgumentTypeError("a lower-case word is wanted, such as care or eu")
    return text


def _name(text: str) -> str:
    """As the header takes it."""
    if not _made_of(text.lower(), _WORD + ":@/+") or len(text) > _NAME:
        raise argparse.ArgumentTypeError("an id has 1 to 200 letters, digits or . _ : @ / + -")
    return text


def _made_of(text: str, characters: str) -> bool:
    return bool(text) and set(text) <= set(characters)
