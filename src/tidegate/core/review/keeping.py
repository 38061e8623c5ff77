"""A review to and from the bytes that the store keeps of it, and what is told of it without any of its text."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson

from tidegate.core.ledger.entries import rfc3339
from tidegate.core.review.binding import as_json, digest
from tidegate.core.values.review import Binding, KeptReview, Review, State, Verdict, Word


def kept(review: Review, *, turn: int = 0, same: bytes = b"", sealed: bytes = b"") -> KeptReview:
    """Text is kept only while somebody has to look at it, and that it is the same as another only while it is open."""
    return KeptReview(
        id=review.id,
        tenant=review.binding.tenant,
        turn=turn,
        same=same if review.is_open else b"",
        is_open=review.is_open,
        until_ns=review.until_ns if review.is_open else review.ended_ns,
        about=_about(review),
        sealed=sealed if review.state is State.WAITING else b"",
    )


def next_turn(before: KeptReview, review: Review) -> KeptReview:
    return kept(review, turn=before.turn + 1, same=before.same, sealed=before.sealed)


def read(row: KeptReview) -> Review:
    """Of what `kept` wrote."""
    found: dict[str, Any] = orjson.loads(row.about)
    plain = {one.name: found[one.name] for one in fields(Review)}
    binding = plain["binding"]
    return Review(
        **{
            **plain,
            "binding": Binding(**{**binding, "targets": tuple((name, told) for name, told in binding["targets"])}),
            "labels": tuple(plain["labels"]),
            "rules": tuple(plain["rules"]),
            "state": State(plain["state"]),
            "words": tuple(_word(one) for one in plain["words"]),
        }
    )


def told(review: Review) -> dict[str, Any]:
    """For lists, and whoever signs: names, labels and numbers."""
    return {
        "review": review.id,
        "state": review.state.value,
        "labels": list(review.labels),
        "level": review.level,
        "counts": dict(review.counts),
        "rules": list(review.rules),
        "workload": review.binding.workload,
        "actor": review.binding.actor,
        "targets": [name for name, _ in review.binding.targets],
        "policy": review.binding.policy,
        "needs": review.needs,
        "approved_by": [word.reviewer for word in review.words if word.verdict is not Verdict.REFUSE],
        "request_id": review.request_id,
        "used_by": review.used_by,
        "held": moment(review.held_ns),
        "until": moment(review.until_ns),
        "binding": digest(review.binding),
    }


def told_whole(review: Review) -> dict[str, Any]:
    """With what an approval would be bound to."""
    return {**told(review), "bound_to": as_json(review.binding)}


def bound_of(told: Mapping[str, Any]) -> str:
    """The digest of what `told_whole` says is bound; empty where that is no such thing."""
    try:
        binding = Binding(**{**told, "targets": tuple(told["targets"].items())})
        return digest(binding)
    except (TypeError, KeyError, AttributeError):
        return ""


def moment(ns: int) -> str:
    """RFC 3339, UTC, to the second."""
    return rfc3339(ns)[:19] + "Z"


def _about(review: Review) -> bytes:
    # Field by field: `dataclasses.asdict` would take named tuples apart by position.
    told = {one.name: getattr(review, one.name) for one in fields(review)}
    told["binding"] = review.binding._asdict()
    told["words"] = [{**word._asdict(), "verdict": word.verdict.value} for word in review.words]
    told["counts"] = dict(review.counts)
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def _word(found: Mapping[str, Any]) -> Word:
    return Word(**{**found, "verdict": Verdict(found["verdict"]), "targets": tuple(found["targets"])})
