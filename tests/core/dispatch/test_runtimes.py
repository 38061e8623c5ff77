"""What local runtimes tell of themselves, in the shapes that their documents show; anything else tells nothing."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes import runtimes as fakes
from tidegate.core.dispatch.runtimes import MOST_BYTES, QUESTIONS, Told, paths, read
from tidegate.core.values.route import UNTOLD, Load

NOT_THERE = Told(0, b"")


def answered(provider, **bodies):
    """`bodies`: by the last word of a path."""
    told = dict.fromkeys(QUESTIONS[provider].paths, NOT_THERE)
    for path in told:
        found = bodies.get(path.rsplit("/", 1)[-1])
        if found is not None:
            status, body = found if isinstance(found, tuple) else (200, found)
            told[path] = Told(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    return told


def load(provider, model="m", **bodies):
    return read(provider, answered(provider, **bodies), model)


OLLAMA = [
    ("in memory", "llama3.2:latest", fakes.ollama_ps("llama3.2:latest"), "warm"),
    ("named without its tag", "llama3.2", fakes.ollama_ps("llama3.2:latest"), "warm"),
    ("another tag", "llama3.2:1b", fakes.ollama_ps("llama3.2:latest"), "cold"),
    ("nothing in memory", "llama3.2", fakes.ollama_ps(), "cold"),
    ("its answer has another shape", "llama3.2", [], "unknown"),
]


@pytest.mark.parametrize(("model", "body", "warmth"), [o[1:] for o in OLLAMA], ids=[o[0] for o in OLLAMA])
def test_ollama_lists_what_is_in_memory(model, body, warmth):
    assert load("ollama", model, ps=body) == Load(warmth)


def test_ollama_that_does_not_answer_tells_nothing():
    assert load("ollama") == UNTOLD
    assert load("ollama", ps=(404, {})) == UNTOLD


LMSTUDIO = [
    ("loaded, asked for by its key", "qwen/qwen3-4b", True, "warm"),
    ("loaded, asked for by its instance", "qwen/qwen3-4b:2", True, "warm"),
    ("not loaded", "qwen/qwen3-4b", False, "cold"),
    ("a model that it does not have", "other", True, "unknown"),
]


@pytest.mark.parametrize(("model", "loaded", "warmth"), [row[1:] for row in LMSTUDIO], ids=[row[0] for row in LMSTUDIO])
def test_lm_studio_lists_loaded_instances(model, loaded, warmth):
    body = fakes.lmstudio_models("qwen/qwen3-4b", instances=["qwen/qwen3-4b:2"] if loaded else [])
    assert load("lmstudio", model, models=body).warmth == warmth


def test_llamacpp_tells_its_slots_and_its_queue():
    told = load(
        "llamacpp",
        health={"status": "ok"},
        slots=fakes.llamacpp_slots(True, False),
        metrics=fakes.llamacpp_metrics(1, 3),
    )
    assert told == Load("warm", 1, 3, 2)


def test_llamacpp_without_metrics_still_shows_who_works():
    assert load("llamacpp", health={"status": "ok"}, slots=fakes.llamacpp_slots(True, True)) == Load("warm", 2, -1, 2)


def test_llamacpp_with_slots_and_metrics_switched_off_tells_only_that_it_is_there():
    assert load("llamacpp", health={"status": "ok"}, slots=(501, {"error": {}}), metrics=(501, {})) == Load("warm")


def test_llamacpp_that_loads_says_503():
    assert load("llamacpp", health=(503, fakes.LLAMACPP_LOADING)).warmth == "loading"


def test_the_embedded_engine_is_asked_for_nothing_that_shows_what_others_wrote():
    assert paths("embedded") == ("/health", "/metrics")
    assert load("embedded", health={"status": "ok"}, metrics=fakes.llamacpp_metrics(2, 1)) == Load("warm", 2, 1)


def test_vllm_tells_its_queue_by_model():
    body = fakes.vllm_metrics({"m": (4, 7), "other": (90, 90)})
    assert load("vllm", health=b"", metrics=body) == Load("warm", 4, 7)


def test_vllm_with_several_engines_adds_up():
    body = fakes.vllm_metrics({"m": (4, 7)}) + fakes.vllm_metrics({"m": (1, 1)})
    assert load("vllm", health=b"", metrics=body) == Load("warm", 5, 8)


def test_vllm_whose_engine_has_died_does_not_load():
    assert load("vllm", health=(503, b"")).warmth == "unknown"


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-1", "1e99", "many"])
def test_numbers_that_are_none_tell_nothing(value):
    assert load("vllm", metrics=f"vllm:num_requests_running {value}\n".encode()).running == -1


def test_whoever_is_no_local_runtime_is_asked_nothing():
    assert read("openai", {}, "m") == UNTOLD


@pytest.mark.parametrize(
    ("provider", "first"),
    [("ollama", "/api/ps"), ("openai", "/v1/models"), ("openai-compatible", "/models"), ("somebody", None)],
)
def test_each_provider_is_asked_something_harmless_or_nothing(provider, first):
    assert next(iter(paths(provider)), None) == first


def test_what_is_too_large_tells_nothing():
    assert load("ollama", ps=json.dumps(fakes.ollama_ps("m")).encode() + b" " * MOST_BYTES) == UNTOLD


@given(st.sampled_from(sorted(QUESTIONS)), st.binary(max_size=200), st.integers(0, 599))
def test_no_answer_breaks_it(provider, body, status):
    assert isinstance(read(provider, dict.fromkeys(QUESTIONS[provider].paths, Told(status, body)), "m"), Load)


@example("lmstudio", {"models": [{"loaded_instances": True}]})
@given(
    st.sampled_from(sorted(QUESTIONS)),
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["models", "name", "key", "loaded_instances", "id", "is_processing"]), x)
        ),
    ),
)
def test_no_document_breaks_it(provider, document):
    told = dict.fromkeys(QUESTIONS[provider].paths, Told(200, json.dumps(document).encode()))
    assert isinstance(read(provider, told, "m"), Load)
