"""The path as stories: real stages, scripted ports."""

import json

import pytest

from tests.pipeline.script import Scripted, Story, answer, event, stream
from tidegate.core.values.errors import BadRequest, UpstreamError
from tidegate.core.values.finding import Detected, Finding

MAIL = "jane.doe@example.com"
SSN = "457-55-" + "5462"


def error_of(downstream):
    return json.loads(downstream.out)["error"]


def test_a_harmless_prompt_goes_to_the_first_candidate():
    story = Story(cloud=[answer("hello")])
    client = story.ask("What is the highest peak in Wales?")
    assert story.events == ["intent", "send cloud", "respond 200", "outcome completed"]
    assert client.told["x-tidegate-target"] == "cloud"
    assert client.told["x-tidegate-boundary"] == "there"
    assert client.told["x-tidegate-labels"] == ""
    assert len(client.told["x-tidegate-policy"]) == 12
    assert client.told["x-tidegate-request-id"] == story.outcome["request_id"]


def test_the_client_s_own_bytes_are_forwarded_but_for_the_model():
    body = b'{ "model":"auto","messages":[{"role":"user","content":"hello"}] ,"temperature":0.70 }'
    story = Story(cloud=[answer("hello")])
    story.ask("", body=body)
    assert story.sent == [("cloud", body.replace(b'"auto"', b'"big"'))]


def test_a_social_security_number_stays_inside():
    story = Story(local=[answer("it is valid")])
    client = story.ask(f"My SSN is {SSN}, is it valid?")
    assert [name for name, _ in story.sent] == ["local"]
    assert client.told["x-tidegate-boundary"] == "here"
    assert "gov.us_ssn" in client.told["x-tidegate-labels"]
    assert story.events[:3] == ["fingerprints", "intent", "send local"] or story.events[:3] == [
        "intent",
        "fingerprints",
        "send local",
    ]


def echo(sent):
    """An upstream that answers with what it was asked."""
    return answer(json.loads(sent)["messages"][-1]["content"]).body


def echo_split(sent):
    text = json.loads(sent)["messages"][-1]["content"]
    return [event({"content": text[i : i + 3]}) for i in range(0, len(text), 3)] + [
        event({}, "stop"),
        b"data: [DONE]\n\n",
    ]


def test_an_address_travels_as_a_tag_and_comes_back():
    story = Story(cloud=[Scripted(200, echo)])
    client = story.ask(f"Please write to {MAIL} tonight")
    assert MAIL.encode() not in story.sent[0][1]
    assert "\u27e6pii.email:" in story.sent[0][1].decode()
    assert json.loads(client.out)["choices"][0]["message"]["content"] == f"Please write to {MAIL} tonight"
    assert client.told["x-tidegate-redactions"] == "1"
    assert (story.outcome["redactions"], story.outcome["restored"]) == (1, 1)


def test_a_tag_split_over_many_events_comes_back_whole():
    story = Story(cloud=[Scripted(200, echo_split, content_type="text/event-stream")])
    client = story.ask(f"Please write to {MAIL} tonight", stream=True)
    lines = [json.loads(line[6:]) for line in client.out.decode().splitlines() if line.startswith("data: {")]
    text = "".join(line["choices"][0]["delta"].get("content", "") for line in lines)
    assert text == f"Please write to {MAIL} tonight"
    assert client.out.endswith(b"data: [DONE]\n\n")


def test_an_untouched_stream_passes_byte_for_byte():
    scripted = stream("a", "b", "c")
    story = Story(cloud=[scripted])
    client = story.ask("Tell me a story", stream=True)
    assert client.out == b"".join(scripted.body)
    assert story.events == ["intent", "send cloud", "start 200", "finish", "outcome completed"]
    assert scripted.closed


UNWELL = [
    ("cannot be reached", UpstreamError("connect", "scripted")),
    ("does not answer in time", UpstreamError("timeout", "scripted")),
    ("answers 503", Scripted(503, b"{}")),
    ("answers 500", Scripted(500, b"<html>")),
    ("is at its limit", Scripted(429, b"{}", headers={"retry-after": "7"})),
]


