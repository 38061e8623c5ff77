"""`tests/*.toml` beside a policy: requests as a person writes them down, and what must become of each."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

from tidegate.core.decide.lifecycle.facts import (
    Value,
    WrongFact,
    did_you_mean,
    names_of,
    read_one,
    request_of,
    target_of,
)
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS, RESERVED, Side
from tidegate.core.values.decision import Effect
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.facts import RequestFacts, TargetFacts

MAX_CASES = 10_000

_OWN_KEYS = ("name", "target", "effect", "rules")
_EFFECTS = tuple(effect.value for effect in Effect)
_HEADING = re.compile(r"^[ \t]*\[\[[ \t]*(case|order)[ \t]*\]\]", re.MULTILINE)
_TARGET = re.compile(r"^[ \t]*(target[ \t]*=|\[[ \t]*case\.target[ \t]*\])", re.MULTILINE)
_KIND = ATTRIBUTES["resource.kind"]
_LABEL = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`rules`: ids that must have decided, None where the case does not say. `line` counts from 1 in `file`."""

    name: str
    request: RequestFacts
    target: TargetFacts
    effect: Effect
    rules: frozenset[str] | None
    file: str
    line: int


class Mistake(NamedTuple):
    file: str
    line: int
    what: str
    advice: str

    def sentence(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.advice}"


def read_cases(sources: Mapping[str, str], policy: Policy) -> tuple[Case, ...]:
    """The cases of all files, by their names as a user would look for them, in order.

    Raises ConfigError with every mistake: `file:line: what; what to do`.
    """
    known = (*(rule.id for rule in policy.rules), *RESERVED)
    mistakes: list[Mistake] = []
    found = [
        case
        for file, text in sorted(sources.items())
        for reader, table in tables(file, text, "case", mistakes)
        for case in reader.case(table, known)
    ]
    check_all(found, mistakes)
    return tuple(found)


def check_all(found: Sequence[Any], mistakes: list[Mistake]) -> None:
    """Of all files together. Raises ConfigError with every mistake."""
    first: dict[str, Any] = {}
    for case in found:
        other = first.setdefault(case.name, case)
        if other is not case:
            what = f'the name "{case.name}" is already used at {other.file}:{other.line}'
            mistakes.append(Mistake(case.file, case.line, what, "choose another one"))
    if len(found) > MAX_CASES:
        what = f"{len(found)} cases in all files, at most {MAX_CASES} are run"
        mistakes.append(Mistake(found[-1].file, found[-1].line, what, "remove some"))
    if mistakes:
        raise ConfigError([one.sentence() for one in sorted(mistakes)])


