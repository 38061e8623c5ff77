"""`preferences.toml` into rules. All mistakes are gathered, each with its line and a way out."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from operator import attrgetter, itemgetter
from typing import Any, get_args

from tidegate.core.decide.lifecycle.facts import WrongFact, did_you_mean, fact_named, names_of
from tidegate.core.decide.preferences.rules import Measure, Preference, Preferences, Stated, Trait
from tidegate.core.decide.reading import id_problems, reason_problems
from tidegate.core.decide.vocabulary import SPELLINGS, FactType, Side
from tidegate.core.values.decision import Effect
from tidegate.core.values.labels import LEVELS

MAX_RULES = 200

_WAYS = ("first", "last", "by", "keep", "drop")
_KEYS = ("id", "reason", "when", "unless", *_WAYS, "unless_last")
_MEASURES: tuple[Measure, ...] = get_args(Measure)
_STATED = ("tags", *_MEASURES)
_EFFECTS = (Effect.RAW.value, Effect.REDACTED.value)
_HEADING = re.compile(r"^[ \t]*\[\[[ \t]*prefer[ \t]*\]\]", re.MULTILINE)
_TAG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)
_MOST = 10**12
# "internal and all above", which nobody wants to write out.
_FROM = {"level_from": "level", "session_level_from": "session_level"}


def read_preferences(file: str, text: str) -> tuple[Preferences, list[str]]:
    """What is sound, and sentences about the rest: while there are any, the preferences must not be used."""
    reader = _Reader(file, text)
    return reader.preferences(), reader.mistakes


class _Reader:
    """Reads one document. A line is looked for from `_start` on, where the table stands that is being read."""

    def __init__(self, file: str, text: str) -> None:
        self._file, self._text = file, text
        self._start, self._end = 0, len(text)
        self._first: dict[str, int] = {}
        self._found: list[tuple[int, str]] = []

    @property
    def mistakes(self) -> list[str]:
        """In the order of the lines."""
        return [f"{self._file}:{line}: {sentence}" for line, sentence in sorted(self._found, key=itemgetter(0))]

    def preferences(self) -> Preferences:
        try:
            document = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found.group(1)) if found else max(self._text.count("\n"), 1)  # else it says: at the end
            self._found.append((line, f"this is not TOML: {error}; correct it"))
            return Preferences()
        for name in sorted({*document} - {"prefer", "targets"}):
            self._say(name, f"{name} means nothing here", _near(name, ("prefer", "targets")), heading=True)
        stated = dict(self._targets(document.get("targets", {})))
        return Preferences(tuple(self._rules(document.get("prefer", []), stated)), stated)

    # -- what is stated of targets -------------------------------------------------------------------------------------

    def _targets(self, tables: object) -> Iterator[tuple[str, Stated]]:
        if not isinstance(tables, dict):
            self._say("targets", "targets must be tables by the names of targets", "write [targets.NAME]")
            return
        for name, table in tables.items():
            self._begin(rf"^[ \t]*\[[ \t]*targets[ \t]*\.[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*\]")
            if isinstance(table, dict):
                yield name, self._stated(table)
            else:
                self._say(name, f"targets.{name} must be a table", f"write [targets.{name}]")
        self._start, self._end = 0, len(self._text)

    def _stated(self, table: Mapping[str, Any]) -> Stated:
        for key in sorted({*table} - {*_STATED}):
            self._say(key, f"{key} is nothing that preferences know of a target", _near(key, _STATED))
        tags = table.get("tags", [])
        if not isinstance(tags, list) or not all(type(one) is str and _TAG.fullmatch(one) for one in tags):
            self._say("tags", "tags must list lower-case words", 'write tags = ["frontier"]')
            tags = []
        return Stated(frozenset(tags), *(self._figure(table, measure) for measure in _MEASURES))

    def _figure(self, table: Mapping[str, Any], key: str) -> float | None:
        figure = table.get(key)
        if figure is None:
            return None
        if isinstance(figure, bool) or not isinstance(figure, int | float) or not 0 <= figure <= _MOST:
            self._say(key, f"{key} must be a number from 0 on", f"write {key} = 3.0")
            return None
        return float(figure)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def _rules(self, tables: object, stated: Mapping[str, Stated]) -> Iterator[Preference]:
        starts = [match.start() for match in _HEADING.finditer(self._text)]
        if not isinstance(tables, list) or len(starts) != len(tables) or not all(isinstance(t, dict) for t in tables):
            self._say("prefer", "each preference needs its own [[prefer]] heading", "write it at a line's beginning")
            return
        if len(tables) > MAX_RULES:
            self._say("prefer", f"{len(tables)} preferences, at most {MAX_RULES} are taken", "merge some")
            return
        for table, start, end in zip(tables, starts, [*starts, len(self._text)][1:], strict=True):
            self._start, self._end = start, end
            yield from self._rule(table, stated)

    def _rule(self, table: Mapping[str, Any], stated: Mapping[str, Stated]) -> Iterator[Preference]:
        before = len(self._found)
        for key in sorted({*table} - {*_KEYS}):
            self._say(key, f"{key} means nothing in a preference", _near(key, _KEYS))
        name, reason = self._name(table), self._reason(table)
        when, unless = (tuple(self._traits(Side.REQUEST, key, table.get(key), stated)) for key in ("when", "unless"))
        what = self._what(table)
        targets: tuple[Trait, ...] = ()
        if what and what != "by":
            targets = tuple(self._traits(Side.TARGET, what, table[what], stated))
        measure = self._measure(table, stated) if what == "by" else "cost"
        last = self._unless_last(table, what)
        if len(self._found) == before:
            yield Preference(
                id=name,
                reason=reason,
                line=self._line_at(self._start),
                what=what,  # type: ignore[arg-type]  # one of _WAYS, which are What
                when=when,
                unless=unless,
                targets=targets,
                measure=measure,
                unless_last=last,
            )

    def _name(self, table: Mapping[str, Any]) -> str:
        name = table.get("id", "")
        if not isinstance(name, str):
            self._say("id", "id must be a string", "put it in quotes")
            return ""
        for what, advice in id_problems(name):
            self._say("id", f"this preference {what.replace('@', '')}", advice.replace('@id("', 'id = "').rstrip(")"))
        line = self._first.setdefault(name, self._line_at(self._start))
        if name and line != self._line_at(self._start):
            self._say("id", f'the id "{name}" is already used at line {line}', "choose another one")
        return name

    def _reason(self, table: Mapping[str, Any]) -> str:
        reason = table.get("reason", "")
        if not isinstance(reason, str):
            self._say("reason", "reason must be a string", "put it in quotes")
            return ""
        for what, _ in reason_problems(reason):
            advice = 'say why in one line: reason = "Summaries need no large model."'
            self._say("reason", f"this preference {what.replace('@', '')}", advice)
        return reason

    def _what(self, table: Mapping[str, Any]) -> str:
        ways = [way for way in _WAYS if way in table]
        if len(ways) == 1:
            return ways[0]
        what = f"this preference does {' and '.join(ways)}" if ways else "this preference does nothing"
        self._say(ways[-1] if ways else "id", what, f"give it one of {', '.join(_WAYS)}")
        return ""

    def _measure(self, table: Mapping[str, Any], stated: Mapping[str, Stated]) -> Measure:
        given = table["by"]
        measure = next((one for one in _MEASURES if one == given), None)
        if measure is None:
            self._say("by", "by must name what is compared", did_you_mean(str(given), _MEASURES))
            return "cost"
        if all(getattr(one, measure) is None for one in stated.values()):
            self._say("by", f"no target here states its {measure}", f"state it: [targets.NAME], {measure} = 3.0")
        return measure

    def _unless_last(self, table: Mapping[str, Any], what: str) -> bool:
        given: object = table.get("unless_last", False)
        if not isinstance(given, bool):
            self._say("unless_last", "unless_last must be true or false", "write it without quotes")
            return False
        if given and what and what not in ("keep", "drop"):
            self._say("unless_last", f"unless_last means nothing beside {what}", "it is for keep and drop; remove it")
        return given

    # -- traits of facts ----------------------------------------------------------------------------------------------

    def _traits(self, side: Side, key: str, given: object, stated: Mapping[str, Stated]) -> Iterator[Trait]:
        if given is None:
            return
        example = 'when = { task = "summarise" }' if side is Side.REQUEST else f'{key} = {{ kind = "local" }}'
        if not isinstance(given, dict) or not given:
            self._say(key, f"{key} must be a table of facts", f"write {example}")
            return
        known: set[str] = set()
        for name, value in given.items():
            try:
                trait = _own(name, value, stated) if side is Side.TARGET and name in _OWN else _trait(side, name, value)
            except WrongFact as wrong:
                self._say(name, wrong.what, wrong.advice)
                continue
            if trait.fact in known:
                self._say(name, f"{trait.fact} is given twice", "keep one of its names")
            known.add(trait.fact)
            yield trait

    # -- where it stands -----------------------------------------------------------------------------------------------

    def _begin(self, heading: str) -> None:
        found = re.search(heading, self._text, re.MULTILINE)
        self._start, self._end = (found.start() if found else 0), len(self._text)

    def _say(self, key: str, what: str, advice: str, *, heading: bool = False) -> None:
        written = (
            rf"^[ \t]*\[+[ \t]*{re.escape(key)}\b" if heading else rf"(?<![\w.-])[\"']?{re.escape(key)}[\"']?[ \t]*="
        )
        found = re.compile(rf"{written}|^[ \t]*\[[ \t]*prefer\.{re.escape(key)}[ \t]*\]", re.MULTILINE).search(
            self._text, self._start, self._end
        )
        line = self._line_at(found.end() if found else self._start)
        self._found.append((line, f"{what}; {advice}"))

    def _line_at(self, place: int) -> int:
        return self._text.count("\n", 0, place) + 1


_OWN = ("tags", "effect")


def _own(name: str, given: object, stated: Mapping[str, Stated]) -> Trait:
    """A test of what only preferences know of a target. Raises WrongFact."""
    values = _words(name, given)
    known = _EFFECTS if name == "effect" else sorted({tag for one in stated.values() for tag in one.tags})
    for value in values:
        if value not in known:
            nothing = "state it under [targets.NAME]: tags = […]"
            advice = did_you_mean(value, known) if known else nothing
            what = f'{name} is never "{value}"' if name == "effect" else f'no target here has the tag "{value}"'
            raise WrongFact(what, advice)
    path = "decision.effect" if name == "effect" else "stated.tags"
    return _made(name, path, values)


def _trait(side: Side, name: str, given: object) -> Trait:
    """Raises WrongFact."""
    if side is Side.REQUEST and name in _FROM:
        return _from(name, given)
    fact = fact_named(side, name)
    if fact is None:
        owner, known = ("request", [*names_of(side), *_FROM]) if side is Side.REQUEST else ("target", _of_target())
        if side is Side.REQUEST and name in _of_target():
            raise WrongFact(
                f"{name} is no fact of a request", "it is one of targets: write it into first, keep or drop"
            )
        raise WrongFact(f"{name} is no fact of a {owner}", _near(name, known))
    if fact.kind is FactType.FLAG:
        return _made(name, _path(side, fact.name), (fact.read(given),))
    values = _words(name, given)
    for value in values:
        fact.read([value] if fact.kind is FactType.SET else value)
        spelling = SPELLINGS.get(fact.attribute.path) if fact.attribute else None
        if spelling and not spelling.pattern.fullmatch(value):
            raise WrongFact(f'"{value}" can never be {spelling.what}', spelling.advice)
    return _made(name, _path(side, fact.name), values)


def _from(name: str, given: object) -> Trait:
    if given not in LEVELS:
        raise WrongFact(f"{name} must be a level", did_you_mean(str(given), LEVELS))
    fact, values = _FROM[name], LEVELS[LEVELS.index(given) :]
    return Trait(fact, attrgetter(fact), frozenset(values), f'{name} "{given}"')


def _words(name: str, given: object) -> Sequence[str]:
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list) or not values or not all(type(one) is str for one in values):
        raise WrongFact(f"{name} must be a string or a list of some", f'write {name} = "…" or {name} = ["…", "…"]')
    return values


def _made(name: str, path: str, values: Sequence[object]) -> Trait:
    shown = [str(one).lower() if isinstance(one, bool) else f'"{one}"' for one in values]
    text = f"{name} {shown[0]}" if len(shown) == 1 else f"{name} {' or '.join(shown)}"
    return Trait(path.rpartition(".")[2], attrgetter(path), frozenset(values), text)


def _path(side: Side, fact: str) -> str:
    return fact if side is Side.REQUEST else f"facts.{fact}"


def _of_target() -> list[str]:
    return [*names_of(Side.TARGET), *_OWN]


def _near(name: str, known: Sequence[str], else_: str = "") -> str:
    close = get_close_matches(name, known, n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    return else_ or f"there are {', '.join(known)}"