@pytest.mark.parametrize("step", [u[1] for u in UNWELL], ids=[u[0] for u in UNWELL])
def test_the_next_permitted_target_answers_when_the_first(step):
    story = Story(cloud=[step], local=[answer("from here")])
    client = story.ask("Tell me a story")
    assert [name for name, _ in story.sent] == ["cloud", "local"]
    assert client.told["x-tidegate-target"] == "local"
    assert "retry-after" not in client.told
    assert [a["target"] for a in story.outcome["attempts"]] == ["cloud", "local"]


@pytest.mark.parametrize("step", [u[1] for u in UNWELL], ids=[u[0] for u in UNWELL])
def test_a_sensitive_request_never_moves_to_the_cloud_when_the_local_target(step):
    story = Story(local=[step], cloud=[answer("never")])
    client = story.ask(f"My SSN is {SSN}")
    assert [name for name, _ in story.sent] == ["local"]
    assert client.status in (429, 503)
    assert story.outcome["status"] in ("failed", "refused")


def test_when_every_target_is_at_its_limit_the_client_learns_when_to_come_back():
    story = Story(cloud=[Scripted(429, b"{}", headers={"retry-after": "7"})])
    client = story.ask("Tell me a story", model="cloud-only")
    assert client.status == 429
    assert client.told["retry-after"] == "7"


def test_policy_refuses_what_no_candidate_may_see():
    story = Story()
    client = story.ask(f"My SSN is {SSN}", model="cloud-only")
    assert client.status == 403
    assert error_of(client)["rule"]
    assert SSN.encode() not in client.out
    assert story.events[-2:] == ["respond 403", "outcome refused"]
    assert story.sent == []


def test_an_unknown_field_never_reaches_a_cloud():
    story = Story(local=[answer("x")])
    story.ask("Tell me a story", novel_field=True)
    assert [name for name, _ in story.sent] == ["local"]


def test_an_image_never_reaches_a_cloud():
    story = Story(local=[answer("x")])
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    client = story.ask([{"role": "user", "content": [picture]}])
    assert [name for name, _ in story.sent] == ["local"]
    assert "unscannable" in client.told["x-tidegate-labels"]


def test_a_stated_residency_only_makes_stricter():
    story = Story(local=[answer("x")])
    story.ask("Tell me a story", headers={"x-tidegate-residency": "us"})
    assert [name for name, _ in story.sent] == ["local"]


def test_a_workload_keeps_its_data_in_its_region_and_to_its_models():
    story = Story(local=[answer("x")])
    story.ask("Tell me a story", headers={"x-tidegate-workload": "us-only"})
    assert [name for name, _ in story.sent] == ["local"]
    client = story.ask("Tell me a story", model="cloud-only", headers={"x-tidegate-workload": "us-only"})
    assert (client.status, error_of(client)["code"]) == (403, "model_not_for_workload")
    assert len(story.sent) == 1


def test_an_error_of_the_request_s_own_goes_to_the_client_and_nowhere_else():
    story = Story(cloud=[Scripted(400, b'{"error":{"message":"bad"}}')], local=[answer("never")])
    client = story.ask("Tell me a story")
    assert (client.status, client.out) == (400, b'{"error":{"message":"bad"}}')
    assert [name for name, _ in story.sent] == ["cloud"]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_target_that_turns_the_gateway_away_is_not_the_client_s_fault(status):
    story = Story(cloud=[Scripted(status, b"{}")])
    client = story.ask("Tell me a story")
    assert client.status == 502
    assert error_of(client)["code"] == "target_misconfigured"


BROKEN_ANSWERS = [
    ("garbage", Scripted(200, b"<html>"), False),
    ("an object that is no answer", Scripted(200, b"{}"), False),
    ("a body that is cut", Scripted(200, b"", cut="cut"), False),
    ("a body beyond the limit", Scripted(200, b"x" * 200_000), False),
    ("a whole body where a stream was asked for", answer("x"), True),
]


