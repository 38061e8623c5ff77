"""What a request names that lies at its provider: responses, items, conversations and prompts, by their ids."""

from collections.abc import Mapping
from typing import Any

from tidegate.core.values.errors import BadRequest

PATH = "/v1/responses/"
"""What follows it is the id of a response that somebody keeps."""


def named(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids, in no order that matters."""
    conversation, prompt, items = document.get("conversation"), document.get("prompt"), document.get("input")
    found = [document.get("previous_response_id"), conversation]
    found += [each.get("id") for each in (conversation, prompt) if isinstance(each, dict)]
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("type", "item_reference") == "item_reference" and "role" not in item:
            found.append(item.get("id"))
    return tuple([each for each in found if isinstance(each, str) and each])


def refused() -> BadRequest:
    """Of a request for what is kept, by whichever method."""
    return BadRequest(
        "response_not_kept",
        "tidegate keeps no responses and fetches none back from providers. Send the conversation along in `input`; "
        "to have a provider keep it, its contract must name `stored-responses`, and you ask the provider for it.",
        status=404,
    )
