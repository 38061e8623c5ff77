"""Which rules a policy can do without."""

import pytest
from hypothesis import given, settings

from tests.core.decide import drawn
from tests.core.decide.facts import LOCAL, policy, rule
from tidegate.core.decide.lifecycle.difference import difference
from tidegate.core.decide.lifecycle.spare import spare_rules
from tidegate.core.decide.prove import prove

PERMIT = rule("true", name="all", effect="permit")
PII, EMAIL, PHONE = (
    rule(f'context.labels.contains("{label}")', name=name)
    for label, name in (("pii", "pii"), ("pii.email", "email"), ("pii.phone", "phone"))
)
PII_TOO = PII.replace("pii", "pii-too", 1)


@pytest.mark.parametrize(
    ("cedar", "candidates", "spare"),
    [
        (PERMIT + PII + EMAIL, ["pii", "email"], ("email",)),
        (PERMIT + EMAIL + PII, ["email", "pii"], ("email",)),
        (PERMIT + EMAIL + PHONE, ["email", "phone"], ()),
        # Each of two that say the same is redundant; the later one goes, and one of them stays.
        (PERMIT + PII + PII_TOO, ["pii", "pii-too"], ("pii-too",)),
        (PERMIT + PII + PII_TOO, ["pii-too", "pii"], ("pii",)),
        (PERMIT + PII + PII_TOO, ["pii"], ("pii",)),
        (PERMIT + PII + PII_TOO, [], ()),
        # Nothing is permitted that the forbid could be about.
        (LOCAL + rule('resource.kind == "cloud"', name="cloud"), ["cloud"], ("cloud",)),
        # A permit counts as well, for each of the actions.
        (PERMIT + LOCAL, ["local"], ("local",)),
    ],
)
def test_what_can_go(cedar, candidates, spare):
    assert spare_rules(policy(cedar), candidates) == spare


def test_without_them_nothing_is_redundant_any_more():
    texts = {"all": PERMIT, "pii": PII, "email": EMAIL, "phone": PHONE, "pii-too": PII_TOO}
    spare = spare_rules(policy("".join(texts.values())), list(texts))
    kept = policy("".join(text for name, text in texts.items() if name not in spare))

    assert spare == ("email", "phone", "pii-too")
    assert prove(kept).redundant == ()


@settings(max_examples=40, deadline=None)
@given(drawn.policies(max_rules=5))
def test_removing_them_changes_no_decision(cedar):
    whole = policy(cedar + PERMIT)
    spare = spare_rules(whole, [one.id for one in whole.rules if one.id != "all"])
    part = policy("\n".join(one.text for one in whole.rules if one.id not in spare))

    assert difference(whole, part).equivalent
