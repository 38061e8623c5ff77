"""Files of other programs: everything else in them stays, twice is once, and back is back."""

import json
import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tidegate.cli.connect.editing import Block, EditError, Keys, fill

LIST = Block("- name: tidegate\n  model: auto\n", under="models", whole="name: Local\n")
TABLE = Block('[model_providers.tidegate]\nname = "tidegate"\n')
KEYS = Keys(((("env", "URL"), "http://x"), (("provider", "tidegate", "models"), {"auto": {}})))

LISTS = [
    None,
    "",
    "name: mine\n",
    "models:\n  - name: other\n    model: m\n",
    "models:\n- name: other\n  model: m\nrules: []\n",
    "models:   # mine\n  # a comment\n\n    - name: other\n      model: m\n",
    "rules: [a]\nmodels:\nother: 1\n",
]
TABLES = [None, "", 'model = "x"\n', 'model = "x"', "# mine\n[a]\nb = 1\n"]
TREES = [None, "", "{}", '{"a": 1}', '{\n    "env": {"URL": "mine", "OTHER": "1"}\n}\n', '{"provider": {"other": {}}}']


@pytest.mark.parametrize("text", LISTS)
def test_an_entry_joins_a_list_and_leaves_it(text):
    new = LIST.written(text)
    names = [entry["name"] for entry in yaml.safe_load(new)["models"]]
    assert names == ["tidegate", *(["other"] if "other\n    " in (text or "") or "name: other" in (text or "") else [])]
    assert LIST.written(new) == new
    if text is not None:
        back = LIST.removed(new)
        assert yaml.safe_load(back) == yaml.safe_load(text) or yaml.safe_load(back) == {
            **(yaml.safe_load(text) or {}),
            "models": None,
        }
        assert all(line in back for line in text.splitlines())


@pytest.mark.parametrize("text", TABLES)
def test_a_table_joins_a_file_and_leaves_it(text):
    new = TABLE.written(text)
    assert tomllib.loads(new)["model_providers"]["tidegate"]["name"] == "tidegate"
    assert TABLE.written(new) == new
    assert TABLE.removed(new).rstrip("\n") == (text or "").rstrip("\n")


@pytest.mark.parametrize("text", ["models: []\n", "models: [{name: a}]\n"])
def test_a_list_on_one_line_is_left_to_its_owner(text):
    with pytest.raises(EditError, match="by hand"):
        LIST.written(text)


@pytest.mark.parametrize("text", TREES)
def test_keys_join_a_document_and_are_put_back_as_they_were(text):
    new = KEYS.written(text)
    tree = json.loads(new)
    assert (tree["env"]["URL"], tree["provider"]["tidegate"]["models"]) == ("http://x", {"auto": {}})
    assert KEYS.written(new) == new
    assert json.loads(KEYS.restored(new, text)) == json.loads(text or "{}")


def test_what_its_owner_changed_meanwhile_stays():
    before = '{"env": {"URL": "mine"}}'
    tree = json.loads(KEYS.written(before))
    tree["env"]["URL"], tree["new"] = "changed", 1
    assert json.loads(KEYS.restored(json.dumps(tree), before)) == {"env": {"URL": "changed"}, "new": 1}


@pytest.mark.parametrize("text", ["// mine\n{}", "[]", '{"env": 1}', "{"])
def test_a_document_that_cannot_be_kept_is_not_touched(text):
    with pytest.raises(EditError, match="by hand"):
        KEYS.written(text)


def test_indentation_stays():
    assert '\n    "env"' in KEYS.written('{\n    "a": 1\n}\n')
    assert '\n\t"env"' in KEYS.written('{\n\t"a": 1\n}\n')


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["env", "provider", "a", "b"]), VALUES, max_size=4))
def test_whatever_a_document_holds_it_comes_back(tree):
    text = json.dumps(tree)
    try:
        new = KEYS.written(text)
    except EditError:
        return
    assert json.loads(KEYS.restored(new, text)) == tree


def test_only_known_names_are_filled_in():
    assert fill("{base} {other} {}", {"base": "x"}) == "x {other} {}"
