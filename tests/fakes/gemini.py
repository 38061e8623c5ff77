"""A stand-in for the Gemini API and Vertex AI that repeats what it hears (ai.google.dev/api/generate-content,
cloud.google.com/vertex-ai/docs/reference/rest): it refuses what the real one refuses by its form.
"""

import json
import re

from tests.fakes.clouds import Turned, answering, in_pieces, stream, whole

_PATH = re.compile(
    r"(?:/v1beta|/v1beta1/projects/[^/]+/locations/[^/]+/publishers/google)/models/(?P<model>[^/:?]+)"
    r":(?P<method>generateContent|streamGenerateContent)(?P<query>\?alt=sse)?"
)
_FIELDS = {"contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings"}
_PARTS = {"text", "inlineData", "fileData", "functionCall", "functionResponse", "thought", "thoughtSignature"}


def gemini(*, key="", token=""):
    """A behaviour. `key`: of the Gemini API; `token`: of Vertex AI."""
    return answering(lambda request: _serve(request, key, token))


def error(status, code, message):
    return Turned(status, {"error": {"code": status, "message": message, "status": code}})


def _serve(request, key, token):
    found = _PATH.fullmatch(request.target)
    if not found:
        raise error(404, "NOT_FOUND", "no such method")
    if request.headers.get("x-goog-api-key", "") != key:
        raise error(403, "PERMISSION_DENIED", "the key is wrong")
    if request.headers.get("authorization", "") != (f"Bearer {token}" if token else ""):
        raise error(401, "UNAUTHENTICATED", "the token is wrong")
    body = json.loads(request.body)
    _check(body)
    parts = _parts(body)
    streams = found["method"] == "streamGenerateContent"
    assert streams == bool(found["query"])  # one long array is nothing that we read
    return _streamed(found["model"], parts) if streams else whole(_answer(found["model"], parts, "STOP"))


def _check(body):
    unknown = [*(set(body) - _FIELDS), *(p for c in body["contents"] for p in c["parts"] for p in set(p) - _PARTS)]
    if unknown:
        raise error(400, "INVALID_ARGUMENT", f"Unknown name {unknown[0]}")
    if not body["contents"] or any(c["role"] not in ("user", "model") or not c["parts"] for c in body["contents"]):
        raise error(400, "INVALID_ARGUMENT", "contents must not be empty")


def _parts(body):
    """A call of the first tool that takes a text, or the last text again."""
    last = body["contents"][-1]["parts"]
    heard = " ".join(part["text"] for part in last if part.get("text"))
    heard = heard or json.dumps([part["functionResponse"]["response"] for part in last if "functionResponse" in part])
    if heard.startswith("call ") and "tools" in body:
        name = body["tools"][0]["functionDeclarations"][0]["name"]
        call = {"functionCall": {"name": name, "args": {"text": heard[5:]}}, "thoughtSignature": "c2lnbmVk"}
        return [{"text": "Let me see.", "thought": True}, call]
    return [{"text": f"heard: {heard}"}]


def _answer(model, parts, reason=None):
    candidate = {"content": {"role": "model", "parts": parts}, "index": 0} | (
        {"finishReason": reason} if reason else {}
    )
    usage = {"promptTokenCount": 11, "candidatesTokenCount": 7, "thoughtsTokenCount": 3, "totalTokenCount": 21}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model, "responseId": "r-1"}


def _streamed(model, parts):
    pieces = []
    for part in parts:
        cut = [{**part, "text": text} for text in in_pieces(part["text"])] if "text" in part else [part]
        pieces += [_answer(model, [one]) for one in cut]
    pieces.append(_answer(model, [{"text": ""}], "STOP"))
    return stream([b"data: " + json.dumps(each).encode() + b"\r\n\r\n" for each in pieces])
