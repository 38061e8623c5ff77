"""What one request may cost, beyond which the answer is `unknown`."""

import sys

MOST_LOOKS = 12_000
LOOKS_PER_KB = 24
"""Looks in vain that a request may cost: so many, and so many more for each kilobyte.

Library sources come to one in five kilobytes, prose full of names and numbers to a dozen a kilobyte; lists of customers
come to fifty, and to the limit on findings first.
"""
ADDRESS = 3
"""How many a look for an address counts for, which reads word by word."""


class OverrunError(Exception):
    """A stated limit was reached: `limit` names it."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class Looks:
    """Close looks at one text that came to nothing: each costs as much as reading some hundred bytes.

    What is found is limited by its number and pays for itself; what only looks like something may come in any number,
    and ten megabytes of it would take a minute.
    """

    __slots__ = ("in_vain", "most", "most_hits")

    def __init__(self, size: int, most_hits: int = sys.maxsize) -> None:
        """`size`: of the text, in bytes; `most_hits`: more need not be looked for."""
        self.in_vain = 0
        self.most_hits = most_hits
        self.most = most_looks(size)

    def count(self, looks: int) -> None:
        """Raises OverrunError."""
        self.in_vain += looks
        if self.in_vain > self.most:
            raise OverrunError("looks")


def most_looks(size: int) -> int:
    return MOST_LOOKS + size * LOOKS_PER_KB // 1024
