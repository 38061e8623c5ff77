from dataclasses import fields

import pytest

from tests.core.decide.lifecycle.kit import OPEN, facts, record
from tidegate.core.decide.lifecycle.facts import (
    FACTS,
    WrongFact,
    did_you_mean,
    fact_named,
    leaves,
    names_of,
    plain,
    read_case,
    read_receipt,
    request_of,
    target_of,
)
from tidegate.core.decide.vocabulary import ATTRIBUTES, Side
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.target import Contract


def test_every_field_is_a_fact_that_rules_can_read_by_the_same_type():
    for side, kind in ((Side.REQUEST, RequestFacts), (Side.TARGET, TargetFacts)):
        assert list(FACTS[side]) == [field.name for field in fields(kind)]
        assert {one.attribute for one in FACTS[side].values()} == {a for a in ATTRIBUTES.values() if a.side is side}
        for one in FACTS[side].values():
            assert one.kind is one.attribute.kind


def test_a_fact_has_the_name_of_receipts_and_the_word_of_rules():
    assert fact_named(Side.REQUEST, "actor") is fact_named(Side.REQUEST, "id") is FACTS[Side.REQUEST]["actor"]
    assert fact_named(Side.TARGET, "target") is fact_named(Side.TARGET, "name")
    assert fact_named(Side.REQUEST, "baa") is None
    assert {"actor", "id"} <= set(names_of(Side.REQUEST))


def test_no_word_of_a_rule_is_the_name_of_another_fact_or_a_key_of_a_case():
    for side in Side:
        for one in FACTS[side].values():
            assert fact_named(side, one.attribute.path.partition(".")[2]) is one
    assert not {"name", "target", "effect", "rules"} & set(names_of(Side.REQUEST))


def test_what_a_case_leaves_out_is_an_ordinary_request_and_a_target_without_a_contract():
    request, target = facts()
    assert (request.labels, request.level, request.residency) == (frozenset(), "public", "")
    assert not request.tools_offered
    assert not request.detectors_failed
    assert target.fields_known
    assert not target.contract
    for name in ("retention", "training", "tier", "baa", "region"):
        assert getattr(target, name) == getattr(Contract(), name)


def test_labels_are_closed_and_the_level_follows_from_them():
    request, _ = facts(labels=["pii.email"])
    assert request.labels == {"pii", "pii.email"}
    assert request.level == "internal"
    assert leaves(request.labels) == ["pii.email"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"labelz": []}, 'labelz is no fact of a request; did you mean "labels"?'),
        ({"labels": "pii"}, 'labels must be a list of strings; write ["…", "…"]'),
        ({"labels": ["pii", 3]}, "labels must be a list of strings"),
        ({"tools_offered": "yes"}, "tools_offered must be true or false; write true or false, without quotes"),
        ({"residency": True}, 'residency must be a string; put it in quotes: "…"'),
        ({"level": "public"}, "the level follows from the labels; leave it out"),
        ({"target": {"kind": "cluod"}}, 'kind is never "cluod"; did you mean "cloud"?'),
        ({"target": {"kind": "cloud", "retentoin": "zero"}}, "retentoin is no fact of a target; did you mean"),
        ({"target": {}}, "there is no target with a kind"),
        ({"target": "cloud"}, "there is no target with a kind"),
    ],
)
def test_a_wrong_fact_is_a_sentence_with_a_way_out(given, sentence):
    with pytest.raises(WrongFact) as wrong:
        read_case({"target": {"kind": "cloud"}, **given})
    assert str(wrong.value).startswith(sentence)


def test_a_receipt_gives_back_the_facts_that_it_was_made_of():
    request, target = facts({"name": "c", "retention": "zero"}, labels=["pii.email"], roles=["admin"], residency="eu")
    document = read_receipt({"facts": plain(request), "targets": [plain(target)]})
    assert (request_of(document.request), target_of(document.targets[0])) == (request, target)
    assert document.lacking == ()


def test_facts_that_a_receipt_lacks_are_named_and_what_it_has_beyond_ours_is_let_be():
    kept = record(OPEN)
    del kept["facts"]["residency"], kept["targets"][1]["baa"]
    kept["facts"]["mood"] = "good"
    assert read_receipt(kept).lacking == ("context.residency", "resource.baa")


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: kept.pop("facts"),
        lambda kept: kept.pop("targets"),
        lambda kept: kept["facts"].pop("labels"),
        lambda kept: kept["facts"].update(labels="pii"),
        lambda kept: kept["targets"].append("c"),
        lambda kept: kept["targets"][0].update(baa=1),
    ],
)
def test_a_receipt_without_facts_or_in_another_shape_is_refused(damage):
    kept = record(OPEN)
    damage(kept)
    with pytest.raises(WrongFact):
        read_receipt(kept)


def test_nothing_close_lists_what_there_is():
    assert did_you_mean("zzz", ["a", "b"]) == "it is one of a, b"
