"""A request to count, read as the message that it would be."""

from collections.abc import Mapping
from types import MappingProxyType

import orjson

from tidegate.core.dialects import anthropic_messages
from tidegate.core.dialects.document import loads
from tidegate.core.dialects.neutral.chat import Chat
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.values.envelope import Envelope

NAME = "anthropic.count_tokens"
OPERATION = "count_tokens"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_OF_MESSAGES_ALONE = ("max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "stream", "metadata")


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:
    """Raises BadRequest with the field's name. Nothing here is streamed, whatever the request says."""
    envelope = anthropic_messages.parse_request(body, headers)
    return envelope._replace(dialect=NAME, operation=OPERATION, stream=False)


def write_request(ask: Chat | Embedding, model: str) -> bytes:
    """The API refuses here what bounds an answer."""
    body = loads(anthropic_messages.write_request(ask, model))
    return orjson.dumps({key: value for key, value in body.items() if key not in _OF_MESSAGES_ALONE})