@pytest.mark.parametrize(("step", "streamed"), [b[1:] for b in BROKEN_ANSWERS], ids=[b[0] for b in BROKEN_ANSWERS])
def test_an_unusable_answer_is_a_502_with_an_outcome(step, streamed):
    story = Story(cloud=[step])
    client = story.ask("Tell me a story", stream=streamed)
    assert client.status == 502
    assert story.outcome["status"] == "failed"
    assert step.closed


CUT_STREAMS = [
    ("ends early", stream("a", "b", end=False)),
    ("breaks", stream("a", "b", end=False, cut="cut")),
    ("stalls", stream("a", "b", end=False, cut="timeout")),
    (
        "turns to garbage",
        Scripted(200, [event({"content": "a"}), b"data: <html>\n\n"], content_type="text/event-stream"),
    ),
]


@pytest.mark.parametrize("step", [c[1] for c in CUT_STREAMS], ids=[c[0] for c in CUT_STREAMS])
def test_a_stream_that_breaks_ends_with_the_dialect_s_error_event(step):
    story = Story(cloud=[step], local=[answer("never")])
    client = story.ask("Tell me a story", stream=True)
    last = client.out.decode().strip().split("\n\n")[-1]
    assert "error" in json.loads(last[6:])
    assert b"[DONE]" not in client.out
    assert client.finished
    assert [name for name, _ in story.sent] == ["cloud"]
    assert story.outcome["status"] == "failed"


def test_a_client_that_leaves_mid_stream_cancels_upstream_and_is_settled_as_aborted():
    scripted = stream(*"abcdefgh")
    story = Story(cloud=[scripted])
    story.ask("Tell me a story", stream=True, leaves_after=3)
    assert story.left
    assert scripted.closed
    assert story.outcome["status"] == "aborted"
    assert story.outcome["bytes_out"] > 0


def test_a_log_that_cannot_be_written_dispatches_nothing():
    story = Story(cloud=[answer("never")], log_breaks_at=0)
    client = story.ask("Tell me a story")
    assert client.status == 503
    assert story.sent == []


def test_a_store_that_cannot_keep_fingerprints_dispatches_nothing():
    story = Story(local=[answer("never")], store_broken=True)
    client = story.ask(f"My SSN is {SSN}")
    assert client.status == 503
    assert story.sent == []


def test_an_outcome_that_cannot_be_written_leaves_its_intent():
    story = Story(cloud=[answer("hello")], log_breaks_at=1)
    client = story.ask("Tell me a story")
    assert client.status == 200
    assert [r["kind"] for r in map(json.loads, story.ledger.entries)] == ["intent"]


def test_a_strict_log_holds_the_answer_until_the_outcome_is_durable():
    story = Story(cloud=[answer("hello")], strict=True)
    story.ask("Tell me a story")
    assert story.events == ["intent", "send cloud", "outcome completed", "respond 200"]


def test_a_strict_log_holds_the_end_of_a_stream():
    story = Story(cloud=[stream("a")], strict=True)
    story.ask("Tell me a story", stream=True)
    assert story.events[-2:] == ["outcome completed", "finish"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b'{"model":"auto","model":"x","messages":[]}', 400, "duplicate_key"),
        (b'{"model":"nobody","messages":[{"role":"user","content":"x"}]}', 404, "model_not_found"),
        (BadRequest("body_too_large", "too large", status=413), 413, "body_too_large"),
    ],
)
def test_what_is_no_request_is_answered_and_recorded(body, status, code):
    story = Story()
    client = story.ask("", body=body)
    assert (client.status, error_of(client)["code"]) == (status, code)
    (refusal,) = story.records("refusal")
    assert (refusal["code"], refusal["http_status"]) == (code, status)
    assert story.events == ["refusal", f"respond {status}"]


def test_an_unknown_model_names_those_that_exist():
    story = Story()
    client = story.ask("x", model="nobody")
    assert "auto" in error_of(client)["message"]
    assert "local" in error_of(client)["message"]


