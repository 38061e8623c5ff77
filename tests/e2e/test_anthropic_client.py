"""The official `anthropic` client against a running gateway: the same dialect on both sides, crossed, and embedded."""

import json
import os
import signal
import subprocess
import sys
import time

import anthropic
import openai
import pytest

from tests.conformance import openai_chat
from tests.fakes import anthropic as fake
from tests.fakes.gateway import CONFIGURATION, CREDENTIAL, Gateway, free_port, upstreams
from tests.fakes.upstream import answers, closes, resets, response, streams

EMAIL = "jane.roe@" + "example.com"
TOOL = {
    "name": "take_note",
    "description": "Takes a note.",
    "input_schema": {"type": "object", "properties": {"note": {"type": "string"}}},
}
CLAUDE = """
[targets.claude]
provider = "anthropic"
url = "{url}"
model = "claude-fake"
boundary = "there"
api_key = "env:TEST_OUTSIDE_KEY"
contract = {{ retention = "zero", training = "never", tier = "enterprise", region = "eu", expires = 2099-01-01 }}
"""


class Two:
    """A gateway before an Anthropic API and an OpenAI-compatible server, and a client for it."""

    def __init__(self, gateway, claude, compatible):
        self.gateway, self.claude, self.compatible = gateway, claude, compatible
        self.client = anthropic.Anthropic(
            base_url=f"http://127.0.0.1:{gateway.port}", api_key="any", max_retries=0, timeout=20
        )

    def ask(self, said, *, model="claude", stream=False, **more):
        given = {
            "model": model,
            "max_tokens": 4000,
            "messages": said if isinstance(said, list) else [user(said)],
            **more,
        }
        if not stream:
            return self.client.messages.create(**given)
        with self.client.messages.stream(**given) as events:
            for _ in events:
                pass
            return events.get_final_message()

    def outcome_of(self, request_id):
        until = time.monotonic() + 5
        while time.monotonic() < until:
            for record in self.gateway.records():
                if record["kind"] == "outcome" and record["request_id"] == request_id:
                    return record
            time.sleep(0.02)
        raise AssertionError("no outcome")

    @property
    def sent(self):
        return json.loads(self.claude.requests[-1].body)


def user(content):
    return {"role": "user", "content": content}


async def compatible(talk):
    if talk.request.method == "GET":  # doctor's
        await talk.send(response(200, b'{"data": []}'))
        return
    whole, events = openai_chat.quote(talk.request.body)
    if json.loads(talk.request.body).get("stream"):
        await streams(*events)(talk)
    else:
        await talk.send(response(200, whole))


@pytest.fixture(scope="module")
def two():
    with upstreams(compatible, fake.api) as (inside, outside):
        template = CONFIGURATION.replace(
            "[models]\n", '[models]\nclaude = ["claude", "inside"]\ncrossed = ["inside"]\n'
        )
        more = CLAUDE.format(url=outside.url.removesuffix("/v1"))
        with Gateway(inside, outside, more=more, template=template) as gateway:
            found = Two(gateway, outside, inside)
            yield found
            found.client.close()


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


@pytest.mark.parametrize("stream", [False, True])
def test_a_message_is_answered_by_claude_in_its_own_words(two, stream):
    message = two.ask("say Hello there.", stream=stream)
    assert text_of(message) == "Hello there."
    assert message.stop_reason == "end_turn"
    assert message.usage.cache_read_input_tokens == 4
    request = two.claude.requests[-1]
    assert request.target == "/v1/messages"
    if not stream:
        attempt = two.outcome_of(message._request_id)["attempts"][-1]
        assert attempt["provider_request_id"] == "req_fake"
    assert request.headers["x-api-key"] == CREDENTIAL
    assert request.headers["anthropic-version"] == two.client.default_headers["anthropic-version"]
    assert "authorization" not in request.headers
    assert two.sent["model"] == "claude-fake"


@pytest.mark.parametrize("stream", [False, True])
def test_an_address_reaches_claude_as_a_tag_and_comes_back_in_text_thought_and_calls(two, stream):
    message = two.ask(f"think, then call take_note twice {EMAIL}", tools=[TOOL], stream=stream)
    assert EMAIL not in two.claude.requests[-1].body.decode()
    thought, _, first, second = message.content
    assert EMAIL in thought.thinking
    assert first.input == {"n": 1, "of": EMAIL}
    assert second.input == {"n": 2, "of": EMAIL}
    assert message.stop_reason == "tool_use"


