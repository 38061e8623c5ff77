"""A stand-in for Bedrock's runtime that repeats what it hears (docs.aws.amazon.com/bedrock/latest/APIReference): it
works out each signature again with botocore, and holds each request against botocore's model of the service.
"""

import json
import re
from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from tests.fakes.aws import signature_is_good
from tests.fakes.clouds import Turned, answering, in_pieces, stream, whole
from tests.fakes.eventstream import event

_PATH = re.compile(r"/model/(?P<model>[A-Za-z0-9._%-]+)/(?P<method>converse|converse-stream)")
TYPE = "application/vnd.amazon.eventstream"


@cache
def _shape():
    service = ServiceModel(Loader().load_service_model("bedrock-runtime", "service-2"))
    return service.operation_model("Converse").input_shape


def bedrock(*, secret="", key=""):
    """A behaviour. `secret`: of the access key that signs; `key`: a Bedrock API key, shown in place of a signature."""
    return answering(lambda request: _serve(request, secret, key))


def error(status, kind, message):
    return Turned(status, {"message": message}, (("x-amzn-errortype", f"{kind}:http://internal.amazon.com/"),))


def _serve(request, secret, key):
    found = _PATH.fullmatch(request.target)
    if not found:
        raise error(404, "UnknownOperationException", "no such operation")
    if key and request.headers.get("authorization") != f"Bearer {key}":
        raise error(403, "AccessDeniedException", "the key is wrong")
    url = f"http://{request.headers['host']}{request.target}"
    if not key and not signature_is_good(request.method, url, request.headers, request.body, secret=secret):
        raise error(403, "InvalidSignatureException", "The request signature we calculated does not match")
    body = json.loads(request.body)
    report = ParamValidator().validate({**body, "modelId": found["model"]}, _shape())
    if report.has_errors():
        raise error(400, "ValidationException", report.generate_report())
    blocks = _blocks(body)
    return _streamed(blocks) if found["method"] == "converse-stream" else whole(_answer(blocks))


def _blocks(body):
    """A call of the first tool, or the last text again."""
    last = body["messages"][-1]["content"]
    heard = " ".join(piece["text"] for piece in last if "text" in piece)
    heard = heard or json.dumps([piece["toolResult"]["content"] for piece in last if "toolResult" in piece])
    if heard.startswith("call ") and "toolConfig" in body:
        name = body["toolConfig"]["tools"][0]["toolSpec"]["name"]
        thought = {"reasoningContent": {"reasoningText": {"text": "Let me see.", "signature": "c2lnbmVk"}}}
        return [thought, {"toolUse": {"toolUseId": "tooluse_1", "name": name, "input": {"text": heard[5:]}}}]
    return [{"text": f"heard: {heard}"}]


_USAGE = {
    "inputTokens": 8,
    "outputTokens": 10,
    "totalTokens": 21,
    "cacheReadInputTokens": 3,
    "cacheWriteInputTokens": 0,
}


def _reason(blocks):
    return "tool_use" if "toolUse" in blocks[-1] else "end_turn"


def _answer(blocks):
    message = {"role": "assistant", "content": blocks}
    return {"output": {"message": message}, "stopReason": _reason(blocks), "usage": _USAGE, "metrics": {"latencyMs": 1}}


def _streamed(blocks):
    pieces = [event("messageStart", role="assistant")]
    for number, block in enumerate(blocks):
        if call := block.get("toolUse"):
            start = {"toolUse": {"toolUseId": call["toolUseId"], "name": call["name"]}}
            pieces.append(event("contentBlockStart", contentBlockIndex=number, start=start))
        pieces += [event("contentBlockDelta", contentBlockIndex=number, delta=delta) for delta in _deltas(block)]
        pieces.append(event("contentBlockStop", contentBlockIndex=number))
    pieces.append(event("messageStop", stopReason=_reason(blocks)))
    pieces.append(event("metadata", usage=_USAGE, metrics={"latencyMs": 1}))
    return stream(pieces, TYPE)


def _deltas(block):
    if "text" in block:
        return [{"text": piece} for piece in in_pieces(block["text"])]
    if call := block.get("toolUse"):
        return [{"toolUse": {"input": piece}} for piece in in_pieces(json.dumps(call["input"]))]
    thought = block["reasoningContent"]["reasoningText"]
    told = [{"reasoningContent": {"text": piece}} for piece in in_pieces(thought["text"])]
    return [*told, {"reasoningContent": {"signature": thought["signature"]}}]
