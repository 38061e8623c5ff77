"""Thoughts that nobody signed, taken out of a history before it goes to who would refuse it.

A conversation may have been answered by another model before: inside, because of what was said then. Such a model's
thoughts have no signature, clients send them back like any others, and Anthropic refuses every request that holds one:
the conversation would be stuck for good. Thoughts of earlier turns are not needed there to go on.
"""

import re
from typing import Any, NamedTuple

from tidegate.core.dialects.anthropic_messages.texts import dump, load

_SIGNATURE = re.compile(r"[A-Za-z0-9+/_-]+={0,2}", re.ASCII)

_THOUGHT = re.compile(rb'"type"\s*:\s*"thinking"')


class Believed(NamedTuple):
    """`dropped`: names for the receipt."""

    body: bytes
    dropped: tuple[str, ...] = ()


def without_unsigned(body: bytes) -> Believed:
    """`body` has been parsed before. It stays as it is where every thought is signed."""
    if not _THOUGHT.search(body):
        return Believed(body)
    tree = load(body)
    messages = [_believed(message) for message in tree["messages"]]
    if messages == tree["messages"]:
        return Believed(body)
    dropped = ["unsigned_thinking"]
    if _must_think(tree) and _is_amid_calls(messages):
        # Amid calls it would have to begin with the thoughts that led there.
        del tree["thinking"]
        dropped.append("thinking")
    tree["messages"] = [message for message in messages if message.get("content") != []]
    return Believed(dump(tree), tuple(dropped))


def _believed(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if not isinstance(content, list):
        return message
    return {**message, "content": [block for block in content if not _is_unsigned(block)]}


def _is_unsigned(block: Any) -> bool:
    """A signature is base64; others' thoughts bear none, or one that says whose it is ("gemini:")."""
    if not isinstance(block, dict) or block.get("type") != "thinking":
        return False
    signature = block.get("signature")
    return not isinstance(signature, str) or _SIGNATURE.fullmatch(signature) is None


def _must_think(tree: dict[str, Any]) -> bool:
    thinking = tree.get("thinking")
    return isinstance(thinking, dict) and thinking.get("type") == "enabled"


def _is_amid_calls(messages: list[dict[str, Any]]) -> bool:
    content = messages[-1].get("content")
    blocks = content if isinstance(content, list) else []
    return any(isinstance(block, dict) and block.get("type") == "tool_result" for block in blocks)
