"""What clients ask about models is told of the names that they may ask for."""

import pytest
from ollama import ListResponse, ProcessResponse, ShowResponse

from tests.pipeline.script import CLOUD, LOCAL
from tidegate.core.dialects.ollama import listing
from tidegate.core.values.errors import BadRequest

MODELS = {"auto": (CLOUD, LOCAL), "cloud-only": (CLOUD,)}
SINCE = "2026-01-15T08:00:00.000000000Z"
ENTRY = {
    "name": "llama3.2:latest", "digest": "a80c4f17acd5", "size": 2019393189, "capabilities": ["completion", "vision"],
    "details": {"format": "gguf", "family": "llama", "families": ["llama"],
                "parameter_size": "3.2B", "quantization_level": "Q4_K_M"},
}  # fmt: skip


def known(target):
    return ENTRY if target is LOCAL else {}


def nothing(_):
    return {}


def test_names_are_listed_with_what_is_known_of_their_local_model():
    found = listing.tags(MODELS, known, SINCE)
    ListResponse.model_validate(found)
    auto, cloud = found["models"]
    assert (auto["name"], auto["model"], auto["digest"], auto["size"]) == ("auto", "auto", "a80c4f17acd5", 2019393189)
    assert auto["details"]["quantization_level"] == "Q4_K_M"
    assert auto["capabilities"] == ["completion", "vision"]
    assert (cloud["name"], cloud["size"], cloud["capabilities"]) == ("cloud-only", 0, ["completion", "tools"])


def test_a_name_without_a_file_has_a_digest_that_changes_with_what_it_stands_for():
    one = listing.tags(MODELS, nothing, SINCE)["models"][0]["digest"]
    assert len(one) == 64
    assert one == listing.tags(MODELS, nothing, SINCE)["models"][0]["digest"]
    assert one != listing.tags({"auto": (LOCAL,)}, nothing, SINCE)["models"][0]["digest"]


@pytest.mark.parametrize("asked", [{"model": "auto"}, {"name": "auto"}, {"model": "auto", "verbose": True}])
def test_a_name_is_shown_with_the_targets_behind_it(asked):
    found = listing.show(asked, MODELS, known, SINCE)
    told = ShowResponse.model_validate(found)
    assert told.modelinfo["general.architecture"] == "llama"
    assert [target["target"] for target in found["tidegate"]["targets"]] == ["cloud", "local"]
    assert [target["kind"] for target in found["tidegate"]["targets"]] == ["cloud", "local"]


@pytest.mark.parametrize(
    ("asked", "status"), [({"model": "gone"}, 404), ({}, 400), ({"model": 1}, 400), ({"model": []}, 400)]
)
def test_what_nobody_configured_is_not_found(asked, status):
    with pytest.raises(BadRequest) as refused:
        listing.show(asked, MODELS, known, SINCE)
    assert refused.value.status == status


def test_only_what_is_in_memory_here_is_running():
    found = listing.running(MODELS, known, lambda target: True)
    ProcessResponse.model_validate(found)
    assert [entry["name"] for entry in found["models"]] == ["auto"]
    assert listing.running(MODELS, known, lambda target: False) == {"models": []}


def test_a_version_is_told():
    assert listing.version()["version"].count(".") == 2


ODD = [
    {"details": 1},
    {"details": {"families": [1, None]}},
    {"size": "big"},
    {"size": True},
    {"digest": 1},
    {"capabilities": [1]},
]


@pytest.mark.parametrize("entry", ODD)
def test_whatever_a_server_lists_the_list_is_one(entry):
    ListResponse.model_validate(listing.tags(MODELS, lambda _: entry, SINCE))
    ShowResponse.model_validate(listing.show({"model": "auto"}, MODELS, lambda _: entry, SINCE))
    ProcessResponse.model_validate(listing.running(MODELS, lambda _: entry, lambda _: True))
