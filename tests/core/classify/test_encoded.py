import json
from base64 import b64encode, urlsafe_b64encode
from itertools import combinations
from random import Random
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.classify.families import engine, findings_of
from tidegate.core.classify.encoded import ESCAPES, Unescaped, unescaped
from tidegate.core.classify.fold import Folded
from tidegate.core.classify.patterns import compile_pattern
from tidegate.core.classify.scan import _Signs, _signs

SSN = "457-55-5462"


@pytest.mark.parametrize("text", [f"my ssn is {SSN}", SSN, f"größer: {SSN}!", f"line\nssn {SSN}\nline"])
def test_base64_is_opened_and_reported_on_the_whole_run(text):
    for encode in (b64encode, urlsafe_b64encode):
        run = encode(text.encode()).decode()
        for around in ("{}", "see {} please", "data:text/plain;base64,{}", '{{"x": "{}"}}'):
            whole = around.format(run)
            assert findings_of(whole, "gov.us_ssn") in ([run], [run.rstrip("=")]), whole


def test_unpadded_and_doubly_encoded_runs_are_opened():
    inner = b64encode(f"ssn {SSN}".encode())
    assert findings_of(inner.decode().rstrip("="), "gov.us_ssn")
    assert findings_of(b64encode(b"hidden: " + inner).decode(), "gov.us_ssn")


LETTER = f"Dear all, the number of our customer is {SSN} and nobody should know it, so keep it. " * 3


def in_pieces(text: str, size: int, separator: str) -> str:
    return separator.join(text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("size", [4, 7, 10, 16, 60, 64, 76])
@pytest.mark.parametrize("separator", ["\n", "\r\n", " ", "\\n", "\\r\\n", "\n> "])
def test_base64_that_is_broken_is_read_as_one_run(size, separator):
    if separator == "\n> " and size < 16:
        return
    run = in_pieces(b64encode(LETTER.encode()).decode(), size, separator)
    assert "gov.us_ssn" in engine().classify(_part(f"see\n{run}\nthere")).labels


@pytest.mark.parametrize(
    "run",
    [
        b64encode(b64encode(b64encode(LETTER.encode()))).decode(),
        b64encode(LETTER.encode("utf-16-le")).decode(),
        b64encode(LETTER.encode("utf-16")).decode(),
        b64encode(LETTER.encode("utf-32-le")).decode(),
        LETTER.encode().hex(),
        LETTER.encode().hex().upper(),
        LETTER.encode().hex(" "),
        LETTER.encode().hex(":"),
        b64encode(LETTER.encode().hex().encode()).decode(),
        quote(b64encode(LETTER.encode()).decode(), safe=""),
        json.dumps(json.dumps({"a": LETTER.encode().hex()})),
    ],
    ids=lambda run: run[:16],
)
def test_other_alphabets_and_encodings_in_encodings_are_opened(run):
    assert "gov.us_ssn" in engine().classify(_part(run)).labels


def signs_of(data: bytes) -> _Signs:
    return _signs(data, 0, whole=True, lines=True)


def test_of_hexadecimal_digits_that_are_no_text_nothing_is_made():
    for text in (Random(3).randbytes(64).hex(), "0123456789" * 8, "deadbeef" * 9, "44:65:61:72:2c:20"):
        assert not [run for run in signs_of(text.encode()).runs if len(run.text) > 20]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("mail a%40b.example now", "a%40b.example"),
        ("mail jo%2Enguyen%40b.example", "jo%2Enguyen%40b.example"),
        (r"ssn \u0034\u0035\u0037-55-5462.", r"\u0034\u0035\u0037-55-5462"),
        (r'{"a": "\u0022457-55-5462\u0022"}', "457-55-5462"),
        ("&#52;57-55-5462", "&#52;57-55-5462"),
        ("&#x34;57-55-5462", "&#x34;57-55-5462"),
        (r"\x34\x35\x37-55-5462", r"\x34\x35\x37-55-5462"),
        (r"\\u0034\\u0035\\u0037-55-5462", r"\\u0034\\u0035\\u0037-55-5462"),
        ("457&hyphen;55&#45;5462", "457&hyphen;55&#45;5462"),
        ("&#52&#53&#55-55-5462", "&#52&#53&#55-55-5462"),
        ("457%2D55%252D5462", "457%2D55%252D5462"),
        ("mail a&commat;b&period;example", "a&commat;b&period;example"),
    ],
)
def test_escapes_are_read_and_spans_cover_them(text, value):
    label = "pii.email" if "mail" in text else "gov.us_ssn"
    assert findings_of(text, label) == [value]


def test_a_percent_sign_does_not_hide_the_digits_behind_it():
    assert findings_of("up 5%457-55-5462", "gov.us_ssn") == ["457-55-5462"]


def test_words_paths_and_identifiers_are_no_runs():
    prose = b"internationalization of counterrevolutionaries /usr/share/common/licenses get_user_account_information"
    for text in (prose, b"100% of nothing & more", b"a table of contents\n" * 20):
        assert not any(signs_of(text)), text


def test_a_binary_run_is_not_read_as_text_but_files_are_unscannable():
    runs = signs_of(b64encode(Random(1).randbytes(400))).runs
    assert [run.text for run in runs if run.text] == []
    image = b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256))).decode()
    assert findings_of(f"data:image/png;base64,{image}", "unscannable")


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_whatever_surrounds_a_value_base64_shows_it(text):
    if not findings_of(f"{text} {SSN} {text}", "gov.us_ssn"):
        return
    run = b64encode(f"{text} {SSN} {text}".encode()).decode()
    assert "gov.us_ssn" in {f.label for f in engine().find(run)} | engine().classify(_part(run)).labels


def _part(text):
    from tidegate.core.values.envelope import Part, Position

    return (Part(Position.USER, (), text),)


ESCAPED = st.sampled_from(
    rb"%41 %c3%28 % \ \u0041 \x42 \/ &#65; &#x41 &amp; &foo; &# ; \ud83d\ude00 \u00e9 \u0034 4 u a".split()
)


@settings(max_examples=500)
@given(st.lists(ESCAPED, max_size=14))
def test_escapes_read_all_at_once_are_those_read_one_by_one(pieces):
    text = b"".join(pieces)
    pattern = compile_pattern(ESCAPES)
    one_by_one = Folded(text, [edit for low, high in pattern.spans(text) for edit in unescaped(text[low:high], low)])
    at_once = Unescaped(text)
    assert at_once.data == one_by_one.data
    for low, high in combinations(range(len(at_once.data) + 1), 2):
        assert at_once.span(low, high) == one_by_one.span(low, high)


@pytest.mark.parametrize("filler", ["a%41", "&#65;", "\\x41 ", "&nbsp;"])
def test_a_value_among_thousands_of_escapes_is_found_where_it_stands(filler):
    hidden = "%34%35%37-%35%35-5462"
    text = f"{filler * 3000} ssn {hidden} {filler * 30}"
    assert findings_of(text, "gov.us_ssn") == [hidden]
