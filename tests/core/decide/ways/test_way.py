"""What a way is called once somebody has closed it, and which ways are closed with it."""

import pytest

from tests.core.decide.facts import target
from tidegate.core.decide.ways import terms
from tidegate.core.decide.ways.way import Carries, Way, is_among, shortest

ALIAS = "models.auto -> targets.claude (a-cloud)"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("models.auto[1] -> targets.claude", ALIAS),
        ("models.auto[12] -> targets.claude", ALIAS),
        ("workloads.desk -> models.auto[0] -> targets.claude", f"workloads.desk -> {ALIAS}"),
        ("models.a[1]b[0] -> targets.claude", "models.a[1]b -> targets.claude (a-cloud)"),
        ("mcp.boundary -> boundaries.desks", "mcp.boundary -> boundaries.desks (a-cloud)"),
    ],
)
def test_a_name_has_no_place_in_a_list_and_the_boundary_at_its_end(path, name):
    leads = terms.leads(target("cloud", boundary="a-cloud"))
    assert Way(path=path, carries=Carries.REQUEST, leads=leads).name == name


def test_a_way_to_nowhere_has_its_path_for_a_name():
    assert Way(path="review.webhooks.chat", carries=Carries.NAMES, leads=None).name == "review.webhooks.chat"


@pytest.mark.parametrize(
    ("name", "closed", "so"),
    [
        (ALIAS, (ALIAS,), True),
        (f"workloads.desk -> {ALIAS}", (ALIAS,), True),
        (f"cache -> {ALIAS}", (ALIAS,), True),
        (ALIAS, (f"workloads.desk -> {ALIAS}",), False),
        (ALIAS, (), False),
        ("models.other -> targets.claude (a-cloud)", (ALIAS,), False),
        ("models.auto -> targets.claude (elsewhere)", (ALIAS,), False),
        ("models.my-models.auto -> targets.claude (a-cloud)", (ALIAS,), False),
    ],
)
def test_what_passes_through_a_closed_way_is_closed_with_it(name, closed, so):
    assert is_among(name, closed) is so


def test_what_is_closed_is_kept_by_its_last_part_once():
    desk = "workloads.desk -> models.other -> targets.claude (a-cloud)"
    names = [ALIAS, f"cache -> {ALIAS}", f"workloads.desk -> {ALIAS}", desk, ALIAS]
    assert shortest(names) == (ALIAS, desk)
    assert all(is_among(name, shortest(names)) for name in names)