def tables(
    file: str, text: str, kind: str, mistakes: list[Mistake]
) -> Iterator[tuple["CaseReader", Mapping[str, Any]]]:
    """The `[[case]]` or `[[order]]` tables of one file, each with whoever reads it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else max(text.count("\n"), 1)  # else it says: at the end
        mistakes.append(Mistake(file, line, f"this is not TOML: {error}", "correct it"))
        return
    known = {name: document.pop(name, []) for name in ("case", "order")}
    if document or not all(isinstance(of_kind, list) for of_kind in known.values()):
        others = ", ".join(sorted(document)) or "the rest"
        mistakes.append(Mistake(file, 1, "only [[case]] and [[order]] tables belong here", f"move or remove {others}"))
        return
    headings = list(_HEADING.finditer(text))
    if any([one.group(1) for one in headings].count(name) != len(of_kind) for name, of_kind in known.items()):
        what = "each case needs its own [[case]] or [[order]] heading at the beginning of a line"
        mistakes.append(Mistake(file, 1, what, "write it so"))
        return
    ends = [*(one.start() for one in headings), len(text)][1:]  # none for a file without cases
    stretches = [(one.start(), end) for one, end in zip(headings, ends, strict=True) if one.group(1) == kind]
    for (start, end), table in zip(stretches, known[kind], strict=True):
        yield CaseReader(file, text, start, end, mistakes), table


class CaseReader:
    """Reads one [[case]] table, which stands in text[start:end]."""

    def __init__(self, file: str, text: str, start: int, end: int, mistakes: list[Mistake]) -> None:
        self.file, self._text, self._start, self._end = file, text, start, end
        self._mistakes = mistakes
        self.line = text.count("\n", 0, start) + 1

    def case(self, table: Mapping[str, Any], known: Sequence[str]) -> Iterator[Case]:
        before = len(self._mistakes)
        name, effect, rules = self.name(table), self._effect(table), self._rules(table, known)
        request = self.values(Side.REQUEST, {k: v for k, v in table.items() if k not in _OWN_KEYS})
        target = self._target(table)
        if len(self._mistakes) == before:
            yield Case(
                name=name,
                request=request_of(request),
                target=target_of(target),
                effect=Effect(effect),
                rules=rules,
                file=self.file,
                line=self.line,
            )

    def name(self, table: Mapping[str, Any]) -> str:
        name = table.get("name")
        if type(name) is not str or not name.strip() or not name.isprintable():
            self.say("name", "this case has no name", 'say in a line what it is about: name = "cards stay inside"')
            return ""
        return name

    def _effect(self, table: Mapping[str, Any]) -> str:
        effect = table.get("effect")
        if type(effect) is not str or effect not in _EFFECTS:
            advice = did_you_mean(effect, _EFFECTS) if type(effect) is str else f"it is one of {', '.join(_EFFECTS)}"
            self.say("effect", "effect must say what becomes of the request", advice)
            return Effect.NONE
        return effect

    def _rules(self, table: Mapping[str, Any], known: Sequence[str]) -> frozenset[str] | None:
        if "rules" not in table:
            return None
        rules = table["rules"]
        if not isinstance(rules, list) or not rules or not all(type(one) is str for one in rules):
            self.say("rules", "rules must list ids of rules", 'write rules = ["cards-stay-inside"], or leave it out')
            return None
        for one in rules:
            if one not in known:
                close = get_close_matches(one, known, n=1)
                advice = f'did you mean "{close[0]}"?' if close else "name one that its *.cedar files have"
                self.say("rules", f'no rule of this policy is called "{one}"', advice)
        return frozenset(rules)

    def _target(self, table: Mapping[str, Any]) -> dict[str, Value]:
        given = table.get("target")
        if not isinstance(given, dict):
            self.say("target", "target must be a table of facts", 'write target = { kind = "cloud", contract = true }')
            return {}
        if _KIND.fact not in given:
            self.say("target", "the target has no kind", 'write target = { kind = "cloud" }, "private" or "local"')
        return self.values(Side.TARGET, given)

    def values(self, side: Side, given: Mapping[str, Any]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name, value in given.items():
            try:
                fact, read = read_one(side, name, value)
                if fact.attribute == LABELS:
                    _check_labels(value)
            except WrongFact as wrong:
                advice = wrong.advice
                if side is Side.REQUEST and name not in names_of(side) and name in names_of(Side.TARGET):
                    advice = f"it is a fact of the target: write it into target = {{ {name} = … }}"
                self.say(name, wrong.what, advice, side)
                continue
            if fact.name in values:
                self.say(name, f"{fact.name} is given twice", "keep one of its names", side)
            values[fact.name] = read
        return values

    def say(self, key: str, what: str, advice: str, side: Side = Side.REQUEST) -> None:
        self._mistakes.append(Mistake(self.file, self._line_of(key, side), what, advice))

    def _line_of(self, key: str, side: Side) -> int:
        """Where the key is written within the case, else where the case begins."""
        begin = "^[ \t]*" if side is Side.REQUEST else r"(?<![\w.-])"
        written = re.compile(rf"{begin}[\"']?{re.escape(key)}[\"']?[ \t]*=", re.MULTILINE)
        target = _TARGET.search(self._text, self._start, self._end)
        start = target.start() if target and side is Side.TARGET else self._start
        found = written.search(self._text, start, self._end)
        return self._text.count("\n", 0, found.end()) + 1 if found else self.line


def _check_labels(given: Sequence[str]) -> None:
    for label in given:
        if not _LABEL.fullmatch(label):
            raise WrongFact(f'"{label}" can never be a label', 'labels are dotted and lower-case, such as "pii.email"')
