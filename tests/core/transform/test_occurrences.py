import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.transform import occurrences as module
from tidegate.core.transform.occurrences import Occurrences, is_distinctive

DISTINCTIVE = [
    ("jane@example.com", True),
    ("457-55-5462", True),
    ("4575554", True),
    ("457555", False),
    ("12 Main St", True),
    ("Mark", False),
    ("O'Neill, Mary-Ann", False),
    ("a@b", False),
    ("x=1+", True),
    ("Müller", False),
]


@pytest.mark.parametrize(("value", "claim"), DISTINCTIVE)
def test_what_cannot_stand_anywhere_by_chance(value, claim):
    assert is_distinctive(value) is claim


FOUND = [
    (["Mark"], "Mark, Markdown, hallMark and Mark", ["Mark", "Mark"]),
    (["457-55-5462"], "id457-55-5462x", ["457-55-5462"]),
    (["Ann", "Ann Smith"], "Ann Smithson, Ann Smith", ["Ann Smith"]),
    (["Anna", "Anna Smith"], "Anna Smithson", ["Anna"]),
    (["12345"], "112345, 12345", ["12345"]),
    (["pin"], "pin pin", []),
    ([], "anything", []),
    (["Jörg"], "Jörgs Jörg", ["Jörg"]),
    (["Mark"], "mark MARK", []),
]


@pytest.mark.parametrize(("values", "text", "found"), FOUND)
def test_where_a_value_stands_again(values, text, found):
    occurrences = Occurrences(values)
    assert [text[start:end] for start, end in occurrences.spans(text)] == found
    assert occurrences.may_stand_in(text) or not found


words = st.text(alphabet="ab1 @", max_size=7)


@given(st.lists(words, max_size=6), words | st.lists(words).map("".join))
def test_one_by_one_or_all_at_once_is_the_same(values, text):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_FEW", 0)
        together = Occurrences(values)
    alone = Occurrences(values)
    assert sorted(set(alone.spans(text))) == sorted(set(together.spans(text)))
    assert alone.may_stand_in(text) == together.may_stand_in(text)
