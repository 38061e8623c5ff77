"""Arguments of a tool call: an object in this API, and JSON text in most others."""

from typing import Any

import orjson

from tidegate.core.dialects.document import loads


def as_object(text: str) -> dict[str, Any]:
    """The object that arguments must be here, whatever a model wrote."""
    try:
        found = loads(text or "{}")
    except orjson.JSONDecodeError:
        found = text
    return found if isinstance(found, dict) else {"input": found}
