"""Arguments of a tool call: an object in this API, and JSON text in most others."""

from typing import Any

import orjson


def as_object(text: str) -> dict[str, Any]:
    """The object that arguments must be here, whatever a model wrote."""
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        found = text
    return found if isinstance(found, dict) else {"input": found}
