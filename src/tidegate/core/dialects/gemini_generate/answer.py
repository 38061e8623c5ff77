"""What generateContent says, whole or streamed, as events."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from tidegate.core.dialects import sse
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.gemini_generate.signed import marked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.arguments import as_text
from tidegate.core.dialects.neutral.problems import problem
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID, Usage, counted

_REASONS: dict[object, e.Reason] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
    "BLOCKLIST": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "SPII": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "IMAGE_RECITATION": "content_filter",
    "MODEL_ARMOR": "content_filter",
    # Some clients ask for numbers in place of these names; the first four are the same in both of Google's APIs.
    1: "stop",
    2: "length",
    3: "content_filter",
    4: "content_filter",
}
_SPOKEN = frozenset(("text", "functionCall"))
_BESIDE = frozenset(("thought", "thoughtSignature", "partMetadata"))
# Of a candidate, and said to nobody: how sure the model was, how it was rated.
_LOST = ("citationMetadata", "groundingMetadata", "urlContextMetadata", "groundingAttributions", "logprobsResult")


def read_answer(body: bytes) -> Sequence[e.Event]:
    """Raises UpstreamError `protocol` for what is no answer."""
    tree = _object(body)
    if "candidates" not in tree and "promptFeedback" not in tree:
        raise UpstreamError("protocol", "its answer has no candidates.")
    reader = AnswerReader()
    return [*reader.read(tree), *reader.end_whole()]


def open_reader() -> "AnswerReader":
    return AnswerReader()


def read_problem(status: int, body: bytes) -> e.Problem:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    if isinstance(tree, list) and tree:  # the array form of a stream fails as one
        tree = tree[0]
    return _problem(tree.get("error") if isinstance(tree, dict) else None, status)


class AnswerReader:
    """Answers, or the pieces of one, to events (a `Reader`)."""

    __slots__ = ("_began", "_blocked", "_candidates", "_events", "_usage")

    def __init__(self) -> None:
        self._events = sse.EventReader()
        self._candidates: dict[int, _Candidate] = {}
        self._began = False
        self._blocked = False
        self._usage = NOT_SAID

    def feed(self, chunk: bytes) -> Iterator[e.Event]:
        for event in self._events.feed(chunk):
            yield from self._event(event)

    def close(self) -> Iterator[e.Event]:
        for event in self._events.close():
            yield from self._event(event)

    def read(self, tree: dict[str, Any]) -> Iterator[e.Event]:
        """One piece of a stream, or a whole answer."""
        if "error" in tree and not tree.get("candidates"):
            yield e.Failed(_problem(tree["error"], 502))
            return
        if not self._began:
            self._began = True
            yield e.Began(_text(tree.get("responseId")), _text(tree.get("modelVersion")))
        ended = False
        candidates = tree.get("candidates")
        for place, candidate in enumerate(candidates if isinstance(candidates, list) else ()):
            if isinstance(candidate, dict):
                one = self._candidate(candidate, place)
                yield from one.pieces(candidate)
                ended = ended or one.ended
        if not candidates and not self._candidates:
            yield from self._refused(tree.get("promptFeedback"))
        yield from self._used(tree.get("usageMetadata"), ended=ended or self._blocked)

    def end_whole(self) -> Iterator[e.Event]:
        """A whole answer is complete, also where a candidate does not say why it ended."""
        open_ones = [one for one in self._candidates.values() if not one.ended]
        for one in open_ones:
            yield from one.end("STOP")
        if open_ones and self._usage is not NOT_SAID:
            yield e.Used(self._usage)

    def _event(self, event: sse.Event) -> Iterator[e.Event]:
        if event.data is not None:
            yield from self.read(_object(event.data, before_first_byte=False))
        elif (error := _bare_error(event.raw)) is not None:
            yield e.Failed(_problem(error, 502))

    def _candidate(self, candidate: dict[str, Any], place: int) -> "_Candidate":
        index = candidate.get("index")
        index = index if isinstance(index, int) and not isinstance(index, bool) else place
        if index not in self._candidates:
            self._candidates[index] = _Candidate(index)
        return self._candidates[index]

    def _refused(self, feedback: object) -> Iterator[e.Event]:
        """The prompt was turned away for what it says: an answer without words, which says so."""
        if isinstance(feedback, dict) and feedback.get("blockReason") and not self._blocked:
            self._blocked = True
            yield e.Ended("content_filter")

    def _used(self, usage: object, *, ended: bool) -> Iterator[e.Event]:
        """Counts grow with each piece; the last one is the whole."""
        if isinstance(usage, dict):
            self._usage = _usage(usage)
            if ended:
                yield e.Used(self._usage)


class _Candidate:
    """The blocks of one candidate: thoughts and text one after another, calls whole."""

    __slots__ = ("_called", "_index", "_next", "_prose", "_signature", "ended")

    def __init__(self, index: int) -> None:
        self._index, self._next = index, 0
        self._prose: tuple[e.BlockKind, int] | None = None
        self._signature = ""
        self._called = False
        self.ended = False

    def pieces(self, candidate: dict[str, Any]) -> Iterator[e.Event]:
        if self.ended:
            return
        content = candidate.get("content")
        parts = content.get("parts") if isinstance(content, dict) else None
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict):
                yield from self._part(part)
        for key in _LOST:
            if candidate.get(key):
                yield e.Lost(f"answer.{key}")
        if reason := candidate.get("finishReason"):
            yield from self.end(reason)

    def end(self, reason: object) -> Iterator[e.Event]:
        yield from self._close_prose()
        self.ended = True
        meant = _REASONS.get(reason if isinstance(reason, str | int) else "", "other")
        if meant == "other" and isinstance(reason, str) and reason.isupper() and len(reason) <= 40:
            yield e.Lost(f"answer.finishReason.{reason}")
        yield e.Ended("tool_calls" if meant == "stop" and self._called else meant, self._index)

    def _part(self, part: dict[str, Any]) -> Iterator[e.Event]:
        signature = _text(part.get("thoughtSignature"))
        if isinstance(call := part.get("functionCall"), dict):
            yield from self._call(call, marked(signature, of_call=True))
            return
        thought = part.get("thought") is True
        if text := _text(part.get("text")):
            yield from self._say("thinking" if thought else "text", text)
        if signature:
            yield from self._sign(marked(signature), thought=thought)
        for key in part:
            if key not in _SPOKEN and key not in _BESIDE:
                yield e.Lost(f"answer.{key}", unseen=True)

    def _sign(self, signature: str, *, thought: bool) -> Iterator[e.Event]:
        """One beside plain text is kept as a thought without words, which is how it comes back."""
        if not thought:
            yield from self._close_prose()
        yield from self._open("thinking")
        self._signature = signature
        if not thought:
            yield from self._close_prose()

    def _call(self, call: dict[str, Any], signature: str) -> Iterator[e.Event]:
        """A call's signature seals the thought before it, or one without words."""
        if signature:
            if self._signature or self._prose is None or self._prose[0] != "thinking":
                yield from self._close_prose()
            yield from self._open("thinking")
            self._signature = signature
        yield from self._close_prose()
        self._called = True
        block = self._take()
        name, call_id = _text(call.get("name")), _text(call.get("id"))
        yield e.Opened(block, "tool", self._index, id=call_id, name=name)
        arguments = call.get("args")
        yield e.Delta(block, as_text({} if arguments is None else arguments), self._index)
        yield e.Closed(block, self._index)

    def _say(self, kind: e.BlockKind, text: str) -> Iterator[e.Event]:
        yield from self._open(kind)
        yield e.Delta(self._next - 1, text, self._index)

    def _open(self, kind: e.BlockKind) -> Iterator[e.Event]:
        if self._prose is None or self._prose[0] != kind:
            yield from self._close_prose()
            self._prose = kind, self._take()
            yield e.Opened(self._prose[1], kind, self._index)

    def _close_prose(self) -> Iterator[e.Event]:
        if self._prose is None:
            return
        if self._signature:
            yield e.Sealed(self._prose[1], self._signature, choice=self._index)
            self._signature = ""
        yield e.Closed(self._prose[1], self._index)
        self._prose = None

    def _take(self) -> int:
        self._next += 1
        return self._next - 1


