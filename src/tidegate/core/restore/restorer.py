"""Put originals back for tags, as the text streams by and however it is split.

One scan, never a second look at what was put in: an original that looks like a tag stays what it is. Only tags that
were issued to this request mean anything; those that a model or a user made up are text. What may still become a tag
is held back, and no more than that.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

import orjson

from tidegate.core.restore import garbled
from tidegate.core.restore.surroundings import Surroundings
from tidegate.core.values.labels import covers
from tidegate.core.values.tags import OPEN

_SECRET = "secret"  # noqa: S105 - the label's name


@lru_cache(maxsize=64)
def _shapes(longest: int) -> garbled.Shapes:
    return garbled.Shapes(longest)


class Restorer:
    """One stream of text: fed in order, closed once. `json_escape`: the text is JSON, and originals enter its strings.

    `suppress`: nothing is restored, and everything that could have been is counted.
    `restored`, `suppressed`, `left`: tags that became originals; that were kept where an original could leak, or stand
    for a secret; and that are garbled or forged.
    """

    __slots__ = (
        "_by_code",
        "_held",
        "_json",
        "_originals",
        "_shapes",
        "_suppress",
        "_surroundings",
        "left",
        "restored",
        "suppressed",
    )

    def __init__(self, originals: Mapping[str, str], *, json_escape: bool = False, suppress: bool = False) -> None:
        self._originals = originals
        self._json = json_escape
        self._suppress = suppress
        self._surroundings = Surroundings(json=json_escape)
        self._shapes = _shapes(max(map(len, originals), default=0))
        self._by_code: dict[str, str] | None = None
        self._held = ""
        self.restored = self.suppressed = self.left = 0

    def feed(self, text: str) -> str:
        if not self._held and OPEN not in text and "\\" not in text:
            return self._pass(text)
        return self._scan(self._held + text, last=False)

    def close(self) -> str:
        """What was held back and has not become a tag."""
        return self._scan(self._held, last=True)

    def _scan(self, text: str, *, last: bool) -> str:
        out: list[str] = []
        done = at = 0
        hold = len(text)
        while (opening := garbled.NEXT_OPENING.search(text, at)) is not None:
            begin, at = opening.span()
            if self._is_escaped(text, begin):
                if text[begin] != OPEN:
                    continue  # an escaped backslash, then letters
                begin -= 1
            whole = self._shapes.whole.match(text, opening.start())
            if whole is not None:
                out.append(self._pass(text[done:begin]))
                done = begin
                if (standing := self._standing_for(whole, text[begin : whole.end()])) is not None:
                    out.append(standing)
                    done = at = whole.end()
            elif not last and self._shapes.may_become_tag(text, opening.start()):
                hold = begin
                break
        else:
            if not last:
                hold = self._cut(text, done)
        out.append(self._pass(text[done:hold]))
        self._held = text[hold:]
        return "".join(out)

    def _cut(self, text: str, done: int) -> int:
        """Where the beginning of an opening stands at the very end; the end, where none does."""
        cut = garbled.CUT_OPENING.search(text, max(done, len(text) - 5))
        return len(text) if cut is None or self._is_escaped(text, cut.start()) else cut.start()

    @staticmethod
    def _is_escaped(text: str, at: int) -> bool:
        """An odd number of backslashes stands before. Of what has left an even number was last: see `_cut`."""
        first = at
        while first > 0 and text[first - 1] == "\\":
            first -= 1
        return (at - first) % 2 == 1

    def _pass(self, text: str) -> str:
        if text:
            self._surroundings.add(text)
        return text

    def _standing_for(self, whole: re.Match[str], raw: str) -> str | None:
        """What leaves in place of what may be a tag; None where it is none of this request's."""
        tag = whole[0] if whole[0] in self._originals else self._codes().get(garbled.code_of(whole[1]))
        if tag is None:
            self._count_stranger(whole[1])
            return None
        if self._suppress or self._surroundings.carries_out():
            self.suppressed += 1
            return self._pass(raw)
        self.restored += 1
        value = self._originals[tag]
        return self._pass(orjson.dumps(value)[1:-1].decode() if self._json else value)

    def _codes(self) -> dict[str, str]:
        if self._by_code is None:
            self._by_code = garbled.by_code(self._originals)
        return self._by_code

    def _count_stranger(self, body: str) -> None:
        if not garbled.looks_like_tag(body):
            return
        if covers(_SECRET, garbled.label_of(body)):
            self.suppressed += 1
        else:
            self.left += 1


def restore_text(text: str, originals: Mapping[str, str], *, json_escape: bool = False) -> str:
    """A whole text at once."""
    restorer = Restorer(originals, json_escape=json_escape)
    return restorer.feed(text) + restorer.close()
