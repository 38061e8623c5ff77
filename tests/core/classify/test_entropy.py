import pytest

from tidegate.core.classify.entropy import bits_per_char, is_placeholder, looks_chosen, looks_random


def test_entropy_is_shannons():
    assert bits_per_char("") == 0
    assert bits_per_char("aaaa") == 0
    assert bits_per_char("abcd") == 2
    assert bits_per_char("aabb") == 1


@pytest.mark.parametrize("text", ["9f8a7c6b5d4e3f2a", "q7Lm2Zx9Tk4W", "xKvQzPwTmLsRbNcHdJfG", "83920174650192837465"])
def test_generated_values_look_random(text):
    assert looks_random(text)


@pytest.mark.parametrize(
    "text", ["value", "getUserAuthenticationToken", "aaaaaaaaaaaa1", "created_at", "1234", "a1b2c3"]
)
def test_words_names_and_short_values_do_not(text):
    assert not looks_random(text)


@pytest.mark.parametrize("text", ["hunter2", "Tr0ub4dor&3", "s3cr3tpw", "p@ssw!rd"])
def test_passwords_that_people_choose_are_recognised(text):
    assert looks_chosen(text)


@pytest.mark.parametrize("text", ["required", "abc1", "string", "aaaa11", "None"])
def test_bare_words_are_no_passwords(text):
    assert not looks_chosen(text)


@pytest.mark.parametrize(
    "text", ["your_api_key_123", "EXAMPLEKEY123", "${TOKEN}", "<token>", "xxxxxxxx12", "$SECRET1", "{{ key1 }}"]
)
def test_what_stands_for_a_value_in_documentation_is_none(text):
    assert is_placeholder(text)