def test_a_defect_is_answered_recorded_and_not_quoted(monkeypatch, caplog):
    story = Story(cloud=[answer("x")])

    def broken(*_args):
        raise RuntimeError("with the prompt's words in it")

    monkeypatch.setattr(story.pipeline.judge, "judge", broken)
    client = story.ask("Tell me a story")
    assert client.status == 500
    assert "prompt" not in client.out.decode()
    assert "prompt" not in caplog.text
    assert story.records("refusal")


def test_large_requests_are_scanned_off_the_loop_with_the_same_result():
    story = Story(local=[answer("x")])
    client = story.ask("word " * 20_000 + f"SSN {SSN}")
    assert "gov.us_ssn" in client.told["x-tidegate-labels"]
    assert [name for name, _ in story.sent] == ["local"]


def test_the_same_conversation_gets_the_same_tags_and_another_gets_others():
    story = Story(cloud=[Scripted(200, echo)] * 3)
    first = [{"role": "user", "content": f"write to {MAIL}"}]
    story.ask(first)
    story.ask([*first, {"role": "assistant", "content": "done"}, {"role": "user", "content": f"again to {MAIL}"}])
    story.ask(f"another conversation about {MAIL}")
    tags = [body.decode().split("\u27e6")[1].split("\u27e7")[0] for _, body in story.sent]
    assert tags[0] == tags[1] != tags[2]


def test_no_record_and_no_log_line_holds_text_of_the_request(caplog):
    story = Story(cloud=[Scripted(200, echo)])
    story.ask(f"Please write to {MAIL} about the zeppelin")
    for entry in story.ledger.entries:
        assert b"zeppelin" not in entry
        assert b"jane" not in entry
    assert "zeppelin" not in caplog.text


class SecondOpinion:
    """A detector beside the engine that says what it is told to."""

    name, labels = "second", frozenset(("pii.person",))

    def __init__(self, said):
        self.said, self.asked = said, 0

    async def find(self, parts):
        self.asked += 1
        return self.said


def test_what_a_detector_beside_the_engine_finds_is_replaced_like_anything_else():
    said = Detected("second", (Finding("pii.person", 8, 20, 0.9, "second", 0),))
    story = Story(cloud=[Scripted(200, echo)], detectors=[SecondOpinion(said)])
    client = story.ask("We met: Zaphod Prime. Who is it?")
    assert b"Zaphod" not in story.sent[0][1]
    assert client.told["x-tidegate-labels"] == "pii.person"
    assert "Zaphod Prime" in json.loads(client.out)["choices"][0]["message"]["content"]


def test_a_detector_that_has_not_looked_keeps_the_request_inside():
    story = Story(local=[answer("hello")], detectors=[SecondOpinion(Detected("second", failed=True))])
    client = story.ask("What is the highest peak in Wales?")
    assert [name for name, _ in story.sent] == ["local"]
    assert client.told["x-tidegate-labels"] == "unknown"
    assert story.records("intent")[0]["detectors_failed"] == ["second"]


# -- what answers hold ------------------------------------------------------------------------------------------------

LEAK = f"Her number is {SSN}, she said."


def streamed(text):
    return [event({"content": text[i : i + 5]}) for i in range(0, len(text), 5)] + [
        event({}, "stop"),
        b"data: [DONE]\n\n",
    ]


def text_of(client):
    lines = [json.loads(line[6:]) for line in client.out.decode().splitlines() if line.startswith("data: {")]
    return "".join(choice["delta"].get("content", "") for line in lines for choice in line.get("choices", ()))


@pytest.mark.parametrize("strict", [False, True])
def test_what_an_answer_holds_is_recorded_and_the_answer_passes_as_it_came(strict):
    story = Story(cloud=[answer(LEAK)], strict=strict)
    client = story.ask("Who called?")
    assert json.loads(client.out)["choices"][0]["message"]["content"] == LEAK
    assert story.outcome["output_labels"] == ["gov.us_ssn"]
    assert story.outcome["masked"] == 0


