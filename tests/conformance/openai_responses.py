"""Cells of the OpenAI responses dialect: to a target that speaks it too, and crossed to one that speaks chat."""

import base64
import json
from typing import NamedTuple

from tests.conformance.openai_chat import PIXEL, strings
from tests.conformance.positions import Lacks

TARGETS = """
[targets.inside-responses]
provider = "openai-compatible"
url = "{inside}"
model = "m"
boundary = "here"
dialects = ["openai.responses"]
[targets.outside-responses]
provider = "openai-compatible"
url = "{outside}"
model = "m"
boundary = "there"
dialects = ["openai.responses"]
api_key = "env:TEST_OUTSIDE_KEY"
contract = {{ retention = "zero", training = "never", tier = "enterprise", region = "eu", expires = 2099-01-01 }}
"""
MODEL = 'responses = ["outside-responses", "inside-responses"]\n'
"""A line of `[models]`."""
ASK = {"role": "user", "content": "Please go on."}


def _input(*items):
    return {"input": [*items, ASK]}


def _call(text):
    return {"type": "function_call", "call_id": "c1", "name": "take_note", "arguments": json.dumps({"note": text})}


def _result(text):
    return {"type": "function_call_output", "call_id": "c1", "output": text}


def _piece(**piece):
    return {"role": "user", "content": [{"type": "input_text", "text": "Look."}, piece]}


def _image(text):
    data = "data:image/png;base64," + base64.b64encode(PIXEL + text.encode()).decode()
    return _piece(type="input_image", image_url=data)


def _file(text):
    data = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.7").decode()
    return _piece(type="input_file", filename=f"{text}.pdf", file_data=data)


def _format(text):
    schema = {"type": "object", "properties": {"quote": {"type": "string", "description": text}}}
    return {"text": {"format": {"type": "json_schema", "name": "answer", "schema": schema}}}


HELLO = {"role": "user", "content": "Hi."}
BUILD = {
    "system": lambda text: {**_input(), "instructions": text},
    "user": lambda text: _input({"role": "user", "content": [{"type": "input_text", "text": text}]}),
    "assistant history": lambda text: _input(
        HELLO,
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]},
    ),
    "tool definition": lambda text: {
        **_input(),
        "tools": [{"type": "function", "name": "take_note", "description": text, "parameters": {}, "strict": False}],
    },
    "tool call argument": lambda text: _input(HELLO, _call(text), _result("done")),
    "tool result": lambda text: _input(HELLO, _call("x"), _result(text)),
    "response_format schema": lambda text: {**_input(), **_format(text)},
    "metadata": lambda text: {**_input(), "metadata": {"note": text}},
    "file name": lambda text: _input(_file(text)),
    "image": lambda text: _input(_image(text)),
    "embedding input": Lacks("a response has no embedding input"),
    "batch line": Lacks("a response is no batch"),
}


class Responses(NamedTuple):
    NAME: str
    MODEL: str
    PATH: str = "/v1/responses"
    BUILD = BUILD

    def request(self, position, text, *, stream):
        return {"model": self.MODEL, "stream": stream, **BUILD[position](text)}

    def read(self, body, *, stream):
        """(text, arguments of the first tool call) of an answer's bytes; the same in all places where they stand."""
        if not stream:
            return _said(json.loads(body))
        text = arguments = ""
        for line in body.decode().split("\n"):
            if line.startswith("data: "):
                event = json.loads(line[6:])
                text += event["delta"] if event["type"] == "response.output_text.delta" else ""
                arguments += event["delta"] if event["type"] == "response.function_call_arguments.delta" else ""
        assert _said(event["response"]) == (text, arguments)
        return text, arguments


def _said(response):
    message, call = (next(i for i in response["output"] if i["type"] == kind) for kind in ("message", "function_call"))
    return message["content"][0]["text"], call["arguments"]


SAME = Responses("openai.responses", "responses")
CROSSED = Responses("openai.responses to chat", "auto")

# -- what an upstream says -----------------------------------------------------------------------------------------


def quote(body):
    """An answer that repeats every string of the request, as prose (JSON where that was asked for) and as a tool call:
    (whole answer, events of the same as a stream)."""
    tree = json.loads(body)
    said = "\n".join(strings(tree))
    text = json.dumps({"quote": said}, ensure_ascii=False) if "format" in tree.get("text", {}) else said
    part = {"type": "output_text", "text": text, "annotations": []}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    arguments = json.dumps({"note": said}, ensure_ascii=False)
    call = {"id": "fc_1", "type": "function_call", "call_id": "c2", "name": "take_note", "arguments": arguments}
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    repeated = {key: tree[key] for key in ("instructions", "metadata", "tools", "text") if key in tree}
    whole = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": "completed", **repeated}
    done = {**whole, "output": [message, call], "usage": usage}
    begun = {**whole, "status": "in_progress", "output": []}
    events = [*_events(begun, message, call), {"type": "response.completed", "response": done}]
    return json.dumps(done).encode(), [
        f"event: {event['type']}\ndata: {json.dumps({**event, 'sequence_number': n})}\n\n".encode()
        for n, event in enumerate(events)
    ]


def _events(begun, message, call):
    yield {"type": "response.created", "response": begun}
    at, part = {"item_id": "msg_1", "output_index": 0, "content_index": 0}, message["content"][0]
    yield {"type": "response.output_item.added", "output_index": 0, "item": {**message, "content": []}}
    yield {"type": "response.content_part.added", **at, "part": {**part, "text": ""}}
    for n in range(0, len(part["text"]), 7):
        yield {"type": "response.output_text.delta", **at, "delta": part["text"][n : n + 7]}
    yield {"type": "response.output_text.done", **at, "text": part["text"]}
    yield {"type": "response.content_part.done", **at, "part": part}
    yield {"type": "response.output_item.done", "output_index": 0, "item": message}
    at = {"item_id": "fc_1", "output_index": 1}
    yield {"type": "response.output_item.added", "output_index": 1, "item": {**call, "arguments": ""}}
    for n in range(0, len(call["arguments"]), 11):
        yield {"type": "response.function_call_arguments.delta", **at, "delta": call["arguments"][n : n + 11]}
    yield {"type": "response.function_call_arguments.done", **at, "arguments": call["arguments"]}
    yield {"type": "response.output_item.done", "output_index": 1, "item": call}
