"""What leaves for a target that may not see values, and what is kept to put them back."""

import copy
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.transform.requests import KEY, calling, envelope, found
from tidegate.core.transform.redact import redact
from tidegate.core.values.errors import BadRequest, TidegateError
from tidegate.core.values.finding import Finding
from tidegate.core.values.operators import Operators
from tidegate.core.values.tags import OPEN

MAIL = "jane@example.com"
SSN = "457-55-" + "5462"


def put_back(text, originals):
    for tag, value in originals.items():
        text = text.replace(tag, value)
    return text


def redacted(request, *marks, first_only=False, **more):
    findings = [f for label, value in marks for f in found(request, label, value, first_only=first_only)]
    return redact(request, findings, KEY, model="big", **more)


def contents(made):
    return [message["content"] for message in orjson.loads(made.body)["messages"]]


def test_a_value_leaves_as_a_tag():
    made = redacted(envelope(f"Write to {MAIL}!"), ("pii.email", MAIL))
    (text,) = contents(made)
    (tag,) = made.originals
    assert text == f"Write to {tag}!"
    assert tag.startswith(f"{OPEN}pii.email:")
    assert made.originals == {tag: MAIL}
    assert made.count == 1
    assert made.absent == (MAIL.encode(),)


def test_the_model_s_name_goes_in_the_same_pass():
    made = redacted(envelope("hello"))
    assert made.document == {"model": "big", "messages": [{"role": "user", "content": "hello"}]}
    assert orjson.loads(made.body) == made.document
    assert (made.originals, made.absent, made.count) == ({}, (), 0)


def test_the_request_itself_is_never_changed_and_the_rest_of_it_is_shared():
    request = envelope(f"to {MAIL}", "harmless", tools=[{"type": "function", "function": {"name": "f"}}])
    before = copy.deepcopy(request.document)
    made = redacted(request, ("pii.email", MAIL))
    assert request.document == before
    assert made.document["messages"][1] is request.document["messages"][1]
    assert made.document["tools"] is request.document["tools"]


def test_several_values_of_one_text_are_replaced_by_original_offsets():
    text = f"{MAIL} {SSN} Jane Doe, {MAIL}{SSN}"
    made = redacted(envelope(text), ("pii.email", MAIL), ("gov.us_ssn", SSN), ("pii.person", "Jane Doe"))
    (out,) = contents(made)
    assert made.count == 5
    assert len(made.originals) == 3
    assert put_back(out, made.originals) == text


def test_what_was_found_once_is_replaced_wherever_it_stands():
    request = envelope(
        {"role": "user", "content": f"mail {MAIL}", "name": MAIL},
        calling(f'{{"q":"see {MAIL}, ok?"}}', call_id=MAIL),
        {"role": "tool", "content": f"<{MAIL}>", "tool_call_id": MAIL},
        user=MAIL,
        metadata={MAIL: MAIL},
    )
    made = redacted(request, ("pii.email", MAIL), first_only=True)
    assert MAIL.encode() not in made.body
    assert orjson.loads(put_back(made.body.decode(), made.originals)) == request.document | {"model": "big"}


WORDS = [
    ("Mark", "Mark wrote Markdown; ask mark or Mark.", "X wrote Markdown; ask mark or X."),
    ("12345", "12345 and 9123456", "X and 9123456"),
    (SSN, f"{SSN} a{SSN}b", "X aXb"),
]


@pytest.mark.parametrize(("value", "text", "left"), WORDS)
def test_words_are_replaced_as_words_and_distinctive_values_anywhere(value, text, left):
    request = envelope(value, text)
    made = redacted(request, ("pii.person", value), first_only=True)
    (tag,) = made.originals
    assert contents(made)[1].replace(tag, "X") == left


