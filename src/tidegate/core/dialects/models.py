"""What there is to ask for, as the API that the client speaks lists it: OpenAI's, or Anthropic's for whoever sends its
version header.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import orjson

from tidegate.core.values.errors import BadRequest

PATH = "/v1/models"
SINCE = "1970-01-01T00:00:00Z"
"""Nobody here knows when a model was made."""


def is_asked(path: str) -> bool:
    return path == PATH or path.startswith(PATH + "/")


def speaks_anthropic(headers: Mapping[str, str]) -> bool:
    return "anthropic-version" in headers


def told(path: str, headers: Mapping[str, str], names: Sequence[str]) -> bytes:
    """The list, or the one that `path` names. Raises BadRequest `model_not_found`."""
    entry = _anthropic if speaks_anthropic(headers) else _openai
    if path != PATH:
        name = unquote(path.removeprefix(PATH + "/"))
        if name not in names:
            known = ", ".join(sorted(names))
            raise BadRequest("model_not_found", f"No such model. There are: {known}.", status=404, param="model")
        return orjson.dumps(entry(name))
    data = [entry(name) for name in names]
    if entry is _openai:
        return orjson.dumps({"object": "list", "data": data})
    first, last = (names[0], names[-1]) if names else (None, None)
    return orjson.dumps({"data": data, "has_more": False, "first_id": first, "last_id": last})


def _openai(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "tidegate"}


def _anthropic(name: str) -> dict[str, Any]:
    return {"type": "model", "id": name, "display_name": name, "created_at": SINCE, "lifecycle": "active"}
