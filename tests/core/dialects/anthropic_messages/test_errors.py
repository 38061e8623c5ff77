"""Refusals as objects that the official client makes its exceptions of."""

import json
from typing import get_args

import pytest
from anthropic.types.shared import ErrorType

from tidegate.core.dialects.anthropic_messages.errors import KINDS, render_error, render_stream_error
from tidegate.core.values.errors import Refusal

KNOWN = {*get_args(ErrorType), "request_too_large"}  # the last one in the API's documentation alone


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 415, 429, 431, 500, 502, 503, 504, 529])
def test_every_status_has_a_kind_that_the_client_knows(status):
    told = json.loads(render_error(Refusal("c", "m", status=status)))
    assert told["type"] == "error"
    assert told["error"]["type"] in KNOWN


@pytest.mark.parametrize(
    ("status", "kind"),
    [*KINDS.items(), (405, "invalid_request_error"), (500, "api_error"), (502, "api_error")],
)
def test_a_kind_is_the_api_s_word_for_a_status(status, kind):
    assert json.loads(render_error(Refusal("c", "m", status=status)))["error"]["type"] == kind


def test_what_the_api_has_no_field_for_stands_beside():
    refusal = Refusal("policy_refusal", "No.", status=403, rule="r", param="p")
    refusal.request_id = "018f"
    assert json.loads(render_error(refusal)) == {
        "type": "error",
        "error": {"type": "permission_error", "message": "No.", "code": "policy_refusal", "param": "p", "rule": "r"},
        "request_id": "018f",
    }
    assert json.loads(render_error(Refusal("c", "m")))["error"] == {
        "type": "invalid_request_error", "message": "m", "code": "c",
    }  # fmt: skip


def test_an_error_in_a_stream_is_an_event_of_its_own():
    refusal = Refusal("upstream_cut", "It ended.", status=502)
    assert render_stream_error(refusal) == b"event: error\ndata: " + render_error(refusal) + b"\n\n"
