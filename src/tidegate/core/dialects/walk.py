"""Every string, key and number of a JSON tree as parts: nothing is skipped because nobody knew its name."""

from typing import Any

from tidegate.core.values.envelope import Part, Path, Position

# A long row of numbers is text in another dress (token ids, vectors, character codes): nobody has looked.
MAX_NUMBERS_IN_A_ROW = 16
# Shorter numbers identify nobody; longer ones are scanned like text.
MIN_DIGITS = 7

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


def walk(  # noqa: C901 - one branch a JSON type
    value: Any, path: Path, position: Position, parts: list[Part], unscannable: list[Path]
) -> None:
    """Appends what `value` holds. Keys outside SCHEMA_KEYS are parts too."""
    if isinstance(value, str):
        if value:
            parts.append(Part(position, path, value))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in SCHEMA_KEYS:
                parts.append(Part(position, (*path, key), key, is_key=True))
            walk(inner, (*path, key), position, parts, unscannable)
    elif isinstance(value, list):
        if _is_numbers(value):
            unscannable.append(path)
        for index, inner in enumerate(value):
            walk(inner, (*path, index), position, parts, unscannable)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = repr(value)
        if len(text) >= MIN_DIGITS:
            parts.append(Part(position, path, text))


def _is_numbers(value: list[Any]) -> bool:
    return len(value) > MAX_NUMBERS_IN_A_ROW and all(isinstance(item, int | float) for item in value)
