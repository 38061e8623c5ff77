"""`tidegate policy rollback`: somebody signs it off, and it leads to what ruled before."""

import json

import pytest

from tidegate import activation, config
from tidegate.core.decide.bundle.standing import Ruling, Standing


@pytest.fixture
def ruled():
    """Two policies have ruled here; gives what lies there to be done."""
    standing = Standing()
    for revision in (1, 2):
        ruling = Ruling(
            bundle=str(revision), policy="ab" * 32, name="house", revision=revision, source="command", signed_by="key"
        )
        standing = standing.activated(ruling)
    desk = activation.desk_of(config.read({}))
    desk.keep(standing)
    return lambda: [one.wanted for one in desk.acts()]


def test_it_is_signed_off_by_name_with_a_reason(tidegate, ruled):
    answer = tidegate("policy", "rollback")
    assert (answer.status, "--approve NAME" in answer.err) == (1, True)
    assert ruled() == []
    answer = tidegate("policy", "rollback", "--approve", "Ada", "--reason", "too strict", "--json")
    report = json.loads(answer.out)
    assert (answer.status, report["revision"], report["in_force"]) == (0, 1, False)
    (order,) = ruled()
    assert (order["act"], order["revision"], order["approver"], order["reason"]) == (
        "roll_back",
        1,
        "Ada",
        "too strict",
    )
    assert "from the next `tidegate up` on" in tidegate("policy", "rollback", "1", "--approve", "Ada").out


def test_what_is_not_there_is_told_with_what_is(tidegate, ruled):
    answer = tidegate("policy", "rollback", "7", "--approve", "Ada")
    assert (answer.status, "at hand: 1" in answer.err) == (1, True)
    assert ruled() == []


def test_what_rules_and_what_one_can_go_back_to_is_listed(tidegate, ruled):
    report = json.loads(tidegate("policy", "rollback", "--list", "--json").out)
    assert (report["ruling"]["revision"], [one["revision"] for one in report["before"]]) == (2, [1])
    assert tidegate("policy", "rollback", "--list").out.splitlines()[0].startswith("rules\t2\thouse")


def test_where_nothing_ever_ruled_there_is_a_sentence(tidegate):
    answer = tidegate("policy", "rollback", "--list")
    assert (answer.status, "nothing to go back to" in answer.err) == (1, True)
