"""A stand-in for Azure OpenAI that repeats what it hears, with the results of its content filter beside it
(learn.microsoft.com/azure/ai-foundry/openai/reference, and /openai/latest for the v1 API).
"""

import json
import re

from tests.fakes.clouds import Turned, answering, in_pieces, stream, whole

_PATHS = (
    re.compile(r"/openai/v1/chat/completions"),
    re.compile(r"/openai/deployments/(?P<deployment>[^/]+)/chat/completions\?api-version=\d{4}-\d\d-\d\d(?:-preview)?"),
    re.compile(r"/models/chat/completions\?api-version=\d{4}-\d\d-\d\d(?:-preview)?"),
)
SAFE = {"hate": {"filtered": False, "severity": "safe"}}
FORBIDDEN = "forbidden"
"""A word in a prompt that the filter turns away."""


def azure(*, key):
    return answering(lambda request: _serve(request, key))


def error(status, code, message, **more):
    return Turned(status, {"error": {"code": code, "message": message, "status": status, **more}})


def _serve(request, key):
    if not any(path.fullmatch(request.target) for path in _PATHS):
        raise error(404, "DeploymentNotFound", "The API deployment for this resource does not exist.")
    if request.headers.get("api-key") != key or "authorization" in request.headers:
        raise error(401, "401", "Access denied due to invalid subscription key.")
    body = json.loads(request.body)
    heard = body["messages"][-1]["content"]
    if FORBIDDEN in heard:
        inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": {"hate": {"filtered": True}}}
        raise error(400, "content_filter", "The response was filtered.", param="prompt", innererror=inner)
    told = f"heard: {heard}"
    return stream(_chunks(body["model"], told)) if body.get("stream") else whole(_answer(body["model"], told))


_PROMPT = [{"prompt_index": 0, "content_filter_results": SAFE}]
_USAGE = {"prompt_tokens": 11, "completion_tokens": 10, "total_tokens": 21}


def _head(model, kind):
    return {"id": "chatcmpl-azure", "object": kind, "created": 1_800_000_000, "model": model}


def _answer(model, told):
    message = {"role": "assistant", "content": told, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None, "content_filter_results": SAFE}
    return {**_head(model, "chat.completion"), "choices": [choice], "prompt_filter_results": _PROMPT, "usage": _USAGE}


def _chunks(model, told):
    head = _head(model, "chat.completion.chunk")
    yield _event({**head, "choices": [], "prompt_filter_results": _PROMPT})
    for piece in in_pieces(told):
        delta = {"role": "assistant", "content": piece}
        choice = {"index": 0, "delta": delta, "finish_reason": None, "content_filter_results": SAFE}
        yield _event({**head, "choices": [choice]})
    yield _event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    yield b"data: [DONE]\n\n"


def _event(tree):
    return b"data: " + json.dumps(tree).encode() + b"\n\n"
