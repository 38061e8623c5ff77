"""Cedar text into rules: Cedar's own strict validation first, then our smaller language. All mistakes are gathered."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from tidegate.core.decide.conditions import ConditionReader, Refused
from tidegate.core.decide.expressions import Expression, both, negation
from tidegate.core.decide.rules import Rule
from tidegate.core.decide.statements import Statement, cut
from tidegate.core.decide.vocabulary import ACTIONS, ATTRIBUTES, RESERVED

MAX_RULES = 500

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_ID_CHARACTERS = 64
MAX_REASON_CHARACTERS = 300

_ANNOTATIONS = ("id", "reason", "owner", "ticket")
_POLICY_NAME = re.compile(r"^(for policy `policy\d+`, )")
_OWNERS = {"in context": "context", "entity type `Target`": "resource", "entity type `Actor`": "principal"}
_FOLLOWS = "unable to find an applicable action"  # Cedar says so after it has named the unknown action
_CONTEXT_OF = re.compile(r" in context for Action::\"\w+\"")


class Reading:
    """What was read so far. `mistakes` are whole sentences; while there are any, the rules must not be used."""

    def __init__(self, schema: str) -> None:
        import cedarpy

        self._cedar = cedarpy
        self._schema = cedarpy.Schema.from_str(schema)
        self.mistakes: list[str] = []

    def rules(self, file: str, text: str) -> list[Rule]:
        """The rules of one file, in order. Mistakes are added to `mistakes`."""
        pieces = cut(file, text)
        self.mistakes.extend(pieces.mistakes)
        if len(pieces.statements) > MAX_RULES:
            self.mistakes.append(
                f"{file}:1: {len(pieces.statements)} rules, at most {MAX_RULES} can be proven in reasonable time; "
                "merge rules that differ in one value by naming the values in a list"
            )
            return []
        parsed = [(statement, tree) for statement in pieces.statements if (tree := self.parse(statement)) is not None]
        sound = self.validated(parsed)
        return [rule for statement, tree in sound for rule in self._rule(statement, tree)]

    def parse(self, statement: Statement) -> Mapping[str, Any] | None:
        """Cedar's JSON tree of one statement; None after adding a mistake."""
        try:
            tree = json.loads(self._cedar.policies_to_json_str(statement.text))
        except ValueError as error:
            self._add(statement, f"Cedar cannot read the rule that begins here: {error}", "correct it")
            return None
        if tree["templates"]:
            self._add(statement, "templates are not supported", "write the value out in place of the ?slot", "?")
            return None
        if len(tree["staticPolicies"]) != 1:
            self._add(statement, "one statement reads as several", "end each rule with ; on its own")
            return None
        return dict(next(iter(tree["staticPolicies"].values())))

    def validated(
        self, parsed: Sequence[tuple[Statement, Mapping[str, Any]]]
    ) -> list[tuple[Statement, Mapping[str, Any]]]:
        """Drops what does not fit the schema. Cedar numbers the rules of one text in their order, from `policy0` on."""
        found = self._cedar.validate_policies("\n".join(statement.text for statement, _ in parsed), self._schema)
        places = {f"policy{number}": number for number in range(len(parsed))}
        wrong: set[int] = set()
        for error in sorted(found.errors, key=lambda one: _FOLLOWS in one.error):
            number = places.get(error.policy_id, 0)
            if _FOLLOWS not in error.error or number not in wrong:
                self._explain(parsed[number][0], error.error)
            wrong.add(number)
        if not found.validation_passed and not found.errors:
            self.mistakes.append(
                f"{parsed[0][0].file}:1: Cedar refuses this file without saying why; check it rule by rule"
            )
        return [pair for number, pair in enumerate(parsed) if number not in wrong]

    def _explain(self, statement: Statement, message: str) -> None:
        message = _CONTEXT_OF.sub(" in context", _POLICY_NAME.sub("", message))
        quoted = re.findall(r"`([^`]+)`", message)
        words = [word for name in quoted for word in (name, *re.findall(r'\w+|"[^"]*"', name)) if word != "Action"]
        self._add(statement, message, _advice(message, quoted), *words)

    def _rule(self, statement: Statement, tree: Mapping[str, Any]) -> Iterator[Rule]:
        """One rule, or none and a mistake."""
        annotations = self._annotations(statement, tree.get("annotations", {}))
        try:
            actions = self._scope(statement, tree)
            condition = self.condition(statement, tree["conditions"])
        except Refused as refusal:
            self.mistakes.append(str(refusal))
            return
        if annotations is None:
            return
        yield Rule(
            **annotations,
            effect=tree["effect"],
            actions=actions,
            condition=condition,
            file=statement.file,
            line=statement.line,
            text=statement.text,
        )

    def condition(self, statement: Statement, conditions: Sequence[Mapping[str, Any]]) -> Expression:
        """`when` and `unless` clauses joined. Raises Refused."""
        reader = ConditionReader(statement)
        return both(
            reader.boolean(clause["body"]) if clause["kind"] == "when" else negation(reader.boolean(clause["body"]))
            for clause in conditions
        )

    def _scope(self, statement: Statement, tree: Mapping[str, Any]) -> tuple[str, ...]:
        for variable in ("principal", "resource"):
            if tree[variable]["op"] == "All" or set(tree[variable]) == {"op", "entity_type"}:
                continue
            raise Refused(
                f"{statement.file}:{statement.line_of(variable)}: the head of this rule picks a {variable}; "
                f"leave `{variable}` alone there and compare its attributes in `when`"
            )
        action = tree["action"]
        if action["op"] == "All":
            return tuple(ACTIONS)
        chosen = {entity["id"] for entity in action.get("entities", [action.get("entity")])}
        return tuple(name for name in ACTIONS if name in chosen)

    def _annotations(self, statement: Statement, given: Mapping[str, str | None]) -> dict[str, str] | None:
        before = len(self.mistakes)
        for name in given:
            if name not in _ANNOTATIONS:
                close = get_close_matches(name, _ANNOTATIONS, n=1)
                advice = f"did you mean @{close[0]}?" if close else "use @id, @reason, @owner or @ticket"
                self._add(statement, f"the annotation @{name} means nothing", advice, name)
        for problem in id_problems(given.get("id") or ""):
            self._add(statement, f"this rule {problem[0]}", problem[1], "id")
        for problem in reason_problems(given.get("reason") or ""):
            self._add(statement, f"this rule {problem[0]}", problem[1], "reason")
        if len(self.mistakes) > before:
            return None
        return {name: given.get(name) or "" for name in _ANNOTATIONS}

    def _add(self, statement: Statement, what: str, advice: str, *words: str) -> None:
        """Cedar reports one fault once an action: the same sentence is kept once."""
        sentence = f"{statement.file}:{statement.line_of(*words)}: {what}; {advice}"
        if sentence not in self.mistakes:
            self.mistakes.append(sentence)


