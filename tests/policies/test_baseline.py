"""The baseline, held against the product's own table, and against everything that can be said about it as a whole."""

import itertools
import re
from functools import cache

import pytest

from tests.core.decide.facts import request, target
from tests.core.decide.quotient import Quotient
from tidegate.adapters.policy.folder import read_baseline
from tidegate.adapters.policy.proofs import cached_proof
from tidegate.core.decide.generate import function_of
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.decide.prove import prove
from tidegate.core.decide.rules import Rule
from tidegate.core.values.decision import Effect
from tidegate.core.values.labels import close


@cache
def baseline() -> Policy:
    sources, schema = read_baseline()
    return compile_policy(sources, schema=schema)


RAW, REDACTED, NONE = Effect.RAW, Effect.REDACTED, Effect.NONE

LOCAL = target("local", contract=False, retention="unknown", training="unknown", tier="unknown", baa=False, region="")
PRIVATE = target(
    "private", contract=False, retention="unknown", training="unknown", tier="unknown", baa=False, region=""
)
PRIVATE_BAA = target("private", baa=True)
BEST = target("cloud")
NO_CONTRACT = target("cloud", contract=False)
KEEPS = target("cloud", retention="30d")
TRAINS = target("cloud", training="opt-out")
CONSUMER = target("cloud", tier="consumer")
ODD = target("orbital")
COLUMNS = (LOCAL, PRIVATE, PRIVATE_BAA, BEST, NO_CONTRACT, KEEPS, TRAINS, CONSUMER, ODD)

HOME = (RAW, RAW, RAW, NONE, NONE, NONE, NONE, NONE, NONE)
TABLE = [
    # labels, then: local, private, private+BAA, cloud, without contract, keeps data, trains, consumer tier, other kind
    ((), (RAW, RAW, RAW, RAW, NONE, RAW, RAW, RAW, NONE)),
    *[
        ((label,), (RAW, RAW, RAW, REDACTED, NONE, NONE, NONE, REDACTED, NONE))
        for label in ("pii", "pii.email", "pii.phone", "pii.person", "pii.address", "pii.dob", "pii.unheard_of")
    ],
    (("code.source",), (RAW, RAW, RAW, RAW, NONE, RAW, NONE, NONE, NONE)),
    (("code.source", "pii.email"), (RAW, RAW, RAW, REDACTED, NONE, NONE, NONE, NONE, NONE)),
    *[
        ((label,), HOME)
        for label in (
            "gov",
            "gov.us_ssn",
            "pci.pan",
            "bank.iban",
            "secret.aws_access_key",
            "secret.private_key",
            "code.proprietary",
            "customer.config",
            "derived.local",
            "unscannable",
            "unknown",
        )
    ],
    *[((label,), (RAW, NONE, RAW, NONE, NONE, NONE, NONE, NONE, NONE)) for label in ("phi", "phi.mrn")],
    (("injection.suspected",), (RAW, RAW, RAW, RAW, NONE, RAW, RAW, RAW, NONE)),
    (("injection.suspected", "pii.email"), (RAW, RAW, RAW, REDACTED, NONE, NONE, NONE, REDACTED, NONE)),
    # Labels that this version does not know are restricted, so they stay inside.
    *[((label,), HOME) for label in ("foo.bar", "code", "code.new", "injection.new", "derived", "derived.cloud")],
]


@pytest.mark.parametrize(("labels", "effects"), TABLE)
def test_each_row_of_the_table(labels, effects):
    decided = baseline().decide(request(*labels), COLUMNS).targets

    assert tuple(one.effect for one in decided) == effects


def pairs(some, others):
    return [*itertools.product(some, others), *itertools.product(others, some)]


@pytest.mark.parametrize("first", TABLE)
def test_two_labels_together_are_never_looser_than_either(first):
    order = list(Effect)
    for second in TABLE:
        if any(one != other and one in close(frozenset({other})) for one, other in pairs(first[0], second[0])):
            continue  # a label beside one below it reads as implied by it: `docs/guarantee.md` says so
        decided = baseline().decide(request(*first[0], *second[0]), COLUMNS).targets
        for one, *alone in zip(decided, first[1], second[1], strict=True):
            assert order.index(one.effect) >= max(map(order.index, alone))


