"""One answer from the first text to the last: what is noted, what is masked, and what ends it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.inspect.detecting import Counting, classification, classify, cut, through
from tidegate.core.inspect import Inspecting, OutputRules
from tidegate.core.inspect.watch import WINDOW
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import Refusal

MAIL, CARD = "jane.doe@shop.example", "4111111111111111"
MASK = OutputRules({"pii": "mask", "bank": "mask"})
BLOCK = OutputRules({"bank": "block"})


class Upper:
    """What stands behind: it holds one character back, as a restorer does."""

    def __init__(self):
        self.held = ""

    def feed(self, text):
        text = self.held + text
        self.held = text[-1:]
        return text[:-1].upper()

    def close(self):
        return self.held.upper()


def passed(pieces, *, tool="", inner=None, **more):
    inspecting = Inspecting(classify, behind=inner, **more)
    out = through(inspecting.open_channel(tool), pieces)
    inspecting.finish()
    return out, inspecting


# -- only noted ---------------------------------------------------------------------------------------


def test_without_rules_every_character_passes_at_once_and_nothing_is_looked_at():
    asked = Counting()
    inspecting = Inspecting(asked)
    channel = inspecting.open_channel("")
    for piece in ("write to ", MAIL, " now"):
        assert channel.feed(piece) is piece
    assert channel.close() == ""
    assert asked.calls == []
    inspecting.finish()
    assert asked.calls == [[f"write to {MAIL} now"]]
    assert (inspecting.labels, inspecting.found, inspecting.masked) == ({"pii.email"}, 1, 0)


def test_all_channels_are_looked_at_in_one_go():
    asked = Counting()
    inspecting = Inspecting(asked)
    opens = inspecting.open_channel
    for tool, text in (("", MAIL), ("", "nothing"), ("send", json.dumps({"card": CARD})), ("", "")):
        through(opens(tool), [text])
    assert inspecting.waiting == len(MAIL) + len("nothing") + len(json.dumps({"card": CARD}))
    inspecting.finish()
    inspecting.finish()
    assert len(asked.calls) == 1
    assert (inspecting.labels, inspecting.found, inspecting.waiting) == ({"pii.email", "bank.card"}, 2, 0)


def test_detectors_are_told_where_a_text_stands():
    seen = []
    inspecting = Inspecting(lambda parts: seen.extend(parts) or classify(parts), structured=True)
    opens = inspecting.open_channel
    for tool in ("", "send"):
        through(opens(tool), ["{}"])
    inspecting.finish()
    assert [(p.position, p.is_json) for p in seen] == [(Position.ASSISTANT, True), (Position.TOOL_CALL, True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([MAIL + " ", CARD + " ", "word " * 200]), max_size=40), st.lists(st.integers(0, 30000)))
def test_a_long_stream_is_noted_as_if_it_had_been_looked_at_whole(pieces, places):
    text = "".join(pieces)
    _, inspecting = passed(cut(text, places))
    assert inspecting.found == len(classify([_part(text)]).findings)
    assert inspecting.labels == {f.label for f in classify([_part(text)]).findings}


def _part(text):
    from tidegate.core.values.envelope import Part

    return Part(Position.ASSISTANT, (), text)


def test_a_long_stream_does_not_gather():
    inspecting = Inspecting(classify)
    channel = inspecting.open_channel("")
    for _ in range(WINDOW):
        channel.feed("word ")
        assert inspecting.waiting < WINDOW


def test_a_stream_that_breaks_off_is_noted_as_far_as_it_came():
    inspecting = Inspecting(classify)
    inspecting.open_channel("").feed(f"it is {MAIL}")
    inspecting.finish()
    assert inspecting.labels == {"pii.email"}


def test_whoever_fails_leaves_a_note_that_nobody_looked():
    def failing(parts):
        return classification([], ["unknown"], ["engine"])

    inspecting = Inspecting(failing)
    assert through(inspecting.open_channel(""), ["hello"]) == "hello"
    inspecting.finish()
    assert inspecting.labels == {"unknown"}


def test_texts_are_kept_only_where_that_is_asked_for():
    assert passed(["a", "b"], keep=True)[1].texts() == ["ab"]
    assert passed(["a", "b"])[1].texts() == []
    assert passed([MAIL], keep=True, whole=True, rules=MASK)[1].texts() == [MAIL]


# -- masked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_values_are_masked_and_what_stands_behind_gets_the_rest(whole, size):
    text = f"write to {MAIL}, not to me"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    out, inspecting = passed(pieces, rules=MASK, whole=whole, inner=lambda tool, **_: Upper())
    assert out == "WRITE TO [PII.EMAIL], NOT TO ME"
    assert (inspecting.labels, inspecting.found, inspecting.masked) == ({"pii.email"}, 1, 1)


@pytest.mark.parametrize("whole", [True, False])
def test_arguments_stay_json(whole):
    text = json.dumps({"to": [MAIL], "card": int(CARD)})
    out, _ = passed([text], rules=MASK, whole=whole, tool="send")
    assert json.loads(out) == {"to": ["[pii.email]"], "card": "[bank.card]"}


def test_prose_that_was_asked_for_as_json_stays_json():
    out, _ = passed([json.dumps({"card": int(CARD)})], rules=MASK, structured=True)
    assert json.loads(out) == {"card": "[bank.card]"}


def test_in_a_whole_answer_a_passage_is_masked_too():
    out, _ = passed(["Here: def f(x): return x"], rules=OutputRules({"code": "mask"}), whole=True)
    assert out == "Here: [code.source] x"


@pytest.mark.parametrize("whole", [True, False])
def test_the_request_s_own_tags_stay_to_be_restored(whole):
    tag = "\u27e6bank.card:0123456789\u27e7"

    def finds_codes(parts):
        at = parts[0].text.find("0123456789")
        found = (
            [classify(parts).findings[0]._replace(start=at, end=at + 10)] if at >= 0 and CARD in parts[0].text else []
        )
        return classification(found)

    inspecting = Inspecting(finds_codes, MASK, whole=whole, own={tag})
    text = f"{tag} {CARD}"
    assert through(inspecting.open_channel(""), [text]) == text
    assert inspecting.labels == set()


# -- ended --------------------------------------------------------------------------------------------


def test_a_whole_answer_is_refused_before_any_of_it_left():
    inspecting = Inspecting(classify, BLOCK, whole=True)
    channel = inspecting.open_channel("")
    assert channel.feed(f"it is {CARD}") == ""
    with pytest.raises(Refusal, match=r"bank\.card") as refused:
        channel.close()
    assert (refused.value.code, refused.value.status) == ("output_blocked", 403)
    assert inspecting.labels == {"bank.card"}


def test_a_stream_ends_before_the_value_does():
    inspecting = Inspecting(classify, BLOCK)
    channel = inspecting.open_channel("")
    out = ""
    with pytest.raises(Refusal):
        for char in f"{'word ' * 60}{CARD}{' word' * 60}":
            out += channel.feed(char)
    assert out == f"{'word ' * 60}{CARD}"[: len(out)]
    assert CARD[-3:] not in out


def test_what_only_a_wider_view_shows_ends_the_stream_when_it_is_seen():
    def sees_far(parts):
        text = parts[0].text
        return classification(
            [f._replace(label="phi.record") for f in classify(parts).findings] if "ward" in text else []
        )

    inspecting = Inspecting(sees_far, OutputRules({"phi": "block"}))
    channel = inspecting.open_channel("")
    channel.feed(CARD + " word" * 100 + " on the ward")
    with pytest.raises(Refusal, match=r"phi\.record"):
        channel.close()


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("rules", "ends"), [(MASK, True), (OutputRules({"bank": "mask", "unknown": "record"}), False)])
def test_where_values_are_kept_back_nothing_passes_that_nobody_looked_at(rules, ends, whole):
    inspecting = Inspecting(lambda _: classification([], ["unknown"], ["engine"]), rules, whole=whole)
    channel = inspecting.open_channel("")
    if ends:
        with pytest.raises(Refusal, match="unknown"):
            through(channel, ["hello"])
    else:
        assert through(channel, ["hello"]) == "hello"
    assert inspecting.labels == {"unknown"}


@pytest.mark.parametrize(("rules", "ends"), [({}, False), ({"pii": "mask"}, False), ({"unscannable": "block"}, True)])
def test_an_image_is_noted_and_ends_the_answer_only_where_a_rule_says_so(rules, ends):
    inspecting = Inspecting(classify, OutputRules(rules))
    if ends:
        with pytest.raises(Refusal, match="unscannable"):
            inspecting.unscannable()
    else:
        inspecting.unscannable()
    assert inspecting.labels == {"unscannable"}
