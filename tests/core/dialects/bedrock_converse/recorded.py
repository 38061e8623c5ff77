"""Recorded requests to Converse, read: what clients of that dialect would have meant. For tests alone: the gateway does
not speak it to clients. `ours` is a recorded request as the gateway spells it, without what has no neutral word.
"""

import json
import re
from pathlib import Path
from urllib.parse import unquote

from tidegate.core.dialects.neutral.chat import Chat, Format, Media, Text, Thinking, Tool, ToolCall, ToolResult, Turn

GOLDEN = Path(__file__).parents[3] / "golden" / "bedrock_converse"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}

_TYPES = {
    "png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "pdf": "application/pdf",
    "mp4": "video/mp4",
}  # fmt: skip
_KINDS = {"image": "image", "document": "file", "video": "video"}
_CHOICES = {"auto": "auto", "any": "required", "tool": "named"}
# Guards over what is said, and tools that run there: no word of the neutral form's.
_LEFT = ("guardrailConfig", "additionalModelRequestFields", "requestMetadata", "performanceConfig")


def model_of(exchange):
    return unquote(re.search(r"/model/(.+)/converse", exchange["request"]["path"])[1])


def request_of(exchange):
    return json.loads(exchange["request"]["body"])


def read(body):
    config, tools = body.get("inferenceConfig", {}), body.get("toolConfig", {})
    fields = body.get("additionalModelRequestFields", {})
    thinking = fields.get("thinking", {})
    choice = next(iter(tools.get("toolChoice", {})), None)
    return Chat(
        turns=tuple(_turns(body)),
        tools=tuple(_tools(tools)),
        tool_choice=_CHOICES.get(choice),
        tool_named=tools["toolChoice"]["tool"]["name"] if choice == "tool" else "",
        format=_format(body),
        max_tokens=config.get("maxTokens"),
        temperature=config.get("temperature"),
        top_p=config.get("topP"),
        stop=tuple(config.get("stopSequences", ())),
        top_k=fields.get("top_k"),
        thinking_tokens=thinking.get("budget_tokens"),
    )


def _turns(body):
    if system := tuple(_blocks(body.get("system", ()))):
        yield Turn("system", system)
    for message in body["messages"]:
        yield Turn(message["role"], tuple(_blocks(message["content"])))


def _blocks(content):
    found = []
    for piece in content:
        if "cachePoint" in piece:
            found[-1] = found[-1]._replace(cache=piece["cachePoint"].get("ttl", "5m"))
        else:
            found.append(_block(piece))
    return found


def _block(piece):
    kind, value = next(iter(piece.items()))
    if kind in ("text", "guardContent", "json"):
        return Text(_words(kind, value))
    if kind == "reasoningContent":
        inner = value.get("reasoningText", {})
        return Thinking(inner.get("text", ""), inner.get("signature", ""), value.get("redactedContent", ""))
    if kind == "toolUse":
        return ToolCall(value["toolUseId"], value["name"], json.dumps(value["input"]))
    if kind == "toolResult":
        inner = tuple(_block(each) for each in value["content"])
        return ToolResult(value["toolUseId"], "", inner, value.get("status") == "error")
    return _media(kind, value)


def _words(kind, value):
    return value if kind == "text" else json.dumps(value) if kind == "json" else value["text"]["text"]


def _media(kind, value):
    source = value["source"]
    url = source.get("s3Location", {}).get("uri", "")
    return Media(_KINDS[kind], _TYPES[value["format"]], source.get("bytes", ""), url, name=value.get("name", ""))


def _tools(config):
    for tool in config.get("tools", ()):
        if spec := tool.get("toolSpec"):
            yield Tool(spec["name"], spec.get("description", ""), spec["inputSchema"]["json"], spec.get("strict"))


def _format(body):
    if text := body.get("outputConfig", {}).get("textFormat"):
        described = text["structure"]["jsonSchema"]
        schema = json.loads(described["schema"])
        return Format("schema", described.get("name", ""), schema, description=described.get("description", ""))
    return None


def ours(body):
    told = {key: value for key, value in body.items() if key not in _LEFT}
    told["messages"] = _alternating(body["messages"])
    if not told.get("system"):
        told.pop("system", None)
    config = {key: value for key, value in told.pop("inferenceConfig", {}).items() if value != []}
    if config:
        told["inferenceConfig"] = config
    if "toolConfig" in told:
        tools = [tool for tool in told["toolConfig"]["tools"] if "toolSpec" in tool]
        told["toolConfig"] = {**told["toolConfig"], "tools": tools}
    if described := told.get("outputConfig", {}).get("textFormat", {}).get("structure", {}).get("jsonSchema"):
        described["schema"] = json.loads(described["schema"])
    return told


def _alternating(messages):
    merged = []
    for message in messages:
        content = [_piece(piece) for piece in message["content"]]
        if merged and merged[-1]["role"] == message["role"]:
            merged[-1]["content"] += content
        else:
            merged.append({"role": message["role"], "content": content})
    return merged


def _piece(piece):
    if "guardContent" in piece:
        return {"text": piece["guardContent"]["text"]["text"]}
    if result := piece.get("toolResult"):
        content = [{"text": json.dumps(each["json"])} if "json" in each else each for each in result["content"]]
        return {"toolResult": {**result, "content": content, "status": result.get("status", "success")}}
    return piece
