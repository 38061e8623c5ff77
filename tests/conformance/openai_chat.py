"""Cells of the OpenAI chat dialect: a request with a text at each position, and what the client reads of the answer."""

import base64
import json

from tests.conformance.positions import Lacks

NAME = "openai.chat"
PATH = "/v1/chat/completions"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
ASK = {"role": "user", "content": "Please go on."}


def _messages(*messages):
    return {"messages": [*messages, ASK]}


def _call(text):
    function = {"name": "take_note", "arguments": json.dumps({"note": text})}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "type": "function", "function": function}],
    }


def _schema(text):
    return {"type": "object", "properties": {"quote": {"type": "string", "description": text}}}


def _image(text):
    """A picture that says the text: in its bytes, as its description, where nobody can look."""
    data = "data:image/png;base64," + base64.b64encode(PIXEL + text.encode()).decode()
    return {"type": "image_url", "image_url": {"url": data}}


def _file(text):
    data = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.7").decode()
    return {"type": "file", "file": {"filename": f"{text}.pdf", "file_data": data}}


BUILD = {
    "system": lambda text: _messages({"role": "system", "content": text}),
    "user": lambda text: _messages({"role": "user", "content": text}),
    "assistant history": lambda text: _messages(
        {"role": "user", "content": "Hi."}, {"role": "assistant", "content": text}
    ),
    "tool definition": lambda text: {
        **_messages(),
        "tools": [{"type": "function", "function": {"name": "take_note", "description": text, "parameters": {}}}],
    },
    "tool call argument": lambda text: _messages(
        {"role": "user", "content": "Hi."}, _call(text), {"role": "tool", "tool_call_id": "c1", "content": "done"}
    ),
    "tool result": lambda text: _messages(
        {"role": "user", "content": "Hi."}, _call("x"), {"role": "tool", "tool_call_id": "c1", "content": text}
    ),
    "response_format schema": lambda text: {
        **_messages(),
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": _schema(text)}},
    },
    "metadata": lambda text: {**_messages(), "metadata": {"note": text}},
    "file name": lambda text: _messages({"role": "user", "content": [{"type": "text", "text": "Read."}, _file(text)]}),
    "image": lambda text: _messages({"role": "user", "content": [{"type": "text", "text": "Look."}, _image(text)]}),
    "embedding input": Lacks("a chat has no embedding input"),
    "batch line": Lacks("a chat is no batch"),
}


def request(position, text, *, stream):
    return {"model": "auto", "stream": stream, **BUILD[position](text)}


# -- what a client reads ------------------------------------------------------------------------------------------


def read(body, *, stream):
    """(text, arguments of the first tool call) of an answer's bytes."""
    if not stream:
        message = json.loads(body)["choices"][0]["message"]
        return message["content"], message["tool_calls"][0]["function"]["arguments"]
    text = arguments = ""
    for line in body.decode().split("\n"):
        if line.startswith("data: ") and line != "data: [DONE]":
            for choice in json.loads(line[6:])["choices"]:
                delta = choice["delta"]
                text += delta.get("content") or ""
                for call in delta.get("tool_calls") or ():
                    arguments += call["function"].get("arguments", "")
    return text, arguments


# -- what an upstream says ----------------------------------------------------------------------------------------


def quote(body):
    """An answer that repeats every string of the request, as prose (JSON where that was asked for) and as a tool call:
    (whole answer, events of the same as a stream)."""
    tree = json.loads(body)
    said = "\n".join(strings(tree))
    content = json.dumps({"quote": said}, ensure_ascii=False) if "response_format" in tree else said
    function = {"name": "take_note", "arguments": json.dumps({"note": said}, ensure_ascii=False)}
    call = {"id": "c2", "type": "function", "function": function}
    message = {"role": "assistant", "content": content, "tool_calls": [call]}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    head = {"id": "x", "object": "chat.completion", "created": 1, "model": "m"}
    whole = {**head, "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}], "usage": usage}
    return json.dumps(whole).encode(), [*_events({**head, "object": "chat.completion.chunk"}, content, function)]


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def _events(head, content, function):
    def event(delta, reason=None):
        choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
        return f"data: {json.dumps({**head, 'choices': choices})}\n\n".encode()

    yield event({"role": "assistant", "content": ""})
    yield from (event({"content": content[at : at + 7]}) for at in range(0, len(content), 7))
    name, arguments = function["name"], function["arguments"]
    yield event(
        {"tool_calls": [{"index": 0, "id": "c2", "type": "function", "function": {"name": name, "arguments": ""}}]}
    )
    for at in range(0, len(arguments), 11):
        yield event({"tool_calls": [{"index": 0, "function": {"arguments": arguments[at : at + 11]}}]})
    yield event({}, "tool_calls")
    yield b"data: [DONE]\n\n"
