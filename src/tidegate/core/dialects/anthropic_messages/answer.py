"""A whole answer: its texts passed through channels, its usage and its end noted."""

from collections.abc import Iterable
from typing import Any

from tidegate.core.dialects.anthropic_messages.texts import Text, beside, dump, load, texts
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.usage import NOT_SAID, Usage, counted


def pass_answer(
    body: bytes,
    notes: AnswerNotes,
    open_channel: OpenChannel | None,
    *,
    keep_logprobs: bool = True,  # noqa: ARG001 - the dialect has none
) -> bytes:
    """Bytes that nobody changes are those that came. A body that is no answer leaves an error note."""
    try:
        tree = load(body)
    except ValueError:
        notes.error = "not_json"
        return body
    if not isinstance(tree, dict) or not isinstance(tree.get("content"), list):
        notes.error = "not_an_answer"
        return body
    note(tree, notes)
    notes.complete = True
    if open_channel is None:
        return body
    changed = [through(text, open_channel) for text in _of(tree, notes)]
    return dump(tree) if any(changed) else body


def _of(tree: dict[str, Any], notes: AnswerNotes) -> Iterable[Text]:
    found = [text for block in tree["content"] if isinstance(block, dict) for text in texts(block, notes)]
    return [*found, *beside(tree)]


def through(text: Text, open_channel: OpenChannel) -> bool:
    """A text that is whole, through a channel of its own. Whether it was changed."""
    channel, before = open_channel(text.tool, own=text.own), text.holder[text.key]
    if text.is_input:
        before = dump(before).decode()
    after = channel.feed(before) + channel.close()
    if after == before:
        return False
    text.holder[text.key] = load(after.encode()) if text.is_input else after
    return True


def note(message: dict[str, Any], notes: AnswerNotes) -> None:
    """Of a whole message, or of the one that a stream begins with."""
    if isinstance(model := message.get("model"), str):
        notes.response_model = model
    if isinstance(response_id := message.get("id"), str):
        notes.response_id = response_id
    note_end(message, message.get("usage"), notes)


def note_end(holder: dict[str, Any], usage: object, notes: AnswerNotes) -> None:
    if isinstance(reason := holder.get("stop_reason"), str):
        notes.finished(reason)
    if isinstance(usage, dict):
        notes.usage = usage_of(usage, notes.usage)


def usage_of(usage: dict[str, Any], before: Usage = NOT_SAID) -> Usage:
    """What an answer says it consumed. The API counts what came out of a cache, and what went into one, apart from
    `input_tokens`. `before`: what an earlier event of the same stream said, which stands where this one says nothing.
    """
    read = counted(usage.get("cache_read_input_tokens"), before.cached_input_tokens)
    written = counted(usage.get("cache_creation_input_tokens"), before.cache_write_tokens)
    plain = counted(usage.get("input_tokens"), -1)
    details = usage.get("output_tokens_details")
    return Usage(
        input_tokens=before.input_tokens if plain < 0 else plain + max(read, 0) + max(written, 0),
        output_tokens=counted(usage.get("output_tokens"), before.output_tokens),
        cached_input_tokens=read,
        cache_write_tokens=written,
        thinking_tokens=counted(
            details.get("thinking_tokens") if isinstance(details, dict) else None, before.thinking_tokens
        ),
    )
