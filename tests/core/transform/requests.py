"""Requests for the tests of transform: an envelope from a body, and findings from the values that stand in it."""

import json

from tidegate.core.dialects import openai_chat
from tidegate.core.values.finding import Finding
from tidegate.core.values.keys import Keys

KEYS = Keys(epoch="e1", commitments=b"c" * 32, fingerprints=b"f" * 32, tags=b"t" * 32, detection=b"d" * 32)
KEY = b"k" * 32


def envelope(*contents, **more):
    """A chat request; a string is a user's turn, a dict a message as it is."""
    messages = [c if isinstance(c, dict) else {"role": "user", "content": c} for c in contents]
    body = json.dumps({"model": "auto", "messages": messages, **more}, ensure_ascii=False).encode()
    return openai_chat.parse_request(body)


def calling(arguments, call_id="call_1"):
    """An assistant's turn that calls a tool with these raw arguments."""
    call = {"id": call_id, "type": "function", "function": {"name": "lookup", "arguments": arguments}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def found(request, label, value, *, first_only=False):
    """Findings wherever `value` stands in the raw text of a part."""
    findings = []
    for index, part in enumerate(request.parts):
        at = part.text.find(value)
        while at >= 0:
            findings.append(Finding(label, at, at + len(value), 1.0, "test", index))
            if first_only:
                return findings
            at = part.text.find(value, at + 1)
    return findings
