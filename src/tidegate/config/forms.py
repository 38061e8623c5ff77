"""How a table of settings is declared: a frozen dataclass whose fields say kind, default and meaning.

From that one declaration come the reader, the overrides, the JSON Schema and the reference page.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from tidegate.config.kinds import Kind

T = TypeVar("T")
_FORM = "form"


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `default` is written as it would stand in the file; None means that leaving it out means something."""

    kind: Kind[Any]
    doc: str
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class Table:
    """A table of declared keys. An optional one that is left out reads as None; any other as all its defaults."""

    of: type[Any]
    doc: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables that the user names: `[boundaries.on-prem]`."""

    of: type[Any]
    name: Kind[str]
    doc: str


@dataclass(frozen=True, slots=True)
class Values:
    """Values that the user names: the lines of `[models]`."""

    kind: Kind[Any]
    name: Kind[str]
    doc: str


Form = Value | Table | Tables | Values


class Declared(NamedTuple):
    name: str
    form: Form


def setting(kind: Kind[T], doc: str, *, default: Any = REQUIRED) -> T:
    field: T = dataclasses.field(metadata={_FORM: Value(kind, doc, default)})
    return field


def maybe(kind: Kind[T], doc: str) -> T | None:
    field: T | None = dataclasses.field(metadata={_FORM: Value(kind, doc, None)})
    return field


def table(of: type[T], doc: str) -> T:
    field: T = dataclasses.field(metadata={_FORM: Table(of, doc)})
    return field


def maybe_table(of: type[T], doc: str) -> T | None:
    field: T | None = dataclasses.field(metadata={_FORM: Table(of, doc, optional=True)})
    return field


def tables(of: type[T], name: Kind[str], doc: str) -> Mapping[str, T]:
    field: Mapping[str, T] = dataclasses.field(metadata={_FORM: Tables(of, name, doc)})
    return field


def values(kind: Kind[T], name: Kind[str], doc: str) -> Mapping[str, T]:
    field: Mapping[str, T] = dataclasses.field(metadata={_FORM: Values(kind, name, doc)})
    return field


def declared(of: type[Any]) -> tuple[Declared, ...]:
    """The keys of a table in the order of their declaration."""
    return tuple(Declared(field.name, field.metadata[_FORM]) for field in dataclasses.fields(of))


def written(instance: Any) -> dict[str, Any]:
    """A table as a JSON object that reads as the same table again. What is None is left out."""
    return dict(_written(instance))


def _written(instance: Any) -> Iterator[tuple[str, Any]]:
    for name, form in declared(type(instance)):
        value = getattr(instance, name)
        if value is not None:
            yield name, _WRITERS[type(form)](form, value)


_WRITERS: dict[type[Any], Callable[[Any, Any], Any]] = {
    Value: lambda form, value: form.kind.write(value),
    Table: lambda _, value: written(value),
    Tables: lambda _, value: {name: written(one) for name, one in value.items()},
    Values: lambda form, value: {name: form.kind.write(one) for name, one in value.items()},
}