@pytest.mark.parametrize("stream", [False, True])
def test_thoughts_that_held_a_value_are_still_believed_when_they_come_back(two, stream):
    """The client sends what it got, its value is replaced as before, and the signature is that of the text again."""
    said = user(f"think, then call take_note twice {EMAIL}")
    first = two.ask([said], tools=[TOOL], stream=stream, thinking={"type": "enabled", "budget_tokens": 1024})
    results = [
        {"type": "tool_result", "tool_use_id": block.id, "content": f"noted for {EMAIL}"}
        for block in first.content
        if block.type == "tool_use"
    ]
    history = [said, {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in first.content]},
               user([*results, {"type": "text", "text": "say Done."}])]  # fmt: skip
    again = two.ask(history, tools=[TOOL], stream=stream, thinking={"type": "enabled", "budget_tokens": 1024})
    assert text_of(again) == "Done."
    assert EMAIL not in two.claude.requests[-1].body.decode()
    thought = two.sent["messages"][1]["content"][0]
    assert thought["signature"] == fake.signature(thought["thinking"])


def test_tokens_are_counted_by_claude(two):
    found = two.client.messages.count_tokens(model="claude", messages=[user("say Hello.")])
    assert found.input_tokens > 0
    assert two.claude.requests[-1].target == "/v1/messages/count_tokens"


def test_a_count_of_what_may_not_leave_is_estimated_here(two):
    before = len(two.claude.requests), len(two.compatible.requests)
    raw = two.client.messages.with_raw_response.count_tokens(
        model="claude", messages=[user("My SSN is 457-55-" + "5462, is it valid?")]
    )
    assert 10 < raw.parse().input_tokens < 60
    assert raw.headers["x-tidegate-estimate"] == "input_tokens"
    assert raw.headers["x-tidegate-target"] == "tidegate"
    assert (len(two.claude.requests), len(two.compatible.requests)) == before
    outcome = two.outcome_of(raw.headers["request-id"])
    assert (outcome["status"], outcome["target"], outcome["boundary"], outcome["attempts"]) == ("completed", "", "", [])


FAILURES = [
    (400, anthropic.BadRequestError, 400),
    (401, anthropic.InternalServerError, 502),
    (413, anthropic.RequestTooLargeError, 413),
]


@pytest.mark.parametrize(("status", "raised", "told"), FAILURES)
def test_an_error_of_claude_s_is_the_client_s_own_exception(two, status, raised, told):
    with pytest.raises(raised) as failed:
        two.ask(f"fail {status}")
    assert failed.value.status_code == told
    assert failed.value.body["type"] == "error"


@pytest.mark.parametrize("status", [429, 500, 529])
def test_who_is_busy_is_followed_by_the_next_who_is_permitted(two, status):
    raw = two.client.messages.with_raw_response.create(model="claude", max_tokens=9, messages=[user(f"fail {status}")])
    assert raw.headers["x-tidegate-target"] == "inside"


def test_a_refusal_is_an_error_object_with_its_rule_and_its_id(two):
    with pytest.raises(anthropic.NotFoundError) as failed:
        two.ask("hello", model="nobody")
    assert failed.value.body["error"]["type"] == "not_found_error"
    assert failed.value.body["error"]["code"] == "model_not_found"
    assert failed.value.request_id == failed.value.body["request_id"]
    with pytest.raises(anthropic.PermissionDeniedError) as failed:
        two.ask("My SSN is 457-55-" + "5462.", model="cloud-only")
    assert failed.value.body["error"]["type"] == "permission_error"
    assert failed.value.body["error"]["rule"]


def test_a_stream_that_breaks_is_the_client_s_own_exception(two):
    with pytest.raises(anthropic.APIStatusError):
        two.ask("say break", stream=True)


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, {}),
        ({}, {"anthropic-beta": "files-api-2025-04-14"}),
        ({}, {"anthropic-beta": "never-heard-of-2027-01-01"}),
        ({"extra_body": {"thread": {"type": "create"}}}, {}),
    ],
)
def test_what_nobody_agreed_to_stays_inside_or_is_refused(two, more, headers):
    before = len(two.claude.requests)
    try:
        raw = two.client.messages.with_raw_response.create(
            model="claude", max_tokens=9, messages=[user("say hi")], extra_headers=headers, **more
        )
    except anthropic.BadRequestError as refused:
        assert refused.body["error"]["code"] == "not_expressible"
    else:
        assert raw.headers["x-tidegate-target"] == "inside"
    assert len(two.claude.requests) == before


