"""What one request was given in place of its values, made ready for being found again in prose and in JSON."""

from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache

import orjson

from tidegate.core.restore.garbled import Shapes, by_code, label_of, readings
from tidegate.core.restore.lookalikes import Lookalikes
from tidegate.core.values.labels import covers
from tidegate.core.values.surrogates import is_surrogate, surrogates
from tidegate.core.values.tags import CLOSE, OPEN

_SECRET = "secret"  # noqa: S105 - the label's name


class Issued:
    """`originals`: tag or surrogate to value. `withheld`: tags of secrets.

    Shared by all restorers of one answer, and never changed.
    """

    def __init__(self, originals: Mapping[str, str], withheld: Collection[str] = ()) -> None:
        self._withheld = withheld
        self._tags = {tag: value for tag, value in originals.items() if not is_surrogate(tag)}
        self._surrogates = surrogates(originals) if len(self._tags) < len(originals) else {}
        self._longest = max(map(len, (*self._tags, *withheld)), default=0)

    def shapes(self, *, json: bool) -> Shapes:
        return _shapes(self._longest, json)

    def lookalikes(self, *, json: bool) -> Lookalikes | None:
        """None where every value got a tag."""
        if not self._surrogates:
            return None
        return self._in_json if json else self._in_prose

    @cached_property
    def needs_escapes(self) -> bool:
        """Whether a value reads differently in a JSON string."""
        return any(orjson.dumps(value)[1:-1] != value.encode() for value in self._tags.values())

    def is_secret(self, body: str) -> bool:
        """Whether what stands between a tag's brackets is, or says that it is, a secret's."""
        return f"{OPEN}{body}{CLOSE}" in self._withheld or covers(_SECRET, label_of(body))

    def original(self, tag: str, body: str) -> str | None:
        """What a tag stands for, garbled or not. `body`: what stands between its brackets."""
        exact = self._tags.get(tag)
        return exact if exact is not None else self._by_reading(body)

    def _by_reading(self, body: str) -> str | None:
        for code, added in readings(body):
            if tag := self._codes.get(code):
                return self._tags[tag] + added
        return None

    @cached_property
    def _codes(self) -> dict[str, str]:
        return by_code(self._tags)

    @cached_property
    def _in_prose(self) -> Lookalikes:
        return Lookalikes(self._surrogates)

    @cached_property
    def _in_json(self) -> Lookalikes:
        return Lookalikes(self._surrogates, json=True)


@lru_cache(maxsize=64)
def _shapes(longest: int, json: bool) -> Shapes:  # noqa: FBT001 - a cache's key
    return Shapes(longest, json=json)
