"""A whole response: its texts passed through channels, its usage and how it ended noted."""

from typing import Any

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.openai_responses.texts import MOST_TEXTS, Carrying, of_response, without_logprobs
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.usage import NOT_SAID, Usage, counted


def pass_answer(
    body: bytes, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True
) -> bytes:
    """A whole answer: noted, its texts passed through channels where there are any. Bytes that nobody changes are those
    that came. A body that is no response leaves an error note.

    `keep_logprobs`: False takes out the probabilities of tokens, which spell the answer once more.
    """
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        notes.error = "not_json"
        return body
    if not isinstance(tree, dict) or not isinstance(tree.get("output"), list):
        notes.error = "not_an_answer"
        return body
    note(tree, notes)
    notes.complete = True
    notes.finished(how_it_ended(tree))
    changed = False
    if open_channel is not None:
        carrying = Carrying(open_channel)
        for text in list(of_response(tree, notes)):
            changed = carrying.through(text) or changed
    if not keep_logprobs:
        changed = without_logprobs(tree) or changed
    return orjson.dumps(tree) if changed else body


def note(response: dict[str, Any], notes: AnswerNotes) -> None:
    if isinstance(model := response.get("model"), str):
        notes.response_model = model
    if isinstance(response_id := response.get("id"), str):
        notes.response_id = response_id
    if isinstance(response.get("usage"), dict):
        notes.usage = usage_of(response)
    output = response.get("output")
    for item in output if isinstance(output, list) else ():
        if len(notes.items) < MOST_TEXTS and isinstance(item, dict) and isinstance(found := item.get("id"), str):
            notes.items.add(found)


def how_it_ended(response: dict[str, Any]) -> str:
    """The reason where there is one, else the status."""
    details = response.get("incomplete_details")
    for found in (details.get("reason") if isinstance(details, dict) else None, response.get("status")):
        if isinstance(found, str) and found:
            return found
    return "completed"


def usage_of(response: dict[str, Any]) -> Usage:
    """What a response says it consumed."""
    usage = response.get("usage")
    if not isinstance(usage, dict):
        return NOT_SAID
    read, written = usage.get("input_tokens_details"), usage.get("output_tokens_details")
    return Usage(
        input_tokens=counted(usage.get("input_tokens")),
        output_tokens=counted(usage.get("output_tokens")),
        cached_input_tokens=counted(read.get("cached_tokens")) if isinstance(read, dict) else -1,
        cache_write_tokens=counted(read.get("cache_write_tokens")) if isinstance(read, dict) else -1,
        thinking_tokens=counted(written.get("reasoning_tokens")) if isinstance(written, dict) else -1,
    )
