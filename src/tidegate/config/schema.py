"""The declaration as a JSON Schema, for editors and for whoever generates configurations."""

from collections.abc import Callable
from typing import Any

from tidegate.config.declaration import Document
from tidegate.config.forms import REQUIRED, Form, Table, Tables, Value, Values, declared

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The published schema: what it accepts may still disagree with itself, what it refuses is refused."""
    return {
        "$schema": _DIALECT,
        "title": "tidegate configuration",
        "description": "Written as TOML or YAML. What tables say of each other is checked beyond it.",
        **_table(Document),
    }


def _table(of: type[Any]) -> dict[str, Any]:
    members = declared(of)
    required = [name for name, form in members if isinstance(form, Value) and form.default is REQUIRED]
    properties = {name: _form(form) for name, form in members}
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": required} if required else {})


def _form(form: Form) -> dict[str, Any]:
    return _FORMS[type(form)](form) | {"description": form.doc}


def _value(form: Value) -> dict[str, Any]:
    has_default = form.default is not REQUIRED and form.default is not None
    return dict(form.kind.schema) | ({"default": form.default} if has_default else {})


def _names(form: Tables | Values, below: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "propertyNames": form.name.schema, "additionalProperties": below}


_FORMS: dict[type[Any], Callable[[Any], dict[str, Any]]] = {
    Value: _value,
    Table: lambda form: _table(form.of),
    Tables: lambda form: _names(form, _table(form.of)),
    Values: lambda form: _names(form, dict(form.kind.schema)),
}
