"""A gateway runs while its policy changes: what is refused changes nothing, and no request is decided by two."""

import json
import shutil
import threading
import time
from pathlib import Path

import pytest

from tests.fakes import policies
from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.policies import CASE, INSIDE, NO_PII, NO_SECRETS, OUTSIDE
from tests.fakes.upstream import answers, streams
from tidegate import activation, config
from tidegate.adapters.policy.bundles import make_signing_key, read_bundle
from tidegate.signing import sign_policy

ANSWER = json.dumps(
    {"id": "c", "object": "chat.completion", "model": "m",
     "choices": [{"index": 0, "message": {"role": "assistant", "content": "well"}, "finish_reason": "stop"}]}
).encode()  # fmt: skip
SELDOM = OUTSIDE.replace("resource.contract", "resource.contract && context.has_history")
STREAMS = 32
FIRST, SECOND = (
    [rule.replace('@id("', f'@id("{name}-') for rule in (INSIDE, OUTSIDE, NO_SECRETS)] for name in ("first", "second")
)


def piece(content, finish=None):
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    document = {"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}
    return f"data: {json.dumps(document)}\n\n".encode()


@pytest.fixture
def ends():
    with upstreams(answers(200, ANSWER), answers(200, ANSWER)) as both:
        yield both


def acts(gateway):
    return [(one["act"], one["revision"]) for one in gateway.records() if one["kind"] == "admin"]


def until(true, gateway, within=20):
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, gateway.log.read_text()[-2000:]
        time.sleep(0.02)


def policy_of(gateway):
    return gateway.chat("hello").headers["x-tidegate-policy"]


def test_an_activation_and_a_rollback_take_effect_while_it_runs_and_outlive_it(ends, tmp_path):
    with Gateway(*ends, more="[policy]\noracle = 1\n") as gateway:  # each decision is made twice
        before = policy_of(gateway)
        new = policies.write(tmp_path / "new", INSIDE, SELDOM, NO_SECRETS, NO_PII)
        refused = gateway.cli("policy", "activate", str(new))
        assert (refused.returncode, "looser" in refused.stderr) == (1, True), refused.stderr
        done = gateway.cli("policy", "activate", str(new), "--approve-looser", "Ada", "--json")
        told = json.loads(done.stdout)
        assert (done.returncode, told["ok"], told["in_force"], told["revision"]) == (0, True, True, 2)
        answer = gateway.chat("hello")
        assert answer.headers["x-tidegate-policy"] == told["policy"][:12] != before
        assert answer.headers["x-tidegate-target"] == "inside"
        done = gateway.cli("policy", "rollback", "--approve", "Ada", "--reason", "nothing goes out", "--json")
        assert (done.returncode, policy_of(gateway)) == (0, before), done.stderr
        assert gateway.stop() == 0
        gateway.start()
        assert policy_of(gateway) == before
        assert gateway.stop() == 0
        assert acts(gateway) == [("policy.refused", 0), ("policy.activated", 2), ("policy.rolled_back", 1)]
        assert gateway.verify()[0] == 0


WRONG = {
    "a typo": ((INSIDE.replace("resource.kind", "resource.knid"), OUTSIDE, NO_SECRETS), "rules.cedar:2: "),
    "a rule that can error": ((INSIDE.replace("when {", "when { context has x &&"), OUTSIDE, NO_SECRETS), "`has`"),
    "a rule that contradicts itself": (
        (INSIDE, OUTSIDE, NO_SECRETS, NO_PII.replace("when {", 'when { resource.kind == "local" &&')),
        "can never apply",
    ),
    "ten thousand rules": (("permit (principal, action, resource);" * 10_000,), "10000 rules, at most 500"),
    "a promise that it breaks": ((INSIDE, OUTSIDE), "does not hold"),
}


def test_whatever_is_wrong_with_a_policy_is_told_with_its_place_and_the_one_before_goes_on(ends, tmp_path):
    with Gateway(*ends) as gateway:
        before = policy_of(gateway)
        for number, (rules, sentence) in enumerate(WRONG.values()):
            done = gateway.cli("policy", "activate", str(policies.write(tmp_path / str(number), *rules, cases="")))
            assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr
            assert policy_of(gateway) == before
        until(lambda: acts(gateway) == [("policy.refused", 0)] * len(WRONG), gateway)


SHUT = "models.auto -> targets.outside (there)", "models.cloud-only -> targets.outside (there)"
PRIVATE = INSIDE.replace('"inside"', '"private"').replace('"local"', '"private"')


def test_a_cloud_is_closed_at_once_under_load_stays_so_over_a_start_and_opens_again(ends, tmp_path):
    inside, outside = ends
    shut = policies.write(tmp_path / "shut", INSIDE, NO_SECRETS)
    with Gateway(inside, outside, more=f'[policy]\npath = "{policies.write(tmp_path / "house")}"\n') as gateway:
        until(lambda: gateway.chat("hello", model="cloud-only").status == 200, gateway)
        stop, seen = threading.Event(), []

        def ask(model):
            while not stop.is_set():
                answer = gateway.chat("hello", model=model)
                seen.append((model, answer.status, answer.headers.get("x-tidegate-policy")))

        threads = [threading.Thread(target=ask, args=(model,)) for model in ("cloud-only", "auto") * 4]
        for one in threads:
            one.start()
        try:
            done = gateway.cli("policy", "activate", str(shut), "--json")
            told = json.loads(done.stdout)
            assert (done.returncode, told["ok"], told["in_force"]) == (0, True, True), done.stderr
            assert any("models.cloud-only[0] -> targets.outside: gets nothing" in one for one in told["closes"])
            closed_at, sent = len(seen), len(outside.requests)
            until(lambda: len(seen) > closed_at + 50, gateway)
        finally:
            stop.set()
            for one in threads:
                one.join()
        # Those under way when it was activated were decided by the policy before it.
        by_new = [(model, status) for model, status, policy in seen if policy == told["policy"][:12]]
        assert {*by_new} == {("cloud-only", 403), ("auto", 200)}
        assert {status for _, status, policy in seen if policy != told["policy"][:12]} == {200}
        assert len(outside.requests) - sent <= len(threads)

        assert gateway.stop() == 0
        gateway.start()
        sent = len(outside.requests)
        assert (gateway.chat("hello", model="cloud-only").status, gateway.chat("hello").status) == (403, 200)
        assert len(outside.requests) == sent
        assert (
            "models.auto[0] -> targets.outside: gets nothing: the policy that was activated" in gateway.log.read_text()
        )
        lines = gateway.cli("doctor").stdout.splitlines()
        (line,) = [one for one in lines if "way: models.cloud-only[0] -> targets.outside: gets nothing" in one]
        assert (line.startswith("SKIP"), [one for one in lines if one.startswith("FAIL  way")]) == (True, [])

        done = gateway.cli("policy", "rollback", "--approve", "Ada", "--json")
        assert (done.returncode, gateway.chat("hello", model="cloud-only").status) == (0, 200), done.stderr
        done = gateway.cli("policy", "rollback", "--approve", "Ada")
        assert (done.returncode, f"closed: {SHUT[0]} gets nothing" in done.stdout) == (0, True), done.stderr
        assert gateway.chat("hello", model="cloud-only").status == 403
        changes = [one for one in gateway.records() if one["kind"] == "admin"]
        assert [(one["act"], tuple(one["closed"]), one["closed_by"]) for one in changes] == [
            ("policy.activated", SHUT, ""),
            ("policy.rolled_back", (), ""),
            ("policy.rolled_back", SHUT, "Ada"),
        ]


def test_who_closes_and_opens_at_once_is_asked_for_a_name_for_both(ends, tmp_path):
    with Gateway(*ends) as gateway:
        other = str(policies.write(tmp_path / "other", INSIDE, PRIVATE, NO_SECRETS))
        before = policy_of(gateway)
        refused = gateway.cli("policy", "activate", other, "--approve-looser", "Bo")
        assert (refused.returncode, policy_of(gateway)) == (1, before)
        assert "closes: models.cloud-only[0] -> targets.outside: gets nothing" in refused.stderr
        assert "--approve-closing NAME" in refused.stderr
        done = gateway.cli("policy", "activate", other, "--approve-looser", "Bo", "--approve-closing", "Ada")
        assert (done.returncode, "closes, approved by Ada: models.auto[0]" in done.stdout) == (0, True), done.stderr
        assert gateway.chat("hello", model="cloud-only").status == 403
        record = next(one for one in gateway.records() if one.get("act") == "policy.activated")
        assert (tuple(record["closed"]), record["closed_by"], record["approver"]) == (SHUT, "Ada", "Bo")


@pytest.fixture
def signed(ends, tmp_path):
    """(a gateway that trusts one key and rules by its revision 3, how to sign)."""
    key, stranger = make_signing_key(tmp_path / "key", "house"), make_signing_key(tmp_path / "other", "stranger")
    settings = policies.settings(tmp_path)

    def sign(revision, *rules, by=key, **more):
        folder = policies.write(tmp_path / f"source-{revision}", *rules)
        out = tmp_path / f"{revision}-{by.verifier.name}.tar"
        sign_policy(settings, folder, by, out, revision=revision, pinned=False, **more)
        return out

    watched = tmp_path / "watched.tar"
    shutil.copy(sign(3), watched)
    more = f'[policy]\npath = "{watched}"\ntrust = ["{key.verifier.vkey()}"]\nwatch = true\n'
    with Gateway(*ends, more=more) as gateway:
        until(lambda: len(acts(gateway)) == 1, gateway)
        yield gateway, sign, stranger, watched


@pytest.mark.slow
def test_what_is_mounted_is_taken_when_it_is_signed_and_newer_and_refused_else(signed):
    gateway, sign, stranger, watched = signed
    ruling = policy_of(gateway)
    expected = [("policy.activated", 3)]

    def mount(bundle):
        fresh = watched.with_suffix(".new")
        shutil.copy(bundle, fresh)
        fresh.replace(watched)

    tampered = Path(sign(9))
    tampered.write_bytes(tampered.read_bytes().replace(b"A cloud sees", b"A clown sees"))
    for bundle in (sign(2), tampered, sign(6, by=stranger), sign(5, valid_until="2020-01-01T00:00:00Z")):
        mount(bundle)
        expected.append(("policy.refused", 0))
        until(lambda: acts(gateway) == expected, gateway)
        assert policy_of(gateway) == ruling
    mount(sign(4, INSIDE, OUTSIDE, NO_SECRETS, NO_PII))
    until(lambda: acts(gateway) == [*expected, ("policy.activated", 4)], gateway)
    assert policy_of(gateway) != ruling
    refusals = [one["refused"][0] for one in gateway.records() if one.get("act") == "policy.refused"]
    told = ["older than 3", "at least one byte", "trust does not name", "valid until 2020"]
    assert all(words in sentence for words, sentence in zip(told, refusals, strict=True)), refusals


def test_a_shadow_counts_live_traffic_and_changes_nothing(ends, tmp_path):
    with Gateway(*ends) as gateway:
        new = policies.write(tmp_path / "new", INSIDE, cases=CASE)
        assert gateway.cli("policy", "shadow", str(new)).returncode == 0
        assert [gateway.chat("hello").headers["x-tidegate-target"] for _ in range(3)] == ["outside"] * 3

        def counted():
            shadow = activation.desk_of(config.load(gateway.config)).told()["shadow"]
            return (shadow["requests"], shadow["stricter"], shadow["rerouted"], len(shadow["kinds"])) == (3, 3, 3, 1)

        until(counted, gateway)
        told = json.loads(gateway.cli("policy", "shadow", "--json").stdout)
        assert (told["kinds"][0]["before"], told["kinds"][0]["after"], told["looser"]) == ("raw", "none", 0)
        assert gateway.cli("policy", "shadow", "--off").returncode == 0
        until(lambda: [one for one, _ in acts(gateway)][-1] == "policy.shadow_ended", gateway)
        assert [one for one, _ in acts(gateway)][:2] == ["policy.shadowed", "policy.shadow_differs"]


def test_no_stream_is_dropped_and_none_is_decided_by_two_policies_while_they_change(tmp_path):
    contents = [piece(f"word{number} ") for number in range(15)]
    script = streams(*contents, piece("", "stop"), b"data: [DONE]\n\n", pause_s=0.02)
    folders = [policies.write(tmp_path / name, *rules) for name, rules in (("first", FIRST), ("second", SECOND))]
    with upstreams(script, script) as ends, Gateway(*ends, more=f'[policy]\npath = "{folders[0]}"\n') as gateway:
        settings = config.load(gateway.config)
        until(lambda: gateway.chat("hello", stream=True).headers["x-tidegate-target"] == "outside", gateway)
        stop, whole, broken = threading.Event(), [], []

        def stream():
            while not stop.is_set():
                try:
                    answer = gateway.chat("hello", stream=True)
                    ok = answer.status == 200 and answer.body.endswith(b"data: [DONE]\n\n") and b"word14" in answer.body
                    (whole if ok else broken).append(answer.headers["x-tidegate-policy"])
                except Exception as error:  # noqa: BLE001 - any of them is a stream that was dropped
                    broken.append(repr(error))

        threads = [threading.Thread(target=stream) for _ in range(STREAMS)]
        for one in threads:
            one.start()
        try:
            order = activation.order(activation.examine(settings, folders[1], source="command"))
            changes = [order] + [{"act": "roll_back", "approver": "Ada"}] * 4
            for change in changes:
                name = activation.lay_down(settings, dict(change))
                until(lambda name=name: not activation.desk_of(settings).is_open(name), gateway)
                seen = len(whole)
                until(lambda seen=seen: len(whole) > seen + STREAMS, gateway)
        finally:
            stop.set()
            for one in threads:
                one.join()
        assert broken == []
        assert gateway.stop() == 0
        assert [act for act, _ in acts(gateway)] == ["policy.activated"] + ["policy.rolled_back"] * 4
        rules = {digest(folder): {rule.id for rule in read_bundle(folder).compiled().rules} for folder in folders}
        intents = [one for one in gateway.records() if one["kind"] == "intent"]
        assert set(whole) == {one[:12] for one in rules}
        for one in intents:
            decided = {rule for target in one["decision"] for rule in target["rules"]}
            assert decided <= rules[one["policy"]] | {"not-proven", "default-deny"}
        assert {one["status"] for one in gateway.outcomes()} == {"completed"}


def digest(folder):
    return read_bundle(folder).compiled().digest
