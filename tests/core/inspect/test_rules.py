import pytest

from tidegate.core.inspect.rules import OutputRules, blocked


@pytest.mark.parametrize(
    ("rules", "label", "action"),
    [
        ({}, "pii.email", "record"),
        ({"pii": "mask"}, "pii.email", "mask"),
        ({"pii": "mask"}, "piify", "record"),
        ({"pii": "mask", "pii.email": "record"}, "pii.email", "record"),
        ({"pii.email": "record", "pii": "block"}, "pii.phone", "block"),
        ({"*": "mask"}, "bank.iban", "mask"),
        ({"*": "block", "bank": "record"}, "bank.iban", "record"),
        ({"*": "block"}, "*", "block"),
    ],
)
def test_the_longest_prefix_that_covers_a_label_rules(rules, label, action):
    asked = OutputRules(rules)
    assert [asked.action(label), asked.action(label)] == [action, action]


def test_what_is_no_action_is_refused_with_its_place():
    with pytest.raises(ValueError, match=r"pii: 'hide' is no output rule: write one of record, mask, block"):
        OutputRules({"pii": "hide"})


@pytest.mark.parametrize(
    ("rules", "rewrites"), [({}, False), ({"pii": "record"}, False), ({"pii": "mask"}, True), ({"*": "block"}, True)]
)
def test_who_only_records_rewrites_nothing(rules, rewrites):
    assert OutputRules(rules).rewrites is rewrites


@pytest.mark.parametrize(
    ("rules", "label", "ends"),
    [
        ({}, "unknown", False),
        ({"pii": "record"}, "unknown", False),
        ({"pii": "mask"}, "unknown", True),
        ({"pii": "mask", "unknown": "record"}, "unknown", False),
        ({"unknown": "mask"}, "unknown", True),
        ({"pii": "mask"}, "unscannable", False),
        ({"unscannable": "mask"}, "unscannable", True),
        ({"*": "mask"}, "unscannable", True),
        ({"pii": "mask"}, "pii.email", False),
        ({"pii": "block"}, "pii.email", True),
    ],
)
def test_where_there_is_nothing_to_mask_a_rule_that_keeps_back_ends_the_answer(rules, label, ends):
    assert OutputRules(rules).stops_at(label) is ends


@pytest.mark.parametrize(
    ("rules", "label", "ends"),
    [
        ({"pii": "mask"}, "pii.email", False),
        ({"pii": "block"}, "pii.email", True),
        ({"code": "mask"}, "code.source", True),
        ({"*": "mask"}, "derived.local", True),
        ({"*": "mask"}, "customer.config", True),
        ({"*": "mask"}, "customer.record", False),
        ({"code": "record"}, "code.source", False),
    ],
)
def test_a_passage_cannot_be_masked_in_a_stream(rules, label, ends):
    assert OutputRules(rules).stops_stream(label) is ends


def test_a_refusal_names_the_label_and_its_rule():
    refusal = blocked("pii.email")
    assert (refusal.code, refusal.status, refusal.rule) == ("output_blocked", 403, "output:pii.email")
    assert "pii.email" in refusal.message
