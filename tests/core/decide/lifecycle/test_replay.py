import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.decide import drawn
from tests.core.decide.facts import policy
from tests.core.decide.lifecycle.kit import CAREFUL, OPEN, STRICT, entry, newer, preferring, record
from tidegate.core.decide.lifecycle import replay as module
from tidegate.core.decide.lifecycle.facts import plain
from tidegate.core.decide.lifecycle.replay import Replay
from tidegate.core.decide.lifecycle.strength import STRENGTH

TAGGED = {"labels": ["pii.email"]}
SWAPPED = ({"name": "l", "kind": "local"}, {"name": "c", "kind": "cloud"})


def outcome(index, target="c", **more):
    said = {"usage": {"input_tokens": 10, "output_tokens": 5}, "duration_us": 4000, "cost_micro": -1, **more}
    return entry(
        {"kind": "outcome", "intent": index, "status": "completed", "target": target, "request_id": "x", **said}
    )


def refusal():
    return entry({"kind": "refusal", "request_id": "r0", "code": "bad_request"})


def replayed(new, *entries, **more):
    replay = Replay(new, **more)
    replay.read(enumerate(entries))
    return replay.report()


@pytest.mark.parametrize(
    ("then", "now", "facts", "bucket", "rerouted"),
    [
        (CAREFUL, CAREFUL, TAGGED, "unchanged", False),
        (OPEN, CAREFUL, TAGGED, "stricter", False),
        (CAREFUL, OPEN, TAGGED, "looser", False),
        (CAREFUL, STRICT, {"tools_offered": True}, "stricter", True),
        (STRICT, CAREFUL, {"tools_offered": True}, "looser", True),
        (OPEN, STRICT, {}, "unchanged", False),
    ],
)
def test_each_request_falls_into_a_bucket(then, now, facts, bucket, rerouted):
    report = replayed(now, entry(record(then, **facts)))
    expected = Counter({bucket: 1, "rerouted": int(rerouted)})
    assert report.buckets == {name: expected[name] for name in ("unchanged", "stricter", "looser", "rerouted")}
    for name in ("stricter", "looser"):
        assert report.requests[name] == (("r1",) if name == bucket else ())
    assert report.requests["rerouted"] == (("r1",) if rerouted else ())


def test_looser_at_one_target_is_looser_whatever_the_others():
    mixed = record(STRICT, tools_offered=True)
    mixed["decision"][1].update(effect="none")
    mixed["decision"][0].update(effect="raw")
    assert replayed(STRICT, entry(mixed)).buckets == {"unchanged": 0, "stricter": 0, "looser": 1, "rerouted": 1}


def test_a_change_behind_the_first_permitted_target_moves_nobody():
    report = replayed(STRICT, entry(record(CAREFUL, *SWAPPED, tools_offered=True)))
    assert (report.buckets["stricter"], report.buckets["rerouted"]) == (1, 0)


INSIDE_FIRST = preferring(
    '[[prefer]]\nid = "inside"\nreason = "So."\nwhen = { task = "summarise" }\nfirst = { kind = "local" }\n'
)
NO_CLOUD = preferring('[[prefer]]\nid = "none"\nreason = "So."\ndrop = { kind = ["cloud", "local"] }\n')


@pytest.mark.parametrize(
    ("now", "kept", "move"),
    [
        (INSIDE_FIRST, record(OPEN, task="summarise"), ("c", "l")),
        (INSIDE_FIRST, record(OPEN), None),
        (INSIDE_FIRST, newer(record(OPEN, task="summarise"), "c", "l"), ("c", "l")),
        (INSIDE_FIRST, newer(record(OPEN, task="summarise"), "l", "c"), None),
        (OPEN, newer(record(OPEN, task="summarise"), "l", "c"), ("l", "c")),
        (NO_CLOUD, record(OPEN), ("c", "")),
        (OPEN, newer(record(OPEN)), ("", "c")),
    ],
)
def test_what_preferences_reorder_or_drop_is_unchanged_and_rerouted(now, kept, move):
    report = replayed(now, entry(kept), entry(kept), outcome(0), outcome(1))
    assert report.buckets == {"unchanged": 2, "stricter": 0, "looser": 0, "rerouted": 2 if move else 0}
    assert [tuple(one.move) for one in report.moved] == ([move] if move else [])
    assert report.requests == {"stricter": (), "looser": (), "rerouted": ("r1", "r1") if move else ()}
    assert (report.refused, report.admitted) == (2 * (move == ("c", "")), 2 * (move == ("", "c")))
    if move:
        assert report.moved[0].sums.timed == 2


