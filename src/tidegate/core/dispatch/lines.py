"""Who waits for a target, and who is next: round the keys, and within one key in the order of coming."""

from collections import OrderedDict, deque
from typing import Generic, TypeVar

from tidegate.core.values.route import FairKey

T = TypeVar("T")


class Line(Generic[T]):
    """Holds at most `most`. Whoever sends much waits behind itself: it neither delays others nor takes their places."""

    __slots__ = ("_keys", "_most", "_size")

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._keys: OrderedDict[FairKey, deque[T]] = OrderedDict()

    def __len__(self) -> int:
        return self._size

    def join(self, key: FairKey, who: T) -> T | None:
        """None: there was room. Else who has to go: the newcomer, or the last one of a key that holds more places."""
        if self._size < self._most:
            self._put(key, who)
            return None
        longest = max(self._keys.values(), key=len, default=None)
        if longest is None or len(longest) <= len(self._keys.get(key, ())) + 1:
            return who
        displaced = longest.pop()
        self._size -= 1
        self._put(key, who)
        return displaced

    def leave(self, key: FairKey, who: T) -> bool:
        """Whether it was there."""
        waiting = self._keys.get(key)
        if waiting is None or who not in waiting:
            return False
        waiting.remove(who)
        self._size -= 1
        if not waiting:
            del self._keys[key]
        return True

    def next(self) -> T | None:
        """Takes the next one out; its key goes to the end."""
        if not self._keys:
            return None
        key, waiting = self._keys.popitem(last=False)
        self._size -= 1
        who = waiting.popleft()
        if waiting:
            self._keys[key] = waiting
        return who

    def _put(self, key: FairKey, who: T) -> None:
        self._keys.setdefault(key, deque()).append(who)
        self._size += 1
