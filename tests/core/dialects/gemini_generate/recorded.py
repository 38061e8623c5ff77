"""Recorded requests to generateContent, read: what clients of Gemini's own dialect would have meant.

`read` is the inverse of what the gateway writes, for tests alone: the gateway does not speak this dialect to clients.
`ours` is a recorded request in the spelling that the gateway has for it, without what the neutral form has no word for.
"""

import json
import re
from pathlib import Path

from tidegate.core.dialects.neutral.chat import (
    Chat,
    Format,
    Media,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)

GOLDEN = Path(__file__).parents[3] / "golden" / "gemini_generate"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
ANSWERED = {name: e for name, e in EXCHANGES.items() if e["response"]["status"] == 200}

_KINDS = {"image": "image", "audio": "audio", "video": "video"}
_CHOICES = {"AUTO": "auto", "NONE": "none", "ANY": "required"}
# What is no word of the neutral form's, and would be named as left on a receipt.
_LEFT = ("safetySettings", "labels", "cachedContent")


def model_of(exchange):
    return re.search(r"models/([^:]+):", exchange["request"]["path"])[1]


def request_of(exchange):
    return camel(json.loads(exchange["request"]["body"]))


def camel(value):
    """The API takes both spellings of its own names."""
    if isinstance(value, list):
        return [camel(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {}
    for key, inner in value.items():
        name = re.sub(r"_([a-z])", lambda found: found[1].upper(), key)
        verbatim = name in (
            "args",
            "response",
            "parameters",
            "parametersJsonSchema",
            "responseSchema",
            "responseJsonSchema",
        )
        told[name] = inner if verbatim else camel(inner)
    return told


def plain_schema(schema):
    """OpenAPI's dialect of schemas as JSON Schema: types in lower case."""
    if isinstance(schema, list):
        return [plain_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: inner.lower() if key == "type" and isinstance(inner, str) else plain_schema(inner)
        for key, inner in schema.items()
    }


# -- as a meaning ------------------------------------------------------------------------------------------------------


def read(body):
    config = body.get("generationConfig", {})
    thinking = config.get("thinkingConfig", {})
    choice, named = _choice(body)
    return Chat(
        turns=tuple(_turns(body)),
        tools=tuple(_tools(body)),
        tool_choice=choice,
        tool_named=named,
        format=_format(config),
        temperature=config.get("temperature"),
        top_p=config.get("topP"),
        top_k=config.get("topK"),
        max_tokens=config.get("maxOutputTokens"),
        stop=tuple(config.get("stopSequences", ())),
        seed=config.get("seed"),
        choices=config.get("candidateCount"),
        thinks=thinking.get("includeThoughts") or None,
        thinking_tokens=thinking.get("thinkingBudget"),
    )


def _turns(body):
    if system := body.get("systemInstruction"):
        yield Turn("system", tuple(Text(part["text"]) for part in system["parts"]))
    for content in body["contents"]:
        blocks = tuple(_signed(content["parts"]))
        results = any(isinstance(block, ToolResult) for block in blocks)
        yield Turn("tool" if results else "assistant" if content.get("role") == "model" else "user", blocks)


def _signed(parts):
    """As clients keep them: a call's signature stands with a thought before it."""
    for part in parts:
        if "functionCall" in part and "thoughtSignature" in part:
            yield Thinking("", f"gemini.call:{part['thoughtSignature']}")
        yield _block(part)


def _block(part):
    signature = f"gemini:{part['thoughtSignature']}" if "thoughtSignature" in part else ""
    if call := part.get("functionCall"):
        return ToolCall(call.get("id", ""), call["name"], json.dumps(call["args"]))
    if result := part.get("functionResponse"):
        return _result(result)
    if part.get("thought"):
        return Thinking(part["text"], signature)
    return _media(part) or Text(part["text"])


def _result(result):
    response = dict(result["response"])
    failed = list(response) == ["error"]
    said = next(iter(response.values())) if len(response) == 1 else response
    text = said if isinstance(said, str) else json.dumps(said)
    media = tuple(_media(part) for part in result.get("parts", ()))
    return ToolResult(result.get("id", ""), result["name"], (Text(text), *media), failed)


def _media(part):
    if inline := part.get("inlineData"):
        return Media(_kind(inline["mimeType"]), inline["mimeType"], data=inline["data"])
    if file := part.get("fileData"):
        return Media(_kind(file["mimeType"]), file["mimeType"], url=file["fileUri"])
    return None


def _kind(media_type):
    return _KINDS.get(media_type.partition("/")[0], "file")


def _tools(body):
    for tool in body.get("tools", ()):
        for declared in tool.get("functionDeclarations", ()):
            schema = declared.get("parametersJsonSchema") or plain_schema(declared.get("parameters"))
            yield Tool(declared["name"], declared.get("description", ""), schema)


def _choice(body):
    calling = body.get("toolConfig", {}).get("functionCallingConfig")
    if not calling:
        return None, ""
    allowed = calling.get("allowedFunctionNames", ())
    return ("named", allowed[0]) if len(allowed) == 1 else (_CHOICES[calling["mode"]], "")


def _format(config):
    schema = config.get("responseJsonSchema") or plain_schema(config.get("responseSchema"))
    if schema:
        return Format("schema", schema=schema)
    return Format("json") if config.get("responseMimeType") == "application/json" else None


# -- as we would write it ----------------------------------------------------------------------------------------------


def ours(body):
    told = {key: value for key, value in body.items() if key not in _LEFT}
    told["contents"] = [content for each in body["contents"] for content in _contents(each)]
    if system := body.get("systemInstruction"):
        told["systemInstruction"] = {"parts": system["parts"]}
    if tools := [_declared(tool) for tool in body.get("tools", ()) if "functionDeclarations" in tool]:
        told["tools"] = [{"functionDeclarations": [each for tool in tools for each in tool]}]
    calling = told.get("toolConfig", {}).get("functionCallingConfig", {})
    if len(calling.get("allowedFunctionNames", ())) != 1:
        calling.pop("allowedFunctionNames", None)
    config = _config(body.get("generationConfig", {}))
    told.pop("generationConfig", None)
    return told | ({"generationConfig": config} if config else {})


def _contents(content):
    parts = [_part(part) for part in content["parts"]]
    yield {"role": content.get("role", "user"), "parts": parts}
    if media := [m for part in content["parts"] for m in part.get("functionResponse", {}).get("parts", ())]:
        yield {"role": "user", "parts": media}


def _part(part):
    part = dict(part)
    if result := part.get("functionResponse"):
        response = result["response"]
        said = next(iter(response.values())) if len(response) == 1 else response
        key = "error" if list(response) == ["error"] else "output"
        text = said if isinstance(said, str) else json.dumps(said)
        part["functionResponse"] = {"name": result["name"], "response": {key: text}} | (
            {"id": result["id"]} if "id" in result else {}
        )
    return part


def _declared(tool):
    for each in tool["functionDeclarations"]:
        schema = each.get("parametersJsonSchema") or plain_schema(each.get("parameters"))
        described = {"description": each["description"]} if each.get("description") else {}
        yield {"name": each["name"], **described, "parametersJsonSchema": schema}


def _config(config):
    told = {key: value for key, value in config.items() if key not in ("responseModalities", "responseSchema")}
    if schema := config.get("responseSchema"):
        told["responseJsonSchema"] = plain_schema(schema)
    thinking = {key: value for key, value in told.pop("thinkingConfig", {}).items() if value is not False}
    return told | ({"thinkingConfig": thinking} if thinking else {})
