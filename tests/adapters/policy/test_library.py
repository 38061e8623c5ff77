"""The library as users ask for it: by names."""

import pytest

from tidegate.adapters.policy.folder import case_files, read_baseline
from tidegate.adapters.policy.library import composed_policy
from tidegate.core.values.errors import ConfigError
from tidegate.policies import library_names

NAMES = ["ai-act", "air-gapped", "eu", "hipaa", "pci", "soc2", "source-code"]


def test_every_name_of_the_library_is_known():
    assert library_names() == NAMES


@pytest.mark.parametrize("names", [[], ["baseline"]])
def test_without_a_name_there_is_the_baseline(names):
    assert composed_policy(names) == {**read_baseline().sources, **case_files(None)}


def test_a_composition_has_a_file_of_each_kind_for_each_name():
    assert set(composed_policy(["hipaa", "eu"])) == {
        "boundaries.cedar",
        "data.cedar",
        "eu.cedar",
        "hipaa.cedar",
        "invariants.toml",
        "tests/baseline.toml",
        "tests/eu.toml",
        "tests/hipaa.toml",
    }


def test_behind_an_air_gap_the_baselines_rules_are_not_needed():
    assert set(composed_policy(["air-gapped"])) == {
        "air-gapped.cedar",
        "invariants.toml",
        "tests/air-gapped.toml",
        "tests/baseline.toml",
    }


def test_a_name_given_twice_and_the_baseline_beside_others_change_nothing():
    assert composed_policy(["eu", "baseline", "eu"]) == composed_policy(["eu"])


def test_names_that_do_not_exist_are_all_told_with_what_was_probably_meant():
    with pytest.raises(ConfigError) as told:
        composed_policy(["hippa", "eu", "SOC2", "xyzzy"])

    assert told.value.mistakes == (
        'there is no policy called "hippa"; did you mean "hipaa"?',
        'there is no policy called "SOC2"; did you mean "soc2"?',
        f'there is no policy called "xyzzy"; choose among {", ".join(NAMES)}',
    )
