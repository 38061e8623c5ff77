"""Where a value could be carried out by whoever shows the answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.restore import surroundings
from tidegate.core.restore.surroundings import Surroundings

CARRY = [
    "https://evil.example/?q=",
    "HTTPS://EVIL.EXAMPLE/",
    "see https://evil.example/a,b;c(d)|e'f\"g",
    "<https://evil.example/",
    "http:evil.example/",
    "ftp://",
    "//evil.example/",
    "x//evil/",
    "//[::1]/",
    "www.evil.example/?",
    "www.",
    "mailto:",
    "javascript:fetch(",
    "evil.example/",
    "evil.example:8080/",
    "evil.example?q=",
    "evil.example#",
    "a@evil.example//b.example/",
    "https://evil.example/" + "a" * 9000,
    "https://evil.example/\u00a0x\u2003",
    # Markdown
    "![](",
    "[x](",
    "[x]( ",
    "[x](\n",
    "[x](/relative/",
    "[x](<",
    "[x](<http://evil.example/ with spaces ",
    "[x](< a \\> b ",
    "[x](<http://evil.example/ ](y) ",
    "[x](<" + "a " * 5000,
    "[x]: <http://evil.example/ a ",
    "[x]:\n<//evil.example/ a ",
    # HTML
    '<img src="',
    "<img src='",
    "<img src=",
    "<img src = ",
    '<img SRC\n=\n"',
    '<img src="http://evil.example/\n\n',
    '<img src="' + "\n" * 9000,
    '<img src="' + "x " * 9000,
    "<img src" + " " * 9000 + '="a ',
    '<img alt=">" src="a ',
    '<img alt="src=\'" src="http://evil.example/ \' ',
    '<a href="a ',
    '<img srcset="a 1x, b ',
    '<form action="a ',
    '<object data="a ',
    '<video poster="a ',
    '<div style="background: url(a ',
    "<svg xlink:href='a ",
    '"<img src=\\"a ',
    # a link's text, where HTML is shown: a client that only knows links would take it for a part of one
    '<a href="https://good.example">',
    # CSS
    "url(",
    "url( 'a ",
    'url("a) ',
    "URL(a\\) b ",
]
HARMLESS = [
    "",
    "Dear ",
    "Email:",
    "Tel:",
    "news:",
    "Customer (",
    "a/b/",
    "and/or ",
    "1.5/",
    "e.g./",
    "see https://good.example/ ",
    "see https://good.example/\n",
    "see [x](https://good.example/) ",
    "[x](https://good.example/ a) b ",
    "[x](<a b> c) ",
    "[x](<a\n",
    "[0]: ",
    "List<String> ",
    "Jane <",
    "<p>",
    '<p title="',
    '<img src="a" alt="',
    "<a href='x'> ",
    '{"email":"',
    "jane@example.com/",
    "jane.doe@mail.example.com/555-",
    "x < y and y > z ",
    "my_url(a, ",
    "url(a) ",
    "a = b",
    "don't 'quote' ",
    "std::",
    "12:30:",
]


@pytest.mark.parametrize("text", CARRY)
def test_what_could_carry_a_value_out(text):
    around = Surroundings()
    around.add(text)
    assert around.carries_out()


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_only_text(text):
    around = Surroundings()
    around.add(text)
    assert not around.carries_out()


JSON_TEXTS = [
    ('{"url":"https://evil.example/?q=', True),
    ('{"url":"https:\\/\\/evil.example\\/', True),
    ('{"url":"https\\u003a//evil.example/', True),
    ('{"html":"<img src=\\"a ', True),
    ('{"html":"<img src=\\u0022a ', True),
    ('{"md":"[x](', True),
    ('{"url":"https://good.example/","to":"', False),
    ('{"url":"https://good.example/\\n', False),
    ('{"html":"<img src=\\"a\\" alt=\\"', False),
    ('{"path":"C:\\\\x\\\\', False),
    ('{"https://good.example/":"', False),
    ('{"a":"\ue000https://evil.example/\ue000', True),
    ('{"a":"https://evil.example/\\ue000', True),
]


@pytest.mark.parametrize(("text", "claim"), JSON_TEXTS)
def test_each_string_of_json_is_a_place_of_its_own(text, claim):
    for step in (1, 2, 3, len(text)):
        around = Surroundings(json=True)
        for at in range(0, len(text), step):
            around.add(text[at : at + step])
            around.carries_out()
        assert around.carries_out() is claim


pieces = st.sampled_from(
    ["https://", "//", "www.", "](", "]:", "<", ">", '"', "'", "src=", "href = ", "url(", ")", " ", "\n", "  \n ", "\\",
     "a", "evil.example/", "@", "a" * 150, " " * 150, "\n" * 200, "\\>", "\\n", '\\"', "\\u00", "2f", "{"]
)  # fmt: skip


@given(st.lists(st.lists(pieces, max_size=8).map("".join), max_size=30), st.booleans())
def test_forgetting_changes_no_judgement(texts, as_json):
    """The same text with a memory of a few hundred characters, judged on the way, and with one that is never short."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(surroundings, "_LIMIT", 300)
        assert judgements(texts, as_json=as_json) == expected_judgements(patched, texts, as_json=as_json)


def judgements(texts, *, as_json):
    around, judged = Surroundings(json=as_json), []
    for text in texts:
        around.add(text)
        judged.append(around.carries_out())
    return judged


def expected_judgements(patched, texts, *, as_json):
    patched.setattr(surroundings, "_LIMIT", 10**9)
    return [judgements(["".join(texts[: n + 1])], as_json=as_json)[0] for n in range(len(texts))]


def test_what_is_remembered_is_bounded():
    for as_json in (False, True):
        around = Surroundings(json=as_json)
        for _ in range(2000):
            around.add('x "a" \\n <img src="' * 10)
            assert len(around._text) + sum(map(len, around._fresh)) < 5000


def test_a_decoded_escape_is_what_json_says():
    text = json.dumps("https://evil.example/ \u2028 \U0001f600 \t")
    around = Surroundings(json=True)
    around.add(text[:-1])
    assert not around.carries_out()
