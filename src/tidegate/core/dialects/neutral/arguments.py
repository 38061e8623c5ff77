"""Arguments of a tool call: JSON text in the neutral form, an object in several dialects."""

from typing import Any

import orjson

from tidegate.core.dialects.document import loads


def as_object(text: str) -> Any:
    """The object that arguments are there, for orjson to write: the very text, numbers of any length included. What a
    model wrote that is no object stands in one, under `input`.
    """
    try:
        found = loads(text or "{}")
    except orjson.JSONDecodeError:
        found = None
    return orjson.Fragment(text or "{}") if isinstance(found, dict) else {"input": text}


def as_text(arguments: object) -> str:
    """The JSON text of an object; a text is one already, and none stands for no arguments."""
    return (arguments or "{}") if isinstance(arguments, str) else orjson.dumps(arguments).decode()
