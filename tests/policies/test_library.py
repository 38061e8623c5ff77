"""The library: each policy beside the baseline, every two of them, and all together."""

import itertools
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

import tidegate.policies
from tests.core.decide.facts import SCHEMA
from tidegate.adapters.policy.folder import read_baseline
from tidegate.adapters.policy.library import composed_policy
from tidegate.core.decide.lifecycle.cases import read_cases
from tidegate.core.decide.lifecycle.difference import difference
from tidegate.core.decide.lifecycle.strength import STRENGTH
from tidegate.core.decide.lifecycle.tested import CasesReport, run_cases
from tidegate.core.decide.oracle.cedar import Oracle
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.decide.prove import prove
from tidegate.core.decide.vocabulary import RESERVED
from tidegate.core.values.capabilities import CAPABILITIES
from tidegate.core.values.decision import Effect
from tidegate.policies import library_names

HOUSE = Path(__file__).parents[2]
PAGES = HOUSE / "docs" / "policies"
LIBRARY = Path(tidegate.policies.__file__).parent / "library"
NAMES = tuple(library_names())
EACH = [(name,) for name in NAMES]
PAIRS = list(itertools.combinations(NAMES, 2))
OPEN = tuple(name for name in NAMES if name != "air-gapped")
WHOLE = [OPEN, NAMES]
COMPOSITIONS = [*EACH, *WHOLE, ("eu", "hipaa")]
COMPOSITIONS += [pytest.param(pair, marks=pytest.mark.slow) for pair in PAIRS if pair != ("eu", "hipaa")]
EEA = set(
    re.findall(r"\w+", "at be bg cy cz de dk ee es fi fr gr hr hu ie is it li lt lu lv mt nl no pl pt ro se si sk")
)
PLACES = {"eu-west-2", "eu-central-2", "us-scc"}  # words of providers and users, in a page


def shown(names):
    return "+".join(names)


@cache
def files(names: tuple[str, ...]) -> dict[str, str]:
    return composed_policy(names)


@cache
def policy(names: tuple[str, ...] = ()) -> Policy:
    sources = files(names) if names else read_baseline().sources
    return compile_policy({name: text for name, text in sources.items() if "/" not in name}, schema=SCHEMA)


@cache
def outcomes(names: tuple[str, ...]) -> CasesReport:
    cases = {name: text for name, text in files(names).items() if "/" in name}
    return run_cases(policy(names), read_cases(cases, policy(names)))


@cache
def situations():
    """Every request of a case at every target of a case: of all members, thousands of pairs."""
    cases = [one.case for name in NAMES for one in outcomes((name,)).outcomes]
    requests = {repr(one.request): one.request for one in cases}
    targets = {repr(one.target): one.target for one in cases}
    assert len(requests) * len(targets) > 1_000
    return [(request, list(targets.values())) for request in requests.values()]


# -- what holds for every composition ---------------------------------------------------------------------------------


@pytest.mark.parametrize("names", COMPOSITIONS, ids=shown)
def test_it_proves_with_full_coverage_and_nothing_superfluous(names):
    report = prove(policy(names))

    assert report.ok
    assert report.coverage == 1.0
    assert (report.unpinned, report.redundant, report.unsatisfiable, report.vacuous) == ((), (), (), ())


@pytest.mark.parametrize("names", COMPOSITIONS, ids=shown)
def test_its_cases_come_out_and_every_rule_decides_one(names):
    report = outcomes(names)

    assert [f"{one.case.name}: {one.why}" for one in report.failed] == []
    assert [rule.id for rule in report.rules if not rule.decided] == []


@pytest.mark.parametrize("names", COMPOSITIONS, ids=shown)
def test_it_is_nowhere_looser_than_the_baseline_and_keeps_its_promises(names):
    found = difference(policy(), policy(names))

    assert found.looser == found.weakened == found.undecided == ()
    assert found.stricter


@pytest.mark.parametrize("names", WHOLE, ids=shown)
def test_what_they_say_together_is_the_strictest_of_what_each_says(names):
    alone = [policy(), *(policy((name,)) for name in names)]
    for request, targets in situations():
        together = policy(names).decide(request, targets).targets
        each = [one.decide(request, targets).targets for one in alone]
        for place, found in enumerate(together):
            assert STRENGTH[found.effect] == min(STRENGTH[one[place].effect] for one in each)


@pytest.mark.parametrize("names", [OPEN, pytest.param(NAMES, marks=pytest.mark.slow)], ids=shown)
def test_cedars_own_engine_says_the_same(names):
    oracle = Oracle(policy(names).rules)
    asked = [request for request, _ in situations() if not request.agent]  # it takes one principal at a time
    for target in situations()[0][1]:
        decided = [policy(names).decide(request, [target]).targets[0] for request in asked]
        assert [(found.effect, found.rules) for found in decided] == oracle.decide(asked, target)


@pytest.mark.parametrize("name", ["eu", *(pytest.param(one, marks=pytest.mark.slow) for one in NAMES if one != "eu")])
def test_taking_one_away_from_the_whole_breaks_its_promises_unless_others_keep_them(name):
    """Rules that were left out as superfluous are missed as soon as what made them so is gone."""
    without = {file: text for file, text in files(OPEN).items() if "/" not in file and file != f"{name}.cedar"}
    broken = [one for one in prove(compile_policy(without, schema=SCHEMA)).invariants if not one.proved]

    assert bool(broken) is (name in OPEN)
    assert all(one.counterexample is not None for one in broken)