def test_records_that_differ_only_in_what_preferences_read_are_told_apart():
    report = replayed(INSIDE_FIRST, entry(record(OPEN)), entry(record(OPEN, task="summarise")), entry(record(OPEN)))
    assert report.buckets["rerouted"] == 1


def test_two_policies_that_only_prefer_otherwise_are_compared_on_recorded_facts():
    report = replayed(INSIDE_FIRST, entry(record(CAREFUL, task="summarise")), old=OPEN)
    assert report.buckets == {"unchanged": 1, "stricter": 0, "looser": 0, "rerouted": 1}


def test_changes_are_counted_by_target_and_effect():
    kept = [entry(record(OPEN, **TAGGED))] * 3 + [entry(record(OPEN))]
    assert [(*change, count) for change, count in replayed(CAREFUL, *kept).changes.items()] == [
        ("c", "raw", "redacted", 3)
    ]


def test_who_goes_nowhere_any_more_and_who_does_now_is_counted():
    only_cloud = ({"name": "c", "kind": "cloud"},)
    one_way = replayed(STRICT, entry(record(CAREFUL, *only_cloud, tools_offered=True)))
    other_way = replayed(CAREFUL, entry(record(STRICT, *only_cloud, tools_offered=True)))
    assert (one_way.refused, one_way.admitted) == (1, 0)
    assert (other_way.refused, other_way.admitted) == (0, 1)


def test_what_moves_is_told_with_tokens_and_times_of_here_and_there():
    report = replayed(
        STRICT,
        entry(record(CAREFUL, tools_offered=True)),
        outcome(0, "c", duration_us=3000),
        entry(record(CAREFUL, labels=["pii.email"])),
        outcome(2, "l", duration_us=9000),
        entry(record(CAREFUL, tools_offered=True)),
    )
    (moved,) = report.moved
    assert moved.move == ("c", "l")
    assert (moved.sums.exchanges, moved.sums.timed, moved.sums.duration_us) == (2, 1, 3000)
    assert (moved.as_json()["mean_ms"], moved.as_json()["expected_mean_ms"]) == (3.0, 9.0)


def test_an_exchange_that_did_not_complete_teaches_nothing_about_its_target():
    report = replayed(STRICT, entry(record(CAREFUL, tools_offered=True)), outcome(0, "c", status="aborted"))
    assert report.moved[0].sums.timed == 0


def test_against_another_policy_the_record_is_only_a_source_of_facts():
    kept = record(CAREFUL, **TAGGED)
    kept["decision"][0]["effect"] = "none"
    assert replayed(CAREFUL, entry(kept)).buckets["looser"] == 1
    assert replayed(CAREFUL, entry(kept), old=CAREFUL).buckets["unchanged"] == 1
    assert replayed(OPEN, entry(kept), old=CAREFUL).buckets["looser"] == 1


def test_what_cannot_be_replayed_is_left_out_and_said():
    bare = record(OPEN)
    del bare["facts"]
    other = record(OPEN)
    other["targets"].pop()
    report = replayed(OPEN, entry(record(OPEN)), entry(bare), refusal(), refusal(), entry(other))
    assert (report.exchanges, report.replayed) == (5, 1)
    assert report.left_out == {
        "turned away before anything was decided": 2,
        "recorded without facts that can be read": 2,
    }
    assert report.coverage().startswith("replayed 1 of 5 exchanges (20.0%); left out: 2 turned away")


def test_facts_that_an_older_record_lacks_are_read_as_their_worst_and_said():
    older = record(CAREFUL)
    del older["facts"]["tools_offered"]
    report = replayed(STRICT, entry(older), entry(record(CAREFUL)))
    assert (report.buckets["stricter"], report.buckets["unchanged"]) == (1, 1)
    assert (report.with_missing, dict(report.missing)) == (1, {"context.tools_offered": 1})
    assert replayed(CAREFUL, entry(older)).with_missing == 0


