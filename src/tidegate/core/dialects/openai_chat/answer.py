"""A whole answer: its texts restored, its usage and finish reasons noted."""

from typing import Any

import orjson

from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.usage import Usage

NAMELESS = "?"
"""Stands for a tool whose name has not come: nobody can say that it stays inside."""

API_WORDS = frozenset(("role", "id", "type", "name"))
"""Strings of an answer that are the API's own and never hold text."""


def pass_answer(body: bytes, notes: AnswerNotes, open_channel: OpenChannel | None) -> bytes:
    """A whole answer: noted, and restored where channels are given. A body that is no answer leaves an error note."""
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        notes.error = "not_json"
        return body
    if not isinstance(tree, dict) or not isinstance(tree.get("choices"), list):
        notes.error = "not_an_answer"
        return body
    note(tree, notes)
    notes.complete = True
    changed = False
    for choice in tree["choices"]:
        if not isinstance(choice, dict):
            continue
        if isinstance(reason := choice.get("finish_reason"), str):
            notes.finish_reasons.append(reason)
        if open_channel and isinstance(message := choice.get("message"), dict):
            changed = _restore_message(message, open_channel) or changed
    return orjson.dumps(tree) if changed else body


def _restore_message(message: dict[str, Any], open_channel: OpenChannel) -> bool:
    changed = False
    for key, value in message.items():
        if isinstance(value, str) and key not in API_WORDS:
            changed = _restore_at(message, key, open_channel("")) or changed
    for function in _functions(message):
        if isinstance(function.get("arguments"), str):
            changed = _restore_at(function, "arguments", open_channel(str(function.get("name") or NAMELESS))) or changed
    return changed


def _restore_at(holder: dict[str, Any], key: str, channel: Channel) -> bool:
    before = holder[key]
    holder[key] = channel.feed(before) + channel.close()
    return bool(holder[key] != before)


def _functions(message: dict[str, Any]) -> list[dict[str, Any]]:
    calls = message.get("tool_calls")
    found = [call.get("function") for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    return [f for f in (*found, message.get("function_call")) if isinstance(f, dict)]


def note(tree: dict[str, Any], notes: AnswerNotes) -> None:
    if isinstance(model := tree.get("model"), str):
        notes.response_model = model
    if isinstance(response_id := tree.get("id"), str):
        notes.response_id = response_id
    if isinstance(usage := tree.get("usage"), dict):
        details = usage.get("prompt_tokens_details")
        notes.usage = Usage(
            input_tokens=_count(usage.get("prompt_tokens")),
            output_tokens=_count(usage.get("completion_tokens")),
            cached_input_tokens=_count(details.get("cached_tokens")) if isinstance(details, dict) else -1,
        )


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else -1
