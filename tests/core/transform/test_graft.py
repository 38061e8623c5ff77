import copy

import pytest

from tidegate.core.transform.graft import graft

DOCUMENT = {
    "model": "a",
    "messages": [{"role": "user", "content": "x"}, {"role": "user", "content": [{"text": "y"}]}],
    "metadata": {"one": {"two": 2}, "three": "3"},
}
GRAFTS = [
    ([], [], {}),
    ([(("model",), "b")], [], {"model": "b"}),
    ([], [(("metadata", "one"), "1")], {"metadata": {"1": {"two": 2}, "three": "3"}}),
    ([], [(("metadata", "one"), "three")], {"metadata": {"three_": {"two": 2}, "three": "3"}}),
    (
        [(("metadata", "one", "two"), "II")],
        [(("metadata", "one"), "1"), (("metadata", "one", "two"), "2")],
        {"metadata": {"1": {"2": "II"}, "three": "3"}},
    ),
    (
        [],
        [(("metadata", "one"), "n"), (("metadata", "three"), "n")],
        {"metadata": {"n": {"two": 2}, "n_": "3"}},
    ),
]


@pytest.mark.parametrize(("texts", "keys", "changed"), GRAFTS)
def test_leaves_and_keys_are_replaced_in_a_copy(texts, keys, changed):
    before = copy.deepcopy(DOCUMENT)
    grafted = graft(DOCUMENT, texts, keys)
    assert grafted == before | changed
    assert [list(part) for part in grafted["metadata"]] == [list(part) for part in (before | changed)["metadata"]]
    assert before == DOCUMENT


def test_what_is_untouched_is_shared():
    grafted = graft(DOCUMENT, [(("messages", 0, "content"), "z")], [])
    assert grafted["messages"][0]["content"] == "z"
    assert grafted["messages"][1] is DOCUMENT["messages"][1]
    assert grafted["metadata"] is DOCUMENT["metadata"]
