"""Ids of tool calls where a dialect does not take every one: the same id is the same id again, in calls and results."""

import re
from hashlib import blake2b


def fitting(given: str, form: re.Pattern[str], length: int) -> str:
    """`given` where it has the form that is wanted; else hexadecimal digits made of it alone, `length` of them."""
    if form.fullmatch(given):
        return given
    return blake2b(given.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()[:length]
