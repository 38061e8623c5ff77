"""The dialects that there are: by the path that clients call, and by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tidegate.core.dialects import (
    anthropic_count_tokens,
    anthropic_messages,
    bedrock_converse,
    gemini_embeddings,
    gemini_generate,
    ollama_chat,
    ollama_embed,
    ollama_embeddings,
    ollama_generate,
    openai_chat,
    openai_completions,
    openai_embeddings,
    openai_responses,
)
from tidegate.core.dialects.dialect import Both, Spoken, Understood
from tidegate.core.values.envelope import Envelope

PATHS: Mapping[str, Spoken] = MappingProxyType(
    {
        "/v1/chat/completions": openai_chat,
        "/v1/responses": openai_responses,
        "/v1/completions": openai_completions,
        "/v1/embeddings": openai_embeddings,
        "/v1/messages": anthropic_messages,
        "/v1/messages/count_tokens": anthropic_count_tokens,
        "/api/chat": ollama_chat,
        "/api/generate": ollama_generate,
        "/api/embed": ollama_embed,
        "/api/embeddings": ollama_embeddings,
    }
)
"""Where clients speak which; each is asked with POST."""

SPOKEN: Mapping[str, Spoken] = MappingProxyType({each.NAME: each for each in PATHS.values()})
BOTH: Mapping[str, Both] = MappingProxyType(
    {
        each.NAME: each
        for each in (
            openai_chat,
            openai_responses,
            openai_completions,
            openai_embeddings,
            anthropic_messages,
            anthropic_count_tokens,
            ollama_chat,
            ollama_generate,
            ollama_embed,
            ollama_embeddings,
        )
    }
)
UNDERSTOOD: Mapping[str, Understood] = MappingProxyType(
    {**BOTH, **{each.NAME: each for each in (bedrock_converse, gemini_embeddings, gemini_generate)}}
)

ESTIMATED: Mapping[str, Callable[[Envelope], bytes]] = MappingProxyType(
    {anthropic_count_tokens.NAME: anthropic_count_tokens.estimated}
)
"""What the gateway can say itself where a target cannot be asked: nothing leaves then."""
