"""One try at one target."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tidegate.core.values.errors import Refusal

_IDS = ("x-request-id", "request-id", "x-amzn-requestid", "apim-request-id")
"""Under which header a provider says how it calls the request: most, Anthropic, AWS, Azure."""


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
        self.status = status
        for name in _IDS:
            if told := headers.get(name):
                break
        else:
            told = ""
        self.provider_request_id = told[:200]
