import pytest

from tidegate.core.restore.external import EXTERNAL_TOOLS, external_tools, is_external

TOOLS = [
    ("fetch", True),
    ("WebFetch", True),
    ("web-fetch", True),
    ("web_search", True),
    ("mcp__browser__web_fetch", True),
    ("brave.web_search", True),
    ("functions.send_email", True),
    ("sendEmail", True),
    ("", True),
    ("???", True),
    ("lookup_customer", False),
    ("read_file", False),
    ("grep_search", False),
    ("research_notes", False),
    ("prefetch", False),
    ("mcp__fetch__list_files", False),
]


@pytest.mark.parametrize(("tool", "claim"), TOOLS)
def test_which_tools_carry_arguments_out_of_the_house(tool, claim):
    assert is_external(tool) is claim


def test_a_policy_may_bring_its_own_list():
    assert is_external("lookup-customer", {"lookupcustomer"})
    assert not is_external("fetch", {"lookupcustomer"})


def test_what_somebody_names_joins_the_list_however_it_is_written():
    names = external_tools(["Lookup-Customer", "mcp crm", "?"])
    assert names == EXTERNAL_TOOLS | {"lookupcustomer", "mcpcrm"}
    assert is_external("lookup_customer", names)
    assert is_external("crm__lookupCustomer", names)
    assert is_external("fetch", names)
    assert not is_external("read_file", names)
    assert external_tools() == EXTERNAL_TOOLS


def test_the_list_is_written_as_names_are_compared():
    assert all(name.isalnum() and name == name.lower() for name in EXTERNAL_TOOLS)
