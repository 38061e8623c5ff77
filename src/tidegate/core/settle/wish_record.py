"""Records of what people said of the data about them: given, withdrawn, erased. Each is a leaf of the log.

They are of the kind `admin`, as those of policies are. Whom it is about stands in them as the register keeps it: a
keyed hash, from which nobody reads a name.
"""

import orjson

from tidegate.core.ledger.entries import rfc3339
from tidegate.core.settle.record import VERSION
from tidegate.core.values.wish import About, Wish

CONSENT_GIVEN, CONSENT_WITHDRAWN = "consent.given", "consent.withdrawn"
RESIDENCY_GIVEN, RESIDENCY_WITHDRAWN = "residency.given", "residency.withdrawn"
ERASED = "wishes.erased"
ACTS = (CONSENT_GIVEN, CONSENT_WITHDRAWN, RESIDENCY_GIVEN, RESIDENCY_WITHDRAWN, ERASED)


def act_of(wish: Wish) -> str:
    return f"{wish.kind}.{'withdrawn' if wish.withdrawn_ns else 'given'}"


def wish_act(
    *, request_id: str, ts: str, act: str, tenant: str, which: About, about: str, actor: str, wish: Wish | None = None
) -> bytes:
    """`which` and `about`: whom it is about. `actor`: who said so at a command line. `wish`: None for an erasure, which
    is of all that was said. `until`: the first moment at which it holds no longer; empty: no end.
    """
    return orjson.dumps(
        {
            "about": about,
            "act": act,
            "actor": actor,
            "kind": "admin",
            "request_id": request_id,
            "tenant": tenant,
            "ts": ts,
            "until": rfc3339(wish.until_ns) if wish and wish.until_ns else "",
            "v": VERSION,
            "which": which,
            "word": wish.word if wish else "",
        },
        option=orjson.OPT_SORT_KEYS,
    )
