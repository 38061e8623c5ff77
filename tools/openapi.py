"""`docs/openapi.json`: the data plane as OpenAPI 3.1, from what is served and from the fields that the dialects know.

Which fields a request may have comes from the dialects' own tables, what type each has from TYPES here. A field without
a type there may be anything. Answers are described as far as the gateway writes them itself: those of models are their
targets' own.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tidegate import __version__
from tidegate.core.dialects import (
    anthropic_count_tokens,
    anthropic_messages,
    known,
    models,
    ollama_chat,
    ollama_embed,
    ollama_embeddings,
    ollama_generate,
    openai_chat,
    openai_completions,
    openai_embeddings,
    openai_responses,
)
from tidegate.core.dialects.anthropic_messages.words import BLOCKS, TOP
from tidegate.core.dialects.ollama.options import OPTIONS
from tidegate.core.dialects.ollama_chat.request import _KNOWN as OLLAMA_CHAT
from tidegate.core.dialects.ollama_embed.request import _KNOWN as OLLAMA_EMBED
from tidegate.core.dialects.ollama_embeddings.one import _KNOWN as OLLAMA_EMBEDDINGS
from tidegate.core.dialects.ollama_generate.request import _KNOWN as OLLAMA_GENERATE
from tidegate.core.dialects.ollama_generate.request import _TEXTS as OLLAMA_TEXTS
from tidegate.core.dialects.openai_chat.request import _MESSAGE as CHAT_MESSAGE
from tidegate.core.dialects.openai_chat.request import _PLAIN as CHAT
from tidegate.core.dialects.openai_chat.request import _ROLES as CHAT_ROLES
from tidegate.core.dialects.openai_completions.request import _FIELDS as COMPLETIONS
from tidegate.core.dialects.openai_embeddings.request import _PLAIN as EMBEDDINGS
from tidegate.core.dialects.openai_responses.items import ITEMS, TEXTS
from tidegate.core.dialects.openai_responses.items import ROLES as RESPONSES_ROLES
from tidegate.core.dialects.openai_responses.request import _FIELDS as RESPONSES
from tidegate.server.data_plane import OLLAMA, RECEIPTS, RELEASE, REVIEWS, ROOT, SHOW

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
SWITCH: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
ANY: Schema = {}


def list_of(inner: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": inner, **more}


def either(*kinds: Schema) -> Schema:
    return {"anyOf": list(kinds)}


def fields(names: Iterable[str], required: Iterable[str] = (), **own: Schema) -> Schema:
    """An object with these fields, each of its type; others may come, and are named on the receipt."""
    known_types = {name: own.get(name, TYPES.get(name, ANY)) for name in sorted({*names, *own})}
    return {"type": "object", "properties": known_types, "required": sorted(required)}


def ref(name: str, kind: str = "schemas") -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def word_of(words: Iterable[str]) -> Schema:
    return {"type": "string", "enum": sorted(words)}


TOOL: Schema = {
    "type": "object",
    "properties": {
        "type": TEXT, "name": TEXT, "description": TEXT, "parameters": OBJECT, "input_schema": OBJECT,
        "function": {
            "type": "object",
            "properties": {"name": TEXT, "description": TEXT, "parameters": OBJECT, "strict": SWITCH},
            "required": ["name"],
        },
    },
}  # fmt: skip
CALL: Schema = {
    "type": "object",
    "properties": {
        "id": TEXT, "type": TEXT, "index": WHOLE,
        "function": {"type": "object", "properties": {"name": TEXT, "arguments": either(TEXT, OBJECT)}},
    },
}  # fmt: skip
TYPES: Mapping[str, Schema] = {
    **dict.fromkeys(
        (
            "model", "user", "instructions", "reasoning_effort", "verbosity", "service_tier", "previous_response_id",
            "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "truncation", "speed", "suffix",
            "system", "template", "encoding_format", "id", "name", "tool_call_id", "refusal", "call_id", "status",
            "tool_use_id", "signature", "title", "url", "data",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        (
            "n", "max_tokens", "max_completion_tokens", "max_output_tokens", "max_tool_calls", "seed", "top_k",
            "top_logprobs", "best_of", "dimensions", "num_ctx", "num_predict", "num_batch", "num_gpu", "num_keep",
            "num_thread", "repeat_last_n", "main_gpu", "mirostat",
        ),
        WHOLE,
    ),
    **dict.fromkeys(
        (
            "temperature", "top_p", "presence_penalty", "frequency_penalty", "min_p", "typical_p", "tfs_z",
            "repeat_penalty", "mirostat_tau", "mirostat_eta",
        ),
        NUMBER,
    ),
    **dict.fromkeys(
        (
            "stream", "parallel_tool_calls", "store", "background", "truncate", "shift", "raw", "echo", "is_error",
            "low_vram", "f16_kv", "logits_all", "vocab_only", "use_mmap", "use_mlock", "embedding_only", "numa",
            "penalize_newline",
        ),
        SWITCH,
    ),
    **dict.fromkeys(
        (
            "logit_bias", "metadata", "response_format", "stream_options", "reasoning", "text", "output_config",
            "output_format", "context_management", "cache_control", "compaction",
        ),
        OBJECT,
    ),
    "stop": either(TEXT, list_of(TEXT)),
    "stop_sequences": list_of(TEXT),
    "include": list_of(TEXT),
    "images": list_of(TEXT),
    "tools": list_of(ref("tool")),
    "functions": list_of(OBJECT),
    "tool_calls": list_of(ref("tool_call")),
    "tool_choice": either(TEXT, OBJECT),
    "function_call": either(TEXT, OBJECT),
    "logprobs": either(SWITCH, WHOLE),
    "think": either(SWITCH, TEXT),
    "thinking": either(OBJECT, TEXT),
    "format": either(TEXT, OBJECT),
    "keep_alive": either(TEXT, NUMBER),
    "conversation": either(TEXT, OBJECT),
    "prompt": either(TEXT, list_of(TEXT), OBJECT),
}  # fmt: skip

PIECE = fields(("type", "text"), ("type",), type=word_of(TEXTS), text=TEXT)
SHARED: Mapping[str, Schema] = {
    "tool": TOOL,
    "tool_call": CALL,
    "ollama.options": fields(OPTIONS),
    "openai.responses.piece": PIECE,
    **{
        f"openai.responses.{kind}": fields(
            ("type", *item.fields),
            ("type",),
            type=word_of((kind,)),
            content=list_of(ref("openai.responses.piece")),
            output=TEXT,
        )
        for kind, item in ITEMS.items()
        if kind != "message"
    },
    **{
        f"anthropic.{kind}": fields(
            ("type", "cache_control", *names), ("type",), type=word_of((kind,)), input=OBJECT, text=TEXT
        )
        for kind, names in BLOCKS.items()
    },
}
"""What several schemas have in common."""
OLLAMA_OPTIONS = ref("ollama.options")


# -- requests, by dialect ----------------------------------------------------------------------------------------------


def _chat() -> Schema:
    piece = fields(("type", "text", "refusal"), ("type",), type=word_of(("text", "refusal", "image_url")), text=TEXT)
    message = fields(CHAT_MESSAGE, ("role",), role=word_of(CHAT_ROLES), content=either(TEXT, list_of(piece)))
    return fields(CHAT, ("model", "messages"), messages=list_of(message, minItems=1))


def _responses() -> Schema:
    content = either(TEXT, list_of(ref("openai.responses.piece")))
    said = fields(("role", "content"), ("role",), role=word_of(RESPONSES_ROLES), content=content)
    items = [ref(f"openai.responses.{kind}") for kind in sorted(ITEMS) if kind != "message"]
    of_input = either(TEXT, list_of(either(said, *items), minItems=1))
    return fields(RESPONSES, ("model", "input"), input=of_input, prompt=OBJECT)


def _completions() -> Schema:
    prompt = either(TEXT, list_of(TEXT, minItems=1), list_of(WHOLE, minItems=1))
    return fields(COMPLETIONS, ("model", "prompt"), prompt=prompt)


def _embeddings() -> Schema:
    given = either(TEXT, list_of(TEXT, minItems=1), list_of(WHOLE, minItems=1))
    return fields(EMBEDDINGS, ("model", "input"), input=given, encoding_format=word_of(("float", "base64")))


def _messages() -> Schema:
    blocks = [ref(f"anthropic.{kind}") for kind in sorted(BLOCKS)]
    content = either(TEXT, list_of(either(*blocks)))
    message = fields(("role", "content"), ("role", "content"), role=word_of(("user", "assistant")), content=content)
    own = {"messages": list_of(message, minItems=1), "system": either(TEXT, list_of(OBJECT)), "thinking": OBJECT}
    return fields(TOP, ("model", "messages", "max_tokens"), **own)


def _count_tokens() -> Schema:
    whole = _messages()
    return {**whole, "required": ["messages", "model"]}


def _ollama_chat() -> Schema:
    names = ("role", "content", "thinking", "images", "tool_calls", "tool_name")
    roles = word_of(("system", "user", "assistant", "tool"))
    message = fields(names, ("role",), role=roles, content=TEXT, thinking=TEXT, tool_name=TEXT)
    return fields(OLLAMA_CHAT, ("model", "messages"), messages=list_of(message), options=OLLAMA_OPTIONS)


def _ollama_generate() -> Schema:
    texts = dict.fromkeys(OLLAMA_TEXTS, TEXT)
    context = list_of(WHOLE)
    return fields(
        OLLAMA_GENERATE, ("model", "prompt"), context=context, images=list_of(TEXT), options=OLLAMA_OPTIONS, **texts
    )


def _ollama_embed() -> Schema:
    return fields(OLLAMA_EMBED, ("model", "input"), input=either(TEXT, list_of(TEXT)), options=OLLAMA_OPTIONS)


def _ollama_embeddings() -> Schema:
    return fields(OLLAMA_EMBEDDINGS, ("model", "prompt"), prompt=TEXT, options=OLLAMA_OPTIONS)


REQUESTS: Mapping[str, Schema] = {
    openai_chat.NAME: _chat(),
    openai_responses.NAME: _responses(),
    openai_completions.NAME: _completions(),
    openai_embeddings.NAME: _embeddings(),
    anthropic_messages.NAME: _messages(),
    anthropic_count_tokens.NAME: _count_tokens(),
    ollama_chat.NAME: _ollama_chat(),
    ollama_generate.NAME: _ollama_generate(),
    ollama_embed.NAME: _ollama_embed(),
    ollama_embeddings.NAME: _ollama_embeddings(),
}


# -- answers -----------------------------------------------------------------------------------------------------------

_TOLD = {"code": TEXT, "param": either(TEXT, {"type": "null"}), "rule": TEXT, "review": TEXT}
ERRORS: Mapping[str, Schema] = {
    "openai": {
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {"message": TEXT, "type": TEXT, **_TOLD},
                "required": ["message"],
            }
        },
        "required": ["error"],
    },
    "anthropic": {
        "type": "object",
        "properties": {
            "type": {"const": "error"},
            "error": {
                "type": "object",
                "properties": {"type": TEXT, "message": TEXT, **_TOLD},
                "required": ["type", "message"],
            },
            "request_id": TEXT,
        },
        "required": ["type", "error"],
    },
    "ollama": {"type": "object", "properties": {"error": TEXT, **_TOLD}, "required": ["error"]},
}
"""The object that a refusal is in, by the family of dialects."""
STATUSES: Mapping[str, str] = {
    "400": "The request itself is at fault, or cannot be said in the target's dialect.",
    "403": "Policy permits no target, or the way in is not for whoever asks.",
    "404": "There is no such model, endpoint or receipt.",
    "405": "That method is not served here.",
    "409": "It waits for reviewers; the review's id stands in the object and in x-tidegate-review.",
    "411": "The body's length is not said.",
    "413": "The body is larger than server.body_bytes.",
    "415": "The body's encoding is none that is read.",
    "429": "The target asks for patience; retry-after says how much, where it said so.",
    "502": "The target's answer is none, or the target is set up wrongly.",
    "503": "Nothing permitted can answer now; the gateway never asks a target that is not permitted.",
}
REQUEST_HEADERS: Mapping[str, str] = {
    "x-tidegate-workload": "The declared workload that asks.",
    "x-tidegate-agent": "The agent of the workload that asks in its name.",
    "x-tidegate-session": "What belongs together; sessions remember their highest level.",
    "x-tidegate-subject": "Whom the request is about; kept as a keyed digest only.",
    "x-tidegate-residency": "Regions that the request may be served in.",
    "x-tidegate-consent": "Purposes for which the person has consented.",
    "x-tidegate-latency-budget-ms": "How long the caller can wait for an answer to begin.",
    "x-tidegate-review": "The id of the review that approved this very body.",
    "x-tidegate-review-wait": "Seconds that the client waits for reviewers.",
}
ANSWER_HEADERS: Mapping[str, str] = {
    "x-tidegate-request-id": "Under which the receipt is found.",
    "x-tidegate-target": "Which target answered.",
    "x-tidegate-boundary": "The boundary of that target.",
    "x-tidegate-policy": "The beginning of the policy's digest.",
    "x-tidegate-labels": "What was found in the request.",
    "x-tidegate-redactions": "How many values were replaced before it left.",
    "x-tidegate-dropped": "What the target's dialect has no word for.",
    "x-tidegate-cache": "`hit` where the same answer was given before.",
    "x-tidegate-review": "The review that it waits for, or was approved by.",
    "x-tidegate-estimate": "What the gateway answered itself.",
}


def family(name: str) -> str:
    begin = name.partition(".")[0]
    return begin if begin in ERRORS else "openai"


def _errors(of: str, *but: str) -> Schema:
    return {code: ref(f"{of}_{code}", "responses") for code in STATUSES if code not in but}


def _refusals() -> Schema:
    return {
        f"{of}_{code}": {"description": told, "content": {"application/json": {"schema": ref(f"{of}_error")}}}
        for of in ERRORS
        for code, told in STATUSES.items()
    }


def _answer(told: str, *media_types: str, headers: bool = False) -> Schema:
    found: Schema = {"description": told, "content": {each: {"schema": {}} for each in media_types}}
    if headers:
        found["headers"] = {name: ref(name, "headers") for name in ANSWER_HEADERS}
    return found


def _spoken(path: str) -> Schema:
    dialect = known.PATHS[path]
    body = {"application/json": {"schema": ref(dialect.NAME)}}
    media = dict.fromkeys(("application/json", dialect.STREAM_TYPE))
    return {
        "post": {
            "operationId": dialect.NAME,
            "summary": f"{dialect.OPERATION} as {dialect.NAME} says it",
            "tags": [family(dialect.NAME)],
            "parameters": [ref(name, "parameters") for name in REQUEST_HEADERS],
            "requestBody": {"required": True, "content": body},
            "responses": {
                "200": _answer("The answer, or its stream where the request asks for one.", *media, headers=True),
                **_errors(family(dialect.NAME)),
            },
        }
    }


def _get(operation: str, told: str, of: str = "openai", **more: Any) -> Schema:
    responses = {"200": _answer(told, "application/json"), **_errors(of, "409", "429", "502")}
    return {"operationId": operation, "summary": told, "tags": [of], "responses": responses, **more}


def _post(operation: str, told: str, body: Schema, of: str = "tidegate") -> Schema:
    asked = {"required": True, "content": {"application/json": {"schema": body}}}
    errors = _errors(of if of in ERRORS else "openai", "429")
    responses = {"200": _answer(told, "application/json"), **errors}
    return {"operationId": operation, "summary": told, "tags": [of], "requestBody": asked, "responses": responses}


def _in_path(name: str) -> list[Schema]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}]


def _service() -> dict[str, Schema]:
    one_text = {"type": "object", "properties": {"text": TEXT}, "required": ["text"]}
    named = {"type": "object", "properties": {"model": TEXT}, "required": ["model"]}
    signed = {"type": "object", "description": "A reviewer's signed note: docs/review.md."}
    return {
        ROOT: {"get": _get("alive", "That somebody is there.")},
        "/healthz": {"get": _get("healthz", "That the process lives.")},
        "/readyz": {"get": _get("readyz", "Whether it serves, or why not, and how its targets are.")},
        models.PATH: {"get": _get("models", "The models that may be asked for.")},
        models.PATH + "/{model}": {"get": _get("model", "One of them.", parameters=_in_path("model"))},
        RECEIPTS + "{request_id}": {
            "get": _get("receipt", "What the log holds of an exchange.", parameters=_in_path("request_id"))
        },
        "/v1/tidegate/explain": {"post": _post("explain", "What is found in a text, and where it may go.", one_text)},
        RELEASE: {"post": _post("release", "A text as a client that is no target may have it.", one_text)},
        REVIEWS: {"post": _post("reviews", "What a reviewer asks for, or decides.", signed)},
        SHOW: {"post": _post("show", "What is known of a model.", named, "ollama")},
        **{path: {"get": _get(path.rpartition("/")[2], f"As Ollama's {path}.", "ollama")} for path in OLLAMA},
    }


def document() -> Schema:
    """Paths in the order in which the gateway knows them."""
    headers = {name: {"description": told, "schema": TEXT} for name, told in ANSWER_HEADERS.items()}
    parameters = {
        name: {"name": name, "in": "header", "description": told, "required": False, "schema": TEXT}
        for name, told in REQUEST_HEADERS.items()
    }
    errors = {f"{name}_error": shape for name, shape in ERRORS.items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tidegate",
            "version": __version__,
            "summary": "The data plane: what clients speak with the gateway.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:4000"}],
        "paths": {**{path: _spoken(path) for path in known.PATHS}, **_service()},
        "components": {
            "schemas": {**REQUESTS, **SHARED, **errors},
            "responses": _refusals(),
            "headers": headers,
            "parameters": parameters,
        },
    }


def page() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
