"""A whole answer: its texts passed through channels, its usage and finish reasons noted."""

from typing import Any

import orjson

from tidegate.core.dialects.openai_chat.texts import Where, texts
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.usage import NOT_SAID, Usage

_NO_NAMES: dict[Where, str] = {}


def pass_answer(
    body: bytes, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True
) -> bytes:
    """A whole answer: noted, its texts passed through channels where there are any. Bytes that nobody changes are those
    that came. A body that is no answer leaves an error note.

    `keep_logprobs`: False takes out the probabilities of tokens, which spell the answer once more.
    """
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
            changed = _pass_message(message, notes, open_channel) or changed
        if not keep_logprobs:
            changed = without_logprobs(choice) or changed
    return orjson.dumps(tree) if changed else body


def without_logprobs(choice: dict[str, Any]) -> bool:
    """Whether there were any."""
    if choice.get("logprobs") is None:
        return False
    choice["logprobs"] = None
    return True


def _pass_message(message: dict[str, Any], notes: AnswerNotes, open_channel: OpenChannel) -> bool:
    changed = False
    for text in texts(message, notes, _NO_NAMES):
        channel = open_channel(text.tool)
        before = text.holder[text.key]
        after = channel.feed(before) + channel.close()
        if after != before:
            text.holder[text.key] = after
            changed = True
    return changed


def note(tree: dict[str, Any], notes: AnswerNotes) -> None:
    if isinstance(model := tree.get("model"), str):
        notes.response_model = model
    if isinstance(response_id := tree.get("id"), str):
        notes.response_id = response_id
    if isinstance(tree.get("usage"), dict):
        notes.usage = usage_of(tree)


def usage_of(tree: dict[str, Any]) -> Usage:
    """What an answer, or a chunk of one, says it consumed."""
    usage = tree.get("usage")
    if not isinstance(usage, dict):
        return NOT_SAID
    read, written = usage.get("prompt_tokens_details"), usage.get("completion_tokens_details")
    return Usage(
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
        cached_input_tokens=_count(read.get("cached_tokens")) if isinstance(read, dict) else -1,
        thinking_tokens=_count(written.get("reasoning_tokens")) if isinstance(written, dict) else -1,
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else -1
