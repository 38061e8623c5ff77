"""Models as either API lists them."""

import json

import anthropic.types
import openai.types
import pytest

from tidegate.core.dialects import models
from tidegate.core.values.errors import BadRequest

NAMES = ("auto", "meta/llama 3")
ANTHROPIC = {"anthropic-version": "2023-06-01"}


def told(path="/v1/models", headers=None, names=NAMES):
    return json.loads(models.told(path, headers or {}, names))


def test_openais_list_and_each_of_it():
    found = told()
    assert [openai.types.Model.model_validate(each).id for each in found["data"]] == list(NAMES)
    assert found["object"] == "list"
    assert told("/v1/models/auto")["id"] == "auto"
    assert told("/v1/models/meta/llama%203")["id"] == "meta/llama 3"


def test_anthropics_list_and_each_of_it():
    found = told(headers=ANTHROPIC)
    assert [anthropic.types.ModelInfo.model_validate(each).id for each in found["data"]] == list(NAMES)
    assert (found["first_id"], found["last_id"], found["has_more"]) == ("auto", "meta/llama 3", False)
    assert told("/v1/models/auto", ANTHROPIC)["display_name"] == "auto"
    assert told(headers=ANTHROPIC, names=())["first_id"] is None


def test_a_model_that_nobody_configured_is_not_found():
    with pytest.raises(BadRequest) as caught:
        told("/v1/models/gpt-9")
    assert (caught.value.status, caught.value.code) == (404, "model_not_found")


def test_only_its_own_paths_are_asked():
    assert models.is_asked("/v1/models")
    assert models.is_asked("/v1/models/x")
    assert not models.is_asked("/v1/modelsx")
