"""What could make a host name, or a mailbox, of a value that ends where the text begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.restore.following import LOOK, makes_host

HOSTS = [
    ".evil.example",
    "@evil.example",
    ".e",
    "s.evil.example",
    "-x.evil.example",
    "_x1.evil",
    "\u3002evil.example",
    "\uff0eevil",
    "\uff20evil.example",
    ".pdf.evil.example",
    ".pdfs",
    ".zip ",
    ".\u00e9vil.example",
    "abcdefghijklmnop.evil.example",
    "abcdefg.docx.evil",
    "-" * 40,
]
TEXT = [
    "",
    " and",
    ".",
    ". Then",
    ".\n",
    "...",
    ", @evil",
    "'s .evil",
    "s, ",
    "s. ",
    "(.evil)",
    "/x.evil",
    ":80",
    "\u3055\u3093",
    ".pdf",
    ".pdf.",
    ".docx is",
    "_old.csv)",
    "-based ",
    "@ noon",
    "!",
    "</b>",
    "**.",
    '".evil',
]


@pytest.mark.parametrize("text", HOSTS)
def test_what_makes_a_host_of_a_value(text):
    assert makes_host(text, 0, json=False, last=True) is True
    assert makes_host("x" + text, 1, json=False, last=True) is True


@pytest.mark.parametrize("text", TEXT)
def test_what_only_follows(text):
    assert makes_host(text, 0, json=False, last=True) is False


JSON_TEXTS = [
    ("\\u002eevil", True),
    ("\\u0040\\u0065vil", True),
    ('".evil', False),
    ('"', False),
    ("\\n.evil", False),
    ("\\u2019s. ", False),
    ("\\\\.evil", False),
    (".\\u0065", True),
]


@pytest.mark.parametrize(("text", "claim"), JSON_TEXTS)
def test_escapes_are_what_they_mean(text, claim):
    assert makes_host(text, 0, json=True, last=True) is claim


WAITS = ["", "s", ".", "-x", ".pd", ".pdf", ".evi", "@", "s.", ".pdf."]


@pytest.mark.parametrize("text", WAITS)
def test_what_may_go_on_is_waited_for(text):
    assert makes_host(text, 0, json=False, last=False) is None


pieces = st.sampled_from(
    [".", "@", "-", "s", "pdf", "evil", "_", " ", "\u3002", "\u00e9", "docx", '"', "7", ",", "\\u002e", "\\n"]
)


@given(st.lists(pieces, max_size=8).map("".join), st.booleans())
def test_a_judgement_once_made_never_changes(text, as_json):
    """However the text came, and it is made within a dozen characters, escapes counted as one."""
    told = [makes_host(text[:n], 0, json=as_json, last=False) for n in range(len(text) + 1)]
    told.append(makes_host(text, 0, json=as_json, last=True))
    first = next(n for n, claim in enumerate(told) if claim is not None)
    assert len(set(told[first:])) == 1
    assert first <= LOOK * (6 if as_json else 1) or first == len(told) - 1