def id_problems(name: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule's or an invariant's id: (what, what to do)."""
    if not name:
        yield "has no @id", 'give it one: @id("cards-stay-inside")'
    elif len(name) > MAX_ID_CHARACTERS or not ID.fullmatch(name):
        yield (
            f'has the id "{name[:MAX_ID_CHARACTERS]}"',
            f"use at most {MAX_ID_CHARACTERS} lower-case letters, digits and single hyphens",
        )
    elif name in RESERVED:
        yield f'has the id "{name}", which decisions use where no rule decided', "choose another id"


def reason_problems(reason: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a reason: (what, what to do). Reasons are shown to callers."""
    if not reason.strip():
        yield "has no @reason", 'say why in a sentence: @reason("Card data never reaches a cloud.")'
    elif len(reason) > MAX_REASON_CHARACTERS or not reason.isprintable():
        yield (
            "has a reason that is too long or has control characters",
            f"use one line of at most {MAX_REASON_CHARACTERS} characters",
        )


def _advice(message: str, quoted: Sequence[str]) -> str:
    if "empty set literals" in message:
        return "ask whether a set is empty with .isEmpty()"
    if any("Action::" in name for name in quoted):
        return f"the actions are {', '.join(ACTIONS)}"
    variable = next((variable for words, variable in _OWNERS.items() if words in message), "")
    names = [path.partition(".")[2] for path in ATTRIBUTES if path.startswith(f"{variable}.")]
    if not variable or not quoted:
        return "compare strings with strings and use true or false facts alone, as `tidegate.cedarschema` says"
    close = get_close_matches(quoted[0], names, n=1)
    return f"did you mean {variable}.{close[0]}?" if close else f"{variable} has {', '.join(names)}"
