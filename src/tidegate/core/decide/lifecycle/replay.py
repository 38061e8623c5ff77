"""Recorded decisions made again by another policy, from the records alone: no prompt is needed, none is kept.

A decision is a pure function of the facts in its record, and records alike are many. So what was found is kept by the
bytes of facts, targets and decision as they stand in the record: for a record whose like was met before, nothing is
even parsed. A million records pass in well under half a minute that way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from tidegate.core.decide.lifecycle import pieces
from tidegate.core.decide.lifecycle.facts import WrongFact, read_receipt
from tidegate.core.decide.lifecycle.receipt import order_of, recorded_decision, recorded_order
from tidegate.core.decide.lifecycle.strength import STRENGTH
from tidegate.core.decide.lifecycle.tally import (
    LOOSER,
    NOBODY,
    REROUTED,
    STRICTER,
    UNCHANGED,
    EffectChange,
    Move,
    Moved,
    ReplayReport,
    Sums,
    most_first,
)
from tidegate.core.decide.lifecycle.worst import TooMuchMissing, WorstReader
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.preferences.policy import preferences_of
from tidegate.core.decide.vocabulary import LABELS, Side
from tidegate.core.values.decision import TargetDecision

_MOST_KEPT = 65_536
_INTENT, _OUTCOME, _REFUSAL = (f'"kind":"{kind}"'.encode() for kind in ("intent", "outcome", "refusal"))
_ABSENT = {"absent": True}  # no fact looks so

_TURNED_AWAY = "turned away before anything was decided"
_NO_FACTS = "recorded without facts that can be read"
_TOO_MUCH_MISSING = "lack more facts than could be tried"


class _Verdict(NamedTuple):
    """What becomes of a record. Nothing of it depends on whose request it was."""

    bucket: str = UNCHANGED
    changes: tuple[EffectChange, ...] = ()
    move: Move = Move(NOBODY, NOBODY)
    missed: tuple[str, ...] = ()
    left_out: str = ""

    @property
    def is_rerouted(self) -> bool:
        return self.move.before != self.move.after


class _Seen:
    """All records of one verdict."""

    __slots__ = ("count", "verdict")

    def __init__(self, verdict: _Verdict) -> None:
        self.verdict, self.count = verdict, 0


_Decisions = tuple[TargetDecision, ...]


class Replay:
    """Compares what `new` decides with what was recorded or, if given, with what `old` decides on the same facts.

    `most_ids`: so many request ids are listed a bucket.
    """

    def __init__(self, new: Policy, *, old: Policy | None = None, most_ids: int = 1000) -> None:
        self._new, self._old, self._most_ids = new, old, most_ids
        self._by = [policy for policy in (new, old) if policy is not None]
        self._deciders = [WorstReader(policy) for policy in self._by]
        read = {attribute for decider in self._deciders for attribute in decider.read} | {LABELS}
        facts = {one.fact for one in read if one.side is Side.REQUEST}
        self._read_facts = sorted(facts.union(*(preferences_of(policy).read for policy in self._by)))
        self._kept: dict[tuple[bytes, ...], _Seen] = {}
        self._pieces: dict[bytes, bytes] = {}
        self._kept_alike: dict[tuple[bytes, ...], _Seen] = {}
        self._all: dict[_Verdict, _Seen] = {}
        self._refusals = 0
        self._policies: Counter[bytes] = Counter()
        self._ids: dict[str, list[str]] = {STRICTER: [], LOOSER: [], REROUTED: []}
        self._moved: dict[Move, Sums] = {}
        self._served: dict[str, Sums] = {}

    def read(self, entries: Iterable[tuple[int, bytes]]) -> None:
        """The entries of one log, oldest first; they may begin anywhere."""
        awaited: dict[int, Move] = {}
        for index, entry in entries:
            if _INTENT in entry:
                seen = self._seen(entry)
                seen.count += 1
                if seen.verdict.changes or seen.verdict.is_rerouted:
                    self._note(seen.verdict, entry, index, awaited)
            elif _OUTCOME in entry:
                self._outcome(entry, awaited)
            elif _REFUSAL in entry:
                self._refusals += 1

    def report(self) -> ReplayReport:
        found = self._all.values()
        replayed = [(one.verdict, one.count) for one in found if not one.verdict.left_out]
        left_out = Counter({_TURNED_AWAY: self._refusals} if self._refusals else {})
        for one in found:
            left_out.update({one.verdict.left_out: one.count} if one.verdict.left_out else {})
        moves = [(one.move, count) for one, count in replayed]
        return ReplayReport(
            policy=self._new.digest,
            against=f"policy {self._old.digest}" if self._old else "what was recorded",
            recorded_policies={digest.decode(): count for digest, count in self._policies.most_common()},
            exchanges=sum(one.count for one in found) + self._refusals,
            replayed=sum(count for _, count in replayed),
            left_out=most_first(left_out),
            missing=most_first(_counted((one.missed, count) for one, count in replayed)),
            with_missing=sum(count for one, count in replayed if one.missed),
            buckets=_buckets(replayed),
            refused=sum(count for move, count in moves if move.before and not move.after),
            admitted=sum(count for move, count in moves if move.after and not move.before),
            changes=most_first(_counted((one.changes, count) for one, count in replayed)),
            moved=tuple(self._moves()),
            requests={bucket: tuple(ids) for bucket, ids in self._ids.items()},
        )

    def _moves(self) -> list[Moved]:
        found = [
            Moved(move=move, sums=sums, there=self._served.get(move.after, Sums()))
            for move, sums in self._moved.items()
        ]
        return sorted(found, key=lambda one: -one.sums.exchanges)

    def _seen(self, entry: bytes) -> _Seen:
        self._policies[pieces.text(entry, pieces.POLICY)] += 1
        key = pieces.key(entry)
        return self._kept.get(key) or self._alike(key, entry)

    def _alike(self, key: tuple[bytes, ...], entry: bytes) -> _Seen:
        """By what the policies read of the facts: most that differs between records is nothing to them."""
        facts = pieces.value(key[1]) if len(key) == len(pieces.PIECES) else None
        if not isinstance(facts, dict):
            return self._of(self._verdict(pieces.parsed(entry)))
        # Facts differ by who asks; targets and decisions are few and large, and one copy of each is enough.
        key = tuple([self._pieces.setdefault(piece, piece) for piece in key])
        alike = (key[0], *key[2:], orjson.dumps([facts.get(name, _ABSENT) for name in self._read_facts]))
        seen = self._kept_alike.get(alike)
        if seen is None:
            record = pieces.parsed(entry)
            seen = self._of(self._verdict(record))
            if not pieces.is_whole(key, record):
                return seen
        self._kept[key] = self._kept_alike[alike] = seen
        for kept in (self._kept, self._kept_alike, self._pieces):
            if len(kept) >= _MOST_KEPT:
                kept.clear()
        return seen

    def _of(self, verdict: _Verdict) -> _Seen:
        return self._all.setdefault(verdict, _Seen(verdict))

    def _verdict(self, record: Mapping[str, Any]) -> _Verdict:
        try:
            before, after, move, missed = self._compared(record)
        except WrongFact:
            return _Verdict(left_out=_NO_FACTS)
        except TooMuchMissing:
            return _Verdict(left_out=_TOO_MUCH_MISSING)
        pairs = [(one, other) for one, other in zip(before, after, strict=True) if one.effect is not other.effect]
        # Looser anywhere is looser: a stricter target elsewhere does not make up for it.
        looser = any(STRENGTH[other.effect] > STRENGTH[one.effect] for one, other in pairs)
        return _Verdict(
            bucket=LOOSER if looser else STRICTER if pairs else UNCHANGED,
            changes=tuple(EffectChange(one.target, one.effect.value, other.effect.value) for one, other in pairs),
            move=move,
            missed=missed,
        )

    def _compared(self, record: Mapping[str, Any]) -> tuple[_Decisions, _Decisions, Move, tuple[str, ...]]:
        """The decision before, the one after, the target that comes first by each, and which facts they would need.

        A fact that only preferences read is not missed: without it they may order otherwise, and let nothing through.
        """
        document = read_receipt(record)
        before = recorded_decision(record)
        found = [decider.decide(document) for decider in self._deciders]
        missed = dict.fromkeys(path for decided in found for one in decided[:1] for path in one.missed)
        after, *others = (tuple(one.decision for one in decided) for decided in found)
        firsts = [order_of(policy, decided).first for policy, decided in zip(self._by, found, strict=True)]
        before, first = (others[0], firsts[1]) if others else (before, next(iter(recorded_order(record)), NOBODY))
        if [one.target for one in before] != [one.target for one in after]:
            raise WrongFact("its decision is about other targets than its facts", "the record was not written by us")
        return before, after, Move(first, firsts[0]), tuple(missed)

    def _note(self, verdict: _Verdict, entry: bytes, index: int, awaited: dict[int, Move]) -> None:
        request_id = pieces.text(entry, pieces.REQUEST_ID).decode(errors="replace")
        for bucket in (*((verdict.bucket,) if verdict.changes else ()), *((REROUTED,) if verdict.is_rerouted else ())):
            if len(self._ids[bucket]) < self._most_ids:
                self._ids[bucket].append(request_id)
        if verdict.is_rerouted:
            awaited[index] = verdict.move
            self._moved.setdefault(verdict.move, Sums()).exchanges += 1

    def _outcome(self, entry: bytes, awaited: dict[int, Move]) -> None:
        outcome = pieces.parsed(entry)
        target = outcome.get("target")
        move = awaited.pop(outcome.get("intent", -1), None)
        if not target or outcome.get("status") != "completed":
            return
        served = self._served.get(target)
        if served is None:
            served = self._served[target] = Sums()
        served.exchanges += 1
        served.add(outcome)
        if move is not None:
            self._moved[move].add(outcome)


def _buckets(replayed: Iterable[tuple[_Verdict, int]]) -> dict[str, int]:
    counted = _counted(((one.bucket, *([REROUTED] if one.is_rerouted else [])), count) for one, count in replayed)
    return {bucket: counted[bucket] for bucket in (UNCHANGED, STRICTER, LOOSER, REROUTED)}


def _counted(found: Iterable[tuple[Iterable[Any], int]]) -> Counter[Any]:
    counted: Counter[Any] = Counter()
    for names, count in found:
        for name in names:
            counted[name] += count
    return counted