def test_the_policies_that_decided_then_are_counted():
    report = replayed(OPEN, entry(record(OPEN)), entry(record(STRICT)), entry(record(OPEN)))
    assert dict(report.recorded_policies) == {OPEN.digest: 2, STRICT.digest: 1}


def test_no_more_ids_are_listed_than_wanted():
    kept = [entry(record(OPEN, request_id=f"r{n}", **TAGGED)) for n in range(5)]
    assert replayed(CAREFUL, *kept, most_ids=3).requests["stricter"] == ("r0", "r1", "r2")


def test_several_logs_add_up_and_their_indexes_do_not_mix():
    replay = Replay(STRICT)
    replay.read([(0, entry(record(CAREFUL, tools_offered=True)))])
    replay.read([(0, entry(record(CAREFUL))), (1, outcome(0))])
    report = replay.report()
    assert report.replayed == 2
    assert report.moved[0].sums.timed == 0


@pytest.mark.parametrize("limit", [65_536, 2])
@settings(max_examples=25, deadline=None)
@given(
    rules=st.tuples(drawn.policies(max_rules=4), drawn.policies(max_rules=4)),
    seen=st.lists(st.tuples(drawn.requests, drawn.targets.filter(lambda one: one.kind != "orbital")), max_size=12),
)
def test_it_comes_to_what_deciding_record_by_record_comes_to(limit, rules, seen):
    old, new = map(policy, rules)
    kept, plainly = [], Counter()
    for request, target in seen * 2:
        (before,), (after,) = (one.decide(request, [target]).targets for one in (old, new))
        step = STRENGTH[after.effect] - STRENGTH[before.effect]
        plainly["looser" if step > 0 else "stricter" if step else "unchanged"] += 1
        about = record(old, request_id="r")
        about["facts"], about["targets"] = plain(request), [plain(target)]
        about["decision"] = [{**before._asdict(), "effect": before.effect.value}]
        kept.append(entry(about))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_KEPT", limit)
        report = replayed(new, *kept)
    assert {name: report.buckets[name] for name in ("unchanged", "stricter", "looser")} == {
        name: plainly[name] for name in ("unchanged", "stricter", "looser")
    }


HOSTILE = [
    ',"facts":{"labels":[]},"findings":',
    '"}],"detectors_failed":',
    '],"tenant":"',
    '"kind":"outcome"',
    '"kind":"refusal"',
    '\\",\\"decision\\":[',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_in_a_record_can_pass_for_its_structure(text):
    honest, hostile = record(CAREFUL, tools_offered=True), record(CAREFUL, tools_offered=True, team=text, actor=text)
    report = replayed(STRICT, entry(honest), entry(hostile), entry(honest), entry(hostile))
    assert (report.replayed, report.buckets["stricter"]) == (4, 4)


def test_a_record_spelt_otherwise_is_parsed_whole():
    """Another order of keys, or a field between ours: what was cut out is compared with what parsing finds."""
    usual = record(CAREFUL, tools_offered=True)
    turned = json.dumps(dict(sorted(usual.items(), reverse=True)), separators=(",", ":")).encode()
    nested = entry({**usual, "data": {"a": 1, "decision": [{"effect": "none"}]}})
    assert b',"decision":[{"effect":"none"}]' in nested
    for _ in range(2):
        report = replayed(STRICT, turned, nested, turned, nested, entry(usual))
        assert (report.replayed, report.buckets["stricter"], report.buckets["rerouted"]) == (5, 5, 5)


def test_an_entry_that_was_tampered_with_is_left_out():
    kept = entry(record(OPEN))
    half = kept[: kept.index(b'"targets"') + 20]
    report = replayed(OPEN, half, kept, half)
    assert (report.exchanges, report.replayed) == (3, 1)


def test_a_nested_namesake_does_not_hide_that_two_decisions_differ():
    usual = record(CAREFUL, tools_offered=True)
    nested = {**usual, "data": {"a": 1, "decision": [{"effect": "none"}]}}
    other = {**nested, "decision": [{**one, "effect": "none"} for one in usual["decision"]]}
    report = replayed(CAREFUL, entry(nested), entry(other), entry(nested))
    assert (report.buckets["unchanged"], report.buckets["looser"]) == (2, 1)
