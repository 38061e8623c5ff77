"""A meaning as a request to generateContent: what no recording happens to show."""

import json

import pytest

from tidegate.core.dialects.gemini_generate import CANNOT, unstored, write_request
from tidegate.core.dialects.gemini_generate.signed import NOBODYS, marked, of_call, own
from tidegate.core.dialects.neutral.chat import (
    Chat,
    Format,
    Media,
    Refused,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.features import fit

HELLO = Turn("user", (Text("hello"),))
OLD, NEW = "gemini-2.5-flash", "gemini-3-pro-preview"


def written(*turns, model=OLD, **more):
    return json.loads(write_request(Chat(turns=turns or (HELLO,), **more), model))


def config(model=OLD, **more):
    return written(model=model, **more).get("generationConfig", {})


def test_every_setting_has_its_name():
    found = config(
        max_tokens=5, temperature=0.5, top_p=0.9, top_k=3, stop=("a", "b"), choices=2, seed=7,
        presence_penalty=0.1, frequency_penalty=0.2,
    )  # fmt: skip
    assert found == {
        "maxOutputTokens": 5, "temperature": 0.5, "topP": 0.9, "topK": 3, "stopSequences": ["a", "b"],
        "candidateCount": 2, "seed": 7, "presencePenalty": 0.1, "frequencyPenalty": 0.2,
    }  # fmt: skip
    assert "generationConfig" not in written()


@pytest.mark.parametrize(
    ("asked", "old", "new"),
    [
        ({"effort": "low"}, {"thinkingBudget": 1024}, {"thinkingLevel": "low"}),
        ({"effort": "minimal"}, {"thinkingBudget": 1024}, {"thinkingLevel": "low"}),
        ({"effort": "medium"}, {"thinkingBudget": 8192}, {"thinkingLevel": "medium"}),
        ({"effort": "high"}, {"thinkingBudget": 24576}, {"thinkingLevel": "high"}),
        ({"effort": "xhigh"}, {"thinkingBudget": 24576}, {"thinkingLevel": "high"}),
        ({"thinks": True}, {"includeThoughts": True}, {"includeThoughts": True}),
        ({"thinks": False}, {"thinkingBudget": 0}, {"thinkingLevel": "low"}),
        ({"thinks": False, "thinking_tokens": 9}, {"thinkingBudget": 0}, {"thinkingLevel": "low"}),
        (
            {"thinks": True, "thinking_tokens": 2048},
            {"includeThoughts": True, "thinkingBudget": 2048},
            {"includeThoughts": True, "thinkingBudget": 2048},
        ),
    ],
)
def test_how_hard_to_think_is_a_budget_for_earlier_models_and_a_level_for_later_ones(asked, old, new):
    assert config(**asked) == {"thinkingConfig": old}
    assert config(NEW, **asked) == {"thinkingConfig": new}


@pytest.mark.parametrize(
    ("model", "earlier"),
    [("gemini-1.5-pro", True), ("gemini-2.0-flash", True), ("gemini-3-flash", False), ("gemini-20-flash", False),
     ("gemini-flash-latest", False), ("publishers/google/models/gemini-2.5-pro", True)],
)  # fmt: skip
def test_which_models_are_earlier(model, earlier):
    assert ("thinkingBudget" in config(model, effort="low")["thinkingConfig"]) is earlier


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Format("text"), {}),
        (Format("json"), {"responseMimeType": "application/json"}),
        (
            Format("schema", "n", {"type": "object"}),
            {"responseMimeType": "application/json", "responseJsonSchema": {"type": "object"}},
        ),
    ],
)
def test_what_prose_is_to_look_like(wanted, found):
    assert config(format=wanted) == found


@pytest.mark.parametrize(
    ("choice", "named", "calling"),
    [
        ("auto", "", {"mode": "AUTO"}),
        ("none", "", {"mode": "NONE"}),
        ("required", "", {"mode": "ANY"}),
        ("named", "f", {"mode": "ANY", "allowedFunctionNames": ["f"]}),
    ],
)
def test_who_chooses_a_tool(choice, named, calling):
    tools = (Tool("f", "does", {"type": "object"}), Tool("g"))
    found = written(tools=tools, tool_choice=choice, tool_named=named)
    assert found["toolConfig"] == {"functionCallingConfig": calling}
    declared = found["tools"][0]["functionDeclarations"]
    assert declared == [{"name": "f", "description": "does", "parametersJsonSchema": {"type": "object"}}, {"name": "g"}]


def test_instructions_stand_apart_wherever_they_came():
    found = written(Turn("system", (Text("one"),)), HELLO, Turn("system", (Text("two"),)))
    assert found["systemInstruction"] == {"parts": [{"text": "one"}, {"text": "two"}]}
    assert found["contents"] == [{"role": "user", "parts": [{"text": "hello"}]}]


