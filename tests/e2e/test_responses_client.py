"""The official `openai` client's responses against a running gateway: the same dialect on both sides, and crossed."""

import json

import openai
import pytest
from pydantic import BaseModel

from tests.conformance import openai_chat, openai_responses
from tests.fakes.gateway import CONFIGURATION, Gateway, upstreams
from tests.fakes.upstream import response, streams

EMAIL = "jane.roe@" + "example.com"
SSN = "457-55-" + "5462"
TOOL = {"type": "function", "name": "take_note", "description": "Takes a note.", "parameters": {"type": "object"},
        "strict": False}  # fmt: skip
PATCH = '*** Begin Patch\n*** Update File: a.txt\n+say "hello"\n*** End Patch\n'
MODELS = ["responses", "auto"]
"""To targets that speak responses; to targets that speak chat."""


async def api(talk):
    """Says again all that it is told. `patch` calls the tool that patches; `break` leaves in the middle."""
    body = json.loads(talk.request.body)
    if "status 500" in talk.request.body.decode():
        return await talk.send(response(500, b'{"error":{"message":"oh no","type":"server_error"}}'))
    if talk.request.target == "/v1/completions":
        return await complete(talk, body)
    if "please patch" in talk.request.body.decode():
        whole, events = patching(body)
    else:
        spoken = openai_responses if talk.request.target.endswith("/responses") else openai_chat
        whole, events = spoken.quote(talk.request.body)
    if not body.get("stream"):
        return await talk.send(response(200, whole))
    cut = "please break" in talk.request.body.decode()
    await streams(*(events[:5] if cut else events), then="close" if cut else "keep", finish=not cut)(talk)
    return None


async def complete(talk, body):
    choice = {"text": body["prompt"], "index": 0, "logprobs": None, "finish_reason": "stop"}
    whole = json.dumps({"id": "c", "object": "text_completion", "created": 1, "model": "m", "choices": [choice]})
    if body.get("stream"):
        await streams(f"data: {whole}\n\n".encode(), b"data: [DONE]\n\n")(talk)
    else:
        await talk.send(response(200, whole.encode()))


def patching(body):
    """A chat that calls `apply_patch`, as a local model does that knows functions alone."""
    names = [tool["function"]["name"] for tool in body["tools"]]
    arguments = json.dumps({"input": PATCH})
    call = {"id": "c9", "type": "function", "function": {"name": "apply_patch", "arguments": arguments}}
    assert "apply_patch" in names
    head = {"id": "x", "created": 1, "model": "m"}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    whole = {**head, "object": "chat.completion", "choices": [choice]}
    return json.dumps(whole).encode(), [*chunks(head, call, arguments), b"data: [DONE]\n\n"]


def chunks(head, call, arguments):
    def chunk(delta, reason=None):
        choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
        told = {**head, "object": "chat.completion.chunk", "choices": choices}
        return f"data: {json.dumps(told)}\n\n".encode()

    first = {"index": 0, **call, "function": {"name": "apply_patch", "arguments": ""}}
    yield chunk({"role": "assistant", "tool_calls": [first]})
    for at in range(0, len(arguments), 5):
        yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": arguments[at : at + 5]}}]})
    yield chunk({}, "tool_calls")


class Two:
    """A gateway, the upstreams behind it, and a client before it."""

    def __init__(self, gateway, inside, outside):
        self.gateway, self.inside, self.outside = gateway, inside, outside
        url = f"http://127.0.0.1:{gateway.port}/v1"
        self.client = openai.OpenAI(base_url=url, api_key="any", max_retries=0, timeout=20)

    def ask(self, said, *, stream=False, **more):
        if not stream:
            return self.client.responses.create(input=said, **more)
        with self.client.responses.stream(input=said, **more) as events:
            self.events = list(events)
            return events.get_final_response()

    @property
    def sent(self):
        return json.loads(self.outside.requests[-1].body)


