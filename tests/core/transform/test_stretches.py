import json

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.transform.stretches import number, stretches


def spans(text, start, end):
    """The decoded pieces that a raw span means."""
    found = [(stretch, stretch.span(start, end)) for stretch in stretches(text, is_json=True)]
    return [stretch.text[span[0] : span[1]] for stretch, span in found if span]


def marked(text):
    """`[` and `]` in double angle form mark a span: returns the text without them, and the offsets."""
    start = text.index("«")
    end = text.index("»") - 1
    return text.replace("«", "").replace("»", ""), start, end


MEANINGS = [
    ('{"to":"«jane@example.com»"}', ["jane@example.com"]),
    ('{"to":"x\\«njane@example.com»"}', ["jane@example.com"]),
    ('{"to":"«jane@example.com\\»nfoo"}', ["jane@example.com"]),
    ('{"to":"\\u006«aane»"}', ["jane"]),
    ('{"to":"«\\u006aa»ne"}', ["ja"]),
    ('{"to":"say \\«"jane»\\" now"}', ['"jane']),
    ('{"to":"«a\\»\\b"}', ["a\\"]),
    ('{"n":45«75554»620}', ["4575554620"]),
    ('{"n":«null»}', []),
    ('{«"a":"jane","b":7»}', ["a", "jane", "b", "7"]),
    ('{"a":"«ja»ne","b":7}', ["ja"]),
    ('["\\ud83d«\\ude00 x»"]', ["\U0001f600 x"]),
    ('["«»"]', []),
]


def test_what_a_span_of_raw_json_means():
    for text, meant in MEANINGS:
        assert spans(*marked(text)) == meant, text


def test_what_is_no_json_is_one_stretch():
    for text in ['{"a": "cut sho', "not json at all", '{"a":"tab\there"}', '["\\x"]']:
        assert [stretch.text for stretch in stretches(text, is_json=True)] == [text]
    assert [stretch.text for stretch in stretches('{"a":1}', is_json=False)] == ['{"a":1}']


def test_a_number_is_replaced_whole():
    (stretch,) = number("4575554620")
    assert stretch.span(2, 4) == (0, 10)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values, st.booleans())
def test_stretches_are_the_strings_and_numbers_in_order_and_lead_back(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    found = stretches(text, is_json=True)
    leaves = []

    def walk(node):
        if isinstance(node, str):
            leaves.append(node)
        elif isinstance(node, bool) or node is None:
            pass
        elif isinstance(node, int | float):
            leaves.append(json.dumps(node))
        else:
            for key in node:
                walk(key)
                if isinstance(node, dict):
                    walk(node[key])

    walk(value)
    assert [stretch.text for stretch in found] == leaves
    for stretch in found:
        for at in range(len(stretch.text)):
            raw = text[stretch.raw(at) : stretch.raw(at + 1)]
            assert stretch.whole or json.loads(f'"{raw}"') == stretch.text[at]
