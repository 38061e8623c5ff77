"""Every cloud behind a real gateway: what reaches it, what comes back, and what is recorded of both."""

import json
import time

import pytest

from tests.fakes.azure import FORBIDDEN
from tests.fakes.sky import AWS, KEY, TARGETS, TOKEN, sky

MAIL = "jane.doe" + "@example.com"
TOOL = {"type": "function", "function": {"name": "note", "parameters": {"type": "object", "properties": {}}}}
STREAMS = [False, True]


@pytest.fixture(scope="module")
def gateway():
    with sky() as opened:
        yield opened


def said(answer, *, streamed):
    """Text and calls of an answer to a chat client."""
    if not streamed:
        message = json.loads(answer.body)["choices"][0]["message"]
        return message.get("content") or "", message.get("tool_calls") or []
    assert answer.body.rstrip().endswith(b"data: [DONE]")
    text, calls = "", {}
    for line in answer.body.splitlines():
        if not line.startswith(b"data: {"):
            continue
        for choice in json.loads(line[6:])["choices"]:
            text += choice["delta"].get("content") or ""
            for call in choice["delta"].get("tool_calls") or ():
                kept = calls.setdefault(call["index"], {"function": {"name": "", "arguments": ""}})
                kept["id"] = kept.get("id") or call.get("id")
                for key, value in call["function"].items():
                    kept["function"][key] += value
    return text, list(calls.values())


@pytest.mark.parametrize("streamed", STREAMS)
@pytest.mark.parametrize("cloud", TARGETS)
def test_a_value_stays_here_and_the_client_has_it_back(gateway, cloud, streamed):
    answer = gateway.chat(f"write to {MAIL} today", model=cloud, stream=streamed)
    assert (answer.status, answer.headers["x-tidegate-target"]) == (200, cloud)
    assert said(answer, streamed=streamed)[0] == f"heard: write to {MAIL} today"
    sent = gateway.asked[cloud].requests[-1].body
    assert MAIL.encode() not in sent
    assert b"write to" in sent


@pytest.mark.parametrize("streamed", STREAMS)
@pytest.mark.parametrize("cloud", ["gemini", "vertex", "bedrock"])
def test_a_tool_is_called_and_its_result_goes_back(gateway, cloud, streamed):
    ask = {"tools": [TOOL], "stream": streamed}
    answer = gateway.chat("call it a day", model=cloud, **ask)
    _, (call,) = said(answer, streamed=streamed)
    assert call["function"]["name"] == "note"
    assert json.loads(call["function"]["arguments"]) == {"text": "it a day"}
    call = {"id": call["id"], "type": "function", "function": call["function"]}
    talk = [
        {"role": "user", "content": "call it a day"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call["id"], "content": "noted"},
    ]
    answer = gateway.post("/v1/chat/completions", {"model": cloud, "messages": talk, **ask})
    assert answer.status == 200, answer.body
    assert "noted" in said(answer, streamed=streamed)[0]


@pytest.mark.parametrize("cloud", TARGETS)
def test_what_an_answer_cost_is_recorded_as_the_cloud_counts_it(gateway, cloud):
    answer = gateway.chat("hello", model=cloud)
    outcome = outcome_of(gateway, answer)
    assert outcome["status"] == "completed"
    assert outcome["usage"]["input_tokens"] == 11
    assert outcome["usage"]["output_tokens"] == 10


