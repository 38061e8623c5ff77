import pytest

from tests.core.decide.facts import LOCAL, invariant, policy, rule
from tests.core.decide.lifecycle.kit import preferring
from tidegate import app
from tidegate.core.classify.engine import Engine
from tidegate.core.decide.lifecycle.cases import read_cases
from tidegate.core.decide.lifecycle.misspelt import Named, in_cases, in_rules, warnings
from tidegate.core.decide.policy import compile_policy

FINDABLE = frozenset(("pii.email", "pii.phone", "gov.us_ssn", "secret.private_key", "phi.mrn"))
ABOUT = policy(
    LOCAL + rule('context.labels.containsAny(["pii.emial", "phi"])'),
    invariant('["gov.us_snn"].containsAll(context.labels)'),
)
CASES = """
[[case]]
name = "a key stays"
labels = ["secret.private_kay", "pii.email"]
target = { kind = "cloud" }
effect = "none"
"""


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("pii.emial", "pii.email"),
        ("pii.emails", "pii.email"),
        ("gov.us_snn", "gov.us_ssn"),
        ("secrets.private_key", "secret.private_key"),
        ("phi.mnr", "phi.mrn"),
        ("unscanable", "unscannable"),
        # known, covering what is known, or one's own
        ("pii.email", None),
        ("pii", None),
        ("code.proprietary", None),
        ("unknown", None),
        ("hr.salary", None),
        ("pii.badge_number", None),
        ("gov.fr_nir", None),
    ],
)
def test_what_looks_like_another_label_is_asked_about(label, meant):
    told = list(warnings([Named(label, "rules.cedar:3")], FINDABLE))

    expected = f'rules.cedar:3: no detector finds the label "{label}"; did you mean "{meant}"?'
    assert told == ([expected] if meant else [])


def test_labels_are_found_in_rules_invariants_and_cases_each_told_once():
    named = [*in_rules(ABOUT), *in_rules(ABOUT), *in_cases(read_cases({"tests/a.toml": CASES}, ABOUT))]

    assert [one.partition(":")[0] for one in warnings(named, FINDABLE)] == [
        "rules.cedar",
        "invariants.toml",
        "tests/a.toml",
    ]
    assert Named("phi", "rules.cedar:4") in named


def test_labels_are_found_in_preferences_too():
    text = '[[prefer]]\nid = "a"\nreason = "So."\nwhen = { labels = "pii.emial" }\nfirst = { kind = "local" }\n'
    (told,) = warnings(in_rules(preferring(text)), FINDABLE)
    assert told.startswith('preferences.toml:1: no detector finds the label "pii.emial"; did you mean "pii.email"?')


def test_nothing_that_ships_looks_misspelt():
    found = Engine().labels | app.names_finder().labels
    members = ["ai-act", "air-gapped", "eu", "hipaa", "pci", "soc2", "source-code"]
    for names in ((), *((one,) for one in members)):
        files = app.policy_files(names)
        sources = {name: text for name, text in files.items() if "/" not in name and "schema" not in name}
        compiled = compile_policy(sources, schema=files["tidegate.cedarschema"])
        cases = read_cases({name: text for name, text in files.items() if name.startswith("tests/")}, compiled)
        assert list(warnings([*in_rules(compiled), *in_cases(cases)], found)) == []
