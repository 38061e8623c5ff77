"""How a text that is watched goes on to `behind`: as it comes, held back a little, or all at once. Where nobody is
behind and nothing is changed, a `Watch` is channel enough.
"""

from collections.abc import Callable

from tidegate.core.inspect.guard import Guard
from tidegate.core.inspect.watch import Watch, Window
from tidegate.core.values.channel import Channel


class Through:
    """Where nobody puts originals back."""

    __slots__ = ()

    def feed(self, text: str) -> str:
        return text

    def close(self) -> str:
        return ""


class Noted:
    """Not a character is held back."""

    __slots__ = ("_behind", "_watch")

    def __init__(self, watch: Watch, behind: Channel) -> None:
        self._watch, self._behind = watch, behind

    def feed(self, text: str) -> str:
        return self._behind.feed(self._watch.feed(text))

    def close(self) -> str:
        return self._behind.close()


class Guarded:
    """A stream whose values are masked. `look_at_rest`: before its end leaves, all of it has been looked at."""

    __slots__ = ("_behind", "_guard", "_look_at_rest", "_watch")

    def __init__(self, watch: Watch, guard: Guard, look_at_rest: Callable[[Watch], None], behind: Channel) -> None:
        self._watch, self._guard, self._look_at_rest, self._behind = watch, guard, look_at_rest, behind

    def feed(self, text: str) -> str:
        return self._behind.feed(self._guard.feed(self._watch.feed(text)))

    def close(self) -> str:
        self._look_at_rest(self._watch)
        return self._behind.feed(self._guard.close()) + self._behind.close()


class Gathered:
    """A text that is known as a whole before any of it leaves: `without` masks it."""

    __slots__ = ("_behind", "_watch", "_without")

    def __init__(self, watch: Watch, without: Callable[[Window], str], behind: Channel) -> None:
        self._watch, self._without, self._behind = watch, without, behind

    def feed(self, text: str) -> str:
        self._watch.feed(text)
        return ""

    def close(self) -> str:
        rest = self._watch.rest()
        return (self._behind.feed(self._without(rest)) if rest is not None else "") + self._behind.close()
