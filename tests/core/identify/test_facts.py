"""What policy is told of a request."""

import pytest

from tidegate.core.dialects.openai_chat import parse_request
from tidegate.core.identify.facts import facts_of
from tidegate.core.values.caller import Caller
from tidegate.core.values.finding import Classification

ENVELOPE = parse_request(b'{"model":"auto","messages":[{"role":"user","content":"hello"}]}')
CALLER = Caller(
    tenant="default",
    actor="local",
    key_id="loopback",
    team="care",
    roles=frozenset({"user"}),
    session="s1",
    workload="support",
    residency="eu",
)
NOTHING = Classification((), frozenset(), "public")


def test_labels_are_closed_upward_and_the_level_is_the_classification_s():
    facts = facts_of(ENVELOPE, CALLER, NOTHING.plus("pii.email"))
    assert (facts.labels, facts.level) == ({"pii", "pii.email"}, "internal")


def test_what_the_caller_said_is_carried_over():
    facts = facts_of(ENVELOPE, CALLER, NOTHING)
    told = (facts.tenant, facts.actor, facts.team, facts.roles, facts.workload, facts.residency)
    assert told == ("default", "local", "care", {"user"}, "support", "eu")
    assert (facts.dialect, facts.operation) == (ENVELOPE.dialect, ENVELOPE.operation)


@pytest.mark.parametrize(("failed", "told"), [((), False), (("iban",), True)])
def test_a_detector_that_failed_is_a_fact(failed, told):
    assert facts_of(ENVELOPE, CALLER, Classification((), frozenset(), "public", failed)).detectors_failed is told


@pytest.mark.parametrize("offered", [True, False])
def test_offered_tools_are_a_fact(offered):
    assert facts_of(ENVELOPE._replace(tools_offered=offered), CALLER, NOTHING).tools_offered is offered
