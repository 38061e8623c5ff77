"""Records of reviews: held, shown, each reviewer's word, used, ended. Each is a leaf of the log.

They are of the kind `admin`, with `act` to tell them apart and every field in each of them, as records are. The `word`
and the `signature` of a reviewer are, with an empty line between them, the signed note that they sent: with their
verifier key anybody can check it, and in it the digest of `bound_to`, which says what was approved. No text of a
request is in them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tidegate.core.settle.record import VERSION

HELD, SHOWN, APPROVED, REFUSED, USED = (
    "review.held",
    "review.shown",
    "review.approved",
    "review.refused",
    "review.used",
)
EXPIRED, FORGOTTEN, TOLD, NOT_TOLD = "review.expired", "review.forgotten", "review.told", "review.not_told"
ACTS = (HELD, SHOWN, APPROVED, REFUSED, USED, EXPIRED, FORGOTTEN, TOLD, NOT_TOLD)


def review_act(
    *,
    request_id: str,
    ts: str,
    act: str,
    review: str,
    tenant: str,
    binding: str = "",
    bound_to: Mapping[str, Any] | None = None,
    labels: Sequence[str] = (),
    level: str = "",
    needs: int = 0,
    state: str = "",
    reviewer: str = "",
    key: str = "",
    word: str = "",
    signature: str = "",
    reason: str = "",
    effects: Mapping[str, str] | None = None,
    actor: str = "",
    to: str = "",
) -> bytes:
    """`request_id`: of the exchange that was held or that used it, else an id of its own. `state`: after the act.

    `key`: the key id (hex) of the reviewer. `effects`: what each target may see, where it is used. `to`: the webhook
    that is told, or the role of whoever is shown it.
    """
    return orjson.dumps(
        {
            "act": act,
            "actor": actor,
            "binding": binding,
            "bound_to": dict(bound_to or {}),
            "effects": dict(effects or {}),
            "key": key,
            "kind": "admin",
            "labels": list(labels),
            "level": level,
            "needs": needs,
            "reason": reason,
            "request_id": request_id,
            "review": review,
            "reviewer": reviewer,
            "signature": signature,
            "state": state,
            "tenant": tenant,
            "to": to,
            "ts": ts,
            "v": VERSION,
            "word": word,
        },
        option=orjson.OPT_SORT_KEYS,
    )
