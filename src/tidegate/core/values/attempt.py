"""One try at one target."""

from dataclasses import dataclass


@dataclass(slots=True)
class Attempt:
    """`status`: the upstream's, 0 without one. `error`: an UpstreamError's kind, `status`, or empty."""

    target: str
    boundary: str
    effect: str
    status: int = 0
    error: str = ""
    provider_request_id: str = ""
