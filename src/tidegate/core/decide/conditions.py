"""Cedar's JSON tree of a condition into our expressions; whatever has no place there is refused with a way out."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

from tidegate.core.decide.expressions import (
    Beyond,
    Const,
    Expression,
    Flag,
    Meets,
    OneOf,
    Same,
    both,
    either,
    negation,
)
from tidegate.core.decide.statements import Statement
from tidegate.core.decide.vocabulary import ATTRIBUTES, CLOSED_VALUES, SPELLINGS, Attribute, FactType

# Cedar's name of an operator in JSON -> how it is written, and what to write instead.
_REFUSED: Mapping[str, tuple[str, str]] = {
    "like": ("like", 'patterns are not supported; name the values: ["eu-west", "eu-north"].contains(resource.region)'),
    "has": ("has", "every fact is always present; compare its value instead (a string that nobody stated is empty)"),
    "in": (
        "in",
        "there is no entity hierarchy; compare an attribute instead, for example principal.team or principal.roles",
    ),
    "is": ("is", "a principal is always an Actor and a resource always a Target; leave the test out"),
    "<": ("<", "no fact is a number; compare strings with == or !="),
    "<=": ("<=", "no fact is a number; compare strings with == or !="),
    ">": (">", "no fact is a number; compare strings with == or !="),
    ">=": (">=", "no fact is a number; compare strings with == or !="),
    "+": ("+", "no fact is a number; compare strings with == or !="),
    "-": ("-", "no fact is a number; compare strings with == or !="),
    "*": ("*", "no fact is a number; compare strings with == or !="),
    "neg": ("-", "no fact is a number; compare strings with == or !="),
    "Record": ("{", "records are not supported; compare one attribute at a time"),
    "getTag": ("getTag", "entities have no tags; use the attributes that the schema names"),
    "hasTag": ("hasTag", "entities have no tags; use the attributes that the schema names"),
    "Slot": ("?", "templates are not supported; write the value out"),
    "Var": ("principal", "a whole entity cannot be compared; compare one of its attributes, for example principal.id"),
    "Set": ("[", 'a list of values stands only beside a fact; write ["a", "b"].contains(resource.tier)'),
}
_EXTENSIONS = ("ip", "decimal", "datetime", "duration")


class Refused(Exception):  # noqa: N818 - it is an answer about one statement, gathered with the others
    """Its text is one whole sentence with file and line."""


class ConditionReader:
    """Reads the conditions of one statement. Raises Refused."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def boolean(self, node: Mapping[str, Any]) -> Expression:  # noqa: PLR0911 - one return an operator
        operator, body = _only(node)
        match operator, body:
            case "Value", bool(value):
                return Const(value)
            case "&&", _:
                return both((self.boolean(body["left"]), self.boolean(body["right"])))
            case "||", _:
                return either((self.boolean(body["left"]), self.boolean(body["right"])))
            case "!", _:
                return negation(self.boolean(body["arg"]))
            case "if-then-else", _:
                return self._choice(body)
            case "==", _:
                return self._equal(body["left"], body["right"], "==")
            case "!=", _:
                return negation(self._equal(body["left"], body["right"], "!="))
            case ".", _:
                return Flag(self._fact(node, FactType.FLAG, "."))
            case (("contains" | "containsAny" | "containsAll" | "isEmpty"), _):
                return self._about_set(operator, body)
        return self._refuse(operator)

    def _choice(self, body: Mapping[str, Any]) -> Expression:
        test, then, other = (self.boolean(body[word]) for word in ("if", "then", "else"))
        return either((both((test, then)), both((negation(test), other))))

    def _equal(self, left: Mapping[str, Any], right: Mapping[str, Any], written: str) -> Expression:
        literal, other = _string(left), _string(right)
        if literal is not None and other is not None:
            self._fail(f"{written} compares two constants", "compare a fact with a value", written)
        if literal is not None or other is not None:
            value = literal if literal is not None else other
            attribute = self._fact(right if literal is not None else left, FactType.STRING, written)
            return OneOf(attribute, self._values(attribute, [str(value)]))
        if self._is_fact(left, FactType.STRING) or self._is_fact(right, FactType.STRING):
            return self._same(
                self._fact(left, FactType.STRING, written), self._fact(right, FactType.STRING, written), written
            )
        if any(_only(side)[0] == "Set" or self._is_fact(side, FactType.SET) for side in (left, right)):
            self._fail(
                f"{written} between sets is not supported",
                "ask with .contains, .containsAny, .containsAll or .isEmpty",
                written,
            )
        one, two = self.boolean(left), self.boolean(right)
        return either((both((one, two)), both((negation(one), negation(two)))))

    def _same(self, left: Attribute, right: Attribute, written: str) -> Expression:
        for attribute in (left, right):
            if attribute.path in CLOSED_VALUES:
                self._fail(f"{attribute.path} is compared with another fact", "compare it with a value", written)
        return Const(True) if left == right else Same(*sorted((left, right)))

    def _about_set(self, operator: str, body: Mapping[str, Any]) -> Expression:
        if operator == "isEmpty":
            return negation(Beyond(self._fact(body["arg"], FactType.SET, operator), frozenset()))
        left, right = body["left"], body["right"]
        if _only(left)[0] == "Set":
            return self._literal_set(operator, left, right)
        attribute = self._fact(left, FactType.SET, operator)
        if operator == "contains":
            value = _string(right)
            if value is None:
                self._fail(
                    ".contains(…) of a fact takes one string literal", 'write it out: .contains("pii")', operator
                )
            return Meets(attribute, self._values(attribute, [value]))
        values = self._members(attribute, right, operator)
        if operator == "containsAny":
            return Meets(attribute, values)
        return both(Meets(attribute, frozenset({value})) for value in sorted(values))

    def _literal_set(self, operator: str, left: Mapping[str, Any], right: Mapping[str, Any]) -> Expression:
        if operator == "contains":
            attribute = self._fact(right, FactType.STRING, operator)
            return OneOf(attribute, self._members(attribute, left, operator))
        attribute = self._fact(right, FactType.SET, operator)
        values = self._members(attribute, left, operator)
        return Meets(attribute, values) if operator == "containsAny" else negation(Beyond(attribute, values))

    def _members(self, attribute: Attribute, node: Mapping[str, Any], written: str) -> frozenset[str]:
        operator, body = _only(node)
        strings = [_string(member) for member in body] if operator == "Set" else [None]
        found = [value for value in strings if value is not None]
        if len(found) != len(strings):
            self._fail(f".{written}(…) needs a list of string literals", 'write them out: ["pii", "phi"]', written)
        return self._values(attribute, found)

    def _values(self, attribute: Attribute, values: list[str]) -> frozenset[str]:
        known, spelling = CLOSED_VALUES.get(attribute.path), SPELLINGS.get(attribute.path)
        for value in values:
            if known is not None and value not in known:
                never = "never has" if attribute.kind is FactType.SET else "is never"
                self._fail(f'{attribute.path} {never} "{value}"', _did_you_mean(value, known), f'"{value}"')
            if spelling is not None and not spelling.pattern.fullmatch(value):
                self._fail(f'"{value}" can never be {spelling.what}', spelling.advice, f'"{value}"')
        return frozenset(values)

    def _is_fact(self, node: Mapping[str, Any], kind: FactType) -> bool:
        attribute = ATTRIBUTES.get(_path(node))
        return attribute is not None and attribute.kind is kind

    def _fact(self, node: Mapping[str, Any], kind: FactType, written: str) -> Attribute:
        path = _path(node)
        attribute = ATTRIBUTES.get(path)
        if attribute is None and path:
            self._fail(
                f"`{path}` is no fact that a rule may read", _did_you_mean(path, tuple(ATTRIBUTES)), path.split(".")[-1]
            )
        if attribute is None:
            operator = _only(node)[0]
            if operator == "Value":
                self._fail("a value stands where a fact is needed", "compare a fact such as resource.kind", written)
            self._refuse(operator)
        if attribute.kind is not kind:
            self._fail(f"`{path}` is a {attribute.kind}, not a {kind}", "use it as what it is", path.split(".")[-1])
        return attribute

    def _refuse(self, operator: str) -> NoReturn:
        if operator == "Value":
            self._fail(
                "an entity or a number stands where true or false is needed", "compare attributes with strings", "::"
            )
        if operator in _REFUSED:
            written, advice = _REFUSED[operator]
            self._fail(
                f"`{written}` is not part of the language that can be proven: {advice.split('; ')[0]}",
                _rest(advice),
                written,
            )
        self._fail(
            f"the extension function `{operator}` is not part of the language that can be proven",
            "no fact has such a type; compare strings with == or !=",
            operator,
            *_EXTENSIONS,
        )

    def _fail(self, what: str, advice: str, *written: str) -> NoReturn:
        where = f"{self._statement.file}:{self._statement.line_of(*written)}"
        raise Refused(f"{where}: {what}; {advice}")


def _rest(advice: str) -> str:
    return advice.partition("; ")[2]


def _only(node: Mapping[str, Any]) -> tuple[str, Any]:
    ((operator, body),) = node.items()
    return operator, body


def _string(node: Mapping[str, Any]) -> str | None:
    operator, body = _only(node)
    return body if operator == "Value" and isinstance(body, str) else None


def _path(node: Mapping[str, Any]) -> str:
    """`resource.kind` for the tree of that access, else empty."""
    operator, body = _only(node)
    if operator != "." or "Var" not in body["left"]:
        return ""
    return f"{body['left']['Var']}.{body['attr']}"


def _did_you_mean(value: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(value, known, n=1)
    return f'did you mean "{close[0]}"?' if close else f"it is one of {', '.join(known)}"
