"""`tidegate policy prove`: the answers that scripts rely on."""

import json
import re


def test_the_baseline_proves_in_the_promised_shape(tidegate):
    answer = tidegate("policy", "prove", "--json")
    report = json.loads(answer.out)
    assert (answer.status, report["ok"], report["coverage"]) == (0, True, 1.0)
    assert report["space"] > 1000
    assert all({"id", "proved", "counterexample"} <= set(one) and one["proved"] for one in report["invariants"])


def test_a_removed_forbid_is_shown_by_a_counterexample(tidegate, policy):
    data = policy / "data.cedar"
    first, forbid, rest = re.split(r"(@id[^;]*?forbid\b[^;]*;)", data.read_text(), maxsplit=1)
    assert "forbid" in forbid
    data.write_text(first + rest)
    answer = tidegate("policy", "prove", "--json")
    assert answer.status == 1
    assert any(one["counterexample"] for one in json.loads(answer.out)["invariants"])
    told = tidegate("policy", "prove")
    assert told.status == 1
    assert "does not hold" in told.err
