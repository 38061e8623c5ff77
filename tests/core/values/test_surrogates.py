import pytest

from tidegate.core.values.surrogates import is_surrogate, plain, surrogates

TAG = "\u27e6pii.email:k7f2q9m3\u27e7"


def test_what_has_no_brackets_is_a_surrogate():
    assert surrogates({TAG: "a", "Hedda Fenwick": "b"}) == {"Hedda Fenwick": "b"}
    assert not is_surrogate(TAG)


@pytest.mark.parametrize(
    ("text", "left"), [("+1 (555) 010-0199", "15550100199"), ("Hedda O'Fenwick", "heddaofenwick"), ("-- ", "")]
)
def test_neither_case_nor_separators_count(text, left):
    assert plain(text) == left
