"""The official `ollama` and `openai` clients against a running gateway: Ollama on both sides, and crossed."""

import base64
import contextlib
import json
import struct
import time

import ollama
import openai
import pytest

from tests.conformance import openai_chat
from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.ollama import Ollama, entry
from tests.fakes.upstream import response, streams

EMAIL = "jane.roe@" + "example.com"
TOOL = {
    "type": "function",
    "function": {
        "name": "take_note",
        "description": "Takes a note.",
        "parameters": {"type": "object", "properties": {"note": {"type": "string"}}},
    },
}
TARGETS = """
[targets.llama]
provider = "ollama"
url = "{url}"
model = "llama3.2"
boundary = "here"
[targets.large]
provider = "ollama"
url = "{url}"
model = "llama3.2"
boundary = "here"
context_tokens = 16384
[targets.named]
provider = "ollama"
url = "{url}"
model = "gpt-oss:120b-cloud"
boundary = "here"
"""
MODELS = """compatible = ["inside"]
llama = ["llama"]
large = ["large"]
named = ["named"]
first-home = ["named", "inside"]
"""


async def compatible(talk):
    """An OpenAI-compatible server: quotes what it gets, and makes vectors."""
    if talk.request.method == "GET":
        return await talk.send(response(404))
    if talk.request.target.endswith("/embeddings"):
        inputs = json.loads(talk.request.body)["input"]
        data = [{"object": "embedding", "index": n, "embedding": [0.5, n]} for n, _ in enumerate(_list(inputs))]
        body = {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 3, "total_tokens": 3}}
        return await talk.send(response(200, json.dumps(body).encode()))
    whole, events = openai_chat.quote(talk.request.body)
    if json.loads(talk.request.body).get("stream"):
        return await streams(*events)(talk)
    return await talk.send(response(200, whole))


def _list(inputs):
    return inputs if isinstance(inputs, list) else [inputs]


class Between:
    """A gateway before an Ollama and OpenAI-compatible servers inside and outside, and a client of each kind."""

    def __init__(self, gateway, fake, outside):
        self.gateway, self.fake, self.outside = gateway, fake, outside
        url = f"http://127.0.0.1:{gateway.port}"
        self.ollama = ollama.Client(host=url)
        self.openai = openai.OpenAI(base_url=url + "/v1", api_key="any", max_retries=0, timeout=20)

    @property
    def sent(self):
        """What the Ollama got last, of what generates."""
        return next(body for method, _, body in reversed(self.fake.asked) if method == "POST")

    @property
    def path(self):
        return next(path for method, path, _ in reversed(self.fake.asked) if method == "POST")


@contextlib.contextmanager
def between(fake, more=""):
    with upstreams(fake, compatible, compatible) as (server, inside, outside):
        tables = TARGETS.format(url=server.url.removesuffix("/v1")) + more
        gateway = Gateway(inside, outside, upstream="probe_interval_s = 1", more=tables)
        gateway.config.write_text(gateway.config.read_text().replace("[models]\n", f"[models]\n{MODELS}"))
        with gateway:
            started = Between(gateway, fake, outside)
            try:
                yield started
            finally:
                started.ollama.close()
                started.openai.close()


@pytest.fixture(scope="module")
def one():
    with between(Ollama()) as started:
        yield started


# -- Ollama on both sides ----------------------------------------------------------------------------------------------


def test_a_chat_passes_and_how_long_a_model_stays_with_it(one):
    """`keep_alive` was lost in another gateway (litellm 11483), and `num_ctx` cannot be said in OpenAI's words."""
    answer = one.ollama.chat(
        "llama", [{"role": "user", "content": "hello"}], keep_alive="24h", options={"num_ctx": 8192}
    )
    assert answer.message.content == "hello"
    assert (answer.done_reason, answer.eval_count, answer.total_duration) == ("stop", 282, 4883583458)
    assert (one.path, one.sent["model"]) == ("/api/chat", "llama3.2")
    assert (one.sent["keep_alive"], one.sent["options"]) == ("24h", {"num_ctx": 8192})


def test_a_target_has_a_context_of_its_own_where_the_request_says_none(one):
    one.ollama.chat("large", [{"role": "user", "content": "hello"}])
    assert one.sent["options"]["num_ctx"] == 16384
    one.ollama.chat("large", [{"role": "user", "content": "hello"}], options={"num_ctx": 2048})
    assert one.sent["options"]["num_ctx"] == 2048
    one.openai.chat.completions.create(model="large", messages=[{"role": "user", "content": "hello"}])
    assert one.sent["options"]["num_ctx"] == 16384


