"""Put originals back for tags and surrogates, as the text streams by and however it is split.

One scan, never a second look at what was put in: an original that looks like a tag stays what it is. Only what was
issued to this request means anything; what a model or a user made up is text. What may still become a tag is held back,
and what could still be made a host name of, and no more than that.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import orjson

from tidegate.core.restore import garbled
from tidegate.core.restore.following import makes_host
from tidegate.core.restore.issued import Issued
from tidegate.core.restore.lookalikes import Found, Lookalike
from tidegate.core.restore.nesting import Nesting
from tidegate.core.restore.surroundings import Surroundings
from tidegate.core.values.tags import OPEN

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_NOWHERE = 1 << 62
_NOTHING = Found([], [], "")


class _Tag(NamedTuple):
    """A whole tag. `value`: what it stands for; None where it is none of this request's. `scanned`: go on from here."""

    begin: int
    end: int
    value: str | None
    body: str
    scanned: int


class Restorer:
    """One stream of text: fed in order, closed once. `json_escape`: the text is JSON, and originals enter its strings.

    `suppress`: nothing is restored, and everything that could have been is counted. `shown`: somebody reads the text,
    in a client that may make links of it.
    `restored`, `suppressed`, `left`: what became originals; what was kept where an original could leak, or stands for
    a secret; and what is garbled beyond recognition, ambiguous or forged.
    """

    __slots__ = (
        "_before", "_held", "_issued", "_json", "_lookalikes", "_nesting", "_shapes", "_shown", "_suppress",
        "_surroundings", "left", "restored", "suppressed",
    )  # fmt: skip

    def __init__(
        self,
        originals: Mapping[str, str] | Issued,
        *,
        json_escape: bool = False,
        suppress: bool = False,
        shown: bool = True,
    ) -> None:
        self._issued = originals if isinstance(originals, Issued) else Issued(originals)
        self._json = json_escape
        self._suppress = suppress
        self._shown = shown and not suppress
        self._surroundings = Surroundings(json=json_escape)
        self._shapes = self._issued.shapes(json=json_escape)
        self._lookalikes = self._issued.lookalikes(json=json_escape)
        tracked = json_escape and (self._lookalikes is not None or self._issued.needs_escapes)
        self._nesting = Nesting() if tracked else None
        self._held = self._before = ""
        self.restored = self.suppressed = self.left = 0

    def feed(self, text: str) -> str:
        if not self._held and self._lookalikes is None and OPEN not in text and "\\" not in text and "&" not in text:
            return self._pass(text)
        return self._scan(self._held + text, last=False)

    def close(self) -> str:
        """What was held back and has not become a tag."""
        return self._scan(self._held, last=True)

    def _scan(self, text: str, *, last: bool) -> str:
        found = self._lookalikes.search(text, self._before, last=last) if self._lookalikes else _NOTHING
        ahead = _Ahead(found) if self._lookalikes else None
        out: list[str] = []
        done = at = 0
        tag = self._tag(text, 0, last=last)
        while True:
            if isinstance(tag, _Tag) and tag.begin < at:
                tag = self._tag(text, at, last=last)
            spot = ahead.first(tag, at) if ahead else tag
            if isinstance(spot, int):
                hold = min(spot, len(text) if last else self._cut(text, done))
                break
            if spot.value is None:
                at = self._count_stranger(spot)
                continue
            hostile = makes_host(text, spot.end, json=self._json, last=last) if self._shown else False
            if hostile is None:
                hold = spot.begin
                break
            out.append(self._pass(text[done : spot.begin]))
            out.append(self._standing_for(spot, spot.value, text[spot.begin : spot.end], hostile=hostile))
            done = at = spot.end
        out.append(self._pass(text[done:hold]))
        if self._lookalikes is not None:
            self._before = (self._before + found.around[:hold])[-2:]
        self._held = text[hold:]
        return "".join(out)

    def _tag(self, text: str, at: int, *, last: bool) -> _Tag | int:
        """The next whole tag, or where what may become one begins, if that is before."""
        while (opening := garbled.NEXT_OPENING.search(text, at)) is not None:
            begin, at = opening.span()
            escaping = self._escaping(text, begin)
            if escaping is None:
                continue  # an escaped backslash, then letters
            begin -= escaping
            whole = self._shapes.whole.match(text, opening.start())
            if whole is not None:
                body = garbled.body_of(whole[1])
                return _Tag(begin, whole.end(), self._issued.original(whole[0], body), body, at)
            if not last and self._shapes.may_become_tag(text, opening.start()):
                return begin
        return _NOWHERE

    def _escaping(self, text: str, begin: int) -> int | None:
        """How many of the backslashes before an opening belong to it; None where they make it something else.

        Of what has left before the text an even number of backslashes was last: see `_cut`.
        """
        before = _backslashes_before(text, begin)
        if text[begin] == "&":
            return 0
        if text[begin] == OPEN or before % 2 == 0:
            return before % 2
        return before if self._json and before + 1 in garbled.NESTED else None

    def _cut(self, text: str, done: int) -> int:
        """Where the beginning of an opening stands at the very end; the end, where none does."""
        cut = garbled.CUT_OPENING.search(text, max(done, len(text) - garbled.CUT_CHARS))
        if cut is None:
            return len(text)
        if cut[0][0] == "&":
            return cut.start()
        letters = len(cut[0]) - 1
        run = _backslashes_before(text, len(text) - letters)
        kept = run % 2
        if self._json:
            # Of a run that is too long for anything, enough stays to tell it from one that is not.
            kept = min(run, garbled.NESTED[-1] + 2 + kept)
        return len(text) - (letters + kept if kept else 0)

    def _pass(self, text: str) -> str:
        if text:
            self._surroundings.add(text)
            if self._nesting is not None:
                self._nesting.add(text)
        return text

    def _standing_for(self, spot: _Tag | Lookalike, value: str, raw: str, *, hostile: bool) -> str:
        """What leaves in place of a tag or a surrogate."""
        if self._suppress or hostile or self._surroundings.carries_out():
            self.suppressed += 1
            return self._pass(raw)
        written = self._written(value, raw if isinstance(spot, Lookalike) else "") if self._json else value
        if written is None:
            self.left += 1
            return self._pass(raw)
        self.restored += 1
        return self._pass(written)

    def _written(self, value: str, raw: str) -> str | None:
        """As JSON writes it there. `raw`: a surrogate; where that is a number outside of strings only a number fits."""
        depth = 1
        if self._nesting is not None:
            depth, outside = self._nesting.place()
            if outside and _NUMBER.fullmatch(raw):
                return value if _NUMBER.fullmatch(value) else None
        for _ in range(max(1, depth)):
            value = orjson.dumps(value)[1:-1].decode()
        return value

    def _count_stranger(self, spot: _Tag | Lookalike) -> int:
        """Returns where to go on."""
        if isinstance(spot, Lookalike):
            self.left += 1
            return spot.end
        if garbled.looks_like_tag(spot.body):
            if self._issued.is_secret(spot.body):
                self.suppressed += 1
            else:
                self.left += 1
        return spot.scanned


class _Ahead:
    """Surrogates of a text, whole and begun, each looked at once as one goes through it."""

    __slots__ = ("_begun", "_whole")

    def __init__(self, found: Found) -> None:
        self._begun = found.begun[::-1]
        self._whole = found.whole[::-1]

    def first(self, tag: _Tag | int, at: int) -> _Tag | Lookalike | int:
        """What comes first from `at` on: a tag, a surrogate, or where one of them may be in the making."""
        while self._begun and self._begun[-1] < at:
            self._begun.pop()
        while self._whole and self._whole[-1].begin < at:
            self._whole.pop()
        tag_at = tag if isinstance(tag, int) else tag.begin
        begun = self._begun[-1] if self._begun else _NOWHERE
        if self._whole and self._whole[-1].begin < min(begun, tag_at):
            return self._whole[-1]
        return tag if tag_at < begun else begun


def _backslashes_before(text: str, at: int) -> int:
    first = at
    while first > 0 and text[first - 1] == "\\":
        first -= 1
    return at - first


def restore_text(text: str, originals: Mapping[str, str], *, json_escape: bool = False) -> str:
    """A whole text at once."""
    restorer = Restorer(originals, json_escape=json_escape)
    return restorer.feed(text) + restorer.close()
