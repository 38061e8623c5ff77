"""How much a cell tells: alone, only beside other cells of its row, or nothing.

A cell identifies alone when few rows share it and nobody writes it by chance: an address of mail, a number of seven
digits and more that the column does not fill, a code, a phrase such as a full name. Dates, amounts, small numbers and
single words count only together: with as many cells of the same row that chance does not explain them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tidegate.core.classify.records.cells import MOST_BACK
from tidegate.core.classify.records.everyday import EVERYDAY, NOTHING

MISSING, TOGETHER, MAIL, NUMBER, PHRASE, WORD = range(6)
"""What a cell looks like. All but the first two might identify alone."""

ROWS_ALONE = 3
"""More rows that share a cell, and it says nothing about one of them."""
MOST_CROWDED = 0.02
"""Of all numbers of a form; above, a number of that form is as likely as not in the table by chance."""
CHANCE = 0.1
"""How often a table of this size may hold a combination by chance, for that combination to mean something."""

_FEWEST_DIGITS = 7
_FEWEST_ANY_DIGITS = 4
_FEWEST_MIXED = 6
_FEWEST_LETTERS = 8
_FEWEST_FORCED = 4
_FEWEST_NOTICED = 3
_DISTINCT = 0.8
_MOST_FORMS = 4096
_SMALL_TABLE = 50
MOST_PIECE_LETTERS = 4
_OTHER_FORM = 0xFFFF

_DATE = re.compile(r"\s*\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ][\d:.]{1,15}(?:Z|[+-]\d\d:?\d\d)?)?\s*", re.ASCII)
_SUM = re.compile(r"[^\w]{0,4}(?:\d{1,3}(?:[,. ']\d{3}){1,5}|\d{1,15})[.,]\d{1,2}[^\w]{0,4}", re.ASCII)
_MAIL = re.compile(r"\s*[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,24}\s*")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_RUNS = ("01234567890123456789", "98765432109876543210")
_FEW_VALUES = re.compile(
    r"(?i)(?<![a-z])(?:city|cities|town|place|country|region|state|province|county|status|type|kind|category|segment"
    r"|gender|sex|title|role|department|team|branch|product|plan|tier|currency|language|nationality|date|birth|dob"
    r"|created|updated|zip|postcode|postal|first|given|fore|middle|last|sur|amount|balance|price|total|age|year|month)"
    r"(?:name)?s?(?![a-z])"
)
"""Words in a column's name after which its cells are shared by many people, here or elsewhere."""


@dataclass(slots=True)
class Column:
    """What a column as a whole says about its cells. `forced`: the user's word for it, "alone" or "together"."""

    name: str
    forced: str = ""
    forms: dict[bytes, int] = field(default_factory=dict)
    form_counts: list[int] = field(default_factory=list)
    filled: int = 0
    distinct: int = 0
    shared_by_name: bool = field(init=False)

    def __post_init__(self) -> None:
        self.shared_by_name = _FEW_VALUES.search(self.name) is not None

    def form(self, normal: bytes) -> int:
        """The number of a cell's form: digits alike, letters as they are."""
        form = normal.translate(_DIGITS)
        number = self.forms.setdefault(form, len(self.forms)) if len(self.forms) < _MOST_FORMS else self.forms.get(form)
        if number is None:
            return _OTHER_FORM
        if number == len(self.form_counts):
            self.form_counts.append(0)
        self.form_counts[number] += 1
        return number

    def crowded(self) -> frozenset[int]:
        """Forms of which the table holds so many numbers that a strange one would often be among them."""
        return frozenset(
            number
            for form, number in self.forms.items()
            if self.form_counts[number] > MOST_CROWDED * 10.0 ** form.count(b"0")
        )

    @property
    def says_who(self) -> bool:
        """Its cells differ from row to row, and its name does not say that many people share them."""
        return not self.shared_by_name and self.distinct >= _DISTINCT * self.filled


def look(cell: str, words: Sequence[bytes]) -> int:
    """What a cell looks like; whether that is enough is for its column to say."""
    normal = b"".join(words)
    if _MAIL.fullmatch(cell):
        return MAIL
    small = _FEWEST_ANY_DIGITS if normal.isdigit() else 2
    if len(normal) < small or normal in NOTHING or EVERYDAY.issuperset(words):
        return MISSING
    if _DATE.fullmatch(cell) or _SUM.fullmatch(cell):
        return TOGETHER
    digits = len(normal) - len(normal.translate(None, b"0123456789"))
    if digits:
        return NUMBER if _tells(normal, digits) else TOGETHER
    if len(words) == 1:
        return WORD if len(normal) >= _FEWEST_FORCED else TOGETHER
    return PHRASE if len(normal) >= _FEWEST_LETTERS else TOGETHER


def _tells(normal: bytes, digits: int) -> bool:
    if digits == len(normal):
        text = normal.decode()
        return digits >= _FEWEST_DIGITS and len(set(text)) > 2 and not any(text in run for run in _RUNS)
    return len(normal) >= _FEWEST_MIXED and (digits >= 3 or len(normal) >= _FEWEST_LETTERS)


def alone(looks: int, rows: int, form: int, column: Column, crowded: frozenset[int]) -> bool:
    """Whether a cell identifies its row by itself. `rows`: how many share it."""
    if column.forced:
        return column.forced == "alone" and looks >= MAIL and rows <= ROWS_ALONE
    if rows > ROWS_ALONE:
        return False
    if looks == NUMBER:
        return form not in crowded
    return looks == MAIL or (looks == PHRASE and column.says_who)


def is_telling(counts: Sequence[int], rows: int) -> bool:
    """Whether cells of one row that stand together are more than chance. `counts`: rows that share each."""
    whole = max(rows, _SMALL_TABLE)
    expected = float(whole)
    for count in counts:
        expected *= count / whole
    return expected <= CHANCE


def anchor(looks: int, words: Sequence[bytes]) -> int:
    """The place of the word at which a text's reader should take notice of a cell of several words; -1: none is needed,
    because addresses of mail are seen by their sign, numbers and codes by their digits. Beyond `MOST_BACK`:
    nobody would.
    """
    if looks == MAIL or len(words) == 1 or is_pieces(words):
        return -1
    telling = [at for at, word in enumerate(words) if not says_little(word)]
    if telling:
        return telling[0]
    # A code that ends in an everyday word ("AC-7209-there") is noticed there rather than never.
    spoken = [at for at, word in enumerate(words) if len(word) >= _FEWEST_NOTICED and not word.isdigit()]
    return max(spoken, key=lambda at: len(words[at])) if spoken else MOST_BACK + 1


def says_little(word: bytes) -> bool:
    """A cell is not noticed at this word: too many texts have it."""
    return word in EVERYDAY or len(word) < _FEWEST_NOTICED or word.isdigit()


def is_pieces(words: Sequence[bytes]) -> bool:
    """A number or a code in groups: digits, a few letters between, a few behind."""
    has_digit = [not word.isalpha() and word.isascii() for word in words]
    return any(has_digit[-2:]) and all(
        digit or len(word) <= MOST_PIECE_LETTERS for digit, word in zip(has_digit, words, strict=True)
    )
