"""OpenAI chat completions, both ways (platform.openai.com/docs/api-reference/chat).

`parse_request` makes the envelope; `pass_answer` and `AnswerStream` carry what comes back, noting usage and putting
originals back through channels. Whatever needs no change passes as the bytes that came.
"""

from typing import Any

import orjson

from tidegate.core.dialects import document, sse
from tidegate.core.dialects.walk import walk
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import Channel, OpenChannel
from tidegate.core.values.envelope import Envelope, Part, Path, Position
from tidegate.core.values.errors import BadRequest, Refusal, UpstreamError
from tidegate.core.values.usage import Usage

NAME = "openai.chat"
OPERATION = "chat"

# Fields whose values are numbers, flags or words of the API, which a provider needs and which keep or move nothing.
_PLAIN = frozenset(
    (
        "model",
        "messages",
        "stream",
        "stream_options",
        "temperature",
        "top_p",
        "n",
        "stop",
        "max_tokens",
        "max_completion_tokens",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "response_format",
        "seed",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "user",
        "metadata",
        "functions",
        "function_call",
        "reasoning_effort",
        "verbosity",
    )
)
_MESSAGE = frozenset(
    (
        "role",
        "content",
        "name",
        "tool_calls",
        "tool_call_id",
        "function_call",
        "refusal",
    )
)
_CONTENT = frozenset(
    (
        "type",
        "text",
        "refusal",
    )
)
_ROLES = {
    "system": Position.SYSTEM,
    "developer": Position.SYSTEM,
    "user": Position.USER,
    "assistant": Position.ASSISTANT,
    "tool": Position.TOOL_RESULT,
    "function": Position.TOOL_RESULT,
}
_TOP = {
    "tools": Position.TOOL_DEFINITION,
    "functions": Position.TOOL_DEFINITION,
    "tool_choice": Position.TOOL_DEFINITION,
    "function_call": Position.TOOL_DEFINITION,
    "response_format": Position.SCHEMA,
    "metadata": Position.METADATA,
    "user": Position.METADATA,
}
_SKIP = frozenset(("model", "messages", "stream"))


