"""Cells of Anthropic's messages: to a target that speaks them too, and crossed to one that speaks chat."""

import base64
import json
from typing import NamedTuple

from tests.conformance.openai_chat import PIXEL, strings
from tests.conformance.positions import Lacks
from tests.fakes.anthropic import event

TARGETS = """
[targets.inside-messages]
provider = "anthropic"
url = "{inside}"
model = "m"
boundary = "here"
api_key = "env:TEST_OUTSIDE_KEY"
[targets.outside-messages]
provider = "anthropic"
url = "{outside}"
model = "m"
boundary = "there"
api_key = "env:TEST_OUTSIDE_KEY"
contract = {{ retention = "zero", training = "never", tier = "enterprise", region = "eu", expires = 2099-01-01 }}
"""
MODEL = 'messages = ["outside-messages", "inside-messages"]\n'
"""A line of `[models]`."""
ASK = {"role": "user", "content": "Please go on."}
HELLO = {"role": "user", "content": "Hi."}


def _messages(*messages):
    return {"messages": [*messages, ASK]}


def _blocks(role, *blocks):
    return {"role": role, "content": [*blocks]}


def _call(text):
    return _blocks("assistant", {"type": "tool_use", "id": "c1", "name": "take_note", "input": {"note": text}})


def _result(text):
    return _blocks("user", {"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": text}]})


def _image(text):
    data = base64.b64encode(PIXEL + text.encode()).decode()
    return {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}


def _file(text):
    source = {"type": "base64", "media_type": "application/pdf", "data": base64.b64encode(b"%PDF-1.7").decode()}
    return {"type": "document", "title": f"{text}.pdf", "source": source}


def _format(text):
    schema = {"type": "object", "properties": {"quote": {"type": "string", "description": text}}}
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


BUILD = {
    "system": lambda text: {**_messages(), "system": [{"type": "text", "text": text}]},
    "user": lambda text: _messages({"role": "user", "content": text}),
    "assistant history": lambda text: _messages(HELLO, _blocks("assistant", {"type": "text", "text": text})),
    "tool definition": lambda text: {
        **_messages(),
        "tools": [{"name": "take_note", "description": text, "input_schema": {"type": "object"}}],
    },
    "tool call argument": lambda text: _messages(HELLO, _call(text), _result("done")),
    "tool result": lambda text: _messages(HELLO, _call("x"), _result(text)),
    "response_format schema": lambda text: {**_messages(), **_format(text)},
    "metadata": lambda text: {**_messages(), "metadata": {"user_id": text}},
    "file name": lambda text: _messages(_blocks("user", {"type": "text", "text": "Read."}, _file(text))),
    "image": lambda text: _messages(_blocks("user", {"type": "text", "text": "Look."}, _image(text))),
    "embedding input": Lacks("a message has no embedding input"),
    "batch line": Lacks("a message is no batch"),
}


class Messages(NamedTuple):
    NAME: str
    MODEL: str
    PATH: str = "/v1/messages"
    BUILD = BUILD

    def request(self, position, text, *, stream):
        return {"model": self.MODEL, "max_tokens": 1000, "stream": stream, **BUILD[position](text)}

    def read(self, body, *, stream):
        """(text, arguments of the first tool call) of an answer's bytes."""
        if not stream:
            content = json.loads(body)["content"]
            text, call = (next(block for block in content if block["type"] == kind) for kind in ("text", "tool_use"))
            return text["text"], json.dumps(call["input"], ensure_ascii=False)
        text = arguments = ""
        for line in body.decode().split("\n"):
            if line.startswith("data: "):
                delta = json.loads(line[6:]).get("delta", {})
                text += delta.get("text", "")
                arguments += delta.get("partial_json", "")
        return text, arguments


SAME = Messages("anthropic.messages", "messages")
CROSSED = Messages("anthropic.messages to chat", "auto")


# -- what an upstream says -----------------------------------------------------------------------------------------


def quote(body):
    """An answer that repeats every string of the request, as prose (JSON where that was asked for) and as a tool call:
    (whole answer, events of the same as a stream)."""
    tree = json.loads(body)
    said = "\n".join(strings(tree))
    text = json.dumps({"quote": said}, ensure_ascii=False) if "output_config" in tree else said
    call = {"type": "tool_use", "id": "c2", "name": "take_note", "input": {"note": said}}
    head = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1}}  # fmt: skip
    whole = {**head, "content": [{"type": "text", "text": text}, call], "stop_reason": "tool_use"}
    return json.dumps(whole, ensure_ascii=False).encode(), [*_events(head, text, call)]


def _events(head, text, call):
    yield event("message_start", message={**head, "content": [], "stop_reason": None})
    yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    for at in range(0, len(text), 7):
        delta = {"type": "text_delta", "text": text[at : at + 7]}
        yield event("content_block_delta", index=0, delta=delta)
    yield event("content_block_stop", index=0)
    yield event("content_block_start", index=1, content_block={**call, "input": {}})
    arguments = json.dumps(call["input"], ensure_ascii=False)
    for at in range(0, len(arguments), 11):
        delta = {"type": "input_json_delta", "partial_json": arguments[at : at + 11]}
        yield event("content_block_delta", index=1, delta=delta)
    yield event("content_block_stop", index=1)
    yield event("message_delta", delta={"stop_reason": "tool_use", "stop_sequence": None}, usage={"output_tokens": 1})
    yield event("message_stop")