def test_the_seal_is_not_asked_to_look_for_words_of_the_api():
    made = redacted(
        envelope("user and content met Markdown and Mark"), ("pii.person", "content"), ("pii.person", "user")
    )
    assert all(form not in made.body for form in made.absent)
    assert contents(made)[0].count(OPEN) == 2


def test_overlapping_findings_leave_nothing_of_either():
    request = envelope(f"call {SSN} Elm Street now")
    at = len("call ")
    findings = [
        Finding("gov.us_ssn", at, at + len(SSN), 1.0, "a"),
        Finding("pii.address", at + 7, at + len(SSN) + 11, 1.0, "b"),
        Finding("pii.person", at + 12, at + 15, 1.0, "c"),
    ]
    made = redact(request, findings, KEY, model="big")
    (tag,) = made.originals
    assert contents(made) == [f"call {tag} now"]
    assert made.originals[tag] == f"{SSN} Elm Street"


# -- secrets and passages -----------------------------------------------------------------------------

SECRET = "AKIA" + "R5TWLXKJ2QD7NEFA"


def test_a_secret_gets_a_tag_that_nothing_leads_back_from():
    made = redacted(envelope(f"key {SECRET} for {MAIL}"), ("secret.aws_access_key", SECRET), ("pii.email", MAIL))
    assert list(made.originals.values()) == [MAIL]
    assert all(f"{OPEN}secret.aws_access_key:" in tag and tag in contents(made)[0] for tag in made.withheld)
    assert len(made.withheld) == 1
    assert f"{OPEN}secret.aws_access_key:" in contents(made)[0]
    assert SECRET.encode() in made.absent
    assert SECRET.encode() not in made.body


def test_what_is_a_secret_anywhere_is_one_everywhere():
    request = envelope(f"{SECRET}", f"key={SECRET}")
    findings = [
        Finding("customer.id", 0, len(SECRET), 1.0, "a", 0),
        Finding("secret.aws_access_key", 4, 4 + len(SECRET), 1.0, "b", 1),
    ]
    made = redact(request, findings, KEY, model="big")
    assert made.originals == {}
    assert contents(made)[0] == contents(made)[1].removeprefix("key=")


def test_more_labels_may_be_secret():
    made = redacted(envelope(SSN), ("gov.us_ssn", SSN), secret_labels=("secret", "gov"))
    assert made.originals == {}


def test_passages_are_left_to_policy():
    made = redacted(envelope(f"import os  # {MAIL}"), ("code.source", "import os"), ("pii.email", MAIL))
    assert contents(made)[0].startswith("import os")
    assert made.count == 1


# -- tool calls ---------------------------------------------------------------------------------------

ARGUMENTS = [
    ('{"to":"jane@example.com"}', {"to": "X"}),
    ('{"to":"a\\njane@example.com\\tb"}', {"to": "a\nX\tb"}),
    ('{"to":"\\u006aane@example.com"}', {"to": "X"}),
    ('{"to":"\\"jane@example.com\\""}', {"to": '"X"'}),
    ('{"jane@example.com":[1,"jane@example.com"]}', {"X": [1, "X"]}),
    ('{"to":"jane@example.com\\\\"}', {"to": "X\\"}),
    ('{"to":"caf\\u00e9 jane@example.com"}', {"to": "café X"}),
]


@pytest.mark.parametrize(("arguments", "expected"), ARGUMENTS)
def test_arguments_stay_valid_json(arguments, expected):
    request = envelope(MAIL, calling(arguments))
    made = redacted(request, ("pii.email", MAIL))
    (tag,) = made.originals
    out = orjson.loads(made.body)["messages"][1]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(out.replace(tag, "X")) == expected
    assert json.loads(put_back(out, made.originals)) == json.loads(arguments)


def test_a_number_in_arguments_stays_a_number():
    made = redacted(envelope(calling('{"ssn":457555462,"n":[457555462]}')), ("gov.us_ssn", "457555462"))
    out = orjson.loads(made.body)["messages"][0]["tool_calls"][0]["function"]["arguments"]
    ((standing, value),) = made.originals.items()
    assert value == "457555462"
    assert json.loads(out) == {"ssn": int(standing), "n": [int(standing)]}
    assert len(standing) == 9