class _Reader:
    """Collects the parts of one request; lives no longer than the parse."""

    __slots__ = ("conversation", "has_history", "parts", "rest", "unscannable")

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.unscannable: list[Path] = []
        self.rest: set[str] = set()
        self.conversation = ""
        self.has_history = False

    def message(self, index: int, message: Any) -> None:
        if not isinstance(message, dict):
            raise BadRequest("invalid_type", f"messages[{index}] must be an object.", param=f"messages[{index}]")
        role = message.get("role")
        position = _ROLES.get(role) if isinstance(role, str) else None
        if position is None:
            known = ", ".join(_ROLES)
            raise BadRequest(
                "invalid_value", f"messages[{index}].role must be one of {known}.", param=f"messages[{index}].role"
            )
        self.has_history = self.has_history or position is Position.ASSISTANT
        for key, value in message.items():
            if key == "content":
                self._content(index, position, value)
            elif key == "tool_calls" and isinstance(value, list):
                for n, call in enumerate(value):
                    self._tool_call(("messages", index, "tool_calls", n), call)
            elif key == "function_call" and isinstance(value, dict):
                self._function(("messages", index, "function_call"), value)
            elif key != "role" and value is not None:
                if key not in _MESSAGE:
                    self.rest.add(f"messages.{key}")
                    self.parts.append(Part(Position.REST, ("messages", index, key), key, is_key=True))
                walk(value, ("messages", index, key), position, self.parts, self.unscannable)

    def _content(self, index: int, position: Position, content: Any) -> None:
        path: Path = ("messages", index, "content")
        if isinstance(content, str):
            if not self.conversation and position is Position.USER:
                self.conversation = content
            if content:
                self.parts.append(Part(position, path, content))
        elif isinstance(content, list):
            for n, piece in enumerate(content):
                self._piece((*path, n), position, piece)
        elif content is not None:
            raise BadRequest(
                "invalid_type",
                f"messages[{index}].content must be a string, an array or null.",
                param=f"messages[{index}].content",
            )

    def _piece(self, path: Path, position: Position, piece: Any) -> None:
        kind = piece.get("type") if isinstance(piece, dict) else None
        if kind not in ("text", "refusal"):
            # An image, a sound, a file, a link that a provider would fetch, or something newer: nobody has looked.
            self.unscannable.append(path)
            walk(piece, path, position, self.parts, self.unscannable)
            return
        for key, value in piece.items():
            if key == "text" and isinstance(value, str) and not self.conversation and position is Position.USER:
                self.conversation = value
            if key == "type":
                continue
            if key not in _CONTENT:
                self.rest.add(f"messages.content.{key}")
            walk(value, (*path, key), position, self.parts, self.unscannable)

    def _tool_call(self, path: Path, call: Any) -> None:
        if not isinstance(call, dict) or not isinstance(call.get("function"), dict):
            walk(call, path, Position.TOOL_CALL, self.parts, self.unscannable)
            return
        for key, value in call.items():
            if key == "function":
                self._function((*path, "function"), value)
            else:
                walk(value, (*path, key), Position.TOOL_CALL, self.parts, self.unscannable)

    def _function(self, path: Path, function: dict[str, Any]) -> None:
        for key, value in function.items():
            if key == "arguments" and isinstance(value, str):
                self.parts.append(Part(Position.TOOL_CALL, (*path, key), value, is_json=True))
            else:
                walk(value, (*path, key), Position.TOOL_CALL, self.parts, self.unscannable)

    def top(self, tree: dict[str, Any]) -> None:
        for key, value in tree.items():
            if key in _SKIP or value is None:
                continue
            # `store: false` asks for what the gateway wants anyway; `store: true` keeps data at the provider.
            if key not in _PLAIN and not (key == "store" and value is False):
                self.rest.add(key)
                self.parts.append(Part(Position.REST, (key,), key, is_key=True))
            walk(value, (key,), _TOP.get(key, Position.REST), self.parts, self.unscannable)


def parse_request(body: bytes) -> Envelope:
    """Raises BadRequest with the field's name; the rest of validation is the provider's own."""
    tree = document.parse(body)
    model, messages = tree.get("model"), tree.get("messages")
    if not isinstance(model, str) or not model:
        raise BadRequest("missing_model", "model must be a non-empty string.", param="model")
    if not isinstance(messages, list) or not messages:
        raise BadRequest("invalid_type", "messages must be a non-empty array.", param="messages")
    stream = tree.get("stream")
    if stream is not None and not isinstance(stream, bool):
        raise BadRequest("invalid_type", "stream must be true or false.", param="stream")
    reader = _Reader()
    for index, message in enumerate(messages):
        reader.message(index, message)
    if len(tree) > 2:
        reader.top(tree)
    return Envelope(
        dialect=NAME,
        operation=OPERATION,
        body=body,
        document=tree,
        original_model=model,
        stream=bool(stream),
        parts=tuple(reader.parts),
        unscannable=tuple(reader.unscannable),
        rest=frozenset(reader.rest),
        tools_offered=bool(tree.get("tools") or tree.get("functions")),
        conversation=reader.conversation,
        has_history=reader.has_history,
    )


def with_model(body: bytes, model: str) -> bytes:
    """The client's own bytes with another model's name."""
    return document.splice_string(body, "model", model)


# -- the way back -----------------------------------------------------------------------------------------------------

_API_WORDS = frozenset(("role", "id", "type", "name"))


def pass_answer(body: bytes, notes: AnswerNotes, open_channel: OpenChannel | None) -> bytes:
    """A whole answer: noted, and restored where channels are given. A body that is no answer leaves an error note."""
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        notes.error = "not_json"
        return body
    if not isinstance(tree, dict) or not isinstance(tree.get("choices"), list):
        notes.error = "not_an_answer"
        return body
    _note(tree, notes)
    notes.complete = True
    changed = False
    for choice in tree["choices"]:
        if not isinstance(choice, dict):
            continue
        if isinstance(reason := choice.get("finish_reason"), str):
            notes.finish_reasons.append(reason)
        if open_channel and isinstance(message := choice.get("message"), dict):
            changed = _restore_message(message, open_channel) or changed
    return orjson.dumps(tree) if changed else body


