"""The document says what is served: every path, every field that a dialect knows, every error in its family's words."""

import json

import pytest

from tests.fuzz.properties import CANARY
from tidegate.core.dialects import known
from tidegate.core.dialects.openai_chat.request import _PLAIN
from tidegate.core.values.errors import PolicyRefusal
from tidegate.server import data_plane
from tools import openapi

DOCUMENT = json.loads(openapi.page())


def test_every_endpoint_is_in_it():
    told = {path for path in DOCUMENT["paths"] if "{" not in path}
    assert told == {path for path in data_plane.ENDPOINTS if path != "/metrics"}
    assert {f"{data_plane.RECEIPTS}{{request_id}}", "/v1/models/{model}"} <= set(DOCUMENT["paths"])


def test_every_reference_leads_somewhere():
    def references(tree):
        if isinstance(tree, dict):
            if "$ref" in tree:
                yield tree["$ref"]
            for inner in tree.values():
                yield from references(inner)
        elif isinstance(tree, list):
            for inner in tree:
                yield from references(inner)

    found = set(references(DOCUMENT))
    assert found
    for each in found:
        _, components, kind, name = each.split("/")
        assert name in DOCUMENT[components][kind]


def test_fields_are_those_of_the_dialects_own_tables():
    chat = DOCUMENT["components"]["schemas"]["openai.chat"]
    assert set(chat["properties"]) == _PLAIN
    assert set(openapi.REQUESTS) == set(known.SPOKEN)


@pytest.mark.parametrize("name", known.SPOKEN)
def test_a_refusal_is_the_object_that_is_told(name):
    told = json.loads(known.SPOKEN[name].render_error(PolicyRefusal("policy", CANARY, rule="a-rule")))
    shape = openapi.ERRORS[openapi.family(name)]
    assert set(shape["required"]) <= set(told) <= set(shape["properties"])
    inner = shape["properties"]["error"]
    if inner["type"] == "string":
        assert told["error"] == CANARY
    else:
        assert set(inner["required"]) <= set(told["error"]) <= set(inner["properties"])
