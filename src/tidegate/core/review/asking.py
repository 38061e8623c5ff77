"""What a client says of reviews: the one that it resumes, and how long it waits."""

import re
from collections.abc import Mapping

from tidegate.core.values.errors import BadRequest
from tidegate.core.values.review import Asking

REVIEW, WAIT = "x-tidegate-review", "x-tidegate-review-wait"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_LONGEST_S = 86_400
_NOTHING = Asking()


def asking(headers: Mapping[str, str]) -> Asking:
    """Raises BadRequest."""
    if REVIEW not in headers and WAIT not in headers:
        return _NOTHING
    review, wait = headers.get(REVIEW, ""), headers.get(WAIT, "0")
    if review and not ID.fullmatch(review):
        raise BadRequest("invalid_header", f"{REVIEW} names no review: send the id as it was told.", param=REVIEW)
    if not (wait.isascii() and wait.isdigit() and len(wait) <= 5 and int(wait) <= _LONGEST_S):
        raise BadRequest("invalid_header", f"{WAIT} must be whole seconds, 0 to {_LONGEST_S}.", param=WAIT)
    return Asking(review, int(wait))
