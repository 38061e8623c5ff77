"""Vectors as the wire has them: arrays of numbers, or little-endian float32 in base64."""

import base64
import binascii
from array import array
from sys import byteorder
from typing import Any

from tidegate.core.dialects.neutral.events import Vectors
from tidegate.core.values.errors import UpstreamError


def read(found: Any) -> tuple[float, ...]:
    """Raises UpstreamError `protocol` for what is none."""
    if isinstance(found, str):
        return _from_base64(found)
    if not isinstance(found, list) or not all(type(each) in (float, int) for each in found):
        raise UpstreamError("protocol", "it sent an embedding that is no list of numbers.")
    return tuple(found)


def read_all(found: Any) -> Vectors:
    """An array of vectors."""
    if not isinstance(found, list):
        raise UpstreamError("protocol", "its answer has no list of embeddings.")
    return Vectors(tuple([read(each) for each in found]))


def as_base64(vector: tuple[float, ...]) -> str:
    numbers = array("f", vector)
    if byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode()


def _from_base64(text: str) -> tuple[float, ...]:
    try:
        raw = base64.b64decode(text, validate=True)
        numbers = array("f")
        numbers.frombytes(raw)
    except (binascii.Error, ValueError):
        raise UpstreamError("protocol", "it sent an embedding that is no base64 of floats.") from None
    if byteorder == "big":
        numbers.byteswap()
    return tuple(numbers)
