import pytest

from tidegate.cli.policy.chosen import chosen, named
from tidegate.core.values.errors import ConfigError


def test_without_a_folder_it_is_the_configurations_and_without_one_the_baselines(policy, machine):
    assert chosen(None, None).folder == machine.folder / "policy"
    (machine.folder / "tidegate.toml").unlink()
    found = chosen(None, None)
    assert (found.folder, found.where) == (None, "the baseline in the package")
    assert named("baseline").policy.digest == found.policy.digest


def test_a_folder_called_baseline_is_that_folder(policy, machine):
    other = policy.rename(machine.folder / "baseline")
    assert named("baseline").folder is not None
    other.rename(policy)
    with pytest.raises(ConfigError, match="there is no such folder"):
        named("elsewhere")
