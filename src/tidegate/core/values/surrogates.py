"""Surrogates: values that look like the values they stand for, told apart from tags by lacking a tag's brackets."""

from collections.abc import Mapping

from tidegate.core.values.tags import OPEN


def is_surrogate(token: str) -> bool:
    """Whether a key of a request's originals is one; the others are tags."""
    return not token.startswith(OPEN)


def surrogates(originals: Mapping[str, str]) -> dict[str, str]:
    return {token: value for token, value in originals.items() if is_surrogate(token)}


def plain(text: str) -> str:
    """What is left when case and separators do not count: letters and digits, in lower case.

    Two surrogates of one request never share it, nor does one share it with any text that stands in the request.
    """
    return "".join([char for char in text.lower() if char.isalnum()])
