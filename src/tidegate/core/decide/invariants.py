"""`invariants.toml`: what must never happen, each condition read by the same way as a rule's."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.core.decide.conditions import Refused
from tidegate.core.decide.expressions import Expression
from tidegate.core.decide.reading import Reading, id_problems, reason_problems
from tidegate.core.decide.rules import Invariant
from tidegate.core.decide.statements import Statement, cut
from tidegate.core.values.decision import Effect

_KEYS = ("id", "reason", "never", "when")
_FORBIDDABLE = tuple(effect.value for effect in Effect if effect is not Effect.NONE)
_HEADING = re.compile(r"^[ \t]*\[\[[ \t]*invariant[ \t]*\]\]", re.MULTILINE)
_WHEN = re.compile(r"^[ \t]*when[ \t]*=[ \t]*('''|\"\"\"|['\"])(\n?)", re.MULTILINE)


def read_invariants(reading: Reading, file: str, text: str) -> list[Invariant]:
    """All sound invariants of one file; what is wrong with the others is added to the reading's mistakes."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reading.mistakes.append(f"{file}:{_line_in(str(error))}: this is not TOML: {error}; correct it")
        return []
    unknown = sorted(set(document) - {"invariant"})
    if unknown or not isinstance(document.get("invariant", []), list):
        reading.mistakes.append(
            f"{file}:1: only [[invariant]] tables belong here; move or remove {', '.join(unknown) or 'the rest'}"
        )
        return []
    starts = [match.start() for match in _HEADING.finditer(text)]
    tables: list[Any] = document.get("invariant", [])
    if len(starts) != len(tables):
        reading.mistakes.append(
            f"{file}:1: each invariant needs its own [[invariant]] heading at the beginning of a line; write it so"
        )
        return []
    blocks = [_Block(file, text, start) for start in starts]
    return [found for block, table in zip(blocks, tables, strict=True) for found in _invariant(reading, block, table)]


class _Block:
    """Where one [[invariant]] table stands in the file."""

    def __init__(self, file: str, text: str, start: int) -> None:
        self.file, self.line = file, text.count("\n", 0, start) + 1
        found = _WHEN.search(text, start)
        self.when_line = text.count("\n", 0, found.end()) + 1 if found else self.line

    def say(self, reading: Reading, what: str, advice: str) -> None:
        reading.mistakes.append(f"{self.file}:{self.line}: {what}; {advice}")


def _invariant(reading: Reading, block: _Block, table: Mapping[str, Any]) -> Iterator[Invariant]:
    before = len(reading.mistakes)
    for name in sorted(set(table) - set(_KEYS)):
        block.say(reading, f"the key {name} means nothing here", f"an invariant has {', '.join(_KEYS)}")
    texts = {key: table.get(key, "") for key in ("id", "reason", "when")}
    for key in [key for key, value in texts.items() if not isinstance(value, str)]:
        block.say(reading, f"{key} must be a string", "put it in quotes")
        texts[key] = ""
    for what, advice in (*id_problems(texts["id"]), *reason_problems(texts["reason"])):
        block.say(
            reading,
            f"this invariant {what.replace('@', '')}",
            advice.replace('@id("', 'id = "').replace('@reason("', 'reason = "').replace('")', '"'),
        )
    never = _effects(reading, block, table.get("never"))
    when = _condition(reading, block, texts["when"].rstrip())
    if len(reading.mistakes) == before and never and when is not None:
        yield Invariant(
            id=texts["id"],
            reason=texts["reason"],
            never=never,
            when=when[0],
            line=block.line,
            text=texts["when"].strip(),
        )


def _effects(reading: Reading, block: _Block, given: Any) -> frozenset[Effect]:
    names = given if isinstance(given, list) else []
    if not names or any(name not in _FORBIDDABLE for name in names):
        block.say(reading, "never must list effects", f'choose among {", ".join(_FORBIDDABLE)}: never = ["raw"]')
        return frozenset()
    return frozenset(Effect(name) for name in names)


def _condition(reading: Reading, block: _Block, text: str) -> tuple[Expression] | None:
    """Read as the only clause of a rule; whatever would end that clause early is refused."""
    if not text.strip():
        block.say(reading, "when is missing", "write a Cedar condition: when = '''resource.kind == \"cloud\"'''")
        return None
    # The blank lines make every line number that of the TOML file.
    wrapped = "\n" * (block.when_line - 1) + "forbid (principal, action, resource) when { " + text + "\n};"
    pieces = cut(block.file, wrapped)
    reading.mistakes.extend(pieces.mistakes)
    if len(pieces.statements) != 1:
        if not pieces.mistakes:
            block.say(reading, "when holds more than one condition", "join conditions with && or ||, without ;")
        return None
    return _clause(reading, block, pieces.statements[0])


def _clause(reading: Reading, block: _Block, statement: Statement) -> tuple[Expression] | None:
    tree = reading.parse(statement)
    if tree is None or not reading.validated([(statement, tree)]):
        return None
    if [clause["kind"] for clause in tree["conditions"]] != ["when"]:
        block.say(reading, "when holds more than one clause", "write one Cedar expression")
        return None
    try:
        return (reading.condition(statement, tree["conditions"]),)
    except Refused as refusal:
        reading.mistakes.append(str(refusal))
        return None


def _line_in(message: str) -> str:
    found = re.search(r"line (\d+)", message)
    return found.group(1) if found else "1"
