# ruff: noqa: RUF009 - the calls make fields; nothing is shared between instances
"""Dictionaries: TOML files of the user's own words and patterns, with tests of what they find and what they do not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tidegate.config import kinds
from tidegate.config.forms import maybe, setting
from tidegate.config.kinds import Kind, Surroundings, Wrong, near
from tidegate.config.places import Path as Place
from tidegate.config.places import Place as Written
from tidegate.config.places import parse_toml
from tidegate.config.reading import BROKEN, Reading
from tidegate.core.classify import own_patterns
from tidegate.core.classify.own_patterns import OwnPattern, RefusedPatternError
from tidegate.core.classify.terms import MOST_TERM_BYTES, MOST_TERMS, TermsFinder, Words, labels_in, plain
from tidegate.core.values.errors import ConfigError

MOST_DICTIONARY_BYTES = 4 << 20
MOST_LIST_BYTES = 32 << 20
MOST_PATTERNS = 500
OWN_FAMILY = "customer."
DEFAULT_LABEL = "customer.term"

_RULE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}")
_BORNE_BY_OTHERS = ("pii.person", "pii.location", "pii.organization", "code.proprietary")


class Test(NamedTuple):
    """What is to be found in a text: exactly these labels."""

    line: int
    text: str
    finds: frozenset[str]


class Dictionary(NamedTuple):
    path: Path
    words: tuple[Words, ...]
    patterns: tuple[OwnPattern, ...]
    tests: tuple[Test, ...]
    lines: Mapping[str, int]
    """Where each name stands."""


class Outcome(NamedTuple):
    """Of one test. It does not repeat the text."""

    place: str
    wanted: frozenset[str]
    found: frozenset[str]

    @property
    def ok(self) -> bool:
        return self.wanted == self.found

    def sentence(self) -> str:
        missing, more = sorted(self.wanted - self.found), sorted(self.found - self.wanted)
        said = [f"does not find {', '.join(missing)}"] if missing else []
        said += [f"finds {', '.join(more)} and should not"] if more else []
        return f"{self.place}: this test fails: the dictionary {' and '.join(said)}; correct the rule or the test"


def read_dictionary(path: Path) -> Dictionary:
    """Raises ConfigError with every mistake of the file and of the lists it names; its tests are not run."""
    text = parse_toml(_text(path, MOST_DICTIONARY_BYTES), str(path))
    places = {at: Written(f"{path}:{line}", line) for at, line in text.lines.items()}
    reader = _Reader(path, Reading(str(path), places, Surroundings(path.resolve().parent, {})))
    found = reader.dictionary(text.tree)
    if reader.reading.mistakes:
        raise ConfigError(reader.reading.all_mistakes())
    return found


def outcomes(dictionary: Dictionary) -> list[Outcome]:
    """Of every test in the file, by the file's own rules alone."""
    finder = TermsFinder(dictionary.words, dictionary.patterns)
    return [
        Outcome(f"{dictionary.path}:{test.line}", test.finds, labels_in(finder, test.text)) for test in dictionary.tests
    ]


def terms_finder(paths: Sequence[Path]) -> TermsFinder | None:
    """All dictionaries as one finder; None where they hold nothing.

    Raises ConfigError with every mistake of every file, a test that fails among them: what was not tried is not used.
    """
    mistakes: list[str] = []
    read: list[Dictionary] = []
    for path in paths:
        try:
            read.append(read_dictionary(path))
        except ConfigError as error:
            mistakes += error.mistakes
    mistakes += _named_twice(read)
    if not mistakes:
        mistakes += [one.sentence() for dictionary in read for one in outcomes(dictionary) if not one.ok]
    if mistakes:
        raise ConfigError(mistakes)
    words = [rule for dictionary in read for rule in dictionary.words]
    patterns = [rule for dictionary in read for rule in dictionary.patterns]
    return TermsFinder(words, patterns) if words or patterns else None


def _named_twice(read: Sequence[Dictionary]) -> Iterator[str]:
    first: dict[str, str] = {}
    for dictionary in read:
        for name, line in dictionary.lines.items():
            place = f"{dictionary.path}:{line}"
            if name in first:
                yield f"{place}: this name stands in {first[name]} too; findings are told by it: rename one"
            first.setdefault(name, place)