def test_betas_that_are_known_go_along(two):
    two.client.beta.messages.create(
        model="claude", max_tokens=9, messages=[user("say hi")], betas=["interleaved-thinking-2025-05-14"]
    )
    assert two.claude.requests[-1].headers["anthropic-beta"] == "interleaved-thinking-2025-05-14"


def test_a_count_is_of_what_claude_may_see(two):
    found = two.client.messages.count_tokens(model="claude", messages=[user(f"say Hello to {EMAIL}.")])
    assert found.input_tokens > 0
    assert EMAIL not in two.claude.requests[-1].body.decode()


def test_what_another_model_thought_does_not_end_the_conversation(two):
    thought = {"type": "thinking", "thinking": "hm", "signature": ""}
    history = [user("hello"), {"role": "assistant", "content": [thought, {"type": "text", "text": "Hi."}]},
               user("say Hello.")]  # fmt: skip
    raw = two.client.messages.with_raw_response.create(model="claude", max_tokens=9, messages=history)
    assert text_of(raw.parse()) == "Hello."
    assert raw.headers["x-tidegate-dropped"] == "unsigned_thinking"


def test_doctor_finds_claude_well(two):
    told = two.gateway.cli("doctor").stdout
    line = next(line for line in told.splitlines() if "target claude:" in line)
    assert line.startswith("OK")
    assert "lists claude-fake" in line


# -- an OpenAI client before Claude -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def theirs(two):
    with openai.OpenAI(
        base_url=f"http://127.0.0.1:{two.gateway.port}/v1", api_key="any", max_retries=0, timeout=20
    ) as client:
        yield client


def chat(client, messages, *, stream=False, **more):
    """(text, [(id, name, arguments)], finish reason)"""
    given = {"model": "claude", "messages": messages, **more}
    if not stream:
        choice = client.chat.completions.create(**given).choices[0]
        calls = [(c.id, c.function.name, c.function.arguments) for c in choice.message.tool_calls or ()]
        return choice.message.content, calls, choice.finish_reason
    with client.chat.completions.stream(**given) as events:
        choice = events.get_final_completion().choices[0]
    calls = [(c.id, c.function.name, c.function.arguments) for c in choice.message.tool_calls or ()]
    return choice.message.content, calls, choice.finish_reason


FUNCTION = {"type": "function", "function": {"name": "take_note", "parameters": TOOL["input_schema"]}}


@pytest.mark.parametrize("stream", [False, True])
def test_an_openai_client_and_claude_call_tools_together(two, theirs, stream):
    """The whole round, as the API wants it: nothing that it refuses, and every id its own."""
    said = [{"role": "system", "content": "Be brief."}, user(f"call take_note twice {EMAIL}")]
    text, calls, reason = chat(theirs, said, stream=stream, tools=[FUNCTION], temperature=1.5)
    assert (text, reason) == ("I call.", "tool_calls")
    assert [json.loads(arguments) for _, _, arguments in calls] == [{"n": n, "of": EMAIL} for n in (1, 2)]
    made = [{"id": i, "type": "function", "function": {"name": n, "arguments": a}} for i, n, a in calls]
    results = [{"role": "tool", "tool_call_id": i, "content": f"noted for {EMAIL}"} for i, _, _ in calls]
    history = [*said, {"role": "assistant", "content": text, "tool_calls": made}, *results, user("say Done.")]
    assert chat(theirs, history, stream=stream, tools=[FUNCTION])[0] == "Done."
    sent = two.sent
    assert sent["system"] == "Be brief."
    assert [block["type"] for block in sent["messages"][2]["content"]] == ["tool_result", "tool_result", "text"]
    assert EMAIL not in json.dumps(sent)


def test_an_error_of_claude_s_is_the_openai_client_s_own_exception(theirs):
    with pytest.raises(openai.BadRequestError) as failed:
        chat(theirs, [user("fail 400")])
    assert failed.value.body["message"] == "as you asked: 400"
    with pytest.raises(openai.APIError):
        chat(theirs, [user("say break")], stream=True)


