"""A body is read in exactly one way, or refused."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects import document
from tidegate.core.values.errors import BadRequest

REFUSED = [
    ("not JSON", b"{", "invalid_json"),
    ("an array", b"[]", "invalid_body"),
    ("a bare string", b'"x"', "invalid_body"),
    ("nothing", b"", "invalid_json"),
    ("two documents", b"{}{}", "invalid_json"),
    ("a byte order mark", b"\xef\xbb\xbf{}", "invalid_json"),
    ("UTF-16", '{"a":1}'.encode("utf-16"), "invalid_encoding"),
    ("Latin-1", b'{"a":"\xe9"}', "invalid_encoding"),
    ("a key twice", b'{"a":1,"a":2}', "duplicate_key"),
    ("a key twice, once escaped", b'{"a":1,"\\u0061":2}', "duplicate_key"),
    ("a key twice, deep down", b'{"x":[{"y":{"a":1,"b":0,"a":1}}]}', "duplicate_key"),
    ("NaN", b'{"a":NaN}', "invalid_json"),
    ("Infinity", b'{"a":-Infinity}', "invalid_json"),
    ("half a surrogate pair", b'{"a":"\\ud800"}', "lone_surrogate"),
    ("half a surrogate pair in a key", b'{"\\udfff":1}', "lone_surrogate"),
    ("a raw line break in a string", b'{"a":"\n"}', "invalid_json"),
    ("a number of 5,000 digits", b'{"a":' + b"9" * 5000 + b"}", "invalid_number"),
    ("a number that is infinite for some", b'{"a":[1,1e999]}', "invalid_number"),
    ("a number of 400 digits", b'{"a":{"b":' + b"9" * 400 + b"}}", "invalid_number"),
    ("more levels than can be written again", b'{"a":' + b"[" * 224 + b"]" * 224 + b"}", "too_deep"),
    ("nesting without end", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep"),
    ("arrays without end", b'{"a":' + b"[" * 100_000, "too_deep"),
]


@pytest.mark.parametrize(("body", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_readers_could_differ_on_is_refused(body, code):
    with pytest.raises(BadRequest) as refused:
        document.parse(body)
    assert refused.value.code == code


def test_a_refusal_quotes_nothing_of_the_body():
    for body in (b'{"secret-key":1,"secret-key":2}', b'{"a": secret}', b'{"a":"secret\n"}'):
        with pytest.raises(BadRequest) as refused:
            document.parse(body)
        assert "secret" not in refused.value.message


def test_a_whole_surrogate_pair_is_a_character():
    assert document.parse(b'{"a":"\\ud83d\\ude00"}') == {"a": "\N{GRINNING FACE}"}


def test_what_others_wrote_is_read_as_deeply_as_it_could_be_written_again():
    levels = document.MOST_DEPTH
    for raw in (b"[" * levels + b"]" * levels, "[" * levels + "]" * levels, b'{"a":' * levels + b"1" + b"}" * levels):
        assert orjson.loads(orjson.dumps([[document.loads(raw)]]))
    for raw in (b"[" * 225 + b"]" * 225, '{"a":' * 225 + "1" + "}" * 225, b'[1,{"a":"' + b"[" * 900):
        with pytest.raises(orjson.JSONDecodeError):
            document.loads(raw)
    assert len(document.loads(b"[" + b"[[]]," * 500 + b"[]]")) == 501


def test_large_numbers_that_every_reader_can_read_stay():
    body = b'{"a":123456789012345678901234567890,"b":1e300,"c":"1e999"}'
    assert document.parse(body) == json.loads(body)


ESCAPES = ['"', "\\", "\n", "\t", " ", "\x1f", "\x7f", "\u2028", "\u00fc", "\U0001f600", "a", ":", ",", "{", "]"]
WRITTEN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.sampled_from(ESCAPES), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.sampled_from(ESCAPES), max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
STYLES = st.fixed_dictionaries({
    "separators": st.sampled_from([(",", ":"), (", ", ": "), (",\t", " :")]),
    "ensure_ascii": st.booleans(),
    "indent": st.sampled_from([None, 1, "\t"]),
})  # fmt: skip


@given(tree=st.dictionaries(st.text(max_size=3), WRITTEN, max_size=4), style=STYLES)
def test_however_a_body_is_written_it_is_read_to_the_last_digit(tree, style):
    body = json.dumps(tree, **style).encode()
    again = document.parse(body)
    assert repr(again) == repr(json.loads(body))


@given(
    tree=st.dictionaries(st.text(st.sampled_from(ESCAPES), max_size=3), WRITTEN, min_size=1, max_size=4),
    style=STYLES,
    data=st.data(),
)
def test_however_a_body_is_written_a_key_that_stands_twice_is_seen(tree, style, data):
    key, value = data.draw(st.sampled_from(sorted(tree.items(), key=repr)))
    twice = json.dumps({key: value}, **style)[1:-1]
    for body in (
        json.dumps(tree, **style).replace("{", "{" + twice + ",", 1),
        json.dumps({"a": [0, tree]}, **style)[:-1].rstrip() + "," + json.dumps({"b": tree, "a": 0}, **style)[1:],
    ):
        with pytest.raises(BadRequest) as refused:
            document.parse(body.encode())
        assert refused.value.code == "duplicate_key"


@pytest.mark.parametrize("levels", [document.MOST_DEPTH, document.MOST_DEPTH + 1])
@pytest.mark.parametrize("more", ["", " ", ',"b":18446744073709551616', ',"b":"\\u0061"', ',"b":1E5'])
def test_the_levels_of_a_body_are_counted_however_it_is_read(levels, more):
    body = ('{"a":' + "[" * (levels - 1) + "]" * (levels - 1) + more + "}").encode()
    if levels <= document.MOST_DEPTH:
        assert document.parse(body) == json.loads(body)
    else:
        with pytest.raises(BadRequest) as refused:
            document.parse(body)
        assert refused.value.code == "too_deep"


SPLICED = [
    (b'{"model":"auto"}', b'{"model":"m\xc3\xbc"}'),
    (b'{ "model" :\t"auto" , "x": 1}', b'{ "model" :\t"m\xc3\xbc" , "x": 1}'),
    (b'{"a":{"model":"auto"},"model":"auto"}', b'{"a":{"model":"auto"},"model":"m\xc3\xbc"}'),
    (b'{"a":["model"],"model":"auto"}', b'{"a":["model"],"model":"m\xc3\xbc"}'),
    (b'{"a":"\\"model\\": \\"x\\"","model":"auto"}', b'{"a":"\\"model\\": \\"x\\"","model":"m\xc3\xbc"}'),
    (b'{"mod\\u0065l":"au\\u0074o"}', b'{"mod\\u0065l":"m\xc3\xbc"}'),
    (b'{"mod\\u0065l":"auto","x":"model"}', b'{"mod\\u0065l":"m\xc3\xbc","x":"model"}'),
    (b'{"x":"model","model":"a\\"b"}', b'{"x":"model","model":"m\xc3\xbc"}'),
]


@pytest.mark.parametrize(("before", "after"), SPLICED)
def test_only_the_top_level_string_is_spliced(before, after):
    assert document.splice_string(before, "model", "m\u00fc") == after


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["model", '"model"', "auto"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | st.just("model"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    tree=st.dictionaries(st.text(max_size=5), json_values, max_size=5),
    model=st.text(min_size=1),
    new=st.text(min_size=1),
    spaced=st.booleans(),
    ascii_only=st.booleans(),
)
def test_splicing_equals_replacing_in_the_tree(tree, model, new, spaced, ascii_only):
    tree = {**tree, "model": model}
    body = json.dumps(tree, separators=None if spaced else (",", ":"), ensure_ascii=ascii_only).encode()
    assert json.loads(document.splice_string(body, "model", new)) == {**tree, "model": new}


def test_integers_of_any_size_are_written_again():
    for tree in ({"a": 1, "b": "\u00e9"}, {"a": [2**64, -(2**70)], "b": "\u00e9"}):
        assert json.loads(document.dumps(tree)) == tree
        assert "\u00e9".encode() in document.dumps(tree)