def _restore_message(message: dict[str, Any], open_channel: OpenChannel) -> bool:
    changed = False
    for key, value in message.items():
        if isinstance(value, str) and key not in _API_WORDS:
            changed = _restore_at(message, key, open_channel("")) or changed
    for function in _functions(message):
        if isinstance(function.get("arguments"), str):
            changed = _restore_at(function, "arguments", open_channel(str(function.get("name", "")))) or changed
    return changed


def _restore_at(holder: dict[str, Any], key: str, channel: Channel) -> bool:
    before = holder[key]
    holder[key] = channel.feed(before) + channel.close()
    return bool(holder[key] != before)


def _functions(message: dict[str, Any]) -> list[dict[str, Any]]:
    calls = message.get("tool_calls")
    found = [call.get("function") for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    return [f for f in (*found, message.get("function_call")) if isinstance(f, dict)]


def _note(tree: dict[str, Any], notes: AnswerNotes) -> None:
    if isinstance(model := tree.get("model"), str):
        notes.response_model = model
    if isinstance(response_id := tree.get("id"), str):
        notes.response_id = response_id
    if isinstance(usage := tree.get("usage"), dict):
        details = usage.get("prompt_tokens_details")
        notes.usage = Usage(
            input_tokens=_count(usage.get("prompt_tokens")),
            output_tokens=_count(usage.get("completion_tokens")),
            cached_input_tokens=_count(details.get("cached_tokens")) if isinstance(details, dict) else -1,
        )


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else -1


class AnswerStream:
    """Events in, events out. With channels, text is restored however it was split; without, bytes pass as they came."""

    __slots__ = ("_channels", "_events", "_last", "_open", "_tools", "notes")

    def __init__(self, notes: AnswerNotes, open_channel: OpenChannel | None) -> None:
        self.notes = notes
        self._open = open_channel
        self._events = sse.EventReader()
        self._channels: dict[tuple[int, str, int], Channel] = {}
        self._tools: dict[tuple[int, int], str] = {}
        self._last: dict[str, Any] = {}

    def feed(self, chunk: bytes) -> bytes:
        """Raises UpstreamError: `too_large`, `protocol`."""
        return b"".join([self._pass(event) for event in self._events.feed(chunk)])

    def close(self) -> bytes:
        """What was held back. Without `[DONE]` or a finish reason the stream was cut: `notes.complete` stays False."""
        left = b"".join([self._pass(event) for event in self._events.close()])
        return left + self._flush()

    def _pass(self, event: sse.Event) -> bytes:
        data = event.data
        if data is None:
            return event.raw
        if data == b"[DONE]":
            self.notes.complete = True
            return self._flush() + event.raw
        try:
            tree = orjson.loads(data)
        except orjson.JSONDecodeError:
            tree = None
        if not isinstance(tree, dict):
            self.notes.error = "not_json"
            raise UpstreamError("protocol", "The upstream sent an event that is no object.", before_first_byte=False)
        if "error" in tree and "choices" not in tree:
            self.notes.error = "upstream_error_event"
        _note(tree, self.notes)
        choices = tree.get("choices")
        if not isinstance(choices, list):
            return event.raw
        self._last = tree
        return self._choices(event, tree, choices)

    def _choices(self, event: sse.Event, tree: dict[str, Any], choices: list[Any]) -> bytes:
        changed, before = False, b""
        for choice in choices:
            if not isinstance(choice, dict):
                continue
            index = choice.get("index")
            index = index if isinstance(index, int) else 0
            if self._open and isinstance(delta := choice.get("delta"), dict):
                changed = self._delta(index, delta, self._open) or changed
            if isinstance(reason := choice.get("finish_reason"), str):
                self.notes.finish_reasons.append(reason)
                self.notes.complete = True
                changed = self._close_into(index, choice.get("delta")) or changed
                before += self._flush(index)
        return before + (sse.render(orjson.dumps(tree)) if changed else event.raw)

    def _delta(self, index: int, delta: dict[str, Any], open_channel: OpenChannel) -> bool:
        changed = False
        for key, value in delta.items():
            if isinstance(value, str) and key not in _API_WORDS:
                changed = self._through((index, key, -1), "", delta, key, open_channel) or changed
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            if not isinstance(call, dict) or not isinstance(function := call.get("function"), dict):
                continue
            at = call.get("index")
            at = at if isinstance(at, int) else 0
            if isinstance(name := function.get("name"), str) and name:
                self._tools[index, at] = name
            if isinstance(function.get("arguments"), str):
                tool = self._tools.get((index, at), "")
                where = (index, "arguments", at)
                changed = self._through(where, tool, function, "arguments", open_channel) or changed
        return changed

    def _through(
        self, where: tuple[int, str, int], tool: str, holder: dict[str, Any], key: str, open_channel: OpenChannel
    ) -> bool:
        channel = self._channels.get(where)
        if channel is None:
            channel = self._channels[where] = open_channel(tool)
        before = holder[key]
        holder[key] = channel.feed(before)
        return bool(holder[key] != before)

    def _close_into(self, index: int, delta: Any) -> bool:
        """A last delta that carries text itself takes what its channel holds: an event before it would overtake it."""
        changed = False
        for where in [w for w in self._channels if w[0] == index] if isinstance(delta, dict) else ():
            holder = _holder(delta, where)
            if holder is not None and (text := self._channels.pop(where).close()):
                holder[where[1]] += text
                changed = True
        return changed

    def _flush(self, index: int | None = None) -> bytes:
        """Events for what the channels (of one choice, or all) still hold, in the shape of the last event."""
        out = b""
        for where in [w for w in self._channels if index is None or w[0] == index]:
            if text := self._channels.pop(where).close():
                choice, key, call = where
                delta = {key: text} if call < 0 else {"tool_calls": [{"index": call, "function": {key: text}}]}
                shape = {k: v for k, v in self._last.items() if k not in ("choices", "usage")}
                out += sse.render(
                    orjson.dumps({**shape, "choices": [{"index": choice, "delta": delta, "finish_reason": None}]})
                )
        return out


def _holder(delta: dict[str, Any], where: tuple[int, str, int]) -> dict[str, Any] | None:
    """Where in `delta` the text of the channel at `where` stands, if it does."""
    _, key, call_index = where
    if call_index < 0:
        return delta if isinstance(delta.get(key), str) else None
    calls = delta.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict) and call.get("index", 0) == call_index and isinstance(call.get("function"), dict):
            function: dict[str, Any] = call["function"]
            return function if isinstance(function.get(key), str) else None
    return None


# -- errors -----------------------------------------------------------------------------------------------------------

_TYPES = {400: "invalid_request_error", 403: "policy_refusal", 404: "invalid_request_error", 429: "rate_limit_error"}


def render_error(refusal: Refusal) -> bytes:
    """The dialect's own error object."""
    kind = _TYPES.get(refusal.status, "invalid_request_error" if refusal.status < 500 else "server_error")
    error: dict[str, Any] = {
        "message": refusal.message,
        "type": kind,
        "param": refusal.param or None,
        "code": refusal.code,
    }
    if refusal.rule:
        error["rule"] = refusal.rule
    return orjson.dumps({"error": error})


def render_stream_error(refusal: Refusal) -> bytes:
    """An error after the first byte: the stream's last event. No `[DONE]` follows, so no client takes it for an end."""
    return sse.render(render_error(refusal))


def render_models(names: tuple[str, ...]) -> bytes:
    data = [{"id": name, "object": "model", "created": 0, "owned_by": "tidegate"} for name in names]
    return orjson.dumps({"object": "list", "data": data})