# -- what breaks on the way ---------------------------------------------------------------------------------------


HELLO = fake.event("message_start", message={"id": "m", "type": "message", "role": "assistant", "model": "c",
                   "content": [], "usage": {"input_tokens": 1, "output_tokens": 1}}) + fake.event(
    "content_block_start", index=0, content_block={"type": "text", "text": ""}
)  # fmt: skip
FAULTS = {
    "cut": (streams(HELLO), "upstream_cut"),
    "cut-off": (streams(HELLO, finish=False, then="close"), "upstream_cut"),
    "no-events": (streams(HELLO, b"data: <html>\n\n"), "upstream_protocol"),
    "error-event": (streams(HELLO, fake.event("error", error={"type": "overloaded_error", "message": "no"})), None),
}
UNANSWERED = {
    "no-stream": (answers(200, b"{}"), anthropic.InternalServerError, 502),
    "garbage": (answers(200, b"<html>"), anthropic.InternalServerError, 502),
    "busy": (answers(429, b"{}"), anthropic.RateLimitError, 429),
    "failing": (answers(500, b"oops"), anthropic.InternalServerError, 503),
    "unavailable": (answers(503, b"{}"), anthropic.InternalServerError, 503),
    "overloaded": (answers(529, b"{}"), anthropic.InternalServerError, 503),
    "closed": (closes(), anthropic.InternalServerError, 503),
    "reset": (resets(), anthropic.InternalServerError, 503),
}


@pytest.fixture(scope="module")
def broken():
    """Every fault is a target of its own, so that none of them is avoided because of another."""
    every = {**FAULTS, **UNANSWERED}

    async def script(talk):
        await every[json.loads(talk.request.body)["model"]][0](talk)

    with upstreams(compatible, script) as (inside, outside):
        template = CONFIGURATION.replace("[models]\n", "[models]\n" + "".join(f'{n} = ["{n}"]\n' for n in every))
        text = CLAUDE.format(url=outside.url.removesuffix("/v1"))
        more = "".join(text.replace("targets.claude", f"targets.{n}").replace("claude-fake", n) for n in every)
        with Gateway(inside, outside, more=more, template=template) as gateway:
            found = Two(gateway, outside, inside)
            yield found
            found.client.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stream_that_breaks_ends_with_an_error_and_one_record(broken, fault):
    with pytest.raises(anthropic.APIStatusError) as failed:
        broken.ask("hello", model=fault, stream=True)
    told = failed.value.body
    assert told["type"] == "error"
    assert FAULTS[fault][1] in (None, told["error"].get("code"))
    assert broken.outcome_of(failed.value.response.headers["request-id"])["status"] == "failed"


@pytest.mark.parametrize("fault", UNANSWERED)
@pytest.mark.parametrize("stream", [False, True])
def test_what_gives_no_answer_is_an_error_object_and_one_record(broken, fault, stream):
    _, raised, status = UNANSWERED[fault]
    with pytest.raises(raised) as failed:
        broken.ask("hello", model=fault, stream=stream)
    assert failed.value.status_code == status
    assert failed.value.body["type"] == "error"
    assert failed.value.body["request_id"] == failed.value.request_id
    assert broken.outcome_of(failed.value.request_id)["status"] in ("failed", "refused")


# -- crossed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
def test_an_openai_compatible_server_answers_as_if_it_were_claude(two, stream):
    message = two.ask("Write it down.", model="crossed", tools=[TOOL], system="Be brief.", stream=stream)
    assert "Write it down." in text_of(message)
    call = message.content[-1]
    assert call.type == "tool_use"
    assert "Be brief." in call.input["note"]
    assert message.stop_reason == "tool_use"
    assert message.model == "crossed"


@pytest.mark.parametrize("stream", [False, True])
def test_a_secret_number_is_answered_inside_whatever_the_dialect(two, stream):
    message = two.ask("My SSN is 457-55-" + "5462.", stream=stream)
    assert "457-55-" + "5462" in text_of(message)
    assert all(b"457-55-" + b"5462" not in request.body for request in two.claude.requests)


# -- what Claude Code does ----------------------------------------------------------------------------------------


def test_the_root_is_there_for_who_looks_first(two):
    answer = two.gateway.request("HEAD", "/")
    assert answer.status == 200
    assert answer.body == b""


