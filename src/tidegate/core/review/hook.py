"""What a chat or a ticket tool is told of reviews, and the signature by which it knows who told it.

Never a text of a request, nor a link: names, labels and times, and the sentence that says where to look.

    x-tidegate-signature: t=UNIX SECONDS,v1=HEX of HMAC-SHA256(secret, "SECONDS." + body)

A receiver takes what is signed, not older than five minutes, and of an `id` that it has not seen.
"""

import hmac
from typing import Any

import orjson

from tidegate.core.review.keeping import moment
from tidegate.core.values.review import Review, State

SIGNATURE = "x-tidegate-signature"
REPLAY_WINDOW_S = 300
_MOST_LABELS = 20


def message(review: Review, *, event_id: str, now_ns: int) -> bytes:
    """The body of one message. `text` is what chat tools show."""
    told: dict[str, Any] = {
        "id": event_id,
        "event": f"review.{'held' if review.state is State.WAITING and not review.words else review.state}",
        "review": review.id,
        "labels": list(review.labels[:_MOST_LABELS]),
        "level": review.level,
        "workload": review.binding.workload,
        "needs": review.needs,
        "approvals": len(review.words) if review.is_open else 0,
        "at": moment(now_ns),
        "until": moment(review.until_ns) if review.is_open else "",
        "text": _sentence(review),
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def signature(secret: bytes, body: bytes, seconds: int) -> str:
    return f"t={seconds},v1={hmac.digest(secret, b'%d.' % seconds + body, 'sha256').hex()}"


def is_signed(secret: bytes, body: bytes, header: str, now_s: int) -> bool:
    """What a receiver asks: ours, and signed just now."""
    stated = header.partition(",")[0].removeprefix("t=")
    if not (stated.isascii() and stated.isdigit()) or abs(now_s - int(stated)) > REPLAY_WINDOW_S:
        return False
    return hmac.compare_digest(signature(secret, body, int(stated)).encode(), header.encode())


def _sentence(review: Review) -> str:
    labels = ", ".join(review.labels[:_MOST_LABELS]) or "no label"
    work = f" of workload {review.binding.workload}" if review.binding.workload else ""
    if review.state is not State.WAITING:
        return f"Review {review.id} is {review.state}: a request{work} with {labels} ({review.level})."
    left = review.needs - len(review.words)
    people = "one reviewer" if left == 1 else f"{left} reviewers"
    return (
        f"A request{work} with {labels} ({review.level}) waits for {people} until {moment(review.until_ns)}. "
        f"On the gateway's machine: tidegate review show {review.id}"
    )
