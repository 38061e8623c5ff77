"""Text as words with their places: what the tagger sees, at run time and while it is trained.

Words are letters of Latin, Greek, Cyrillic and the other alphabets of two bytes a letter, with apostrophes and, before
capitals, hyphens in them (a dash is folded to a hyphen, too). A possessive 's is a word of its own, so is a run of line
breaks and every other sign; initials and abbreviated titles keep their dot. Blanks belong to the word behind them:
nothing of the text is lost, and places are sums of lengths.
"""

import re
import unicodedata
from itertools import accumulate

_LETTER = rb"(?:[A-Za-z]|[\xc3-\xdf][\x80-\xbf]|\xe1[\xb8-\xbf][\x80-\xbf])"
_APOSTROPHE = rb"(?:'|\xe2\x80\x99)"
_TITLES = (
    rb"[Mm]rs?|[Mm]s|[Mm]x|[Dd]r|[Pp]rof|[Hh]on|[Rr]ev|[Ss]t|[Ii]ng|[Mm]me|[Ss]ra?|[Dd]ra|[Ss]ig|[Hh]rn?|[Ff]r|[Mm]gr"
)

# Alternatives differ in their first byte or end at a fixed place, and no repeat holds another that could match the same
# bytes in two ways: the time is linear whatever the text. What is ASCII is taken at once. No word is longer than some
# hundred bytes, hardly one than twenty, so that three words are never far.
_WORD = re.compile(
    rb"[ \t\r]{0,3}(?:"
    rb"(?=[A-Za-z]{1,4}\.[ A-Z])(?:" + _TITLES + rb"|[A-Z])\."
    rb"|(?=[A-Za-z\xc3-\xdf]|\xe1[\xb8-\xbf])[A-Za-z]{0,24}+" + _LETTER + rb"{0,24}"
    rb"(?:-(?:[A-Z]|[\xc3-\xd1][\x80-\xbf])" + _LETTER + rb"{1,12}"
    rb"|" + _APOSTROPHE + rb"(?![sS](?![A-Za-z]))" + _LETTER + rb"{1,12}){0,2}"
    rb"|" + _APOSTROPHE + rb"[sS](?![A-Za-z])"
    rb"|[0-9]{1,24}"
    rb"|\n\s{0,8}"
    rb"|\" {0,3}: {0,3}\""
    rb"|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
    rb"|[^\n])"
)
_BLANKS = b" \t\r"


class Words:
    """The words of one stretch of text, each with the blanks before it, and where each ends."""

    __slots__ = ("ends", "raw")

    def __init__(self, data: bytes, start: int, end: int) -> None:
        """`start`, `end`: bytes of `data`; places are given in bytes of `data`, too."""
        self.raw: list[bytes] = _WORD.findall(data, start, end)
        self.ends = list(accumulate(map(len, self.raw), initial=start))

    def __len__(self) -> int:
        return len(self.raw)

    def start(self, n: int) -> int:
        """Where word `n` begins, behind the blanks before it."""
        return self.ends[n + 1] - len(self.raw[n].lstrip(_BLANKS))

    def span(self, n: int) -> tuple[int, int]:
        return self.start(n), self.ends[n + 1]


def plain(word: bytes) -> bytes:
    """Lower case, composed: the form in which words are looked up and weighed."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", word.decode("utf-8", "replace")).lower().encode()
