# ruff: noqa: E501 - tables of cases

import pytest

from tidegate.core.classify.keyed import in_words, look_for, shapes

HEX = "9f8a7c6b" * 4
MIXED = "q7Lm2Zx9" + "Tk4WbN8sR1vC"


def found(spec: str, text: str) -> list[str]:
    look = look_for(spec, "secret.acme_key", "acme_key", 0.85)
    data = text.encode()
    start = text.lower().index("acme")
    return [text[hit.start : hit.end] for hit in look(data, start, start + 4)]


def test_a_shape_is_a_letter_and_a_length():
    assert [tuple(shape) for shape in shapes("h32 m20-40 uuid")] == [("h", 32, 32), ("m", 20, 40), ("uuid", 36, 36)]
    assert in_words("h32 m20-40 uuid") == "32 hexadecimal digits or 20 to 40 letters and digits or a UUID"


@pytest.mark.parametrize("spec", ["z10", "h", "20", "mx"])
def test_what_is_no_shape_is_refused_at_start(spec):
    with pytest.raises((KeyError, ValueError)):
        shapes(spec)


@pytest.mark.parametrize(
    "text",
    ["ACME_KEY={}", "acme: {}", "acme {}", "acmeSECRET-{}", "acme api token is {}", 'acme = "{}"', "acme\x1e= {}"],
)
def test_a_word_a_sign_or_the_place_links_a_value_to_its_name(text):
    assert found("h32", text.format(HEX)) == [HEX]
    assert found("m20", text.format(MIXED)) == [MIXED]


@pytest.mark.parametrize(
    "text",
    [
        "acme built it in commit {}", "acme md5 {}", "acme wrote this. {}", "acme and others met there {}", "acme{}x", "acme key {}00",
        "acme " + "word " * 20 + "{}", "acme; key={}", "acme key\x1e{}",
    ],
)  # fmt: skip
def test_what_stands_between_may_say_that_it_is_something_else(text):
    assert found("h32", text.format(HEX)) == []


def test_words_of_the_right_length_are_no_value():
    assert found("m20", "acme key configurationmanager") == []
    assert found("w16-40", "acme_key = my_new_configuration_key") == []
    assert found("m20", "acme key " + "ab" * 10) == []


def test_dashes_of_a_name_do_not_belong_to_a_value_that_may_hold_dashes():
    assert found("w20", "acme-secret-key-" + MIXED) == [MIXED]
