"""Cells of Ollama's chat: a request with a text at each position, and what the client reads of the answer."""

import base64
import json

from tests.conformance.openai_chat import PIXEL
from tests.conformance.positions import Lacks

NAME = "ollama.chat"
PATH = "/api/chat"
ASK = {"role": "user", "content": "Please go on."}
BEFORE = {"role": "user", "content": "Hi."}


def _messages(*messages):
    return {"messages": [*messages, ASK]}


def _call(text):
    function = {"name": "take_note", "arguments": {"note": text, "more": [text]}}
    return {"role": "assistant", "content": "", "tool_calls": [{"function": function}]}


def _result(text):
    return {"role": "tool", "tool_name": "take_note", "content": text}


def _image(text):
    return base64.b64encode(PIXEL + text.encode()).decode()


BUILD = {
    "system": lambda text: _messages({"role": "system", "content": text}),
    "user": lambda text: _messages({"role": "user", "content": text}),
    "assistant history": lambda text: _messages(BEFORE, {"role": "assistant", "content": text, "thinking": text}),
    "tool definition": lambda text: {
        **_messages(),
        "tools": [{"type": "function", "function": {"name": "take_note", "description": text, "parameters": {}}}],
    },
    "tool call argument": lambda text: _messages(BEFORE, _call(text), _result("done")),
    "tool result": lambda text: _messages(BEFORE, _call("x"), _result(text)),
    "response_format schema": lambda text: {
        **_messages(),
        "format": {"type": "object", "properties": {"quote": {"type": "string", "description": text}}},
    },
    "metadata": Lacks("a request has none"),
    "file name": Lacks("a message has images and no files"),
    "image": lambda text: _messages({"role": "user", "content": "Look.", "images": [_image(text)]}),
    "embedding input": Lacks("a chat has no embedding input"),
    "batch line": Lacks("a chat is no batch"),
}


def request(position, text, *, stream):
    return {"model": "auto", "stream": stream, **BUILD[position](text)}


def read(body, *, stream):
    """(text, arguments of the first tool call) of an answer's bytes."""
    lines = body.splitlines() if stream else [body]
    messages = [json.loads(line)["message"] for line in lines]
    calls = [call for message in messages for call in message.get("tool_calls") or ()]
    return "".join(message["content"] for message in messages), json.dumps(calls[0]["function"]["arguments"])
