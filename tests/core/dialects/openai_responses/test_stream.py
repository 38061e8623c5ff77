"""A stream whose texts change on their way: all places of a text say the same, and numbers follow each other."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.dialects.openai_responses.recorded import Identity, Stutter, events, identity, spoken
from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.dialects.openai_responses import texts
from tidegate.core.restore.restoring import Restoring
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError

TAG = "⟦pii.email:k7f2q9m3⟧"
MAIL = "jane.doe@" + "example.com"


def told(*given):
    """Events as an upstream sends them, numbered."""
    numbered = ({"type": event.pop("type"), **event, "sequence_number": n} for n, event in enumerate(given))
    return b"".join(
        f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in numbered
    )


def message(text, cuts=(3,)):
    """Every event of a message with that text."""
    at = {"output_index": 0, "item_id": "msg_1"}
    inner = {**at, "content_index": 0}
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    empty = {**item, "status": "in_progress", "content": []}
    size = max(cuts[0], 1)
    return [
        {"type": "response.created", "response": response("in_progress")},
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        {"type": "response.content_part.added", **inner, "part": {**part, "text": ""}},
        *(
            {"type": "response.output_text.delta", **inner, "delta": text[n : n + size], "logprobs": [],
             "obfuscation": "x" * 5}
            for n in range(0, len(text), size)
        ),
        {"type": "response.output_text.done", **inner, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **inner, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": response("completed", item)},
    ]  # fmt: skip


def response(status, *output, **more):
    usage = {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}
    told = {"id": "resp_1", "object": "response", "model": "m", "status": status, "output": list(output), **more}
    return {**told, "usage": usage if status == "completed" else None}


def call(name, arguments, kind="function_call"):
    key, family = ("input", "custom_tool_call_input") if kind == "custom_tool_call" else (
        "arguments", "function_call_arguments"
    )  # fmt: skip
    item = {"id": "fc_1", "type": kind, "call_id": "call_1", "name": name, key: arguments, "status": "completed"}
    at = {"output_index": 0, "item_id": "fc_1"}
    return [
        {"type": "response.output_item.added", "output_index": 0, "item": {**item, key: ""}},
        *(
            {"type": f"response.{family}.delta", **at, "delta": arguments[n : n + 4]}
            for n in range(0, len(arguments), 4)
        ),
        {"type": f"response.{family}.done", **at, key: arguments},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": response("completed", item)},
    ]


def passed(body, open_channel, size=None, notes=None):
    stream = dialect.open_stream(notes or AnswerNotes(), open_channel)
    size = size or len(body) or 1
    return b"".join(stream.feed(body[at : at + size]) for at in range(0, len(body), size)) + stream.close()


@settings(max_examples=60, deadline=None)
@given(
    before=st.text(st.sampled_from("ab \n⟦"), max_size=5),
    after=st.text(st.sampled_from("ab \n⟧"), max_size=5),
    delta=st.integers(1, 9),
    size=st.integers(1, 300),
)
def test_a_value_comes_back_in_every_place_however_it_was_split(before, after, delta, size):
    text = f"{before} {TAG} {after}"
    restoring = Restoring({TAG: MAIL})
    out = events(passed(told(*message(text, (delta,))), restoring.open_channel, size))
    whole = text.replace(TAG, MAIL)
    assert "".join(event["delta"] for event in out if "delta" in event) == whole
    assert [event["text"] for event in out if event["type"] == "response.output_text.done"] == [whole]
    assert out[-3]["part"]["text"] == out[-2]["item"]["content"][0]["text"] == whole
    assert out[-1]["response"]["output"][0]["content"][0]["text"] == whole
    assert [event["sequence_number"] for event in out] == list(range(len(out)))
    assert all(event["obfuscation"] == "xxxxx" for event in out if "delta" in event)


def test_what_is_held_back_comes_before_the_event_that_repeats_it():
    out = events(passed(told(*message("hello")), lambda *_, **__: Stutter()))
    kinds = [event["type"].removeprefix("response.") for event in out]
    assert kinds[3:7] == ["output_text.delta", "output_text.delta", "output_text.delta", "output_text.done"]
    assert [event["delta"] for event in out[3:6]] == ["h", "el", "lo"]


@pytest.mark.parametrize("kind", ["function_call", "custom_tool_call"])
def test_arguments_are_restored_as_what_they_are(kind):
    """JSON keeps its escapes; free text has none."""
    name = 'O"Neil\\'
    tag = "⟦pii.person:abcdefgh⟧"
    arguments = json.dumps({"to": tag}, ensure_ascii=False) if kind == "function_call" else f"to {tag}"
    out = events(passed(told(*call("note", arguments, kind)), Restoring({tag: name}).open_channel))
    expected = json.dumps({"to": name}) if kind == "function_call" else f"to {name}"
    key = "arguments" if kind == "function_call" else "input"
    assert "".join(event["delta"] for event in out if "delta" in event) == expected
    assert out[-3][key] == out[-2]["item"][key] == out[-1]["response"]["output"][0][key] == expected


def test_a_tool_that_leads_out_gets_no_values_in_any_place():
    out = passed(
        told(*call("web_fetch", json.dumps({"q": TAG}, ensure_ascii=False))), Restoring({TAG: MAIL}).open_channel
    )
    assert MAIL.encode() not in out


def test_a_name_that_never_came_is_nobodys():
    opened = []

    def opens(tool, **_):
        opened.append(tool)
        return Identity()

    body = told({"type": "response.function_call_arguments.delta", "output_index": 0, "item_id": "x", "delta": "{}"})
    passed(body, opens)
    assert opened == ["?"]


def test_what_the_response_repeats_of_its_request_is_put_back_and_not_looked_at():
    asked = []

    def opens(tool, *, free=False, own=False):
        asked.append(own)
        return Restoring({TAG: MAIL}).open_channel(tool, free=free, own=own)

    repeated = {
        "instructions": f"Write to {TAG}.",
        "metadata": {"who": TAG},
        "tools": [{"name": "f", "description": TAG}],
    }
    out = events(passed(told({"type": "response.created", "response": response("in_progress", **repeated)}), opens))
    told_back = out[0]["response"]
    assert told_back["instructions"] == f"Write to {MAIL}."
    assert told_back["metadata"] == {"who": MAIL}
    assert told_back["tools"] == [{"name": "f", "description": MAIL}]
    assert all(asked)


def test_commands_are_restored_where_the_client_runs_them():
    item = {"type": "local_shell_call", "id": "l", "call_id": "c", "status": "completed",
            "action": {"type": "exec", "command": ["mail", TAG], "env": {}}}  # fmt: skip
    body = told({"type": "response.output_item.done", "output_index": 0, "item": item})
    out = events(passed(body, Restoring({TAG: MAIL}).open_channel))
    assert out[0]["item"]["action"]["command"] == ["mail", MAIL]


def test_an_item_that_only_the_last_event_shows_is_restored():
    item = {"type": "message", "id": "m", "role": "assistant", "content": [{"type": "output_text", "text": TAG}]}
    body = told({"type": "response.completed", "response": response("completed", item)})
    out = events(passed(body, Restoring({TAG: MAIL}).open_channel))
    assert out[0]["response"]["output"][0]["content"][0]["text"] == MAIL


ENDS = [
    ("response.completed", response("completed"), True, ["completed"], ""),
    ("response.incomplete", response("incomplete", incomplete_details={"reason": "max_output_tokens"}), True,
     ["max_output_tokens"], ""),
    ("response.failed", response("failed", error={"code": "server_error", "message": "x"}), True, ["failed"],
     "upstream_error_event"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "shown", "complete", "reasons", "error"), ENDS)
def test_how_a_response_ends_is_noted(kind, shown, complete, reasons, error):
    notes = AnswerNotes()
    body = told({"type": kind, "response": shown})
    assert passed(body, identity, notes=notes) == body
    assert (notes.complete, notes.finish_reasons, notes.error) == (complete, reasons, error)


def test_an_error_event_is_passed_on_and_noted():
    notes = AnswerNotes()
    body = told({"type": "error", "code": "x", "message": "y", "param": None})
    assert passed(body, identity, notes=notes) == body
    assert (notes.error, notes.complete) == ("upstream_error_event", False)


def test_a_picture_and_sound_are_what_nobody_has_looked_at():
    for event in (
        {"type": "response.image_generation_call.partial_image", "output_index": 0, "partial_image_b64": "AAAA"},
        {"type": "response.audio.delta", "delta": "AAAA"},
        {"type": "response.output_item.done", "item": {"type": "image_generation_call", "id": "i", "result": "AAAA"}},
    ):
        notes = AnswerNotes()
        passed(told(event), identity, notes=notes)
        assert notes.unscannable, event["type"]


def test_probabilities_go_where_they_would_spell_the_answer_again():
    logprobs = [{"token": "h", "logprob": 0.0, "bytes": [104], "top_logprobs": []}]
    given = message("hello")
    for event in given:
        if "logprobs" in event:
            event["logprobs"] = logprobs
        if "part" in event:
            event["part"]["logprobs"] = logprobs
    body = told(*given)
    stream = dialect.open_stream(AnswerNotes(), identity, keep_logprobs=False)
    assert b'"token"' not in stream.feed(body) + stream.close()
    assert passed(body, identity) == body


def test_servers_without_numbers_and_with_done_markers_pass_too():
    given = message("hello")
    body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in given) + b"data: [DONE]\n\n"
    notes = AnswerNotes()
    assert passed(body, identity, notes=notes) == body
    assert notes.complete
    held = passed(body, lambda *_, **__: Stutter())
    assert spoken(held) == spoken(body)
    assert b"event:" not in held


def test_servers_that_number_nothing_are_told_apart_by_the_ids_of_items():
    """As llama.cpp writes them."""
    given = [*call("note", json.dumps({"to": TAG}, ensure_ascii=False))[:-1], *message(TAG)[1:]]
    bare = [{k: v for k, v in each.items() if k not in ("output_index", "content_index")} for each in given]
    body = b"".join(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in bare)
    out = passed(body, Restoring({TAG: MAIL}).open_channel).decode()
    assert TAG not in out
    deltas = "".join(event["delta"] for event in events(out.encode()) if "delta" in event)
    assert deltas == json.dumps({"to": MAIL}) + MAIL


@pytest.mark.parametrize("data", [b"[1]", b"nonsense", b'"text"', b"1"])
def test_what_is_no_event_ends_the_answer(data):
    with pytest.raises(UpstreamError):
        passed(b"data: " + data + b"\n\n", identity)


def test_memory_is_bounded():
    delta = {"type": "response.output_text.delta", "item_id": "m", "delta": "x"}
    with pytest.raises(UpstreamError, match="more than"):
        passed(told(*({**delta, "output_index": n} for n in range(5000))), identity)
    long = told(*({**delta, "output_index": 0, "delta": "x" * 1_000_000} for _ in range(6)))
    with pytest.raises(UpstreamError, match="4 MiB"):
        passed(long, identity)


def test_an_upstream_that_never_ends_fills_no_memory(monkeypatch):
    monkeypatch.setattr(texts, "MOST_KEPT", 100)
    notes = AnswerNotes()
    stream = dialect.open_stream(notes, Restoring({TAG: MAIL}).open_channel)
    for n in range(300):
        shown = response("completed", *({"type": "message", "id": f"m{n}-{k}", "content": []} for k in range(20)))
        body = told({"type": "response.completed", "response": {**shown, "instructions": f"{n} {TAG}"}})
        assert MAIL.encode() in stream.feed(body)
    assert len(notes.items) <= texts.MOST_TEXTS
    assert len(notes.finish_reasons) == 1
    assert sum(len(text) for *_, text in stream._carrying._known) <= 100
    reader = dialect.open_reader()
    done = {"type": "response.output_text.done", "item_id": "m", "text": ""}
    with pytest.raises(UpstreamError, match="pieces"):
        for n in range(20_000):
            list(reader.feed(told({**done, "content_index": n})))


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "id", "text", "content", "output", "summary", "name", "arguments", "logprobs"]), inner,
        max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip
KINDS = st.sampled_from(sorted({event["type"] for event in message("x") + call("f", "{}")} | {"error", "new.kind"}))
FIELDS = st.dictionaries(
    st.sampled_from(["delta", "text", "item", "part", "response", "output_index", "content_index", "sequence_number",
                     "arguments", "usage", "error"]), ANY, max_size=5)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.builds(lambda kind, fields: {"type": kind, **fields}, KINDS, FIELDS), max_size=6))
def test_whatever_an_upstream_sends_it_passes_or_is_its_error(given_events):
    body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in given_events)
    for opens in (identity, lambda *_, **__: Stutter()):
        try:
            out = passed(body, opens)
        except UpstreamError:
            continue
        if opens is identity:
            assert out == body
    reader = dialect.open_reader()
    try:
        list(reader.feed(body))
        list(reader.close())
    except UpstreamError as error:
        assert error.kind == "protocol"
