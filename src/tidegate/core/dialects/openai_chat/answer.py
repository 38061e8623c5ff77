"""A whole answer: its texts passed through channels, its usage and finish reasons noted."""

from typing import Any

import orjson

from tidegate.core.dialects.document import loads
from tidegate.core.dialects.openai_chat.texts import Where, texts
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.usage import NOT_SAID, Usage, counted

_NO_NAMES: dict[Where, str] = {}


def pass_answer(
    body: bytes, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True
) -> bytes:
    """A whole answer: noted, its texts passed through channels where there are any. Bytes that nobody changes are those
    that came. A body that is no answer leaves an error note.

    `keep_logprobs`: False takes out the probabilities of tokens, which spell the answer once more.
    """
    try:
        tree = loads(body)
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
            notes.finished(reason)
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
    usage = usage_of(tree)
    if usage is not NOT_SAID:
        notes.usage = usage


def usage_of(tree: dict[str, Any]) -> Usage:
    """What an answer, or a chunk of one, says it consumed. NOT_SAID itself where it says nothing."""
    usage = tree.get("usage")
    if usage is None and isinstance(groq := tree.get("x_groq"), dict):
        usage = groq.get("usage")
    if not isinstance(usage, dict):
        return NOT_SAID
    details = usage.get("completion_tokens_details")
    thought = counted(details.get("reasoning_tokens")) if isinstance(details, dict) else -1
    read, written = counted(usage.get("prompt_tokens")), counted(usage.get("completion_tokens"))
    # Grok counts thoughts beside what it wrote; only the sum of all tells.
    beside = thought > 0 and read >= 0 and written >= 0 and usage.get("total_tokens") == read + written + thought
    cached = _cached(usage)
    return Usage(
        input_tokens=read,
        output_tokens=written + thought if beside else written,
        cached_input_tokens=min(cached, read) if read >= 0 else cached,
        thinking_tokens=thought,
    )


def _cached(usage: dict[str, Any]) -> int:
    """DeepSeek and Mistral have had names of their own for it, before OpenAI's."""
    details = usage.get("prompt_tokens_details")
    cached = counted(details.get("cached_tokens")) if isinstance(details, dict) else -1
    if cached < 0:
        cached = counted(usage.get("prompt_cache_hit_tokens"))
    return cached if cached >= 0 else counted(usage.get("num_cached_tokens"))
