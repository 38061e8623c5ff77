"""How detectors are declared: one row each, in the tables of `detectors/`.

A row says what a value looks like; `engine.py` says how rows are run. The kinds cost different things:

`Shaped`    digits and letters in a fixed grouping: found by one pass, told apart by a dictionary look-up
`Prefixed`  a vendor's token behind a fixed prefix: found by one keyword pass, measured without a pattern
`Cued`      a value that only words near it give away: found by the same keyword pass, then one bounded RE2 match
`Called`    a value with a grammar of its own: found by the same keyword pass, then read by code

Scores run from 0 to 1. A row's score is what its evidence alone is worth. Where that is not `STRONG` a cue nearby adds
`CUE`, and only what reaches `REPORTED` is a finding.

`example` and `peer` are for the document: a text that the row finds, with values that nobody owns, and the name that
Presidio (or else Google's Sensitive Data Protection, or AWS Macie) has for the same thing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

REPORTED = 0.5
STRONG = 0.8
CERTAIN = 0.99
CUE = 0.45

EDGE = 256
"""Bytes. No evidence reaches further, so a text that has not changed within it is judged as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """An identifier of fixed grouping.

    `shapes` maps a grouping to the score that it is worth alone: `0` stands for a digit, `A` for a letter, `X` for
    either, anything else for itself. `valid` is given the value without separators, in capitals. `cues` are lower-case
    words looked for in the text around, there with all punctuation turned into spaces; a leading space asks for the
    start of a word.
    """

    label: str
    name: str
    about: str
    shapes: Mapping[str, float]
    valid: Callable[[str], bool]
    cues: tuple[str, ...] = ()
    example: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefixed:
    """A vendor's token: one of `prefixes` (as written), then between `least` and `most` characters of `alphabet`."""

    label: str
    name: str
    about: str
    prefixes: tuple[str, ...]
    alphabet: str
    least: int
    most: int
    score: float = 0.95
    example: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cued:
    """A value that stands near words.

    `pattern` is RE2 over bytes; its one group is the value. It is matched from a keyword on, within `reach` bytes
    (`around`: searched from `reach` bytes before it on). `digits`: it cannot match where no digit is within reach,
    which is asked first. `valid` is given the value as text. Keywords are lower-case whole words; a star at an end lets
    a word go on there.
    """

    label: str
    name: str
    about: str
    keywords: tuple[str, ...]
    pattern: str
    valid: Callable[[str], bool] | None = None
    reach: int = 96
    around: bool = False
    digits: bool = False
    score: float = 0.85
    positions: frozenset[str] = field(default_factory=frozenset)
    """Where in a request it counts, `retrieved.RETRIEVED` among them; empty: everywhere."""
    example: str = ""
    peer: str = ""


class Hit(NamedTuple):
    """A finding in the making: its span counts bytes of the text being scanned."""

    start: int
    end: int
    label: str
    score: float
    detector: str


class InVain:
    """No hits, from a look that has read at length, `readings` times: how often a text may call for that is limited."""

    __slots__ = ("readings",)

    def __init__(self, readings: int) -> None:
        self.readings = readings

    def __iter__(self) -> Iterator[Hit]:
        return iter(())


IN_VAIN = tuple(map(InVain, range(16)))
"""By readings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A value with a grammar of its own, which is read by code.

    `look` is given the text and where a keyword stands in it, and answers with hits of this row's label and name, or
    with one of `IN_VAIN`. It may read up to `EDGE` bytes around. Keywords are written as in `Cued`.
    """

    label: str
    name: str
    about: str
    keywords: tuple[str, ...]
    look: Callable[[bytes, int, int], Iterable[Hit]]
    example: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIn:
    """A detector that is code and not a row: named here for the document and for whoever lists labels."""

    label: str
    name: str
    about: str
    example: str = ""
    peer: str = ""


Row = Shaped | Prefixed | Cued | Called | BuiltIn


class Finder(Protocol):
    """A detector that is code with data of its own: a tagger, a customer's terms, fingerprints of registered code.

    It runs in the same pass as the rows, over the same plain text, also inside what encodings hide.
    """

    name: str
    labels: frozenset[str]
    version: str
    """Changes whenever the same text may be judged otherwise."""

    def hits(self, data: bytes, lower: bytes) -> Iterable[Hit]:
        """Hits in `data`, folded UTF-8; `lower` is the same in lower case. What it raises fails this detector alone.

        A hit may depend on what stands within `EDGE` bytes around it, and on nothing beyond.
        """
        ...


class DetectorFailedError(Exception):
    """A detector raised: `detector` names it, `__cause__` says why. Its text stays inside."""

    def __init__(self, detector: str) -> None:
        super().__init__(detector)
        self.detector = detector