def test_thoughts_calls_and_prose_of_a_stream_arrive_whole(one):
    """Thoughts ended after two pieces (litellm 20737), and a stream with tools in an error (litellm 7094)."""
    parts = list(
        one.ollama.chat("llama", [{"role": "user", "content": "hello"}], tools=[TOOL], think=True, stream=True)
    )
    assert "".join(part.message.thinking or "" for part in parts) == "They want it all quoted."
    assert "".join(part.message.content or "" for part in parts) == "hello"
    calls = [call.function for part in parts for call in part.message.tool_calls or ()]
    assert [(call.name, call.arguments) for call in calls] == [
        ("take_note", {"note": "hello", "n": 1}),
        ("take_note", {"note": "hello", "n": 2}),
    ]
    assert (parts[-1].done, parts[-1].done_reason) == (True, "stop")


def test_a_stream_is_what_silence_means(one):
    answer = one.gateway.post("/api/chat", {"model": "llama", "messages": [{"role": "user", "content": "hello"}]})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert json.loads(answer.body.splitlines()[-1])["done"] is True


@pytest.mark.parametrize("stream", [False, True])
def test_a_prompt_passes(one, stream):
    answer = one.ollama.generate("llama", "hello", system="be brief", stream=stream)
    text = "".join(part.response for part in answer) if stream else answer.response
    assert text == "be brief\nhello"
    assert one.path == "/api/generate"


def test_a_schema_reaches_the_model(one):
    schema = {"type": "object", "properties": {"quote": {"type": "string"}}}
    answer = one.ollama.chat("llama", [{"role": "user", "content": "hello"}], format=schema)
    assert json.loads(answer.message.content) == {"quote": "hello"}
    assert one.sent["format"] == schema


def test_texts_are_embedded_together_and_one_by_one(one):
    answer = one.ollama.embed("llama", ["one", "three"], dimensions=3)
    assert answer.embeddings == [[1.5, 0.25, -1.5], [2.5, 0.25, -1.5]]
    assert one.sent["dimensions"] == 3
    assert one.ollama.embeddings("llama", "one").embedding == [1.5, 0.25, -1.5]


def test_a_model_is_loaded_and_unloaded_at_home_and_nobody_else_is_told(one):
    assert one.ollama.generate("llama", "", keep_alive=0).done_reason == "unload"
    assert one.ollama.chat("llama", []).done_reason == "load"
    for model, status in (("cloud-only", 403), ("compatible", 400)):
        before = len(one.outside.requests)
        with pytest.raises(ollama.ResponseError) as refused:
            one.ollama.generate(model, "", keep_alive=0)
        assert refused.value.status_code == status
        assert len(one.outside.requests) == before


def test_a_model_that_the_server_does_not_have_is_the_operators_matter(one):
    one.fake.entries.append(one.fake.entries.pop())
    with pytest.raises(ollama.ResponseError) as missing:
        one.ollama.chat("nobody-knows-it", [{"role": "user", "content": "hello"}])
    assert missing.value.status_code == 404
    assert "No such model" in missing.value.error


# -- what clients ask about models -------------------------------------------------------------------------------------


def test_models_are_listed_shown_and_running(one):
    names = {model.model for model in one.ollama.list().models}
    assert {"llama", "compatible", "auto", "cloud-only"} <= names
    shown = one.ollama.show("llama")
    assert shown.capabilities == ["completion", "tools"]
    assert shown.details.family
    with pytest.raises(ollama.ResponseError) as missing:
        one.ollama.show("gone")
    assert missing.value.status_code == 404
    assert one.gateway.get("/api/version").status == 200
    until = time.monotonic() + 10
    while "llama" not in {model.name for model in one.ollama.ps().models}:
        assert time.monotonic() < until, "nobody noticed that the model is in memory"
        time.sleep(0.1)


# -- crossed: Ollama's clients -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_of_ollama_is_answered_by_another_runtime(one, stream):
    given = {"model": "compatible", "messages": [{"role": "user", "content": "hello"}], "tools": [TOOL]}
    answer = one.ollama.chat(**given, stream=stream)
    parts = list(answer) if stream else [answer]
    assert "hello" in "".join(part.message.content or "" for part in parts)
    (call,) = [call.function for part in parts for call in part.message.tool_calls or ()]
    assert call.name == "take_note"
    assert "hello" in call.arguments["note"]
    assert (parts[-1].done, parts[-1].done_reason) == (True, "stop")
    assert parts[-1].total_duration == parts[-1].prompt_eval_duration + parts[-1].eval_duration > 0


