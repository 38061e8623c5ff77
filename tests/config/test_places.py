"""Lines of keys: whatever valid TOML looks like, each key is found on the line where it stands."""

import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.config.places import parse_toml, parse_yaml
from tidegate.core.values.errors import ConfigError

AWKWARD = '''\
top = 1                       # 1
"quoted key".'lit'.bare = """ # 2
[not.a.header]
x = 3"""
[a . "b.c"]                   # 5
list = [ 1, # comment ] with brackets
  [2, "]"], { in = "}" , deep.er = 3 },
  "last" ]
empty = ""
one = { two = { three = 1 } } # 10
date = 2027-01-31
[[sinks]]
kind = 'x'
[sinks.tls]
on = true                     # 15
[[sinks]]
kind = \'\'\'y
\'\'\'
[[sinks]]
'''


def test_awkward_toml_is_followed_to_the_line():
    lines = parse_toml(AWKWARD, "t").lines
    assert {path: lines[path] for path in AWKWARD_LINES} == AWKWARD_LINES


AWKWARD_LINES = {
    ("top",): 1,
    ("quoted key", "lit", "bare"): 2,
    ("a", "b.c"): 5,
    ("a", "b.c", "list"): 6,
    ("a", "b.c", "list", 1, 1): 7,
    ("a", "b.c", "list", 2, "deep", "er"): 7,
    ("a", "b.c", "list", 3): 8,
    ("a", "b.c", "empty"): 9,
    ("a", "b.c", "one", "two", "three"): 10,
    ("a", "b.c", "date"): 11,
    ("sinks", 0, "kind"): 13,
    ("sinks", 0, "tls", "on"): 15,
    ("sinks", 1, "kind"): 17,
    ("sinks", 2): 19,
}

names = st.text(alphabet='ab.-" \t\\é', max_size=4)
leaves = st.one_of(
    st.integers(-9, 9), st.booleans(), st.text(alphabet="a\"'\n#[]{}=,\\", max_size=8), st.dates(date(2000, 1, 1))
)
trees = st.recursive(leaves, lambda below: st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=3))


def spelled(value) -> str:
    """TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {spelled(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(spelled(one) for one in value) + "\n]"
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower()


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def paths(value, path=()):
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in below:
        yield (*path, key)
        yield from paths(one, (*path, key))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(names, trees, max_size=4))
def test_every_key_and_element_of_any_document_has_a_line(document):
    text = "\n".join(f"{quoted(key)} = {spelled(value)}" for key, value in document.items())
    found = parse_toml(text, "t")
    assert found.tree == tomllib.loads(text)
    assert set(found.lines) == set(paths(found.tree))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="a=\"[]{}\n#.'\\1,", max_size=40))
def test_any_text_is_a_document_or_a_sentence(text):
    try:
        found = parse_toml(text, "t")
    except ConfigError as error:
        assert error.mistakes[0].startswith("t")
    else:
        assert all(1 <= line <= text.count("\n") + 1 for line in found.lines.values())


def test_yaml_keys_have_lines():
    found = parse_yaml("server:\n  listen: x\nmodels:\n  auto:\n    - a\n    - b\n", "t")
    assert (found.lines["server", "listen"], found.lines["models", "auto", 1]) == (2, 6)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x [1]\nb: *x\n", "t:2: aliases are not read"),
        ("a: 1\na: 2\n", "t:2: this key stands twice"),
        ("[a]: 1\n", "t:1: a key is a plain word"),
        ("a: [\n", "this is not YAML"),
        ("- a\n", "t:1: a configuration is a mapping"),
        ("a: !!python/object/apply:os.system [x]\nb: !x y\n", "t:2: this value is no plain YAML value"),
        ("a: 1\n---\nb: 2\n", "this is not YAML"),
        ("a: \x07\n", "forbids"),
        ("[" * 5000 + "]" * 5000, "nested too deeply"),
    ],
)
def test_yaml_that_is_no_plain_configuration_is_a_sentence(text, sentence):
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, "t")
    assert any(sentence in mistake for mistake in caught.value.mistakes), caught.value.mistakes


def test_an_empty_yaml_file_says_nothing():
    assert parse_yaml("# nothing yet\n", "t").tree == {}