@pytest.mark.parametrize("stream", [False, True])
def test_a_rule_masks_what_an_answer_holds_and_not_what_the_client_asked_about(stream):
    said = f"Write to {MAIL}, or ask {SSN}."
    echoed = [Scripted(200, lambda sent: masked_answer(sent, stream), content_type=KIND[stream])]
    story = Story(cloud=echoed, output={"gov": "mask", "pii": "mask"})
    client = story.ask(f"Who is {MAIL}?", stream=stream)
    text = text_of(client) if stream else json.loads(client.out)["choices"][0]["message"]["content"]
    assert text == said.replace(SSN, "[gov.us_ssn]")
    assert story.outcome["output_labels"] == ["gov.us_ssn"]
    assert (story.outcome["masked"], story.outcome["restored"]) == (1, 1)


KIND = {False: "application/json", True: "text/event-stream"}


def masked_answer(sent, stream):
    """An answer about the tag in the question, and about somebody else."""
    tag = json.loads(sent)["messages"][-1]["content"].removeprefix("Who is ").removesuffix("?")
    said = f"Write to {tag}, or ask {SSN}."
    return streamed(said) if stream else answer(said).body


def test_a_rule_blocks_a_whole_answer():
    story = Story(cloud=[answer(LEAK)], output={"gov": "block"})
    client = story.ask("Who called?")
    assert client.status == 403
    assert error_of(client)["code"] == "output_blocked"
    assert SSN.encode() not in client.out
    assert story.outcome["status"] == "refused"
    assert story.outcome["output_labels"] == ["gov.us_ssn"]


def test_a_rule_ends_a_stream_before_the_value_has_left():
    filler = "All is well in the harbour. " * 20
    story = Story(cloud=[Scripted(200, streamed(filler + LEAK), content_type=KIND[True])], output={"gov": "block"})
    client = story.ask("Who called?", stream=True)
    assert b"output_blocked" in client.out
    assert SSN not in text_of(client)
    assert text_of(client).startswith("All is well")
    assert story.outcome["code"] == "output_blocked"


# -- what a local model made of data that may not leave ---------------------------------------------------------------

VERDICT = (
    "The committee found that the northern warehouse had been leaking since early spring, and that the insurer had "
    "already been told about it twice. It recommends to move the remaining stock before the autumn rains begin."
)


def test_a_local_answer_to_what_may_not_leave_stays_inside_when_it_is_pasted():
    story = Story(local=[answer(VERDICT), answer("in short: it leaks")], cloud=[answer("hello")])
    story.ask(f"Summarise the file of {SSN}.")
    client = story.ask(f"Make this shorter:\n\n> {VERDICT}")
    assert [name for name, _ in story.sent] == ["local", "local"]
    assert client.told["x-tidegate-labels"] == "derived.local"
    assert story.ask("What is a warehouse?").told["x-tidegate-target"] == "cloud"


def test_a_local_answer_to_a_harmless_question_is_nobody_s_secret():
    story = Story(local=[answer(VERDICT)], cloud=[answer("hello")])
    story.ask("Write me something about warehouses.", model="local")
    assert story.memory.remembered == []
    assert story.ask(f"Make this shorter: {VERDICT}").told["x-tidegate-target"] == "cloud"


def test_what_was_shown_before_the_client_left_is_remembered_too():
    story = Story(local=[Scripted(200, streamed(VERDICT), content_type=KIND[True])])
    story.ask(f"Summarise the file of {SSN}.", stream=True, leaves_after=30)
    ((texts, _),) = story.memory.remembered
    assert texts[0].startswith("The committee found that")
    assert len(texts[0]) < len(VERDICT)


def test_the_instructions_that_many_requests_share_do_not_become_secret():
    story = Story(local=[answer("My instructions are: " + VERDICT)], cloud=[answer("hello")])
    system = {"role": "system", "content": VERDICT}
    story.ask([system, {"role": "user", "content": f"Quote your instructions to {SSN}."}])
    assert story.ask([system, {"role": "user", "content": "Hello?"}]).told["x-tidegate-target"] == "cloud"


def test_while_nobody_knows_what_was_remembered_any_text_may_be_derived():
    story = Story(local=[answer("hello")], memory_ready=False)
    client = story.ask("What is the highest peak in Wales?")
    assert client.told["x-tidegate-labels"] == "unknown"
    assert client.told["x-tidegate-target"] == "local"
