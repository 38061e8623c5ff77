"""Anthropic's API as its documentation describes it, as far as clients of messages see it. No server was asked.

- docs.claude.com/en/api/messages, /messages-streaming, /messages-count-tokens, /errors, /versioning
- docs.claude.com/en/docs/build-with-claude/extended-thinking (thinking blocks come back unchanged, or are refused)
- docs.claude.com/en/docs/agents-and-tools/tool-use (results come first, for every call)

`api` answers what a request asks for. It refuses what the API refuses of requests that came from elsewhere, which is
what a gateway has to get right. How a user's last text steers it:

    say TEXT            answers with the text
    think, then TEXT    thinks, signs what it thought, and answers
    call NAME twice     calls the tool NAME two times, in one answer
    fail STATUS         an error of that status
    break               a stream that ends with an error event
"""

import hashlib
import json
import re

from tests.fakes.upstream import Conversation, response, streams

VERSION = "2023-06-01"
ERRORS = {
    400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
    413: "request_too_large", 429: "rate_limit_error", 500: "api_error", 529: "overloaded_error",
}  # fmt: skip
_ID = re.compile(r"[a-zA-Z0-9_-]+")


class Refused(Exception):  # noqa: N818 - an answer of the API's
    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


async def api(talk: Conversation) -> None:
    """A behaviour of an `Upstream`."""
    path = talk.request.target.partition("?")[0]
    try:
        _check_headers(talk.request.headers)
        if path == "/v1/models" and talk.request.method == "GET":
            listed = {"data": [{"type": "model", "id": "claude-fake", "display_name": "Claude"}], "has_more": False}
            await talk.send(response(200, json.dumps(listed).encode()))
            return
        body = _checked(talk)
        if path == "/v1/messages/count_tokens":
            await talk.send(response(200, json.dumps({"input_tokens": len(talk.request.body) // 4}).encode()))
        elif path == "/v1/messages":
            await _answer(talk, body)
        else:
            await _refuse(talk, Refused(404, "Not found"))
    except Refused as refused:
        await _refuse(talk, refused)


async def _refuse(talk, refused):
    error = {"type": ERRORS[refused.status], "message": refused.message}
    told = {"type": "error", "error": error, "request_id": "req_fake"}
    await talk.send(response(refused.status, json.dumps(told).encode(), [("request-id", "req_fake")]))


def _check_headers(headers):
    if not headers.get("x-api-key"):
        raise Refused(401, "x-api-key header is required")
    if not headers.get("anthropic-version"):
        raise Refused(400, "anthropic-version: header is required")


def _checked(talk):
    """The body, if the API would take it."""
    body = json.loads(talk.request.body)
    check_request(body, counts="count_tokens" in talk.request.target)
    return body


def check_request(body, *, counts=False):
    """Raises Refused for what the API would not take."""
    if not counts and not isinstance(body.get("max_tokens"), int):
        raise Refused(400, "max_tokens: Field required")
    if not 0 <= body.get("temperature", 0) <= 1:
        raise Refused(400, "temperature: range: 0..1")
    if body["messages"][0]["role"] != "user":
        raise Refused(400, "messages: first message must use the user role")
    _check_turns(body["messages"])


def _check_turns(messages):
    waiting = set()
    for n, message in enumerate(messages):
        where, content = f"messages.{n}", message["content"]
        if message["role"] not in ("user", "assistant") or not content:
            raise Refused(400, f"{where}: role must be user or assistant, and content non-empty")
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        kinds = [block["type"] for block in blocks]
        if kinds != sorted(kinds, key=lambda kind: kind != "tool_result"):
            raise Refused(400, f"{where}: tool_result blocks come first")
        answered = {block["tool_use_id"] for block in blocks if block["type"] == "tool_result"}
        if answered != waiting:
            raise Refused(400, f"{where}: `tool_use` ids were found without `tool_result` blocks immediately after")
        waiting = {block["id"] for block in blocks if block["type"] == "tool_use"}
        for block in blocks:
            _check_block(where, block)


def _check_block(where, block):
    if block["type"] == "text" and not block["text"].strip():
        raise Refused(400, f"{where}: text content blocks must be non-empty")
    if block["type"] == "tool_use" and not _ID.fullmatch(block["id"]):
        raise Refused(400, f"{where}: tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
    if block["type"] == "thinking" and block["signature"] != signature(block["thinking"]):
        raise Refused(400, f"{where}: Invalid `signature` in `thinking` block")


def signature(thought):
    return hashlib.sha256(thought.encode()).hexdigest()


async def _answer(talk, body):
    said = _last_text(body["messages"][-1])
    if found := re.search(r"fail (\d+)", said):
        raise Refused(int(found.group(1)), f"as you asked: {found.group(1)}")
    content, reason = _content(said)
    usage = {"input_tokens": 10, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 2, "output_tokens": 1}
    head = {"id": "msg_fake", "type": "message", "role": "assistant", "model": body["model"]}
    if not body.get("stream"):
        whole = {**head, "content": content, "stop_reason": reason, "stop_sequence": None, "usage": usage}
        await talk.send(response(200, json.dumps(whole).encode(), [("request-id", "req_fake")]))
        return
    start = {**head, "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
    pieces = [event("message_start", message=start), event("ping")]
    for index, block in enumerate(content):
        pieces += _block(index, block)
    if "break" in said:
        pieces.append(event("error", error={"type": "overloaded_error", "message": "Overloaded"}))
    else:
        pieces.append(event("message_delta", delta={"stop_reason": reason, "stop_sequence": None},
                            usage={"output_tokens": 7}))  # fmt: skip
        pieces.append(event("message_stop"))
    await streams(*pieces)(talk)


def _last_text(message):
    content = message["content"]
    if isinstance(content, str):
        return content
    return next((block["text"] for block in reversed(content) if block["type"] == "text"), "say done")


def _content(said):
    blocks = []
    if said.startswith("think, then "):
        said = said.removeprefix("think, then ")
        blocks.append({"type": "thinking", "thinking": f"Asked: {said}", "signature": signature(f"Asked: {said}")})
    if found := re.match(r"call (\w+) twice(.*)", said, re.DOTALL):
        name, rest = found.groups()
        calls = [{"type": "tool_use", "id": f"toolu_{n}", "name": name, "input": {"n": n, "of": rest.strip()}}
                 for n in (1, 2)]  # fmt: skip
        return [*blocks, {"type": "text", "text": "I call."}, *calls], "tool_use"
    return [*blocks, {"type": "text", "text": said.removeprefix("say ")}], "end_turn"


def event(kind, **fields):
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


def _block(index, block):
    """The events of one block, in pieces that cut through words."""
    first = {"text": {"text": ""}, "thinking": {"thinking": "", "signature": ""}, "tool_use": {"input": {}}}
    yield event("content_block_start", index=index, content_block={**block, **first[block["type"]]})
    keys = {"text": ("text_delta", "text"), "thinking": ("thinking_delta", "thinking"),
            "tool_use": ("input_json_delta", "partial_json")}  # fmt: skip
    kind, key = keys[block["type"]]
    said = json.dumps(block["input"]) if block["type"] == "tool_use" else block[key]
    for at in range(0, len(said), 5):
        yield event("content_block_delta", index=index, delta={"type": kind, key: said[at : at + 5]})
    if block["type"] == "thinking":
        delta = {"type": "signature_delta", "signature": block["signature"]}
        yield event("content_block_delta", index=index, delta=delta)
    yield event("content_block_stop", index=index)
