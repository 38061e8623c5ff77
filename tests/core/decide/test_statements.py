import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.decide.statements import MAX_STATEMENT_CHARACTERS, cut

TWO = """// a comment; with a semicolon, and a "quote
@id("one") @reason("semicolons; and // slashes inside a string")
permit (principal, action, resource);

forbid (principal, action, resource) // trailing; comment
when { resource.kind == "a\\"b;" };
// the end"""


def test_each_statement_is_found_with_its_own_line_and_text():
    first, second = cut("p.cedar", TWO).statements

    assert (first.line, second.line) == (2, 5)
    assert first.text.startswith('@id("one")')
    assert first.text.endswith("resource);")
    assert second.text.startswith("forbid")
    assert second.text.endswith('"a\\"b;" };')


def test_a_word_is_found_on_the_line_where_it_first_stands():
    second = cut("p.cedar", TWO).statements[1]

    assert second.line_of("when") == 6
    assert second.line_of("nowhere", "kind") == 6
    assert second.line_of("nowhere") == 5


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("permit (principal, action, resource)", "p.cedar:1: this statement does not end; close it with ;"),
        ("permit (a);\n\nforbid (b)", "p.cedar:3: this statement does not end; close it with ;"),
        ('permit (a)\nwhen { x == "never closed };', 'p.cedar:2: this string is never closed; end it with "'),
        ('permit (a)\nwhen { x == "never closed', 'p.cedar:2: this string is never closed; end it with "'),
        ("permit " + "(" * 17 + ")" * 17 + ";", "nested deeper than 16"),
        ("permit " + "(" * 10_000 + ";", "nested deeper than 16"),
        ("permit (a) when { " + "x || " * 200 + "x };", "more than 128 operators"),
        ("permit (a) when { x" + ".a" * 200 + " };", "more than 128 operators"),
        ("permit (a) when { " + "if x then x else " * 200 + "x };", "more than 128 operators"),
        ('permit (a) when { ["' + "a" * 20_000 + '"] };', "more than 16384 characters"),
    ],
)
def test_what_could_exhaust_the_parser_is_refused_before_it(text, mistake):
    found = cut("p.cedar", text)

    assert any(mistake in one for one in found.mistakes)
    assert all(one.startswith("p.cedar:") for one in found.mistakes)
    assert not any("when { x ==" in one.text for one in found.statements)


@given(st.text(alphabet='ab;"\\/ \n(){}[]@.', max_size=200))
def test_any_text_is_cut_without_losing_a_statement_or_an_end(text):
    found = cut("p.cedar", text)

    for one in found.statements:
        assert one.text.endswith(";")
        assert one.text in text
        assert len(one.text) <= MAX_STATEMENT_CHARACTERS
        assert 1 <= one.line <= text.count("\n") + 1
