"""One try at one target."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tidegate.core.values.errors import Refusal


@dataclass(slots=True)
class Attempt:
    """`status`: the upstream's, 0 without one. `error`: an UpstreamError's kind, `status`, or empty."""

    target: str
    boundary: str
    effect: str
    status: int = 0
    error: str = ""
    provider_request_id: str = ""
    refusal: Refusal | None = field(default=None, repr=False)
    """Why the request cannot be said to this target; then nothing was sent."""

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        self.status, self.provider_request_id = status, headers.get("x-request-id", "")[:200]
