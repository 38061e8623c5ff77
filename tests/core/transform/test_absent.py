import pytest

from tidegate.core.transform.absent import forms

FORMS = [
    (["jane@example.com"], b"{}", False, (b"jane@example.com",)),
    (['a "b" c/1'], b"{}", False, (b'a "b" c/1', b'a \\"b\\" c/1')),
    (['a "b" c/1'], b"{}", True, (b'a "b" c/1', b'a \\"b\\" c/1', b'a \\\\\\"b\\\\\\" c/1')),
    (["Jörg 1"], b"{}", True, ("Jörg 1".encode(), b"J\\\\u00f6rg 1")),
    (["42"], b"{}", False, ()),
    (["äö"], b"{}", False, ("äö".encode(),)),
    (["Mark"], b'{"content":"x"}', False, (b"Mark",)),
    (["Mark"], b'{"content":"Markdown"}', False, ()),
    (["jane@example.com"], b"jane@example.com", False, (b"jane@example.com",)),
    (["a\nb1"], b"{}", False, (b"a\nb1", b"a\\nb1")),
]


@pytest.mark.parametrize(("values", "body", "embedded", "expected"), FORMS)
def test_how_a_value_would_read_in_the_body(values, body, embedded, expected):
    assert forms(values, body, embedded=embedded) == expected


@pytest.mark.parametrize("others", [0, 7, 8, 300])
def test_many_words_are_looked_for_together_and_those_that_remain_are_none_of_the_seal_s(others):
    values = [f"Word{'x' * n}" for n in range(5, 5 + others)]
    found = forms([*values, "Mark", "Jane", "a@b.example"], b'{"content":"Markdown a@b.example"}', embedded=False)
    assert found == (*[value.encode() for value in values], b"Jane", b"a@b.example")