@pytest.fixture(scope="module")
def two():
    with upstreams(api, api) as (inside, outside):
        lines = openai_responses.MODEL + 'local = ["inside"]\n'
        template = CONFIGURATION.replace("[models]\n", f"[models]\n{lines}")
        more = openai_responses.TARGETS.format(inside=inside.url, outside=outside.url)
        with Gateway(inside, outside, more=more, template=template) as gateway:
            yield Two(gateway, inside, outside)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", MODELS)
def test_values_stay_here_and_come_back_with_text_tools_and_usage(two, model, stream):
    answer = two.ask(f"Write to {EMAIL}.", model=model, stream=stream, tools=[TOOL], instructions=f"I am {EMAIL}.")
    assert EMAIL not in json.dumps(two.sent)
    assert f"Write to {EMAIL}." in answer.output_text
    calls = [item for item in answer.output if item.type == "function_call"]
    assert f"Write to {EMAIL}." in json.loads(calls[0].arguments)["note"]
    assert answer.usage.total_tokens == (0 if model == "auto" and stream else 2)  # that upstream's streams tell none
    assert (answer.status, answer.instructions) == ("completed", f"I am {EMAIL}.")


@pytest.mark.parametrize("model", MODELS)
def test_a_stream_has_every_event_in_order(two, model):
    two.ask(f"Write to {EMAIL}.", model=model, stream=True)
    numbers = [event.sequence_number for event in two.events]
    assert numbers == sorted(set(numbers))
    kinds = [event.type for event in two.events]
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    done = next(event for event in two.events if event.type == "response.output_text.done")
    deltas = [event.delta for event in two.events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == done.text


class Quote(BaseModel):
    quote: str


@pytest.mark.parametrize("model", MODELS)
def test_an_answer_in_a_form_is_parsed(two, model):
    answer = two.client.responses.parse(model=model, input=f"Quote {EMAIL}.", text_format=Quote)
    assert f"Quote {EMAIL}." in answer.output_parsed.quote


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_stored_that_nobody_wants_stored(two, model):
    two.ask("Hello.", model=model)
    assert two.sent.get("store") is (False if model == "responses" else None)


def test_what_only_may_stay_is_answered_from_inside(two):
    before = len(two.outside.requests)
    answer = two.client.responses.with_raw_response.create(model="responses", input=f"My SSN is {SSN}.")
    assert answer.headers["x-tidegate-boundary"] == "here"
    assert SSN in answer.parse().output_text
    assert len(two.outside.requests) == before


KEPT = [{"store": True}, {"background": True}, {"prompt_cache_key": "k"}]


@pytest.mark.parametrize("more", KEPT)
def test_what_a_provider_would_keep_goes_to_no_cloud_without_its_contract(two, more):
    before = len(two.outside.requests)
    answer = two.client.responses.with_raw_response.create(model="responses", input="Hello.", **more)
    assert answer.headers["x-tidegate-boundary"] == "here"
    assert len(two.outside.requests) == before


def test_a_response_goes_on_where_it_was_made_or_nowhere(two):
    first = two.ask("Hello.", model="responses", store=True)
    again = two.client.responses.with_raw_response.create(
        model="responses", input="And?", previous_response_id=first.id, store=True
    )
    assert again.headers["x-tidegate-target"] == "inside-responses"
    for unknown in ({"previous_response_id": "resp_of_somebody"}, {"prompt": {"id": "pmpt_1"}}, {"conversation": "c"}):
        with pytest.raises(openai.BadRequestError) as refused:
            two.ask("And?", model="responses", **unknown)
        assert refused.value.code == "unknown_reference"


def test_what_is_kept_elsewhere_is_not_fetched(two):
    for asked in (
        lambda: two.client.responses.retrieve("resp_1"),
        lambda: two.client.responses.delete("resp_1"),
        lambda: two.client.responses.cancel("resp_1"),
        lambda: two.client.responses.input_items.list("resp_1"),
    ):
        with pytest.raises(openai.NotFoundError) as refused:
            asked()
        assert refused.value.code == "response_not_kept"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", MODELS)
def test_an_upstream_that_fails_is_told_as_an_error(two, model, stream):
    with pytest.raises(openai.InternalServerError):
        two.ask("status 500", model=model, stream=stream)


@pytest.mark.parametrize("model", MODELS)
def test_a_stream_that_breaks_has_no_end(two, model):
    told = []
    with (
        pytest.raises(openai.APIError),
        two.client.responses.create(model=model, input="please break", stream=True) as events,
    ):
        for event in events:
            told.append(event.type)
            if event.type == "error":
                raise openai.APIError(event.message, request=None, body=None)
    assert "response.completed" not in told


def test_mistakes_are_told_with_their_place(two):
    with pytest.raises(openai.NotFoundError):
        two.ask("Hello.", model="gpt-9")
    answer = two.gateway.post("/v1/responses", {"model": "auto", "input": [{"role": "nobody"}]})
    assert (answer.status, json.loads(answer.body)["error"]["param"]) == (400, "input[0].role")


def test_models_are_listed_in_either_way(two):
    assert {model.id for model in two.client.models.list()} >= {"auto", "responses"}
    assert two.client.models.retrieve("auto").owned_by == "tidegate"
    with pytest.raises(openai.NotFoundError):
        two.client.models.retrieve("gpt-9")
    answer = two.gateway.get("/v1/models", headers={"anthropic-version": "2023-06-01"})
    assert {each["type"] for each in json.loads(answer.body)["data"]} == {"model"}
    answer = two.gateway.get("/v1/models/gpt-9", headers={"anthropic-version": "2023-06-01"})
    assert (answer.status, json.loads(answer.body)["type"]) == (404, "error")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", ["auto", "responses"])
def test_legacy_completions_pass_or_are_a_turn_of_a_chat(two, model, stream):
    asked = {"model": model, "prompt": f"Write to {EMAIL}."}
    if stream:
        told = "".join(chunk.choices[0].text for chunk in two.client.completions.create(**asked, stream=True))
    else:
        told = two.client.completions.create(**asked).choices[0].text
    assert f"Write to {EMAIL}." in told
    assert EMAIL not in json.dumps(two.sent)
    assert ("prompt" in two.sent) == (model == "auto")


AGENT = {
    "model": "local",
    "instructions": "You are an agent.",
    "include": ["reasoning.encrypted_content"],
    "store": False,
    "prompt_cache_key": "0190",
    "parallel_tool_calls": False,
    "reasoning": {"effort": "medium", "summary": "auto"},
    "tools": [
        {"type": "local_shell"},
        {"type": "web_search"},
        {"type": "custom", "name": "apply_patch", "description": "Patches.",
         "format": {"type": "grammar", "syntax": "lark", "definition": "start: PATCH"}},
        {"type": "function", "name": "update_plan", "parameters": {"type": "object"}, "strict": False},
    ],
}  # fmt: skip


@pytest.mark.parametrize("stream", [False, True])
def test_a_coding_agent_works_with_a_local_model_that_knows_functions_alone(two, stream):
    history = [{"role": "user", "content": [{"type": "input_text", "text": "please patch"}]}]
    answer = two.ask(history, stream=stream, **AGENT)
    (call,) = answer.output
    assert (call.type, call.name, call.input) == ("custom_tool_call", "apply_patch", PATCH)
    if stream:
        assert "".join(e.delta for e in two.events if e.type == "response.custom_tool_call_input.delta") == PATCH
    history += [
        {"type": "custom_tool_call", "call_id": call.call_id, "name": call.name, "input": call.input},
        {"type": "custom_tool_call_output", "call_id": call.call_id, "output": "Done."},
    ]
    two.ask(history, stream=stream, **AGENT)
    sent = json.loads(two.inside.requests[-1].body)
    assert [message["role"] for message in sent["messages"]] == ["system", "user", "assistant", "tool"]
    assert json.loads(sent["messages"][2]["tool_calls"][0]["function"]["arguments"]) == {"input": PATCH}
    assert {tool["function"]["name"] for tool in sent["tools"]} == {"local_shell", "apply_patch", "update_plan"}
    outcome = two.gateway.outcomes()[-1]
    assert "free_tools:by_convention" in outcome["dropped"]
