"""Whose tools are whose."""

import pytest

from tidegate.core.dialects.openai_responses import offered

FUNCTION = {"type": "function", "name": "Find"}
TOOLS = [
    ([FUNCTION], {"find"}, set()),
    ([{"type": "namespace", "name": "n", "tools": [FUNCTION]}], {"find"}, set()),
    ([{"type": "local_shell"}, {"type": "computer"}], {"local_shell", "computer"}, set()),
    ([{"type": "shell", "environment": {"type": "local"}}], {"shell"}, set()),
    ([{"type": "shell", "environment": {"type": "container_reference"}}], {"shell"}, {"containers"}),
    ([{"type": "web_search"}, {"type": 5}, 5], {"web_search", "#odd"}, {"web-search", "provider-tools"}),
    (None, set(), set()),
]


@pytest.mark.parametrize(("tools", "names", "capabilities"), TOOLS)
def test_a_tool_has_a_name_and_may_ask_for_something(tools, names, capabilities):
    assert {name if name.isidentifier() else "#odd" for name in offered.names(tools)} == names
    assert offered.capabilities(tools) == capabilities


def test_namespaces_in_namespaces_end_somewhere():
    deep = FUNCTION
    for _ in range(50):
        deep = {"type": "namespace", "name": "n", "tools": [deep]}
    assert len(list(offered.each_tool([deep]))) == 1