@pytest.mark.parametrize("names", COMPOSITIONS, ids=shown)
def test_what_a_policy_lets_through_another_one_does_too_on_good_terms(names):
    """Cases that pass alone pass beside others; but nothing passes an air gap."""
    lost = [line for name in names for line in files(names)[f"tests/{name}.toml"].splitlines() if "# Left out" in line]

    assert bool(lost) is ("air-gapped" in names and len(names) > 1)


# -- what holds for each one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_none_of_its_rules_is_left_out_beside_the_baseline_alone(name):
    assert "Left out" not in files((name,))[f"{name}.cedar"]


@pytest.mark.parametrize("name", NAMES)
def test_it_only_forbids(name):
    own = [rule for rule in policy((name,)).rules if rule.file == f"{name}.cedar"]
    permits = {rule.id for rule in own if rule.effect == "permit"}

    assert permits == ({"air-gapped-local-sees-everything"} if name == "air-gapped" else set())
    assert all(len(rule.actions) == 3 for rule in own if rule.effect == "forbid")
    assert 2 <= len(own) - len(permits) <= 12


@pytest.mark.parametrize("name", NAMES)
def test_its_words_are_its_own_and_can_be_shown_to_anyone(name):
    rules = [rule for rule in policy((name,)).rules if rule.file == f"{name}.cedar"]
    invariants = tomllib.loads((LIBRARY / name / "invariants.toml").read_text("utf-8"))["invariant"]
    cases = tomllib.loads((LIBRARY / name / "tests" / f"{name}.toml").read_text("utf-8"))["case"]

    for rule in rules:
        assert re.fullmatch(r"[A-Z][^;/\n]*\.", rule.reason), rule.id
    assert all(one.startswith(f"{name}-") for one in [*(rule.id for rule in rules), *(one["id"] for one in invariants)])
    assert all(one["name"].startswith(f"{name}: ") for one in cases)
    assert all(max(map(len, rule.text.splitlines())) <= 120 for rule in rules)


@pytest.mark.parametrize("name", NAMES)
def test_each_case_is_a_paragraph_of_its_own(name):
    text = (LIBRARY / name / "tests" / f"{name}.toml").read_text("utf-8")
    paragraphs = [one for one in text.split("\n\n") if "[[case]]" in one]

    assert len(paragraphs) == len(tomllib.loads(text)["case"])
    assert all(one.startswith("[[case]]\n") for one in paragraphs)


@pytest.mark.parametrize("name", NAMES)
def test_its_page_speaks_of_every_rule_and_invariant_and_of_no_other(name):
    page = (PAGES / f"{name}.md").read_text("utf-8")
    ids = {rule.id for rule in policy((name,)).rules if rule.file == f"{name}.cedar"}
    ids |= set(re.findall(r'^id = "(.*)"', (LIBRARY / name / "invariants.toml").read_text("utf-8"), re.MULTILINE))
    spoken = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", page))

    assert ids <= spoken
    known = {rule.id for rule in policy().rules} | {one.id for one in policy().invariants} | set(NAMES)
    other = {name for name in spoken if name.startswith("x-tidegate-")} | set(RESERVED) | set(CAPABILITIES)
    assert spoken - ids - known - other - PLACES == set()
    assert "\n## What it does not cover\n" in page


def test_the_european_economic_area_has_the_same_members_wherever_it_is_named():
    texts = [(LIBRARY / "eu" / file).read_text("utf-8") for file in ("rules.cedar", "invariants.toml")]
    lists = [
        set(re.findall(r'"(\w+)"', one)) for text in texts for one in re.findall(r'\[\s*"eu", "eea", [^]]*\]', text)
    ]

    assert len(lists) == 4
    assert all(one == EEA | {"eu", "eea"} for one in lists)
    assert len(EEA) == 30


def test_the_looser_variant_for_health_data_is_sound_and_seen_as_looser():
    """As the page has it: rules in place of one, invariants restated."""
    page = (PAGES / "hipaa.md").read_text("utf-8")
    (rules,) = re.findall(r"```cedar\n(.*?)```", page, re.DOTALL)
    stated = next(one for one in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "[[invariant]]" in one)
    sources = {name: text for name, text in files(("hipaa",)).items() if "/" not in name}
    old = next(rule for rule in policy().rules if rule.id == "health-data-stays-inside")
    sources[old.file] = sources[old.file].replace(old.text, rules)
    for name in re.findall(r'^id = "(.*)"', stated, re.MULTILINE):
        sources["invariants.toml"] = re.sub(
            rf'\[\[invariant\]\]\nid = "{name}"\n.*?(?=\n\[\[|\n# --|\Z)',
            "",
            sources["invariants.toml"],
            flags=re.DOTALL,
        )
    sources["invariants.toml"] += "\n" + stated
    variant = compile_policy(sources, schema=SCHEMA)
    report, found = prove(variant), difference(policy(("hipaa",)), variant)

    assert report.ok
    assert (report.coverage, report.redundant, report.unsatisfiable) == (1.0, (), ())
    assert {(one.before.effect, one.after.effect) for one in found.looser} == {(Effect.NONE, Effect.REDACTED)}
    assert {one.invariant for one in found.weakened} == {"health-data-stays-home", "restricted-never-leaves"}


# -- the package ------------------------------------------------------------------------------------------------------


def test_the_wheel_holds_the_library():
    packed = {one.distribution_path for one in WheelBuilder(str(HOUSE)).recurse_included_files()}
    wanted = {f"tidegate/policies/library/{one.relative_to(LIBRARY)}" for one in LIBRARY.rglob("*") if one.is_file()}

    assert len(wanted) == 3 * len(NAMES)
    assert wanted <= packed
