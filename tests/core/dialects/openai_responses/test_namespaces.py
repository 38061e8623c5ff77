"""Names in a namespace as one word, and back."""

from tidegate.core.dialects.openai_responses import namespaces


def test_a_name_is_found_again():
    tools = [{"type": "namespace", "name": "crm", "tools": [{"name": "find"}, 5]}, {"type": "function", "name": "f"}, 3]
    assert namespaces.apart(tools) == {namespaces.joined("crm", "find"): ("crm", "find")}
    assert namespaces.joined("", "find") == "find"
    assert namespaces.apart(None) == {}
