"""Records of what was done to the policy: activated, rolled back, refused, shadowed. Each is a leaf of the log.

They are of the kind `admin`, with `act` to tell them apart and every field in each of them, as records are. They hold
names, digests and sentences about rules; no request has a part in them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tidegate.core.settle.record import VERSION

ACTIVATED, ROLLED_BACK, REFUSED, EXPIRED = (
    "policy.activated",
    "policy.rolled_back",
    "policy.refused",
    "policy.expired",
)
SHADOWED, SHADOW_ENDED, SHADOW_DIFFERS = "policy.shadowed", "policy.shadow_ended", "policy.shadow_differs"
IN_DOUBT = "policy.in_doubt"
ACTS = (ACTIVATED, ROLLED_BACK, REFUSED, EXPIRED, SHADOWED, SHADOW_ENDED, SHADOW_DIFFERS, IN_DOUBT)

MOST_SENTENCES, MOST_CHARACTERS = 20, 500
MOST_WAYS = 200


def policy_act(
    *,
    request_id: str,
    ts: str,
    act: str,
    policy: str = "",
    before: str = "",
    bundle: str = "",
    name: str = "",
    revision: int = 0,
    signed_by: str = "",
    source: str = "",
    actor: str = "",
    approver: str = "",
    reason: str = "",
    looser: Sequence[str] = (),
    refused: Sequence[str] = (),
    closed: Sequence[str] = (),
    closed_by: str = "",
    difference: Mapping[str, Any] | None = None,
) -> bytes:
    """`policy`, `before`: digests of what it is about and of what ruled until then. `source`: where it came from
    (`command`, `folder`, `configuration`). `looser`, `refused`: sentences, the first of them; `difference`: what a
    shadow, or Cedar's own engine, decided otherwise. `closed`: names of the configuration's ways that it closes,
    `closed_by`: who accepted that.
    """
    return orjson.dumps(
        {
            "act": act,
            "actor": actor,
            "approver": approver,
            "before": before,
            "bundle": bundle,
            "closed": _bounded(closed, MOST_WAYS),
            "closed_by": closed_by,
            "closed_count": len(closed),
            "difference": dict(difference or {}),
            "kind": "admin",
            "looser": _bounded(looser),
            "looser_count": len(looser),
            "name": name,
            "policy": policy,
            "reason": reason[:MOST_CHARACTERS],
            "refused": _bounded(refused),
            "request_id": request_id,
            "revision": revision,
            "signed_by": signed_by,
            "source": source,
            "tenant": "default",
            "ts": ts,
            "v": VERSION,
        },
        option=orjson.OPT_SORT_KEYS,
    )


def _bounded(sentences: Sequence[str], most: int = MOST_SENTENCES) -> list[str]:
    return [one[:MOST_CHARACTERS] for one in sentences[:most]]