@pytest.mark.parametrize("stream", [False, True])
def test_values_do_not_leave_and_come_back(one, stream):
    answer = one.ollama.chat("cloud-only", [{"role": "user", "content": f"Write to {EMAIL}."}], stream=stream)
    text = "".join(part.message.content or "" for part in answer) if stream else answer.message.content
    assert EMAIL in text
    assert EMAIL.encode() not in one.outside.requests[-1].body


@pytest.mark.parametrize("stream", [False, True])
def test_a_prompt_crosses_too(one, stream):
    answer = one.ollama.generate("cloud-only", f"Write to {EMAIL}.", stream=stream)
    text = "".join(part.response for part in answer) if stream else answer.response
    assert EMAIL in text
    assert EMAIL.encode() not in one.outside.requests[-1].body


def test_embeddings_cross_and_restricted_ones_stay(one):
    assert one.ollama.embed("compatible", ["a", "b"]).embeddings == [[0.5, 0], [0.5, 1]]
    one.ollama.embed("cloud-only", f"Write to {EMAIL}.")
    assert EMAIL.encode() not in one.outside.requests[-1].body
    with pytest.raises(ollama.ResponseError) as refused:
        one.ollama.embed("cloud-only", "my SSN is 457-55-" + "5462")
    assert refused.value.status_code == 403


# -- crossed: OpenAI's clients -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_of_openai_is_answered_by_ollama_in_its_own_words(one, stream):
    given = {"model": "llama", "messages": [{"role": "user", "content": "hello"}], "tools": [TOOL], "max_tokens": 50}
    answer = one.openai.chat.completions.create(**given, stream=stream)
    if stream:
        text, calls = "", {}
        for chunk in answer:
            for choice in chunk.choices:
                text += choice.delta.content or ""
                for call in choice.delta.tool_calls or ():
                    found = calls.setdefault(call.index, ["", "", ""])
                    found[0] += call.id or ""
                    found[1] += call.function.name or ""
                    found[2] += call.function.arguments or ""
        calls = list(calls.values())
    else:
        message = answer.choices[0].message
        text = message.content
        calls = [[call.id, call.function.name, call.function.arguments] for call in message.tool_calls]
    assert text == "hello"
    assert [(name, json.loads(arguments)["n"]) for _, name, arguments in calls] == [("take_note", 1), ("take_note", 2)]
    assert len({call_id for call_id, *_ in calls}) == 2  # the API has none, and clients tell calls by them
    assert (one.path, one.sent["options"]) == ("/api/chat", {"num_predict": 50})


def test_results_of_parallel_calls_find_their_way_back(one):
    calls = [{"id": f"c{n}", "type": "function", "function": {"name": "take_note", "arguments": "{}"}} for n in (1, 2)]
    messages = [
        {"role": "user", "content": "hello"},
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "c2", "content": "two"},
        {"role": "tool", "tool_call_id": "c1", "content": "one"},
    ]
    one.openai.chat.completions.create(model="llama", messages=messages)
    told = [(m["tool_name"], m["tool_call_id"], m["content"]) for m in one.sent["messages"] if m["role"] == "tool"]
    assert told == [("take_note", "c2", "two"), ("take_note", "c1", "one")]


def test_vectors_come_in_the_form_that_the_sdk_asks_for(one):
    answer = one.openai.embeddings.create(model="llama", input=["one", "three"])  # in base64, by itself
    assert [each.embedding for each in answer.data] == [[1.5, 0.25, -1.5], [2.5, 0.25, -1.5]]
    raw = one.gateway.post("/v1/embeddings", {"model": "llama", "input": "one", "encoding_format": "base64"})
    told = json.loads(raw.body)["data"][0]["embedding"]
    assert struct.unpack("<3f", base64.b64decode(told)) == (1.5, 0.25, -1.5)


def test_embeddings_of_the_same_dialect_are_the_bytes_that_came(one):
    answer = one.openai.embeddings.create(model="compatible", input="one", encoding_format="float")
    assert answer.data[0].embedding == [0.5, 0]
    assert answer.model == "m"


