"""One object of a request, read field by field, each of the type that it must have; what nobody asked for is left."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tidegate.core.dialects.neutral.chat import Left
from tidegate.core.values.errors import BadRequest

_NONE: frozenset[str] = frozenset()
_MOST = 2**63 - 1


class Fields:
    """`where`: the path of the object as people write it, empty for the whole request. A field that is null was not
    said. All readers raise BadRequest `invalid_type` with the field's path.
    """

    __slots__ = ("_above", "_document", "_place", "_taken", "_where")

    def __init__(self, document: object, where: str = "", above: "Fields | None" = None, place: int = -1) -> None:
        """`where` is the key of `above` where there is one, and `place` this object's place in the array there."""
        self._where = where
        self._above = above
        self._place = place
        self._taken: set[str] = set()
        # Few tell where they are: paths are put together for those alone.
        if type(document) is not dict and not isinstance(document, Mapping):
            raise _wrong(self._path() or "The body", "an object")
        self._document: Mapping[str, Any] = document

    def path(self, key: str) -> str:
        where = self._path()
        return f"{where}.{key}" if where else key

    def _path(self) -> str:
        where = self._above.path(self._where) if self._above is not None else self._where
        return where if self._place < 0 else f"{where}[{self._place}]"

    def text(self, key: str) -> str:
        self._taken.add(key)
        found = self._document.get(key)
        if found is None:
            return ""
        if not isinstance(found, str):
            raise _wrong(self.path(key), "a string")
        return found

    def number(self, key: str) -> float | None:
        found = self.raw(key)
        if found is not None and (isinstance(found, bool) or not isinstance(found, int | float)):
            raise _wrong(self.path(key), "a number")
        return found

    def whole(self, key: str) -> int | None:
        found = self.raw(key)
        if isinstance(found, float) and found.is_integer():
            found = int(found)
        if found is not None and (isinstance(found, bool) or not isinstance(found, int) or abs(found) > _MOST):
            raise _wrong(self.path(key), "a whole number of 63 bits at most")
        return found

    def truth(self, key: str) -> bool | None:
        found = self.raw(key)
        if found is not None and not isinstance(found, bool):
            raise _wrong(self.path(key), "true or false")
        return found

    def object(self, key: str) -> "Fields | None":
        self._taken.add(key)
        found = self._document.get(key)
        return None if found is None else Fields(found, key, self)

    def tree(self, key: str) -> dict[str, Any] | None:
        """An object as it is."""
        self._taken.add(key)
        found = self._document.get(key)
        if found is not None and not isinstance(found, dict):
            raise _wrong(self.path(key), "an object")
        return found

    def items(self, key: str) -> list[Any]:
        found = self.raw(key)
        if found is None:
            return []
        if not isinstance(found, list):
            raise _wrong(self.path(key), "an array")
        return found

    def objects(self, key: str) -> "Iterator[Fields]":
        """An array of objects."""
        for index, each in enumerate(self.items(key)):
            yield Fields(each, key, self, index)

    def texts(self, key: str) -> tuple[str, ...]:
        """A string, or an array of them."""
        found = self.raw(key)
        if found is None:
            return ()
        if isinstance(found, str):
            return (found,)
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise _wrong(self.path(key), "a string or an array of strings")
        return tuple(found)

    def raw(self, key: str) -> Any:
        self._taken.add(key)
        return self._document.get(key)

    def ignore(self, keys: Iterable[str]) -> None:
        """They are taken: what they say needs no words here."""
        self._taken.update(keys)

    def wrong(self, key: str, expected: str) -> BadRequest:
        return _wrong(self.path(key), expected)

    def left(self, essential: Container[str] = _NONE) -> Sequence[Left]:
        """Fields with a value that nobody asked for; `essential` are names of those that may not be missing."""
        if self._document.keys() <= self._taken:
            return ()
        return [
            Left(self.path(key), key in essential)
            for key, value in self._document.items()
            if key not in self._taken and value is not None
        ]


def _wrong(where: str, expected: str) -> BadRequest:
    return BadRequest("invalid_type", f"{where} must be {expected}.", param=where)
