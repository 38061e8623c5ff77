"""What people said of their data, on the whole path: told in the record, kept to by the policy."""

from tests.pipeline.script import KEYS, Story, answer
from tidegate.core.values.wish import Wish, about
from tidegate.core.values.workload import Workload

ADA = about(KEYS.tags, "default", "subject", "ada")
NAMED = {"x-tidegate-workload": "ward", "x-tidegate-subject": "ada"}


def story(*said, **more):
    found = Story(cloud=[answer("a")], local=[answer("b")], **more)
    found.pipeline.workloads = {"ward": Workload(consent=frozenset({"care", "research"}), consent_from="subject")}
    found.store.said = {ADA: list(said)}
    return found


def facts(found):
    return found.records("intent")[0]["facts"]


def test_consent_in_force_is_a_fact():
    found = story(Wish("consent", "care", 1), Wish("consent", "research", 1, withdrawn_ns=2))
    found.ask("hello", headers=NAMED)
    assert facts(found)["consent"] == ["care"]
    assert b"ada" not in b"".join(found.ledger.entries)


def test_nobody_named_has_consented_to_nothing():
    found = story(Wish("consent", "care", 1))
    found.ask("hello", headers={"x-tidegate-workload": "ward"})
    assert facts(found)["consent"] == []


def test_data_goes_to_no_cloud_outside_the_region_of_its_subject():
    for region, where in (("eu", "cloud"), ("ch", "local")):
        found = story(Wish("residency", region, 1))
        found.ask("hello", headers=NAMED)
        assert [name for name, _ in found.sent] == [where]
        assert facts(found)["residency"] == region


def test_without_the_register_nothing_leaves_that_is_about_somebody():
    found = story(store_broken=True)
    found.ask("hello", headers=NAMED)
    assert [name for name, _ in found.sent] == ["local"]
    assert (facts(found)["consent"], facts(found)["residency"]) == ([], "unknown")