def test_an_ollama_may_not_be_asked_for_a_call_that_it_cannot_force(one):
    with pytest.raises(openai.BadRequestError, match="tool_choice_required"):
        one.openai.chat.completions.create(
            model="llama", messages=[{"role": "user", "content": "x"}], tools=[TOOL], tool_choice="required"
        )


# -- faults ------------------------------------------------------------------------------------------------------------


def test_an_error_in_the_middle_is_an_error_to_either_client():
    with between(Ollama(breaks_after=1)) as one:
        with pytest.raises(ollama.ResponseError, match="an error was encountered"):
            list(one.ollama.chat("llama", [{"role": "user", "content": "hello"}], stream=True))
        with pytest.raises(openai.APIError, match="an error was encountered"):
            list(one.openai.chat.completions.create(
                model="llama", messages=[{"role": "user", "content": "hello"}], stream=True
            ))  # fmt: skip
        assert {outcome["status"] for outcome in one.gateway.outcomes(2)} == {"failed"}


def outcome_of(gateway, request_id):
    """It joins the log a moment after the answer."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        for record in gateway.records():
            if record["kind"] == "outcome" and record["request_id"] == request_id:
                return record
        time.sleep(0.02)
    raise AssertionError("no outcome")


# -- local means local -------------------------------------------------------------------------------------------------


def test_a_model_that_is_named_as_remote_gets_nothing_and_the_next_one_answers(one):
    with pytest.raises(ollama.ResponseError) as refused:
        one.ollama.chat("named", [{"role": "user", "content": "hello"}])
    assert (refused.value.status_code, "named as those are that run elsewhere" in refused.value.error) == (503, True)
    answer = one.gateway.chat("hello", model="first-home")
    assert answer.headers["x-tidegate-target"] == "inside"
    attempts = outcome_of(one.gateway, answer.headers["x-tidegate-request-id"])["attempts"]
    assert [(attempt["target"], attempt["error"]) for attempt in attempts] == [
        ("named", "runs_elsewhere"),
        ("inside", ""),
    ]
    assert "target named gets nothing" in one.gateway.log.read_text()


def test_a_model_that_its_server_lists_as_remote_gets_nothing():
    fake = Ollama(entry("llama3.2:latest", remote_host="https://ollama.com:443", remote_model="llama3.2"))
    with between(fake) as one:
        until = time.monotonic() + 10
        while "target llama gets nothing" not in one.gateway.log.read_text():
            assert time.monotonic() < until, "nobody asked where the model runs"
            time.sleep(0.05)
        with pytest.raises(openai.InternalServerError, match=r"ollama\.com"):
            one.openai.chat.completions.create(model="llama", messages=[{"role": "user", "content": "hello"}])
        assert not any(path == "/api/chat" for _, path, _ in fake.asked)


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_from_elsewhere_is_refused_and_closes_its_target(stream):
    fake = Ollama(remote={"remote_host": "https://ollama.com:443", "remote_model": "llama3.2"})
    with between(fake) as one:
        with pytest.raises(ollama.ResponseError, match="made elsewhere"):
            answer = one.ollama.chat("llama", [{"role": "user", "content": "hello"}], stream=stream)
            list(answer)
        asked = len([path for _, path, _ in fake.asked if path == "/api/chat"])
        with pytest.raises(ollama.ResponseError, match=r"came from https://ollama\.com:443"):
            one.ollama.chat("llama", [{"role": "user", "content": "hello"}])
        assert len([path for _, path, _ in fake.asked if path == "/api/chat"]) == asked


# -- answers that are given again --------------------------------------------------------------------------------------


def test_the_same_question_is_answered_from_memory_where_that_is_configured():
    with between(Ollama(), more="[cache]\nbytes = 1048576\n") as one:
        given = {"model": "llama", "messages": [{"role": "user", "content": "hello"}], "options": {"temperature": 0}}
        first, second = one.gateway.post("/api/chat", given), one.gateway.post("/api/chat", given)
        assert "x-tidegate-cache" not in first.headers
        assert second.headers["x-tidegate-cache"] == "hit"
        assert first.body == second.body
        assert len([path for _, path, _ in one.fake.asked if path == "/api/chat"]) == 1
        assert [outcome["cached"] for outcome in one.gateway.outcomes(2)] == [False, True]
        other = one.gateway.post("/api/chat", given, {"x-tidegate-subject": "somebody"})
        assert "x-tidegate-cache" not in other.headers
        assert one.gateway.verify()[0] == 0
