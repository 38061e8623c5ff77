"""A gateway in front of the embedded model, and of a scripted one that calls the first tool that it is offered."""

import base64
import contextlib
import json
import struct

from tests.fakes import gateway as fake
from tests.fakes.upstream import EVENTS_HEAD, chunk, response

CONFIGURATION = """
[server]
listen = "127.0.0.1:{port}"
{server}
[boundaries.here]
kind = "local"
[targets.tiny]
provider = "embedded"
boundary = "here"
context_tokens = 65536
[targets.inside]
provider = "openai-compatible"
url = "{inside}"
model = "m"
boundary = "here"
[targets.outside]
provider = "openai-compatible"
url = "{outside}"
model = "m"
boundary = "here"
[models]
tiny = ["tiny"]
tools = ["inside"]
[upstream]
{upstream}
[store]
url = "sqlite:///{home}/state.db"
[keys]
path = "{home}/keys"
[audit]
path = "{home}/audit"
{audit}
[detection]
path = "{home}/detection"
{more}
"""
SAID = "The answer is 42."


@contextlib.contextmanager
def served():
    """Models `tiny` (real, embedded) and `tools` (scripted); yields the gateway and the scripted upstream."""
    with fake.upstreams(acts, acts) as (inside, outside):
        with fake.Gateway(inside, outside, template=CONFIGURATION) as gateway:
            yield gateway, inside


async def acts(talk):
    """OpenAI's chat completions and embeddings (platform.openai.com/docs/api-reference), as far as clients ask."""
    asked = json.loads(talk.request.body)
    if talk.request.target.endswith("/embeddings"):
        vector = [0.25, -0.5]
        if asked.get("encoding_format") == "base64":
            vector = base64.b64encode(struct.pack("<2f", *vector)).decode()
        vectors = [{"object": "embedding", "index": n, "embedding": vector} for n in range(len(asked["input"]))]
        told = {"object": "list", "model": "m", "data": vectors, "usage": {"prompt_tokens": 2, "total_tokens": 2}}
        return await talk.send(response(200, json.dumps(told).encode()))
    message, reason = _message(asked)
    if not asked.get("stream"):
        return await talk.send(response(200, json.dumps(_whole(message, reason)).encode()))
    await talk.send(EVENTS_HEAD)
    for event in _chunks(message, reason):
        await talk.send(chunk(b"data: " + json.dumps(event).encode() + b"\n\n"))
    return await talk.send(chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")


def _message(asked):
    tools = [tool["function"] for tool in asked.get("tools", ()) if tool.get("type") == "function"]
    has_result = any(message["role"] == "tool" for message in asked["messages"])
    if not tools or has_result:
        return {"role": "assistant", "content": SAID}, "stop"
    wanted = next((tool for tool in tools if tool["name"] == "lookup"), tools[0])
    arguments = json.dumps({name: _value(kind) for name, kind in _needed(wanted)})
    call = {"id": "call_0001", "type": "function", "function": {"name": wanted["name"], "arguments": arguments}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"


def _needed(tool):
    schema = tool.get("parameters") or {}
    return [(name, schema["properties"][name]) for name in schema.get("required", ())]


def _value(kind):
    return {"string": "tide", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}.get(
        kind.get("type")
    )


def _whole(message, reason):
    choice = {"index": 0, "message": message, "finish_reason": reason}
    usage = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


def _chunks(message, reason):
    def event(delta, finish=None):
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}

    yield event({"role": "assistant", "content": ""})
    for word in (message["content"] or "").split(" ") if message["content"] else ():
        yield event({"content": word + ("" if word.endswith(".") and word[:-1].isdigit() else " ")})
    for index, call in enumerate(message.get("tool_calls", ())):
        arguments = call["function"]["arguments"]
        begun = {**call, "index": index, "function": {"name": call["function"]["name"], "arguments": ""}}
        yield event({"tool_calls": [begun]})
        for at in range(0, len(arguments), 5):
            yield event({"tool_calls": [{"index": index, "function": {"arguments": arguments[at : at + 5]}}]})
    yield event({}, reason)
    yield {**event({}), "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}}
