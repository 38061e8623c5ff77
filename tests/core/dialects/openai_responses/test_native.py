"""Tools of the dialect's own, as functions and back."""

import pytest

from tidegate.core.dialects.openai_responses import native

ITEMS = [
    ("local_shell", {"action": {"type": "exec", "env": {}, "command": ["ls"], "timeout_ms": 5}}),
    ("shell", {"action": {"commands": ["ls"], "timeout_ms": 5}}),
    ("apply_patch", {"operation": {"type": "update_file", "path": "a", "diff": "+b"}}),
]


@pytest.mark.parametrize(("name", "item"), ITEMS)
def test_a_call_is_the_same_after_the_way_there_and_back(name, item):
    own = native.NATIVE[name]
    assert native.held_by(own, native.arguments_of(own, item)) == item[own.holder]


@pytest.mark.parametrize("arguments", ["", "[1]", "nonsense"])
def test_arguments_that_are_none_are_empty(arguments):
    assert native.held_by(native.NATIVE["local_shell"], arguments) == {"type": "exec", "env": {}}


def test_only_what_is_offered_counts():
    assert set(native.offered([{"type": "shell"}, {"type": "function"}, 5])) == {"shell"}
    assert not native.offered(None)
