"""`tidegate policy shadow`: what goes along, and what it counted."""

import json

from tests.fakes import policies
from tidegate import activation, config


def laid():
    return [one.wanted for one in activation.desk_of(config.read({})).acts()]


def test_a_policy_goes_along_and_ends_by_an_order(tidegate, tmp_path):
    folder = policies.write(tmp_path / "house")
    answer = tidegate("policy", "shadow", folder, "--json")
    assert (answer.status, json.loads(answer.out)["in_force"]) == (0, False)
    assert tidegate("policy", "shadow", "--off").status == 0
    first, last = laid()
    assert (first["act"], first["name"], first["bundle"]) == ("shadow", "house", json.loads(answer.out)["shadow"])
    assert "bundle" not in last


def test_a_policy_that_cannot_be_read_does_not_go_along(tidegate, tmp_path):
    policies.write(tmp_path / "wrong", "permit(")
    assert tidegate("policy", "shadow", tmp_path / "wrong").status == 2
    assert laid() == []


def test_what_it_counted_is_shown(tidegate):
    assert "no policy goes along" in tidegate("policy", "shadow").err
    kind = {
        "bucket": "stricter", "target": "cloud", "before": "raw", "before_rules": ["a"], "after": "none",
        "after_rules": ["b", "c"], "requests": 1200,
    }  # fmt: skip
    counts = {"requests": 2000, "unchanged": 800, "stricter": 1200, "looser": 0, "rerouted": 3}
    activation.desk_of(config.read({})).tell(
        {"shadow": {"name": "house", "policy": "ab" * 32, **counts, "kinds": [kind]}}
    )
    answer = tidegate("policy", "shadow")
    assert "house (policy abababababab) on 2,000 requests: 800 unchanged, 1,200 stricter, 0 looser" in answer.out
    assert "stricter\tcloud\traw by a\tnone by b, c\t1,200" in answer.out
    assert json.loads(tidegate("policy", "shadow", "--json").out)["kinds"] == [kind]
