"""Where text stands in a response: in an item of it, in a piece of an item, or in what it repeats of its request."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.errors import UpstreamError

NAMELESS = "?"
"""Stands for a tool whose name has not come: nobody can say that it stays inside."""
MOST_TEXTS = 4096
"""Of one answer: an upstream that numbers its pieces without end would fill the memory."""

MOST_KEPT = 16 * 1024 * 1024
"""Characters of whole texts that are remembered; what comes after them is done anew each time that it comes."""

# The API's own words, and what only its provider can read: neither is text.
_API_WORDS = frozenset((
    "action_type", "call_id", "container_id", "file_id", "format", "id", "item_id", "mime_type", "name", "namespace",
    "object", "obfuscation", "phase", "role", "status", "type",
))  # fmt: skip
_OPAQUE = frozenset(("encrypted_content", "signature", "fingerprint", "logprobs"))
_EMBEDDED = frozenset(("result", "data", "b64_json", "partial_image_b64"))
_DEPTH = 12

# Calls that the client runs, beside those that it has named itself: all that stands in them goes into its tools.
_RUN_BY_CLIENT = frozenset(("local_shell_call", "shell_call", "apply_patch_call", "computer_call"))
# What the response repeats of its request.
_REPEATED = frozenset((
    "instructions", "tools", "tool_choice", "text", "metadata", "user", "safety_identifier", "prompt",
    "prompt_cache_key", "conversation", "reasoning", "context_management",
))  # fmt: skip
# What is said of the response by numbers and words of the API.
_ABOUT = frozenset((
    "id", "object", "status", "model", "usage", "incomplete_details", "billing", "content_filters", "moderation",
    "tool_usage", "service_tier", "truncation", "previous_response_id", "prompt_cache_retention",
))  # fmt: skip


class Text(NamedTuple):
    """`holder[key]` is text. `tool`: whose argument it is, empty for prose; `free`: that tool takes any text. `own`:
    the request said it.
    """

    holder: Any
    key: Any
    tool: str = ""
    free: bool = False
    own: bool = False


class Carrying:
    """Whole texts through channels. A text that comes again, as all of a stream's do, is the same again."""

    __slots__ = ("_kept", "_known", "_open", "_opened")

    def __init__(self, open_channel: OpenChannel) -> None:
        self._open = open_channel
        self._opened = self._kept = 0
        self._known: dict[tuple[str, bool, bool, str], str] = {}

    def opens(self, tool: str, *, free: bool) -> Any:
        """A channel for a text that comes in pieces."""
        self._opened += 1
        if self._opened > MOST_TEXTS:
            message = f"The upstream's answer has more than {MOST_TEXTS} texts."
            raise UpstreamError("protocol", message, before_first_byte=False)
        return self._open(tool, free=True) if free else self._open(tool)

    def learn(self, tool: str, came: str, went: str, *, free: bool) -> None:
        """What became of a text that came in pieces."""
        self._known[tool, free, False, came] = went

    def through(self, text: Text) -> bool:
        """Whether that changed it."""
        came: str = text.holder[text.key]
        if not came:
            return False
        where = text.tool, text.free, text.own, came
        went = self._known.get(where)
        if went is None:
            channel = self._open("", own=True) if text.own else self.opens(text.tool, free=text.free)
            went = channel.feed(came) + channel.close()
            self._kept += len(came)
            if self._kept <= MOST_KEPT:
                self._known[where] = went
        if went != came:
            text.holder[text.key] = went
        return went != came


def of_response(response: Mapping[str, Any], notes: AnswerNotes) -> Iterator[Text]:
    """Of a whole response, or of one that an event of a stream shows."""
    output = response.get("output")
    for item in output if isinstance(output, list) else ():
        if isinstance(item, dict):
            yield from of_item(item, notes)
    for key in response:
        if key in _REPEATED:
            yield from _repeated(response, key, 0)
        elif key not in _ABOUT and key != "output":
            yield from _below(response, key, notes, Text(None, None), 0)


def of_item(item: dict[str, Any], notes: AnswerNotes) -> Iterator[Text]:
    shape = tool_of(item)
    for key in item:
        is_argument = bool(shape.tool) and (shape.free or key == "arguments")
        yield from _below(item, key, notes, shape if is_argument else Text(None, None), 0)


def of_event(event: dict[str, Any], shape: Text, notes: AnswerNotes) -> Iterator[Text]:
    """Of an event that shows neither a response nor an item. `shape`: whose argument its text is."""
    for key, value in event.items():
        yield from _below(event, key, notes, shape if isinstance(value, str) else Text(None, None), 0)


def tool_of(item: Mapping[str, Any]) -> Text:
    """Whose argument the text of an item is, without a place."""
    kind = item.get("type")
    if kind in ("function_call", "custom_tool_call", "mcp_call", "mcp_approval_request"):
        name = item.get("name")
        return Text(None, None, name if isinstance(name, str) and name else NAMELESS, free=kind == "custom_tool_call")
    if isinstance(kind, str) and kind in _RUN_BY_CLIENT:
        return Text(None, None, kind.removesuffix("_call"), free=True)
    return Text(None, None)


def _below(holder: Any, key: Any, notes: AnswerNotes, shape: Text, depth: int) -> Iterator[Text]:
    value = holder[key]
    if isinstance(value, str):
        if (key in _EMBEDDED and value) or (value.startswith("data:") and ";base64," in value[:128]):
            notes.unscannable = True
        elif value and key not in _API_WORDS and key not in _OPAQUE:
            yield Text(holder, key, shape.tool, shape.free)
    elif value and isinstance(value, dict | list) and key not in _OPAQUE:
        if depth > _DEPTH:
            notes.unscannable = True
            return
        for inner in value if isinstance(value, dict) else range(len(value)):
            yield from _below(value, inner, notes, shape, depth + 1)


def _repeated(holder: Any, key: Any, depth: int) -> Iterator[Text]:
    value = holder[key]
    if isinstance(value, str):
        yield Text(holder, key, own=True)
    elif isinstance(value, dict | list) and depth <= 4 * _DEPTH:
        for inner in value if isinstance(value, dict) else range(len(value)):
            yield from _repeated(value, inner, depth + 1)


def without_logprobs(node: Any) -> bool:
    """Takes the probabilities of tokens out of an event, a piece, an item or a response. Whether there were any."""
    if isinstance(node, list):
        each_one = [without_logprobs(each) for each in node]  # all of them, whatever the first ones held
        return any(each_one)
    if not isinstance(node, dict):
        return False
    found = bool(node.get("logprobs"))
    if found:
        node["logprobs"] = []
    inner = [without_logprobs(node[key]) for key in ("part", "item", "response", "content", "output") if key in node]
    return found or any(inner)