def _usage(usage: dict[str, Any]) -> Usage:
    """Thoughts are counted beside the candidates, and what tools brought in beside the prompt; cached tokens are among
    those of the prompt.
    """
    read, written = counted(usage.get("promptTokenCount")), counted(usage.get("candidatesTokenCount"))
    thought, brought = counted(usage.get("thoughtsTokenCount")), counted(usage.get("toolUsePromptTokenCount"))
    return Usage(
        input_tokens=_sum(read, brought),
        output_tokens=_sum(written, thought),
        cached_input_tokens=counted(usage.get("cachedContentTokenCount")),
        thinking_tokens=thought,
    )


def _sum(*counts: int) -> int:
    said = [count for count in counts if count >= 0]
    return sum(said) if said else -1


def _bare_error(raw: bytes) -> object:
    """Errors in the middle of a stream may come without the form of an event."""
    try:
        tree = loads(raw)
    except orjson.JSONDecodeError:
        return None
    if isinstance(tree, list) and tree:
        tree = tree[0]
    return tree.get("error") if isinstance(tree, dict) else None


def _problem(error: object, status: int) -> e.Problem:
    if not isinstance(error, dict):
        return problem(status, _text(error))
    if status == 502 and isinstance(code := error.get("code"), int) and 400 <= code < 600:
        status = code
    found = problem(status, _text(error.get("message")), code=_text(error.get("status")))
    # A wrong key is an invalid argument to the Gemini API.
    return found._replace(kind="authentication") if _turns_key_away(error) else found


def _turns_key_away(error: dict[str, Any]) -> bool:
    details = error.get("details")
    return isinstance(details, list) and any(
        isinstance(each, dict) and each.get("reason") in ("API_KEY_INVALID", "API_KEY_EXPIRED") for each in details
    )


def _object(body: bytes, *, before_first_byte: bool = True) -> dict[str, Any]:
    try:
        tree = loads(body)
    except orjson.JSONDecodeError:
        tree = None
    if not isinstance(tree, dict):
        raise UpstreamError(
            "protocol", "it sent something that is no JSON object.", before_first_byte=before_first_byte
        )
    return tree


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
