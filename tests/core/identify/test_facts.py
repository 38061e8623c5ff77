"""What policy is told of a request."""

import pytest

from tests import given
from tidegate.core.dialects.openai_chat import parse_request
from tidegate.core.identify.facts import facts_of, looked
from tidegate.core.values.finding import Classification

ENVELOPE = parse_request(b'{"model":"auto","messages":[{"role":"user","content":"hello"}]}')
CALLER = given.CALLER._replace(
    team="care",
    workload="support",
    residency="eu",
    agent="bot",
    task="triage",
    latency="patient",
    consent=frozenset({"care"}),
)
NOTHING = Classification((), frozenset(), "public")


def facts(envelope=ENVELOPE, found=NOTHING, around=given.AROUND):
    return facts_of(envelope, CALLER, found, around, tools_external=True)


def test_labels_are_closed_upward_and_the_level_is_the_classification_s():
    told = facts(found=NOTHING.plus("pii.email"))
    assert (told.labels, told.level) == ({"pii", "pii.email"}, "internal")


def test_what_the_caller_said_is_carried_over():
    told = facts()
    assert (told.tenant, told.actor, told.key, told.agent, told.team) == ("default", "local", "loopback", "bot", "care")
    assert (told.roles, told.workload, told.residency) == ({"user"}, "support", "eu")
    assert (told.task, told.latency, told.consent) == ("triage", "patient", {"care"})
    assert (told.dialect, told.operation) == (ENVELOPE.dialect, ENVELOPE.operation)


@pytest.mark.parametrize(("failed", "told"), [((), False), (("iban",), True)])
def test_a_detector_that_failed_is_a_fact(failed, told):
    assert facts(found=Classification((), frozenset(), "public", failed)).detectors_failed is told


@pytest.mark.parametrize("offered", [True, False])
def test_offered_tools_are_a_fact(offered):
    assert facts(ENVELOPE._replace(tools_offered=offered)).tools_offered is offered


def test_circumstances_are_facts():
    told = facts(around=given.AROUND._replace(session_level="confidential"))
    assert (told.session_level, told.weekday, told.hour) == ("confidential", "saturday", "16")
    assert (told.detectors, told.tools_external, told.budget) == (given.AROUND.detectors, True, "unknown")


@pytest.mark.parametrize(
    ("beside", "failed", "told"),
    [
        ((), (), {"pii", "gov"}),
        (("presidio",), (), {"pii", "gov", "presidio"}),
        (("presidio",), ("presidio",), {"pii", "gov"}),
        (("presidio",), ("iban",), {"presidio"}),
        ((), ("limit:bytes",), set()),
    ],
)
def test_a_detector_has_looked_unless_it_failed_and_of_the_engine_s_families_all_or_none(beside, failed, told):
    assert looked(frozenset({"pii.email", "pii.phone", "gov.us_ssn"}), beside, failed) == told
