"""Every string, key and number of a JSON tree as parts: nothing is skipped because nobody knew its name."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from tidegate.core.values.envelope import Part, Path, Position

# A long row of numbers is text in another dress (token ids, vectors, character codes): nobody has looked.
MAX_NUMBERS_IN_A_ROW = 16
# So is a shorter one of codes of printable characters: seven spell the shortest number of interest.
MIN_CODES = 7
# Shorter numbers identify nobody; longer ones are scanned like text, and so are rows that have as many digits as an id.
MIN_DIGITS = 7
MIN_ROW_DIGITS = 9
_ROWS_IN_ROWS = 3

# Keys of JSON Schema and of tool definitions, which say nothing about anybody.
SCHEMA_KEYS = frozenset(
    (
        "type",
        "function",
        "name",
        "description",
        "parameters",
        "properties",
        "required",
        "items",
        "enum",
        "const",
        "default",
        "examples",
        "title",
        "format",
        "pattern",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "additionalProperties",
        "anyOf",
        "oneOf",
        "allOf",
        "not",
        "$ref",
        "$defs",
        "$schema",
        "$id",
        "definitions",
        "strict",
        "json_schema",
        "schema",
        "nullable",
        "uniqueItems",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "prefixItems",
        "contains",
        "readOnly",
        "writeOnly",
    )
)


def walk(value: Any, path: Path, position: Position, parts: list[Part], unscannable: list[Path]) -> None:
    """Appends what `value` holds. Keys outside SCHEMA_KEYS are parts too."""
    if isinstance(value, str):
        if value:
            parts.append(Part(position, path, value))
    elif isinstance(value, dict):
        _walk_object(value, path, position, parts, unscannable)
    elif isinstance(value, list):
        _walk_list(value, path, position, parts, unscannable)
    elif _is_number(value):
        text = repr(value)
        if len(text) >= MIN_DIGITS:
            parts.append(Part(position, path, text))


def _walk_object(
    value: dict[str, Any], path: Path, position: Position, parts: list[Part], unscannable: list[Path]
) -> None:
    for key, inner in value.items():
        at = (*path, key)
        if key not in SCHEMA_KEYS:
            parts.append(Part(position, at, key, is_key=True))
        if isinstance(inner, str):  # most are: each call that is saved counts
            if inner:
                parts.append(Part(position, at, inner))
        elif isinstance(inner, dict):
            _walk_object(inner, at, position, parts, unscannable)
        elif inner and inner is not True:
            walk(inner, at, position, parts, unscannable)


def _walk_list(value: list[Any], path: Path, position: Position, parts: list[Part], unscannable: list[Path]) -> None:
    is_id = False
    if not all(map(_is_word, value)):
        numbers = list(islice(_numbers(value, _ROWS_IN_ROWS), MAX_NUMBERS_IN_A_ROW + 1))
        is_long = len(numbers) > MAX_NUMBERS_IN_A_ROW
        if is_long or _are_codes(numbers):
            unscannable.append(path)
        is_id = not is_long and len(numbers) > 1 and sum(len(repr(number)) for number in numbers) >= MIN_ROW_DIGITS
    for index, inner in enumerate(value):
        if is_id and _is_number(inner):
            parts.append(Part(position, (*path, index), repr(inner)))
        else:
            walk(inner, (*path, index), position, parts, unscannable)


def _is_word(value: object) -> bool:
    """What no row of numbers begins with."""
    return isinstance(value, str | dict)


def _numbers(value: list[Any], rows: int) -> Iterator[int | float]:
    """Of an array and of arrays in it: rows of rows are rows."""
    for item in value:
        if _is_number(item):
            yield item
        elif rows and isinstance(item, list):
            yield from _numbers(item, rows - 1)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_codes(numbers: list[int | float]) -> bool:
    return len(numbers) >= MIN_CODES and all(
        isinstance(n, int) and (32 <= n <= 126 or n in (9, 10, 13)) for n in numbers
    )