def test_a_finding_across_strings_is_a_tag_in_each():
    arguments = '{"first":"Jane","last":"Doe","age":42}'
    request = envelope(calling(arguments))
    index = next(n for n, part in enumerate(request.parts) if part.is_json)
    made = redact(request, [Finding("pii.person", 10, 28, 1.0, "t", index)], KEY, model="big")
    out = json.loads(orjson.loads(made.body)["messages"][0]["tool_calls"][0]["function"]["arguments"])
    assert sorted(made.originals.values()) == ["Doe", "Jane", "last"]
    assert out["first"] in made.originals
    assert out["age"] == 42


def test_arguments_that_are_cut_short_are_text():
    made = redacted(envelope(calling(f'{{"to": "{MAIL}, x')), ("pii.email", MAIL))
    (tag,) = made.originals
    assert orjson.loads(made.body)["messages"][0]["tool_calls"][0]["function"]["arguments"] == f'{{"to": "{tag}, x'


# -- keys and numbers ---------------------------------------------------------------------------------


def test_keys_are_renamed_in_their_place():
    request = envelope("x", metadata={"a": "1", MAIL: "2", "c": {MAIL: SSN}})
    made = redacted(request, ("pii.email", MAIL), ("gov.us_ssn", SSN))
    tag = next(tag for tag, value in made.originals.items() if value == MAIL)
    metadata = orjson.loads(made.body)["metadata"]
    assert list(metadata) == ["a", tag, "c"]
    assert list(metadata["c"]) == [tag]


def test_a_renamed_key_never_swallows_another():
    (tag,) = redacted(envelope(MAIL), ("pii.email", MAIL)).originals
    made = redacted(envelope("x", metadata={MAIL: "1", tag: "2"}), ("pii.email", MAIL))
    assert sorted(orjson.loads(made.body)["metadata"].values()) == ["1", "2"]


NUMBERS = ["457555462", "-457555462", "42", "0", "4575554.25", "0.5", "4111111111111111", str(2**63), str(2**64 - 1)]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_replaced_by_a_number_of_its_type(number):
    request = envelope(calling(f'{{"n":{number},"f":1234567.75}}'))
    made = redacted(request, ("gov.us_ssn", number), first_only=True)
    ((standing, value),) = made.originals.items()
    assert value == number
    out = json.loads(orjson.loads(made.body)["messages"][0]["tool_calls"][0]["function"]["arguments"])
    assert out == {"n": json.loads(standing), "f": 1234567.75}
    assert type(out["n"]) is type(json.loads(number))
    assert repr(out["n"]) == standing
    assert standing != number
    assert sum(char.isdecimal() for char in standing) >= 7


def test_a_number_of_the_document_is_one_too():
    made = redacted(envelope("x", metadata={"n": 2**64 - 1, "f": 4575554.75}), ("gov.us_ssn", str(2**64 - 1)))
    (standing,) = made.originals
    assert orjson.loads(made.body)["metadata"] == {"n": int(standing), "f": 4575554.75}