@pytest.mark.parametrize(
    ("asked", "at", "effect", "rules"),
    [
        (request(tools_offered=True), BEST, RAW, ("cloud-sees-what-nothing-forbids",)),
        (request("injection.suspected", tools_offered=True), BEST, NONE, ("injection-meets-no-cloud-tools",)),
        (request("injection.suspected", tools_offered=True), PRIVATE, RAW, ("private-sees-everything",)),
        (request(), target("cloud", fields_known=False), NONE, ("unknown-fields-stay-inside",)),
        (request(), target("cloud", capabilities_agreed=False), NONE, ("capabilities-need-agreement",)),
        (request(), target("private", capabilities_agreed=False), RAW, ("private-sees-everything",)),
        (request(session_level="restricted"), BEST, NONE, ("session-stays-inside",)),
        (request(session_level="confidential"), BEST, RAW, ("cloud-sees-what-nothing-forbids",)),
        (request(session_level="restricted"), PRIVATE, RAW, ("private-sees-everything",)),
        (request("gov.us_ssn"), target("local", fields_known=False), RAW, ("local-sees-everything",)),
        (request(detectors_failed=True), BEST, NONE, ("unclassified-stays-inside",)),
        (request(detectors_failed=True), LOCAL, RAW, ("local-sees-everything",)),
        (request(residency="eu"), BEST, RAW, ("cloud-sees-what-nothing-forbids",)),
        (request(residency="us"), BEST, NONE, ("residency-is-kept",)),
        (request(residency="eu"), target("cloud", region=""), NONE, ("residency-is-kept",)),
        (request(residency="us"), PRIVATE, RAW, ("private-sees-everything",)),
        (request(), ODD, NONE, ("default-deny",)),
        (request("gov.us_ssn"), BEST, NONE, ("government-ids-stay-inside",)),
        (request("foo.bar"), BEST, NONE, ("unnamed-labels-stay-inside",)),
        (request("pii.email"), BEST, REDACTED, ("cloud-sees-pseudonyms",)),
        (
            request("pii.email"),
            KEEPS,
            NONE,
            ("personal-data-is-redacted", "personal-data-needs-zero-retention"),
        ),
    ],
)
def test_what_holds_whatever_the_labels_are(asked, at, effect, rules):
    decided = baseline().decide(asked, [at]).targets[0]

    assert (decided.effect, decided.rules) == (effect, rules)


def test_it_proves_with_full_coverage_and_nothing_superfluous():
    report = prove(baseline())

    assert report.ok
    assert report.coverage == 1.0
    assert (report.unpinned, report.redundant, report.unsatisfiable, report.vacuous) == ((), (), (), ())
    assert report.space > 10**12


def test_the_proof_in_the_package_is_fresh():
    """After a change of the baseline or of the prover: `python -m tests.policies.ship_proof`."""
    shipped = cached_proof(baseline())

    assert shipped is not None, "the shipped proof is stale: run `python -m tests.policies.ship_proof`"
    assert shipped.lasting(0) == prove(baseline())


@pytest.mark.parametrize("forbid", [rule.id for rule in baseline().rules if rule.effect == "forbid"])
def test_without_any_one_forbid_it_is_refused_with_a_request_that_shows_why(forbid):
    sources, schema = read_baseline()
    missing = next(rule for rule in baseline().rules if rule.id == forbid)
    loosened = {**sources, missing.file: sources[missing.file].replace(missing.text, "")}
    report = prove(compile_policy(loosened, schema=schema))

    assert not report.ok
    for failed in (one for one in report.invariants if not one.proved):
        found = failed.counterexample
        was = baseline().decide(found.request, [found.target]).targets[0]
        assert (was.effect, was.rules) != (found.effect, found.rules)
        assert forbid in {name for one in baseline().explain(found.request, found.target) for name in one.forbids}


@pytest.mark.slow
def test_every_invariant_holds_for_every_class_of_requests_and_targets_one_by_one():
    """The proof once more without a solver: twenty million classes, decided by the function that decides requests."""
    policy = baseline()
    stated = [
        Rule(id=one.id, reason="", effect="permit", actions=("send_raw",), condition=one.when, file="", line=1, text="")
        for one in policy.invariants
    ]
    applying, _ = function_of(stated)
    never = {one.id: one.never for one in policy.invariants}
    wanted = [rule.condition for rule in policy.rules] + [one.when for one in policy.invariants]
    tried = 0
    for requests, targets in Quotient(wanted).blocks():
        for asked in requests:
            tried += len(targets)
            for decided, spoken in zip(policy.decide(asked, targets).targets, applying(asked, targets), strict=True):
                if spoken.effect is RAW and decided.effect is not NONE:
                    assert all(decided.effect not in never[name] for name in spoken.rules)
    assert tried > 20_000_000


def test_its_words_can_be_shown_to_anyone():
    for rule in baseline().rules:
        assert re.fullmatch(r"[A-Z][^;/\n]*\.", rule.reason), rule.id
        assert len(rule.id) <= 40
    assert all(one.reason.endswith(".") for one in baseline().invariants)


def test_the_first_file_in_order_holds_a_forbid_so_that_readers_meet_one():
    first = min(rule.file for rule in baseline().rules)

    assert [rule.effect for rule in baseline().rules if rule.file == first].count("forbid") >= 1
    assert len(set(itertools.chain.from_iterable(rule.actions for rule in baseline().rules))) == 3
