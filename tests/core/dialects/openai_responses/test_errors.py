"""Refusals in the dialect's own words."""

import json

from openai.types.responses import ResponseErrorEvent

from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.values.errors import Refusal


def test_an_error_after_the_first_byte_is_an_event():
    raw = dialect.render_stream_error(Refusal("output_blocked", "It holds what may not leave.", status=403))
    assert raw.startswith(b"event: error\ndata: ")
    event = ResponseErrorEvent.model_validate(json.loads(raw.split(b"data: ")[1]))
    assert (event.code, event.type) == ("output_blocked", "error")


def test_an_error_before_it_is_an_object():
    told = json.loads(dialect.render_error(Refusal("x", "y", status=403)))
    assert told["error"]["code"] == "x"
