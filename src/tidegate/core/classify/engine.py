"""Text in, labels out: the stage that everything behind it relies on.

A request's parts are joined and cut into groups; each is scanned in one go, because a pass over bytes costs next to
nothing and a call from Python does not. A group that was looked at before is not looked at again: what a look gives
depends on the group and on what it is known by, and on nothing else, so that memory changes no answer. Whatever goes
wrong, the answer is `unknown` and never a scan that was skipped.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b, sha256
from itertools import chain

from tidegate.core.classify import code, warm_up
from tidegate.core.classify.detectors import ROWS
from tidegate.core.classify.joining import Group, Joined
from tidegate.core.classify.kept import MOST_BYTES, Kept, Look
from tidegate.core.classify.limits import Looks, OverrunError, most_looks
from tidegate.core.classify.merge import merge, merged
from tidegate.core.classify.pieces import Chain, chains_across, chains_within, ends, joined_ends
from tidegate.core.classify.retrieved import RETRIEVED, Places
from tidegate.core.classify.rows import Cued, Finder, Hit, Row
from tidegate.core.classify.scan import Scanner
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Classification, Finding
from tidegate.core.values.labels import UNKNOWN, level

MAX_BYTES = 32 << 20
MAX_FINDINGS = 20_000
MAX_DEPTH = 4

_NOTHING = Classification((), frozenset(), "public")
_MAY_HOLD_RETRIEVED = frozenset({Position.USER, Position.SYSTEM})


class Engine:
    """Compiled once; what it keeps of texts changes no answer. Threads may share it."""

    def __init__(
        self,
        *,
        max_bytes: int = MAX_BYTES,
        max_findings: int = MAX_FINDINGS,
        max_depth: int = MAX_DEPTH,
        rows: Sequence[Row] = ROWS,
        finders: Sequence[Finder] = (),
        key: bytes = b"",
        kept_bytes: int = MOST_BYTES,
    ) -> None:
        """`max_bytes`: of all texts of a request together. `max_depth`: encodings inside encodings that are opened.

        `key`: at most 64 bytes, hides which texts are kept in mind; `kept_bytes`: of what was found in them.
        """
        self._max_bytes = max_bytes
        self._max_findings = max_findings
        self._scanner = Scanner(rows, finders, max_depth=max_depth, max_findings=max_findings)
        self._positions = {row.name: row.positions for row in rows if isinstance(row, Cued) and row.positions}
        self._kept = Kept(key, kept_bytes)
        self.labels = frozenset(row.label for row in rows).union(*(finder.labels for finder in finders))
        """Labels that can be found at all: what is not among them is never reported, however much of it there is."""
        self.detectors = tuple(sorted({row.name for row in rows} | {finder.name for finder in finders}))
        self.ruleset = _digest([*map(_identity, rows), *((finder.name, finder.version) for finder in finders)])
        """Changes whenever a rule does: findings of one ruleset say nothing about those of another."""
        for text in warm_up.TEXTS:
            self.find(text)

    def classify(self, parts: Sequence[Part], *, scope: str = "") -> Classification:
        """Never raises. What failed is named in `failed`, and the label is `unknown`.

        `scope`: whose request it is. What one scope has sent makes no other scope's request any faster.
        """
        try:
            joined = Joined(parts)
            try:
                return self._classify(joined, scope)
            except UnicodeEncodeError:
                return self._classify(joined.without_surrogates(), scope)
        except OverrunError as error:
            return _unknown((f"limit:{error.limit}",))
        except Exception:  # noqa: BLE001 - whatever it is, nobody has looked at this request
            return _unknown(("engine",))

    def find(self, text: str) -> list[Finding]:
        """Findings in one text that nobody said anything about. A failure leaves them out: `classify` tells."""
        return list(self.classify((Part(Position.USER, (), text),)).findings)

    def _classify(self, joined: Joined, scope: str) -> Classification:
        failed: set[str] = set()
        parts = joined.parts
        look = self._together(parts, (0, len(parts)), self._looks(joined, scope, failed), failed)
        findings, labels = look.findings, look.labels
        if not labels and not failed:
            return _NOTHING
        if failed:
            labels |= {UNKNOWN}
        return Classification(findings, labels, level(labels), tuple(sorted(failed)))

    def _looks(self, joined: Joined, scope: str, failed: set[str]) -> list[Look]:
        """What each pack holds, from memory or found now. Raises OverrunError."""
        named = self._kept.named(scope, self.ruleset)
        looks = []
        size = hits = in_vain = 0
        for pack in joined.packs():
            size += pack.high - pack.low
            if size > self._max_bytes:
                raise OverrunError("bytes")
            look = self._pack(joined, pack, named, failed)
            hits += look.hits
            if hits > self._max_findings:
                raise OverrunError("findings")
            in_vain += look.in_vain
            if in_vain > most_looks(size):
                raise OverrunError("looks")
            looks.append(look)
        return looks

    def _pack(self, joined: Joined, pack: Group, named: blake2b, failed: set[str]) -> Look:
        if joined.is_group(pack):
            return self._group(pack, named, failed)
        name = pack.name(named)
        look = self._kept.get(name)
        if look is not None:
            return look.at(pack.first)
        groups = [self._group(group, named, failed) for group in joined.groups(pack)]
        look = self._together(joined.parts, (pack.first, pack.stop), groups, failed)
        if not failed:
            self._kept.put(name, look)
        return look

    def _group(self, group: Group, named: blake2b, failed: set[str]) -> Look:
        name = group.name(named)
        look = self._kept.get(name)
        if look is not None:
            return look.at(group.first)
        look = self._look(group, failed)
        if not failed:
            self._kept.put(name, look)
        return look

    def _look(self, group: Group, failed: set[str]) -> Look:
        low, high = group.low, group.high
        close = Looks(len(group.source), self._max_findings)
        hits = self._scanner.scan(group.source, failed, close)
        if low or high < len(group.source):
            hits = [hit for hit in hits if low <= hit.start < high]
        if hits and self._positions:
            placed, places = self._positions, dict[int, Places]()
            hits = [hit for hit in hits if hit.detector not in placed or self._counts_here(hit, group, places)]
        hits += _passages(group)
        kept, labels = merge(hits) if hits else ((), frozenset())
        findings = tuple(group.findings(kept)) if kept else ()
        reaches_out = bool(findings) and findings[-1].part >= group.stop
        where = ends(group.parts, group.first, group.stop)
        look = Look(group.first, findings, labels, len(hits), reaches_out, where, close.in_vain)
        if group.stop - group.first > 1:
            look = self._with_cut(look, chains_within(group.parts, group.first, group.stop), failed)
        return look

    def _together(self, parts: Sequence[Part], where: tuple[int, int], looks: Sequence[Look], failed: set[str]) -> Look:
        """One look of groups that follow each other and are what stands in parts from `where` to `where`."""
        if len(looks) == 1:
            return looks[0]
        findings = tuple(chain.from_iterable([look.findings for look in looks]))
        reaches_out = any([look.reaches_out for look in looks])  # noqa: C419 - a generator costs more
        if reaches_out:
            findings = merged(findings)
        labels = frozenset().union(*[look.labels for look in looks])
        hits = sum([look.hits for look in looks])
        groups = [(look.first, look.ends) for look in looks]
        in_vain = sum([look.in_vain for look in looks])
        look = Look(looks[0].first if looks else 0, findings, labels, hits, reaches_out, joined_ends(groups), in_vain)
        return self._with_cut(look, chains_across(parts, *where, groups), failed)

    def _with_cut(self, look: Look, chains: Iterable[Chain], failed: set[str]) -> Look:
        """A look with values in pieces that stand in parts which do not follow each other."""
        cut = list(chain.from_iterable(self._in_pieces(look, pieces, failed) for pieces in chains))
        if not cut:
            return look
        labels = look.labels | {finding.label for finding in cut}
        return look._replace(findings=merged((*look.findings, *cut)), labels=labels, hits=look.hits + len(cut))

    def _in_pieces(self, look: Look, pieces: Chain, failed: set[str]) -> Iterator[Finding]:
        begun = {(finding.part, finding.start, finding.detector) for finding in look.findings}
        for which, text in enumerate(pieces.texts):
            for hit in self._scanner.put_together(text, failed):
                found = pieces.findings(hit, which)
                # What was found as it stands does not go on.
                if found and (found[0].part, found[0].start, found[0].detector) not in begun:
                    yield from found

    def _counts_here(self, hit: Hit, group: Group, places: dict[int, Places]) -> bool:
        """`places`: where parts hold retrieved text, by what was asked for them before."""
        positions = self._positions[hit.detector]
        part, start, end = group.span_at(hit.start)
        if part.position in positions:
            return True
        if part.position not in _MAY_HOLD_RETRIEVED or RETRIEVED not in positions:
            return False
        if start not in places:
            places[start] = Places(group.source[start:end])
        return hit.start - start in places[start]


def _passages(group: Group) -> list[Hit]:
    source = group.source
    if not code.may_hold_passages(source):
        return []
    hits = []
    for part, start, end in group.own():
        text = source[start:end]
        if text is source or code.may_hold_passages(text):
            found = code.passages(text, is_json=part.is_json)
            hits += [hit._replace(start=start + hit.start, end=start + hit.end) for hit in found]
    return hits


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