def outcome_of(gateway, answer):
    """It may come a moment after its answer."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        for outcome in gateway.outcomes():
            if outcome["request_id"] == answer.headers["x-tidegate-request-id"]:
                return outcome
        time.sleep(0.02)
    raise AssertionError("no outcome")


def test_each_cloud_is_shown_its_own_credential_and_no_other(gateway):
    for cloud in TARGETS:
        gateway.chat("hello", model=cloud)
    seen = {cloud: gateway.asked[cloud].requests[-1].headers for cloud in TARGETS}
    assert seen["gemini"]["x-goog-api-key"] == seen["azure"]["api-key"] == seen["azure-ai"]["api-key"] == KEY
    assert seen["vertex"]["authorization"] == f"Bearer {TOKEN}"
    assert seen["bedrock"]["authorization"].startswith(f"AWS4-HMAC-SHA256 Credential={AWS['AccessKeyId']}/")
    assert all("authorization" not in seen[cloud] for cloud in ("gemini", "azure", "azure-ai"))
    assert not any("api-key" in name for cloud in ("vertex", "bedrock") for name in seen[cloud])


def test_places_are_the_clouds_own(gateway):
    for cloud in TARGETS:
        gateway.chat("hello", model=cloud, stream=True)
    assert {cloud: gateway.asked[cloud].requests[-1].target for cloud in TARGETS} == {
        "gemini": "/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse",
        "vertex": "/v1beta1/projects/p-1/locations/europe-west4/publishers/google/models/gemini-2.5-flash"
        ":streamGenerateContent?alt=sse",
        "bedrock": "/model/eu.anthropic.claude-v9%3A0/converse-stream",
        "azure": "/openai/v1/chat/completions",
        "azure-ai": "/models/chat/completions?api-version=2024-05-01-preview",
    }
    assert gateway.asked["bedrock"].requests[-1].headers["accept"] == "application/vnd.amazon.eventstream"


def test_what_a_cloud_has_no_word_for_is_named(gateway):
    answer = gateway.chat("hello", model="bedrock", seed=7, logit_bias={"1": 1})
    assert set(answer.headers["x-tidegate-dropped"].replace(" ", "").split(",")) == {"logit_bias", "seed"}
    refused = gateway.chat("hello", model="only-bedrock", n=2)
    assert (refused.status, refused.code) == (400, "not_expressible")
    assert "choices" in json.loads(refused.body)["error"]["message"]


def test_a_refusal_on_content_is_the_answer_and_nobody_else_is_asked(gateway):
    before = gateway.asked["azure"].requests.copy()
    answer = gateway.chat(f"a {FORBIDDEN} word", model="azure")
    assert (answer.status, answer.code) == (400, "content_filter")
    assert answer.headers["x-tidegate-target"] == "azure"
    assert len(gateway.asked["azure"].requests) == len(before) + 1


def test_no_record_and_no_log_holds_a_credential(gateway):
    for cloud in TARGETS:
        gateway.chat("hello", model=cloud)
    told = json.dumps(gateway.records()) + gateway.log.read_text()
    for secret in (KEY, TOKEN, AWS["SecretAccessKey"], AWS["AccessKeyId"]):
        assert secret not in told
    assert "Traceback" not in told


def test_a_wrong_signature_is_the_operators_matter():
    wrong = {**AWS, "SecretAccessKey": "another"}
    with sky(aws=wrong) as gateway:
        answer = gateway.chat("hello", model="only-bedrock")
        assert (answer.status, answer.code) == (502, "target_misconfigured")
        (outcome,) = gateway.outcomes()
        assert (outcome["status"], outcome["attempts"][0]["status"]) == ("failed", 403)


# -- clients of other dialects -----------------------------------------------------------------------------------------

MESSAGES_TOOL = {"name": "note", "input_schema": {"type": "object", "properties": {}}}


def messages(gateway, cloud, talk):
    body = {"model": cloud, "max_tokens": 2000, "messages": talk, "tools": [MESSAGES_TOOL]}
    answer = gateway.post("/v1/messages", body, {"anthropic-version": "2023-06-01"})
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["content"]


@pytest.mark.parametrize(
    ("cloud", "signed"),
    [
        ("bedrock", '"reasoningText":{"text":"Let me see.","signature":"c2lnbmVk"}'),
        ("gemini", '"thoughtSignature":"c2lnbmVk"'),
    ],
)
def test_thoughts_come_back_signed_to_the_cloud_that_had_them(gateway, cloud, signed):
    asked = {"role": "user", "content": f"call {MAIL}"}
    content = messages(gateway, cloud, [asked])
    assert [block["type"] for block in content] == ["thinking", "tool_use"]
    assert content[1]["input"] == {"text": MAIL}
    result = {"type": "tool_result", "tool_use_id": content[1]["id"], "content": "noted"}
    content = messages(
        gateway, cloud, [asked, {"role": "assistant", "content": content}, {"role": "user", "content": [result]}]
    )
    assert "noted" in content[0]["text"]
    sent = gateway.asked[cloud].requests[-1].body.decode()
    assert signed in sent
    assert MAIL not in sent


@pytest.mark.parametrize("cloud", ["gemini", "vertex", "bedrock", "azure-ai"])  # Azure answers responses itself
def test_responses_and_ollamas_clients_are_answered_too(gateway, cloud):
    answer = gateway.post("/v1/responses", {"model": cloud, "input": f"write to {MAIL}"})
    assert answer.status == 200, answer.body
    told = [piece["text"] for item in json.loads(answer.body)["output"] for piece in item.get("content") or ()]
    assert told == [f"heard: write to {MAIL}"]
    talk = [{"role": "user", "content": f"write to {MAIL}"}]
    answer = gateway.post("/api/chat", {"model": cloud, "messages": talk, "stream": False})
    assert json.loads(answer.body)["message"]["content"] == f"heard: write to {MAIL}"
    assert all(MAIL.encode() not in request.body for request in gateway.asked[cloud].requests)