def _text(path: Path, most_bytes: int) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file; correct the path"]) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError([f"{path}: it cannot be read ({reason}); check the path and its permissions"]) from None
    if len(raw) > most_bytes:
        raise ConfigError([f"{path}: it has more than {most_bytes >> 20} MiB; split it"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: the file is not UTF-8; save it as UTF-8"]) from None


# -- what a dictionary may say ---------------------------------------------------------------------------------------


def _list_of_texts(words: str) -> Kind[tuple[str, ...]]:
    def read(value: Any, _: Surroundings) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Wrong(f"it is {words}: texts in brackets")
        return tuple(value)

    return Kind(words, read)


def _any_text() -> Kind[str]:
    def read(value: Any, _: Surroundings) -> str:
        if not isinstance(value, str):
            raise Wrong("it is a text: put it in quotes")
        return value

    return Kind("a text", read)


_NAME = kinds.text("a name: letters, digits, spaces, dots, dashes, underscores", pattern=_RULE_NAME, example="tickets")
_LABEL = kinds.text("a label: dotted lower-case words", pattern=kinds.LABEL, example=DEFAULT_LABEL)
_CASE = kinds.choice("ignore", "exact")


@dataclass(frozen=True, slots=True, kw_only=True)
class _TermsTable:
    label: str = setting(_LABEL, "What the words are.", default=DEFAULT_LABEL)
    name: str = setting(_NAME, "What findings are told by.")
    words: tuple[str, ...] | None = maybe(_list_of_texts("a list of words"), "The words.")
    file: Path | None = maybe(kinds.file_path(), "A file with a word a line instead.")
    case: str = setting(_CASE, "Whether capitals are told from small letters.", default="ignore")
    whole_words: bool = setting(kinds.truth(), "Whether a word may be a piece of another.", default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PatternTable:
    label: str = setting(_LABEL, "What it is that matches.", default=DEFAULT_LABEL)
    name: str = setting(_NAME, "What findings are told by.")
    pattern: str = setting(_any_text(), "RE2.")
    near: tuple[str, ...] = setting(_list_of_texts("a list of words"), "Words, one of which is nearby.", default=[])
    case: str = setting(_CASE, "Whether capitals are told from small letters.", default="exact")


@dataclass(frozen=True, slots=True, kw_only=True)
class _TestTable:
    text: str = setting(_any_text(), "A text.")
    finds: tuple[str, ...] = setting(_list_of_texts("a list of labels"), "Exactly what is found in it.")


_TABLES = {"terms": _TermsTable, "patterns": _PatternTable, "tests": _TestTable}


class _Reader:
    """One file; mistakes are noted in `reading`, and reading goes on past each."""

    def __init__(self, path: Path, reading: Reading) -> None:
        self.path, self.reading = path, reading
        self._names: dict[str, int] = {}
        self._count = 0
        self._labels: set[str] = set()

    def dictionary(self, tree: Mapping[str, Any]) -> Dictionary:
        for key in tree:
            if key not in _TABLES:
                self.reading.mistake(
                    (key,),
                    f"there is no such table{near(key, _TABLES)}; a dictionary has [[terms]], [[patterns]], [[tests]]",
                )
        words = tuple(self._words(table, at) for at, table in self._tables(tree, "terms"))
        patterns = tuple(self._pattern(table, at) for at, table in self._tables(tree, "patterns"))
        tests = tuple(self._test(table, at) for at, table in self._tables(tree, "tests"))
        if not tree.get("terms") and not tree.get("patterns"):
            self.reading.mistakes.append(
                (0, f"{self.path}: it holds no rule; write [[terms]] or [[patterns]], or remove the file")
            )
        if len(patterns) > MOST_PATTERNS:
            self.reading.mistake(
                ("patterns",), f"these are {len(patterns)}, at most {MOST_PATTERNS} are taken; join some"
            )
        if self._count > MOST_TERMS:
            self.reading.mistake(("terms",), f"these are {self._count:,} words, at most {MOST_TERMS:,} are taken")
        return Dictionary(self.path, words, patterns, tests, self._names)

    def _tables(self, tree: Mapping[str, Any], key: str) -> Iterator[tuple[Place, Any]]:
        entries = tree.get(key, [])
        if not isinstance(entries, list):
            self.reading.mistake((key,), f"these are tables of a list; write [[{key}]]")
            return
        for number, entry in enumerate(entries):
            at: Place = (key, number)
            yield at, self.reading.table(_TABLES[key], entry, at)

    def _line(self, at: Place) -> int:
        return self.reading.place(at).line

    def _named(self, name: str, at: Place) -> None:
        if name is BROKEN:
            return
        if name in self._names:
            self.reading.mistake((*at, "name"), f"line {self._names[name]} has the same name; rename one of them")
        self._names.setdefault(name, self._line((*at, "name")))

    def _labelled(self, label: str, at: Place) -> None:
        if label is BROKEN:
            return
        self._labels.add(label)
        if not label.startswith(OWN_FAMILY) and label not in known_labels():
            self.reading.mistake(
                (*at, "label"),
                f"this is no label of tidegate's{near(label, known_labels())}; "
                f"name one of them (docs/labels.md), or write one of your own under {OWN_FAMILY[:-1]}",
            )

    def _words(self, table: Any, at: Place) -> Words:
        if table is BROKEN:
            return Words("", "", ())
        self._named(table.name, at)
        self._labelled(table.label, at)
        words = tuple(self._sound_words(table, at))
        self._count += len(words)
        return Words(table.label, table.name, words, table.case == "exact", bool(table.whole_words))

    def _sound_words(self, table: Any, at: Place) -> Iterator[str]:
        if BROKEN in (table.words, table.file):
            return
        if (table.words is None) is (table.file is None):
            self.reading.mistake(at, "it has either `words` or `file`; write one of them")
            return
        if table.file is not None:
            yield from self._listed(table.file, (*at, "file"))
            return
        if not table.words:
            self.reading.mistake((*at, "words"), "the list is empty: write a word, or remove the table")
        for number, word in enumerate(table.words):
            wrong = _wrong(word)
            if wrong:
                self.reading.mistake((*at, "words", number), wrong)
            else:
                yield word

    def _listed(self, path: Path, at: Place) -> Iterator[str]:
        try:
            lines = _text(path, MOST_LIST_BYTES).splitlines()
        except ConfigError as error:
            for mistake in error.mistakes:
                self.reading.mistake(at, mistake)
            return
        read = [(n, line.strip()) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
        if not read:
            self.reading.mistake(at, f"{path} holds no word; write one a line")
        for number, word in read:
            wrong = _wrong(word)
            if wrong:
                self.reading.mistakes.append((self._line(at), f"{path}:{number}: {wrong}"))
            else:
                yield word

    def _pattern(self, table: Any, at: Place) -> OwnPattern:
        if table is BROKEN:
            return OwnPattern("", "", "")
        self._named(table.name, at)
        self._labelled(table.label, at)
        if table.pattern is not BROKEN:
            try:
                own_patterns.check(table.pattern, exact=table.case != "ignore")
            except RefusedPatternError as reason:
                self.reading.mistake((*at, "pattern"), str(reason))
        for number, cue in enumerate(table.near or ()):
            wrong = _wrong(cue)
            if wrong:
                self.reading.mistake((*at, "near", number), wrong)
        near_words = tuple(map(plain, table.near or ()))
        return OwnPattern(table.label, table.name, table.pattern, near_words, table.case == "exact")

    def _test(self, table: Any, at: Place) -> Test:
        if table is BROKEN or BROKEN in (table.text, table.finds):
            return Test(0, "", frozenset())
        for label in table.finds:
            if label not in self._labels:
                self.reading.mistake(
                    (*at, "finds"),
                    f"no rule of this file has one of these labels{near(label, self._labels)}; correct it",
                )
                break
        return Test(self._line(at), table.text, frozenset(table.finds))


def _wrong(word: str) -> str:
    """Why a word cannot be looked for; empty if it can."""
    seen = plain(word)
    if len(seen) < 2 or not any(char.isalnum() for char in seen):
        return "a word has at least two characters that can be seen, a letter or digit among them; correct or remove it"
    if len(seen.encode()) > MOST_TERM_BYTES:
        return f"a word has at most {MOST_TERM_BYTES} bytes; write its telling part"
    return ""


def known_labels() -> frozenset[str]:
    """Labels that ship: a dictionary may find more of what they stand for."""
    from tidegate.core.classify.detectors import ROWS

    return frozenset({row.label for row in ROWS}.union(_BORNE_BY_OTHERS))
