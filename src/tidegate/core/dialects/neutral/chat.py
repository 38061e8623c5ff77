"""A chat request, in the words that all dialects share."""

from typing import Any, Literal, NamedTuple

Role = Literal["system", "user", "assistant", "tool"]
MediaKind = Literal["image", "audio", "video", "file"]
Choice = Literal["auto", "none", "required", "named"]
Shape = Literal["text", "json", "schema"]


class Text(NamedTuple):
    """`cache`: a hint that what ends here be kept, for as long as its dialect writes ("5m"); empty for none."""

    text: str
    cache: str = ""


class Media(NamedTuple):
    """One of `data` (base64), `url` (fetched by whoever answers) and `file_id` (lies there already)."""

    kind: MediaKind
    media_type: str = ""
    data: str = ""
    url: str = ""
    file_id: str = ""
    name: str = ""
    detail: str = ""
    """How closely an image is looked at ("low", "high", "auto")."""


class Thinking(NamedTuple):
    """What a model thought in an earlier turn. `signature` and `sealed` are for its own provider, and mean nothing to
    another one; `sealed` stands for text that nobody else may read.
    """

    text: str
    signature: str = ""
    sealed: str = ""


class Refused(NamedTuple):
    """A model's words of refusal in an earlier turn."""

    text: str


class ToolCall(NamedTuple):
    """`arguments` is JSON text, or any text where the tool is `free`. `signature`: see Thinking."""

    id: str
    name: str
    arguments: str
    free: bool = False
    signature: str = ""


class ToolResult(NamedTuple):
    """`id` is the call's. `name` is empty where the dialect does not repeat it."""

    id: str
    name: str
    blocks: "tuple[Text | Media, ...]"
    failed: bool = False
    free: bool = False
    """Of a call whose tool takes free text."""


Block = Text | Media | Thinking | Refused | ToolCall | ToolResult


class Turn(NamedTuple):
    """`name`: of the participant, where the request tells several apart."""

    role: Role
    blocks: tuple[Block, ...]
    name: str = ""


class Tool(NamedTuple):
    """A tool that the client runs itself. `schema` is JSON Schema; None where the tool takes `free` text, which may
    have to follow a `grammar` in some `syntax` ("lark", "regex").
    """

    name: str
    description: str = ""
    schema: dict[str, Any] | None = None
    strict: bool | None = None
    free: bool = False
    syntax: str = ""
    grammar: str = ""


class Format(NamedTuple):
    """What the answer's prose is to look like."""

    shape: Shape = "text"
    name: str = ""
    schema: dict[str, Any] | None = None
    strict: bool | None = None
    description: str = ""


class Left(NamedTuple):
    """A field that has no meaning here, by its name. `essential`: without it the request would mean something else."""

    name: str
    essential: bool = False


class Chat(NamedTuple):
    """What was not said is None, or empty. Tools that a provider runs itself are in `left`."""

    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: Choice | None = None
    tool_named: str = ""
    parallel_tools: bool | None = None
    format: Format | None = None
    stream: bool = False
    stream_usage: bool = False
    """The client asked that a stream tell its usage."""
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logit_bias: dict[str, Any] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    choices: int | None = None
    """How many answers are wanted."""
    thinks: bool | None = None
    """Whether the model is to think before it answers."""
    effort: str = ""
    """How hard: "minimal", "low", "medium", "high"."""
    thinking_tokens: int | None = None
    verbosity: str = ""
    user: str = ""
    metadata: dict[str, Any] | None = None
    keep_alive: str = ""
    """How long a local runtime keeps the model loaded, as JSON text of what was written."""
    context_tokens: int | None = None
    """The size of the context that a local runtime is asked to set up."""
    left: tuple[Left, ...] = ()