def test_results_of_one_turn_come_together_and_before_what_is_said_beside_them():
    found = written(
        Turn("assistant", (ToolCall("a", "f", "{}"), ToolCall("b", "g", '{"x":1}'))),
        Turn("tool", (ToolResult("a", "f", (Text("one"), Text("two"))),)),
        Turn("tool", (ToolResult("b", "g", (Text("no"), Media("image", "image/png", "AAAA")), failed=True),)),
        HELLO,
    )
    assert found["contents"][1:] == [
        {
            "role": "user",
            "parts": [
                {"functionResponse": {"id": "a", "name": "f", "response": {"output": "one\ntwo"}}},
                {"functionResponse": {"id": "b", "name": "g", "response": {"error": "no"}}},
            ],
        },
        {"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]},
        {"role": "user", "parts": [{"text": "hello"}]},
    ]


def test_arguments_are_an_object_with_every_digit_that_was_written():
    big = '{"n": 123456789012345678901234567890}'
    turn = Turn("assistant", (ToolCall("a", "f", big), ToolCall("b", "g", "oops"), ToolCall("c", "h", "")))
    raw = write_request(Chat(turns=(turn,)), OLD)
    assert b"123456789012345678901234567890" in raw
    args = [part["functionCall"]["args"] for part in json.loads(raw)["contents"][0]["parts"]]
    assert args[1:] == [{"input": "oops"}, {}]


# -- signatures --------------------------------------------------------------------------------------------------------


def test_a_signature_comes_back_as_it_was_given_and_nobody_elses_does():
    assert own(marked("abc==")) == of_call(marked("abc==", of_call=True)) == "abc=="
    assert marked("") == own("EqkCCkgIDRAB") == own("") == own(marked("a", of_call=True)) == of_call(marked("a")) == ""
    turn = Turn(
        "assistant",
        (
            Thinking("hm", marked("s1")),
            Thinking("", marked("s2")),
            Thinking("theirs", "EqkC"),
            Thinking("", "EqkC"),
            Thinking("", sealed="x"),
            Thinking("last", marked("s3", of_call=True)),
            ToolCall("a", "f", "{}"),
            ToolCall("b", "f", "{}"),
        ),
    )
    assert written(turn)["contents"][0]["parts"] == [
        {"text": "hm", "thought": True, "thoughtSignature": "s1"},
        {"text": "", "thoughtSignature": "s2"},
        {"text": "theirs", "thought": True},
        {"text": "last", "thought": True},
        {"functionCall": {"id": "a", "name": "f", "args": {}}, "thoughtSignature": "s3"},
        {"functionCall": {"id": "b", "name": "f", "args": {}}},
    ]


def test_models_that_demand_one_are_told_that_a_call_is_somebody_elses():
    calls = Turn("assistant", (ToolCall("a", "f", "{}"), ToolCall("b", "f", "{}")))
    parts = written(calls, model=NEW)["contents"][0]["parts"]
    assert [part.get("thoughtSignature") for part in parts] == [NOBODYS, None]
    assert all("thoughtSignature" not in part for part in written(calls)["contents"][0]["parts"])


# -- media -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media", "part"),
    [
        (Media("image", "image/png", "AAAA"), {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}),
        (Media("file", "", "AAAA"), {"inlineData": {"mimeType": "application/pdf", "data": "AAAA"}}),
        (
            Media("image", url="https://x/a.PNG?size=1#f"),
            {"fileData": {"mimeType": "image/png", "fileUri": "https://x/a.PNG?size=1#f"}},
        ),
        (Media("image", url="https://x/a"), {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://x/a"}}),
        (Media("video", url="gs://b/v.webm"), {"fileData": {"mimeType": "video/webm", "fileUri": "gs://b/v.webm"}}),
        (Media("audio", "audio/wav", "AAAA"), {"inlineData": {"mimeType": "audio/wav", "data": "AAAA"}}),
    ],
)
def test_media_by_value_and_by_address(media, part):
    assert written(Turn("user", (media,)))["contents"][0]["parts"] == [part]


def test_a_refusal_of_an_earlier_turn_is_text_again():
    assert written(Turn("assistant", (Refused("no"),)))["contents"][0]["parts"] == [{"text": "no"}]


def test_the_table_names_what_is_left_out_and_only_that():
    chat = Chat(turns=(HELLO,), logit_bias={"1": 1}, user="u", metadata={}, verbosity="low", parallel_tools=True)
    dropped = fit(chat, CANNOT, "gemini.generate")
    assert set(dropped) == {"logit_bias", "user", "metadata", "verbosity", "parallel_tools"}
    assert json.loads(write_request(chat, OLD)) == written()


def test_nothing_is_said_about_storing():
    assert unstored(b"{}") == b"{}"