@pytest.mark.parametrize("number", ["1e300", "2.5e-9", "1.0E+2"])
def test_a_number_with_an_exponent_is_replaced_by_a_tag(number):
    made = redacted(envelope(calling(f'{{"n":{number}}}')), ("bank.account", number))
    (tag,) = made.originals
    out = orjson.loads(made.body)["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(out) == {"n": tag}


def test_a_secret_number_is_in_nobody_s_map():
    made = redacted(envelope("x", metadata={"pin": 45755546}), ("secret.pin", "45755546"))
    assert made.originals == {}
    assert isinstance(orjson.loads(made.body)["metadata"]["pin"], int)


def test_a_required_key_is_still_the_key_that_is_required():
    schema = {"type": "object", "properties": {MAIL: {"type": "string"}}, "required": [MAIL]}
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    made = redacted(envelope("x", tools=[tool]), ("pii.email", MAIL), first_only=True)
    parameters = orjson.loads(made.body)["tools"][0]["function"]["parameters"]
    assert list(parameters["properties"]) == parameters["required"]


BIG = [("x", {"seed": 2**70}), ("x", {"metadata": {"n": [-(2**70), {"deep": 2**65}]}})]


@pytest.mark.parametrize(("text", "more"), BIG)
def test_what_a_fast_writer_cannot_write_is_written_all_the_same(text, more):
    request = envelope(f"{MAIL} {text}", **more)
    made = redacted(request, ("pii.email", MAIL))
    assert json.loads(put_back(made.body.decode(), made.originals)) == request.document | {"model": "big"}


def test_a_number_that_json_lacks_is_refused():
    request = envelope("x")
    request.document["seed"], request.document["n"] = float("inf"), 2**70
    with pytest.raises(BadRequest, match="too large"):
        redacted(request)


def test_parts_that_are_not_what_stands_in_the_document_stop_everything():
    request = envelope(MAIL)
    request.document["messages"][0]["content"] = "something else"
    with pytest.raises(TidegateError, match="nothing is sent"):
        redacted(request, ("pii.email", MAIL))


def test_half_a_surrogate_pair_in_arguments_does_no_harm():
    request = envelope(calling('{"to":"x\\ud83d 457-55-5462"}'), SSN)
    made = redacted(request, ("gov.us_ssn", SSN))
    assert SSN.encode() not in made.body


def test_nothing_shows_in_a_repr():
    made = redacted(envelope(MAIL), ("pii.email", MAIL))
    assert MAIL not in repr(made)


# -- properties ---------------------------------------------------------------------------------------

VALUES = [MAIL, SSN, "Jane Doe", "Jane", "Ann", 'a"b\\c 1', "Jörg Müller", "x\ny 12", "\U0001f600 77", "4575554620"]
filler = st.text(alphabet='aJ n\n\t\\"{}[]:,/\u27e6\u27e7é\U0001f600@.0123-', max_size=12)
texts = st.lists(filler | st.sampled_from(VALUES), max_size=6).map("".join)


@given(st.lists(texts, max_size=3), texts, st.lists(st.sampled_from(VALUES), min_size=1, unique=True), st.booleans())
def test_no_found_value_leaves_and_every_tag_leads_back(prose, argument, values, ascii_only):
    arguments = json.dumps({"q": argument, argument: [argument, 4575554620]}, ensure_ascii=ascii_only)
    request = envelope("x", *prose, calling(arguments), metadata={"k" + argument: argument})
    made = redacted(request, *(("pii.person", value) for value in values))
    assert all(form not in made.body for form in made.absent)
    document = orjson.loads(made.body)
    out = document["messages"][-1]["tool_calls"][0]["function"]["arguments"]
    back = json.loads(put_back_in_json(out, made.originals))
    assert str(back[argument].pop()) == "4575554620"
    assert back == json.loads(arguments) | {argument: [argument]}
    assert [put_back(text, made.originals) for text in contents(made)[1:-1]] == prose
    ((key, text),) = document["metadata"].items()
    assert (put_back(key, made.originals), put_back(text, made.originals)) == ("k" + argument, argument)


def put_back_in_json(text, originals):
    for tag, value in originals.items():
        text = text.replace(tag, json.dumps(value)[1:-1])
    return text


@given(st.integers(0, 40), st.integers(1, 20), st.integers(0, 40), st.integers(1, 20))
def test_any_spans_give_valid_json_and_lead_back(start, length, again, more):
    arguments = json.dumps({"to": 'x\njane\t"q" \\ é', "n": [12345678, "y"], "é": None}) + " "
    request = envelope(calling(arguments))
    index = next(n for n, part in enumerate(request.parts) if part.is_json)
    findings = [
        Finding("pii.person", start, min(start + length, len(arguments)), 1.0, "t", index),
        Finding("pii.email", again, min(again + more, len(arguments)), 1.0, "t", index),
    ]
    made = redact(request, findings, KEY, model="big")
    out = orjson.loads(made.body)["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(out)
    back = json.loads(put_back_in_json(out, made.originals))
    assert [str(n) for n in back["n"]] == ["12345678", "y"]
    assert {**back, "n": 0} == {**json.loads(arguments), "n": 0}


# -- operators ----------------------------------------------------------------------------------------

PHONE = "+1 415 867 5309"
EVERYTHING = (("pii.email", MAIL), ("gov.us_ssn", SSN), ("pii.person", "Jane Doe"), ("pii.phone", PHONE))


@pytest.mark.parametrize("operator", ["tag", "format", "mask", "drop", "hash", "generalise"])
def test_whatever_the_operator_no_value_is_left(operator):
    text = f"{MAIL} {SSN} Jane Doe, {PHONE}, Doe"
    request = envelope(text, calling(json.dumps({"q": text, "ssn": 457555462})), metadata={MAIL: SSN})
    rows = dict.fromkeys(("pii", "gov"), operator)
    made = redacted(request, *EVERYTHING, ("gov.us_ssn", "457555462"), operators=Operators.of(rows))
    assert not any(form in made.body for form in made.absent)
    assert {MAIL.encode(), SSN.encode(), PHONE.encode(), b"457555462"} <= set(made.absent)
    assert bool(made.originals) == (operator in ("tag", "format", "generalise"))


def test_a_surrogate_looks_like_its_value():
    operators = Operators.of({"pii": "format", "gov": "format"})
    made = redacted(envelope(f"{MAIL} {SSN} Jane Doe {PHONE}"), *EVERYTHING, operators=operators)
    assert OPEN not in contents(made)[0]
    assert put_back(contents(made)[0], made.originals) == f"{MAIL} {SSN} Jane Doe {PHONE}"


def test_values_that_only_one_label_may_format():
    made = redacted(envelope(f"{MAIL} {SSN}"), *EVERYTHING[:2], operators=Operators.of({"pii.email": "format"}))
    first, second = contents(made)[0].split()
    assert (first.count("@"), second[0]) == (1, OPEN)


@pytest.mark.parametrize("label", ["code.proprietary", "derived.local"])
def test_a_passage_that_policy_lets_go_redacted_goes_as_one_tag(label):
    passage = "def settle(book):\n    return book.total"
    request = envelope(f"Explain:\n{passage}\nto {MAIL}", calling(json.dumps({"code": passage})))
    made = redacted(request, (label, passage), ("pii.email", MAIL))
    assert b"settle" not in made.body
    assert passage in made.originals.values()
    assert f"{OPEN}{label}:" in contents(made)[0]


def test_a_passage_with_a_secret_in_it_never_comes_back():
    passage = f"connect('{SECRET}')"
    made = redacted(envelope(passage), ("code.proprietary", passage), ("secret.aws_access_key", SECRET))
    assert b"connect" not in made.body
    assert made.originals == {}


@pytest.mark.parametrize(("operator", "left"), [("tag", f"{OPEN}code.source:"), ("drop", " and so on")])
def test_code_is_replaced_where_somebody_asks_for_it(operator, left):
    made = redacted(
        envelope("import os and so on"), ("code.source", "import os"), operators=Operators.of({"code": operator})
    )
    assert contents(made)[0].startswith(left)


# -- conversations ------------------------------------------------------------------------------------

turns = st.lists(st.lists(filler | st.sampled_from(VALUES), max_size=5).map("".join), min_size=2, max_size=6)
LABEL_OF = dict(zip(VALUES, ["pii.email", "gov.us_ssn", "pii.person", "pii.person", "pii.person", "customer.id",
                             "pii.person", "pii.person", "phi.mrn", "bank.account"], strict=True))  # fmt: skip


def redacted_messages(said, rows):
    request = envelope(*said, tools=[{"type": "function", "function": {"name": "f", "description": SSN}}])
    operators = Operators.of(rows)
    made = redacted(request, *((LABEL_OF[value], value) for value in VALUES), operators=operators)
    document = orjson.loads(made.body)
    return [orjson.dumps(document["tools"]), *map(orjson.dumps, document["messages"])]


@given(turns, st.sampled_from(["tag", "mask", "hash", "generalise", "drop"]))
def test_one_turn_more_changes_nothing_that_was_sent_before(said, operator):
    rows = dict.fromkeys(("pii", "gov", "phi", "bank", "customer"), operator)
    before = redacted_messages(said[:-1], rows)
    assert redacted_messages(said, rows)[: len(before)] == before


@given(st.lists(st.sampled_from(["Write to ", "and ", "\n", *VALUES]), min_size=2, max_size=12), st.integers(1, 11))
def test_nor_with_surrogates(words, cut):
    said = ["".join(words[:cut]), "".join(words[cut:])]
    rows = dict.fromkeys(("pii", "gov", "phi", "bank", "customer"), "format")
    before = redacted_messages(said[:1], rows)
    assert redacted_messages(said, rows)[: len(before)] == before


LATER = [
    ("pii.email", "secret.password", MAIL),
    ("customer.id", "secret.token", SSN),
    ("pii.person", "customer.term", "Jane Doe"),
]


@pytest.mark.parametrize(("first", "then", "value"), LATER)
def test_what_is_found_again_as_something_else_keeps_the_tag_that_it_had(first, then, value):
    said = envelope(f"I am {value}"), envelope(f"I am {value}", f"pass: {value}")
    findings = [Finding(first, 5, 5 + len(value), 1.0, "t", 0), Finding(then, 6, 6 + len(value), 1.0, "t", 1)]
    before = redact(said[0], findings[:1], KEY, model="big")
    after = redact(said[1], findings, KEY, model="big")
    assert contents(after)[:1] == contents(before)
    assert bool(after.originals) == (not then.startswith("secret")) != bool(after.withheld)


# -- people -------------------------------------------------------------------------------------------


def test_who_was_found_once_is_found_by_each_name():
    request = envelope("I am Jane Doe.", "Jane called. Mrs Doe, Doe's, Janet and does did not.")
    made = redacted(request, ("pii.person", "Jane Doe"))
    assert set(made.originals.values()) == {"Jane Doe", "Jane", "Doe"}
    assert put_back(contents(made)[1], made.originals) == request.parts[1].text
    assert "Jane " not in contents(made)[1]
    assert contents(made)[1].endswith("Janet and does did not.")


def test_a_made_up_person_is_the_same_by_each_name():
    made = redacted(
        envelope("I am Jane Doe.", "Jane called Mrs Doe."),
        ("pii.person", "Jane Doe"),
        operators=Operators.of({"pii.person": "format"}),
    )
    full = contents(made)[0].removeprefix("I am ").rstrip(".")
    assert contents(made)[1] == "{} called Mrs {}.".format(*full.split())


def test_what_a_detector_took_for_a_name_costs_a_request_no_ordinary_word():
    made = redacted(envelope("Ask Turbo Widget. Widget calls a widget."), ("pii.person", "Turbo Widget"))
    assert contents(made)[0].endswith(". Widget calls a widget.")
    assert set(made.originals.values()) == {"Turbo Widget"}


def test_a_name_that_is_a_word_stays_a_word():
    made = redacted(envelope("Will Doe: will you? Will you?"), ("pii.person", "Will Doe"))
    assert contents(made)[0].endswith(": will you? Will you?")
