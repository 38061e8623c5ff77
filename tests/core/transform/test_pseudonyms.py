import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.transform.requests import KEY, KEYS
from tidegate.core.transform import pseudonyms
from tidegate.core.transform.pseudonyms import Pseudonyms, session_key
from tidegate.core.values import tags
from tidegate.core.values.errors import TidegateError


def test_a_session_s_tags_are_the_same_in_every_request():
    first, second = Pseudonyms(KEY), Pseudonyms(KEY)
    values = ["jane@example.com", "joe@example.com", "Jane@Example.com"]
    assert [first.tag("pii.email", v) for v in values] == [second.tag("pii.email", v) for v in values[::-1]][::-1]


def test_tags_are_for_ever_so_that_conversations_outlive_an_update():
    assert Pseudonyms(KEY).tag("pii.email", "jane@example.com") == "\u27e6pii.email:4cy5tr55\u27e7"


SESSIONS = [
    ("default", "loopback", "s1"),
    ("default", "loopback", "s2"),
    ("default", "other", "s1"),
    ("acme", "loopback", "s1"),
    ("default", "loopbacks", "1"),
    ("defaultl", "oopback", "s1"),
    ("", "defaultloopback", "s1"),
]


def test_no_two_sessions_keys_or_tenants_share_a_key():
    keys = {session_key(KEYS, *session) for session in SESSIONS}
    assert len(keys) == len(SESSIONS)
    assert all(len(key) == 32 for key in keys)


@given(st.tuples(st.text(), st.text(), st.text()), st.tuples(st.text(), st.text(), st.text()))
def test_whatever_they_are_called(one, other):
    assert (session_key(KEYS, *one) == session_key(KEYS, *other)) == (one == other)


def test_another_session_s_tag_means_another_value():
    codes = {Pseudonyms(session_key(KEYS, *s)).tag("pii.email", "jane@example.com") for s in SESSIONS}
    assert len(codes) == len(SESSIONS)


def test_the_label_is_part_of_what_is_hashed():
    tag = Pseudonyms(KEY).tag
    assert tag("pii.person", "may")[-9:] != Pseudonyms(KEY).tag("pii.org", "may")[-9:]


def test_two_spellings_share_the_head_of_their_code_and_are_told_apart_by_its_tail():
    issued = Pseudonyms(KEY)
    plain, shouted, mixed = (issued.tag("pii.email", v) for v in ("a@b.example", "A@B.EXAMPLE", "A@b.example"))
    assert len({plain, shouted, mixed}) == 3
    assert {tag.split(":")[1][: tags.IDENTITY] for tag in (shouted, mixed)} == {plain.split(":")[1].rstrip("\u27e7")}
    assert len(shouted) == len(plain) + 2


def test_a_value_keeps_the_label_it_was_given_first():
    issued = Pseudonyms(KEY)
    assert issued.tag("pii.email", "x@y.example") == issued.tag("pii.person", "x@y.example")


@given(st.lists(st.text(min_size=1), unique=True, min_size=2, max_size=40), st.integers(0, 12))
def test_no_two_values_ever_share_a_tag_however_bad_the_hash(values, worst):
    """`worst`: the first characters of every code are the same."""

    def encode(digest, length, good=tags.encode):
        return ("0" * worst + good(digest, 40))[:length]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pseudonyms.tags, "encode", encode)
        issued = Pseudonyms(KEY)
        made = {value: issued.tag("pii.person", value) for value in values}
        again = Pseudonyms(KEY)
        assert {value: again.tag("pii.person", value) for value in values} == made
    assert len(set(made.values())) == len(values)


def test_values_that_cannot_be_told_apart_are_refused():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pseudonyms.tags, "encode", lambda digest, length: "0" * length)
        issued = Pseudonyms(KEY)
        for n in range(19):
            issued.tag("pii.person", f"VALUE {n}")
        with pytest.raises(TidegateError, match="cannot be told apart"):
            issued.tag("pii.person", "VALUE 19")
