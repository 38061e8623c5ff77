"""Orders and words: one spelling, one signature, one moment."""

import re

import pytest

from tests.core.review.kit import ANNA, BEN, ID, NOW, REVIEWERS, S, note, waiting, word
from tidegate.core.ledger.notes import Signer, open_note
from tidegate.core.review import keeping
from tidegate.core.review.signed import NotSigned, Order, Reviewer, opened, order_note, word_of
from tidegate.core.values.review import Verdict

AT = keeping.moment(NOW)


def test_an_order_is_read_as_it_was_given():
    reviewer, said = opened(order_note(ANNA, "show", at=AT, review=ID), REVIEWERS, NOW)
    assert reviewer.name == "anna"
    assert said == Order("show", ID, AT)


def test_a_word_is_read_as_it_was_given_and_can_be_checked_without_the_gateway():
    review = waiting()
    said = word(ANNA, review, Verdict.REDACTED)
    assert (said.review, said.verdict, said.targets) == (ID, Verdict.REDACTED, ("cloud", "other"))
    text, _ = open_note(f"{said.text}\n{said.signature}", ANNA.verifier)
    assert text == said.text


GOOD = note(ANNA, waiting())


@pytest.mark.parametrize("at", range(len(GOOD)))
def test_every_character_counts(at):
    changed = GOOD[:at] + ("x" if GOOD[at] != "x" else "y") + GOOD[at + 1 :]
    with pytest.raises(NotSigned):
        opened(changed, REVIEWERS, NOW)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "canonical JSON"),
        ("hello", "canonical JSON"),
        ("[]\n\n— anna AAAA\n", "canonical JSON"),
        ('{"reviewer": "anna"}\n\n— anna AAAA\n', "canonical JSON"),
        ('{"reviewer":"carl"}\n\n— carl AAAA\n', "nobody of that name"),
        ('{"reviewer":7}\n\n— carl AAAA\n', "nobody of that name"),
        ('{"reviewer":"anna"}\n\n— anna AAAA\n', "not signed with the key of anna"),
    ],
)
def test_what_is_no_note_is_refused_with_what_to_do(text, says):
    with pytest.raises(NotSigned, match=re.escape(says)):
        opened(text, REVIEWERS, NOW)


def test_another_s_key_under_one_s_name_is_refused():
    with pytest.raises(NotSigned, match="not signed with the key of anna"):
        opened(order_note(Signer("anna", b"x" * 32), "list", at=AT), REVIEWERS, NOW)
    with pytest.raises(NotSigned, match="nobody of that name"):
        opened(order_note(ANNA, "list", at=AT), {"ben": REVIEWERS["ben"]}, NOW)


@pytest.mark.parametrize(("late_s", "taken"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_a_note_counts_for_five_minutes(late_s, taken):
    if taken:
        assert opened(GOOD, REVIEWERS, NOW + late_s * S)
    else:
        with pytest.raises(NotSigned, match="another time than now"):
            opened(GOOD, REVIEWERS, NOW + late_s * S)


@pytest.mark.parametrize(
    "changed",
    [
        {"verdict": "maybe"},
        {"reason": "x" * 501},
        {"reason": "two\nlines"},
        {"at": "2026-05-28"},
        {"at": "2026-13-28T00:00:00Z"},
        {"until": ""},
        {"until": "soon"},
        {"targets": "cloud"},
        {"targets": [1]},
        {"review": None},
        {"more": "x"},
        {"format": "tidegate review word v2"},
        {"format": None},
    ],
)
def test_a_word_that_is_signed_and_yet_none_is_refused(changed):
    import orjson

    from tidegate.core.ledger.notes import render_note

    document = {**orjson.loads(GOOD.partition("\n")[0]), **changed}
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode() + "\n"
    with pytest.raises(NotSigned, match="does not know"):
        opened(render_note(text, ANNA.verifier, ANNA.sign(text)), REVIEWERS, NOW)


@pytest.mark.parametrize(
    ("text", "line", "reviewer", "is_word"),
    [
        (lambda w: w.text, lambda w: w.signature, REVIEWERS["anna"], True),
        (lambda w: w.text.replace("raw", "row"), lambda w: w.signature, REVIEWERS["anna"], False),
        (lambda w: w.text, lambda w: w.signature.replace("a", "b"), REVIEWERS["anna"], False),
        (lambda w: w.text, lambda w: w.signature, REVIEWERS["ben"], False),
        (lambda w: w.text, lambda w: w.signature, Reviewer("anna", BEN.verifier, "context"), False),
        (lambda w: "", lambda w: "", REVIEWERS["anna"], False),
    ],
)
def test_a_kept_word_is_believed_by_its_signature_alone(text, line, reviewer, is_word):
    said = word(ANNA, waiting())
    assert (word_of(text(said), line(said), reviewer) == said) is is_word