def test_a_request_as_claude_code_sends_it(two):
    session = "0a1b2c3d-0000-4000-8000-0123456789ab"
    body = {
        "model": "claude", "max_tokens": 32000, "stream": True, "thinking": {"type": "adaptive"},
        "system": [{"type": "text", "text": "You help.", "cache_control": {"type": "ephemeral"}}],
        "messages": [user([{"type": "text", "text": "say Hello.", "cache_control": {"type": "ephemeral"}}])],
        "tools": [{**TOOL, "name": "Edit"}],
        "metadata": {"user_id": json.dumps({"device_id": "2f" * 32, "account_uuid": "", "session_id": session})},
        "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
        "output_config": {"effort": "high"},
    }  # fmt: skip
    betas = "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,effort-2025-11-24"
    headers = {"x-api-key": "any", "anthropic-version": "2023-06-01", "anthropic-beta": betas, "x-app": "cli"}
    answer = two.gateway.post("/v1/messages?beta=true", body, headers)
    assert answer.status == 200
    assert answer.headers["x-tidegate-target"] == "claude"
    assert answer.body.rstrip().endswith(b'data: {"type": "message_stop"}')
    sent = two.claude.requests[-1]
    assert json.loads(sent.body) == {**body, "model": "claude-fake"}
    assert sent.headers["anthropic-beta"] == betas


# -- embedded -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    pytest.importorskip("xllamacpp", reason="the embedded engine is an extra")
    home, port = tmp_path_factory.mktemp("demo"), free_port()
    environ = {**os.environ, "XDG_DATA_HOME": str(home), "TIDEGATE__SERVER__LISTEN": f"127.0.0.1:{port}"}
    with (home / "out.txt").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tidegate", "up", "--demo"],
            cwd=home, env=environ, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    client = anthropic.Anthropic(base_url=f"http://127.0.0.1:{port}", api_key="any", max_retries=0, timeout=30)
    try:
        until = time.monotonic() + 60
        while True:
            assert process.poll() is None, (home / "out.txt").read_text()
            assert time.monotonic() < until, (home / "out.txt").read_text()
            try:
                client.messages.create(model="local", max_tokens=1, messages=[user("hello")])
                break
            except anthropic.APIError:
                time.sleep(0.1)
        yield client
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        finally:
            client.close()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def test_the_embedded_model_answers_an_anthropic_client(embedded):
    message = embedded.messages.create(model="local", max_tokens=20, messages=[user("What is a tide?")])
    assert text_of(message)
    assert message.stop_reason in ("end_turn", "max_tokens")
    assert message.usage.output_tokens > 0


def test_the_embedded_model_streams_to_it(embedded):
    with embedded.messages.stream(model="local", max_tokens=20, messages=[user("What is a tide?")]) as stream:
        pieces = list(stream.text_stream)
        message = stream.get_final_message()
    assert "".join(pieces) == text_of(message)
    assert len(pieces) > 1


def test_the_embedded_model_may_call_a_tool(embedded):
    message = embedded.messages.create(
        model="local", max_tokens=60, messages=[user("What is the weather in Oslo?")], system="Be brief.",
        tools=[{**TOOL, "name": "get_weather", "description": "weather"}],
    )  # fmt: skip
    assert message.stop_reason in ("end_turn", "max_tokens", "tool_use")
    for block in message.content:
        if block.type == "tool_use":
            assert isinstance(block.input, dict)


def test_the_embedded_model_keeps_to_a_schema(embedded):
    schema = {"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]}
    message = embedded.messages.create(
        model="local", max_tokens=200, messages=[user("Is it high tide?")],
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )  # fmt: skip
    assert isinstance(json.loads(text_of(message))["a"], bool)


def test_an_error_of_the_embedded_model_s_is_the_dialect_s_own(embedded):
    with pytest.raises(anthropic.BadRequestError) as failed:
        embedded.messages.create(model="local", max_tokens=20, messages=[user("tide " * 20_000)])
    assert failed.value.body["type"] == "error"
    assert failed.value.body["error"]["type"] == "invalid_request_error"
    assert failed.value.body["request_id"] == failed.value.request_id


def test_the_embedded_model_counts(embedded):
    short = embedded.messages.count_tokens(model="local", messages=[user("tide")])
    long = embedded.messages.count_tokens(model="local", messages=[user("tide " * 200)])
    assert 0 < short.input_tokens < long.input_tokens
