"""`tidegate policy replay`: last month's traffic against tomorrow's policy."""

import json


def test_the_same_policy_changes_nothing(tidegate, log):
    answer = tidegate("policy", "replay", "baseline", "--json")
    report = json.loads(answer.out)
    assert answer.status == 0
    assert (report["unchanged"], report["stricter"], report["looser"], report["rerouted"]) == (4, 0, 0, 0)
    assert report["coverage"]["share"] == 1.0


def test_what_would_go_elsewhere_is_listed_by_request(tidegate, log, policy, without):
    new = without(policy, "cloud-sees-pseudonyms")
    report = json.loads(tidegate("policy", "replay", new, "--json").out)
    assert report["requests"] == {"stricter": ["r1", "r2"], "looser": [], "rerouted": ["r1", "r2"]}
    (moved,) = report["moved"]
    assert (moved["from"], moved["to"], moved["exchanges"], moved["mean_ms"]) == ("c", "l", 2, 2.5)
    assert moved["expected_mean_ms"] == 4.0


def test_the_first_line_says_how_much_of_the_traffic_it_is_about(tidegate, log, policy, without):
    lines = tidegate("policy", "replay", without(policy, "secrets-stay-inside")).out.splitlines()
    assert lines[0] == "replayed 4 of 4 exchanges (100.0%)"
    assert any("looser" in line and "r3" in line for line in lines)


def test_since_cuts_off_what_came_before(tidegate, log):
    from tests.adapters.stores.tlog.kit import NOW_NS
    from tidegate.core.ledger.entries import rfc3339

    day = rfc3339(NOW_NS + 2 * 86_400_000_000_000)[:10]
    report = json.loads(tidegate("policy", "replay", "baseline", "--since", day, "--json").out)
    assert report["coverage"]["exchanges"] == 2
    assert tidegate("policy", "replay", "baseline", "--since", "yesterday").status == 2


def test_ids_are_limited_by_what_is_asked_for(tidegate, log, policy, without):
    new = without(policy, "cloud-sees-pseudonyms")
    report = json.loads(tidegate("policy", "replay", new, "--limit", 1, "--json").out)
    assert (report["stricter"], report["requests"]["stricter"]) == (2, ["r1"])


def test_without_a_log_it_says_so(tidegate):
    answer = tidegate("policy", "replay", "baseline")
    assert answer.status == 1
    assert "there is no log under" in answer.err
