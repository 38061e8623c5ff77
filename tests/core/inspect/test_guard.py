"""What a guard promises: the same text however it was cut, no value that fits, never more than MOST_HELD held back."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.inspect.detecting import classify, cut, through
from tidegate.core.inspect.guard import HOLD, LONGEST, MOST_HELD, Guard
from tidegate.core.inspect.masks import Json, Prose
from tidegate.core.inspect.rules import OutputRules
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.errors import Refusal

RULES = OutputRules({"pii": "mask", "bank": "mask", "secret": "mask", "code": "record"})
MAIL, CARD, KEY = "jane.doe@shop.example", "4111111111111111", "key-" + "a1B2c3D4" * 5


def guard(rules=RULES, walk=None):
    labels = []

    def look(text):
        return classify([Part(Position.ASSISTANT, (), text)]).findings

    made = Guard(look, rules, labels.append, walk or Prose())
    return made, labels


def guarded(pieces, rules=RULES, walk=None):
    made, labels = guard(rules, walk)
    return through(made, pieces), labels


fillers = st.sampled_from(["and then ", "so, ", "x", ". ", "word " * 30, "\n", "é", "ab" * 20 + " "])
values = st.sampled_from([MAIL, CARD, KEY, " " + MAIL + " "])
stories = st.lists(fillers | values, max_size=14).map("".join)
cuts = st.lists(st.integers(0, 3000), max_size=25)


@settings(max_examples=400)
@given(stories, cuts)
@example(f"{'word ' * 40}{MAIL}", [])
def test_the_result_is_the_same_for_every_way_of_cutting(text, places):
    whole = guarded([text])
    assert guarded(cut(text, places)) == whole
    assert guarded(list(text)) == whole


@settings(max_examples=400)
@given(st.lists(fillers, max_size=8).map("".join), values, st.lists(fillers, max_size=8).map("".join), cuts)
def test_no_value_that_fits_gets_out(before, value, after, places):
    text = f"{before} {value.strip()} {after}"
    out, labels = guarded(cut(text, places))
    assert value.strip() not in out
    assert out == f"{before} [{labels[0]}] {after}"


@settings(max_examples=200)
@given(stories, cuts)
def test_never_more_is_held_back_than_stated(text, places):
    made, labels = guard(OutputRules({"nothing": "mask"}))
    came = left = 0
    for piece in cut(text, places):
        came += len(piece)
        left += len(made.feed(piece))
        assert came - left <= MOST_HELD
    assert left + len(made.close()) == came
    assert labels == []


def test_a_value_that_goes_on_beyond_the_hold_back_has_one_mask():
    key = "key-" + "a1B2c3D4" * 60
    assert len(key) > HOLD
    out, labels = guarded(cut(f"here: {key} and more", range(0, 2000, 7)))
    assert (out, labels) == ("here: [secret.key] and more", ["secret.key"])


def test_two_values_side_by_side_have_a_mask_each():
    out, labels = guarded([f"{CARD},{CARD} {'word ' * 50}"])
    assert out.startswith("[bank.card],[bank.card] ")
    assert len(labels) == 2


def test_of_a_value_known_too_late_the_rest_is_masked():
    """Nothing tells a number of twelve to nineteen digits before its end has come."""
    made, labels = guard()
    late = "z" * 200 + "@"  # becomes no address before the end
    out = made.feed(late) + made.feed("shop.example") + made.close()
    assert labels == ["pii.email"]
    assert out.startswith("z" * (200 - HOLD))
    assert out.endswith("[pii.email]")
    assert "example" not in out


def test_a_value_longer_than_is_followed_ends_the_stream():
    made, _ = guard()
    with pytest.raises(Refusal, match=r"secret\.key"):
        through(made, ["key-", *["a1B2" for _ in range(LONGEST)]])


@pytest.mark.parametrize("value", [MAIL, CARD, KEY])
@pytest.mark.parametrize("before", [0, 1, 50, 95, 96, 97, 300])
@pytest.mark.parametrize("size", [1, 3, 24, 1000])
def test_a_blocked_value_never_gets_to_its_end(value, before, size):
    text = "y " * before + value + " and so on" * 30
    made, _ = guard(OutputRules({"*": "block"}))
    out = ""
    with pytest.raises(Refusal):
        for at in range(0, len(text), size):
            out += made.feed(text[at : at + size])
    assert value[-4:] not in out


def test_a_passage_that_is_to_be_masked_ends_a_stream():
    made, _ = guard(OutputRules({"code": "mask"}))
    with pytest.raises(Refusal, match=r"code\.source"):
        through(made, ["Here: ", "def f(x): return x"])


def test_what_is_only_recorded_passes():
    assert guarded(["def f(x): return x"], OutputRules({"pii": "mask"})) == ("def f(x): return x", [])


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(["to", "n", "text", MAIL, "a\\b"]),
        st.sampled_from([MAIL, CARD, int(CARD), f'say "{MAIL}"', "\\" + MAIL, "\b" + MAIL, "\u00e9" * 60, 7, None]),
        max_size=5,
    ),
    st.booleans(),
    cuts,
)
def test_arguments_stay_json_however_they_were_cut(arguments, ascii_only, places):
    text = json.dumps(arguments, ensure_ascii=ascii_only)
    whole, _ = guarded([text], walk=Json())
    assert guarded(cut(text, places), walk=Json())[0] == whole
    assert len(json.loads(whole)) == len(arguments) or MAIL in arguments
    assert MAIL not in whole
    assert CARD not in whole
