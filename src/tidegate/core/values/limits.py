"""How much of a request and of an answer the path takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    body_bytes: int = 10 * 1024 * 1024
    answer_bytes: int = 64 * 1024 * 1024
    inline_scan_bytes: int = 32 * 1024
    """Larger requests are scanned off the event loop, so that nobody else waits for them."""
