"""Text in, labels out: the stage that everything behind it relies on.

All parts of a request are joined and scanned in one go, because a pass over bytes costs next to nothing and a call from
Python does not. Whatever goes wrong, the answer is `unknown` and never a scan that was skipped.
"""

from collections.abc import Sequence
from hashlib import sha256

from tidegate.core.classify import code
from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.joining import Joined
from tidegate.core.classify.merge import merge
from tidegate.core.classify.rows import Cued, Finder, Hit, Row
from tidegate.core.classify.scan import OverrunError, Scanner
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Classification, Finding
from tidegate.core.values.labels import UNKNOWN, level

MAX_BYTES = 32 << 20
MAX_FINDINGS = 20_000
MAX_DEPTH = 4

_NOTHING = Classification((), frozenset(), "public")
WARM_UP = (
    "A paragraph of prose, such as people write: it costs 12.50 today, it cost 11 in 2019, and who knows what then.\n"
    "def f(x: int, y=None) -> str:\n    return {'key': x[0], \"token\": y}  # 0x1F, v1.2.3, a@b.c, https://a.b/c?d=%20e\n"
    '{"id": 1234567, "when": "2024-01-31T10:20:30Z", "path": "/usr/lib/x86_64", "sha": "d41d8cd98f00b204e9800998ec"}\n'
    "GB00 0000 0000, AB123456C, 00:11:22:33:44:55, 2001:0:1::1, (555) 010-0000, +44 20 0000 0000, 000-00-0000, 4000\n"
    "QUICK BROWN FOXES; <p class='x'>jump</p> && over || lazy == dogs? \u00e4 \u201cquoted\u201d \u2014 na\u00efve\n"
)
"""What an engine scans before anybody asks, so that the first request does not pay for building automata."""


class Engine:
    """Compiled once, then immutable: threads may share it."""

    def __init__(
        self,
        *,
        max_bytes: int = MAX_BYTES,
        max_findings: int = MAX_FINDINGS,
        max_depth: int = MAX_DEPTH,
        rows: Sequence[Row] = ROWS,
        finders: Sequence[Finder] = (),
    ) -> None:
        """`max_bytes`: of all texts of a request together. `max_depth`: encodings inside encodings that are opened."""
        self._max_bytes = max_bytes
        self._scanner = Scanner(rows, finders, max_depth=max_depth, max_findings=max_findings)
        self._positions = {row.name: row.positions for row in rows if isinstance(row, Cued) and row.positions}
        self.labels = frozenset(row.label for row in rows).union(*(finder.labels for finder in finders))
        """Labels that can be found at all: what is not among them is never reported, however much of it there is."""
        self.detectors = tuple(sorted({row.name for row in rows} | {finder.name for finder in finders}))
        self.ruleset = _digest([*map(_identity, rows), *((finder.name, finder.version) for finder in finders)])
        """Changes whenever a rule does: findings of one ruleset say nothing about those of another."""
        self.find(WARM_UP)

    def classify(self, parts: Sequence[Part]) -> Classification:
        """Never raises. What failed is named in `failed`, and the label is `unknown`."""
        failed: set[str] = set()
        try:
            return self._classify(parts, failed)
        except OverrunError as error:
            return _unknown((f"limit:{error.limit}",))
        except Exception:  # noqa: BLE001 - whatever it is, nobody has looked at this request
            return _unknown(("engine",))

    def find(self, text: str) -> list[Finding]:
        """Findings in one text that nobody said anything about. A failure leaves them out: `classify` tells."""
        return list(self.classify((Part(Position.USER, (), text),)).findings)

    def _classify(self, parts: Sequence[Part], failed: set[str]) -> Classification:
        joined = Joined(parts)
        if len(joined.source) > self._max_bytes:
            raise OverrunError("bytes")
        hits = self._scanner.scan(joined.source, failed)
        if hits and self._positions:
            hits = [hit for hit in hits if self._counts_here(hit, joined)]
        hits += self._passages(joined)
        if not hits and not failed:
            return _NOTHING
        kept, labels = merge(hits)
        if failed:
            labels |= {UNKNOWN}
        return Classification(tuple(joined.findings(kept)), labels, level(labels), tuple(sorted(failed)))

    def _passages(self, joined: Joined) -> list[Hit]:
        if not code.may_hold_passages(joined.source):
            return []
        hits = []
        for part, (start, end) in zip(joined.parts, joined.spans, strict=True):
            text = joined.source[start:end]
            if code.may_hold_passages(text):
                found = code.passages(text, is_json=part.is_json)
                hits += [hit._replace(start=start + hit.start, end=start + hit.end) for hit in found]
        return hits

    def _counts_here(self, hit: Hit, joined: Joined) -> bool:
        positions = self._positions.get(hit.detector)
        return positions is None or joined.parts[joined.part_at(hit.start)].position in positions


def _unknown(failed: tuple[str, ...]) -> Classification:
    labels = frozenset({UNKNOWN})
    return Classification((), labels, level(labels), failed)


def _digest(said: object) -> str:
    return sha256(repr(said).encode()).hexdigest()[:12]


def _identity(row: Row) -> tuple[object, ...]:
    """What a row says, without the addresses of its functions."""
    return tuple(
        value.__qualname__ if callable(value) else sorted(value) if isinstance(value, frozenset) else value
        for value in (getattr(row, name) for name in row.__slots__)
    )
