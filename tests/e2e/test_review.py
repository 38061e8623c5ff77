"""A request waits for a person: real gateway, real commands, a real receiver of what webhooks are told."""

import json
import shutil
import threading
import time
from pathlib import Path

import openai
import pytest

from tests.fakes.gateway import Gateway, upstreams
from tests.fakes.upstream import answers
from tidegate import app
from tidegate.core.decide.vocabulary import NOT_PROVEN
from tidegate.core.ledger.notes import open_note, parse_vkey
from tidegate.core.review import hook

SSN = "457-55-" + "5462"
PROMPT = f"My SSN is {SSN}, is it valid?"
SECRET = "a-secret-of-the-" + "webhook"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "review"
ANSWER = json.dumps({
    "id": "c1",
    "object": "chat.completion",
    "model": "m",
    "created": 1,
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Yes."}, "finish_reason": "stop"}],
}).encode()  # fmt: skip
REVIEW = """
[policy]
path = "{policy}"
[review]
four_eyes = ["phi"]
wait_s = 20
[review.reviewers.anna]
key = "{anna}"
role = "context"
[review.reviewers.ben]
key = "{ben}"
[review.webhooks.chat]
url = "{hook}/tidegate?room=7"
boundary = "here"
secret = "file:{home}/hook.secret"
"""


class House(Gateway):
    """A gateway with two reviewers, whose keys lie in its folder, and a webhook."""

    def __init__(self, inside, outside, receiver, home):
        keys = {name: app.make_reviewer_key(home / f"{name}.key", name).verifier.vkey() for name in ("anna", "ben")}
        (home / "hook.secret").write_text(SECRET)
        shutil.copytree(EXAMPLE, home / "policy")
        more = REVIEW.format(policy=home / "policy", home=home, hook=receiver.url, **keys)
        super().__init__(inside, outside, home=home, more=more)
        self.keys = {name: parse_vkey(key) for name, key in keys.items()}

    def start(self):
        """Once the policy is proven: until then only local targets are served."""
        super().start()
        until = time.monotonic() + 30
        while self.chat("hello", model="cloud-only").status != 200:
            assert time.monotonic() < until, self.log.read_text()[-2000:]
            time.sleep(0.1)
        return self

    def hold(self, prompt=PROMPT, **more):
        held = self.chat(prompt, model="cloud-only", **more)
        assert held.status == 409, held.body
        return held.headers["x-tidegate-review"]

    def resume(self, review, prompt=PROMPT, **more):
        return self.chat(prompt, model="cloud-only", headers={"x-tidegate-review": review}, **more)

    def review(self, *words, key=""):
        done = self.cli("review", *words, *(("--key", str(self.home / f"{key}.key")) if key else ()), "--json")
        assert "Traceback" not in done.stderr
        return done.returncode, json.loads(done.stdout.splitlines()[-1])

    def acts(self):
        return [record["act"] for record in self.records() if record["kind"] == "admin" and "review" in record]

    def until_recorded(self, act, count=1):
        until = time.monotonic() + 10
        while self.acts().count(act) < count:
            assert time.monotonic() < until, f"no {act} in {self.acts()}"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with upstreams(*[answers(200, ANSWER)] * 2, answers(200, b"ok")) as (inside, outside, receiver):
        with House(inside, outside, receiver, tmp_path_factory.mktemp("house")) as gateway:
            yield gateway, outside, receiver


def messages(receiver, review):
    """What the webhook was told of a review, in the order of arrival; every one signed, none with text."""
    found = []
    for request in receiver.requests:
        assert request.target == "/v1/tidegate?room=7"
        assert hook.is_signed(SECRET.encode(), request.body, request.headers[hook.SIGNATURE], int(time.time()))
        assert SSN.encode() not in request.body
        assert b"is it valid" not in request.body
        told = json.loads(request.body)
        if told["review"] == review:
            found.append(told)
    return found


def until_told(receiver, review, event):
    until = time.monotonic() + 10
    while event not in [one["event"] for one in messages(receiver, review)]:
        assert time.monotonic() < until, messages(receiver, review)
        time.sleep(0.05)


def test_held_looked_at_approved_and_used_once(house):
    gateway, outside, receiver = house
    before = len(outside.requests)
    review = gateway.hold()
    assert len(outside.requests) == before, "nothing has left"

    status, listed = gateway.review("list")
    assert (status, [one["review"] for one in listed["reviews"]]) == (0, [review])
    assert gateway.review("list", key="ben")[1]["reviews"] == listed["reviews"]

    _, by_findings = gateway.review("show", review, key="ben")
    assert [one["label"] for one in by_findings["contents"]["findings"]] == ["gov.us_ssn"]
    assert SSN not in json.dumps(by_findings)
    _, by_context = gateway.review("show", review, key="anna")
    assert SSN in by_context["contents"]["context"][0]["text"]

    status, approved = gateway.review("approve", review, "--redacted", key="ben")
    assert (status, approved["state"]) == (0, "approved")
    answer = gateway.resume(review)
    assert (answer.status, answer.text) == (200, "Yes.")
    assert answer.headers["x-tidegate-redactions"] == "1"
    assert SSN.encode() not in outside.requests[-1].body

    again = gateway.resume(review)
    assert (again.status, again.code) == (403, "review_used")
    assert len(outside.requests) == before + 1

    until_told(receiver, review, "review.used")
    assert [one["event"] for one in messages(receiver, review)][:1] == ["review.held"]
    assert messages(receiver, review)[0]["labels"] == ["gov.us_ssn"]


def test_the_log_says_who_looked_and_who_approved_so_that_an_outsider_can_check_it(house):
    gateway, _, _ = house
    review = gateway.hold(PROMPT + " Tell me.")
    gateway.review("show", review, key="anna")
    gateway.review("approve", review, key="ben")
    assert gateway.resume(review, PROMPT + " Tell me.").status == 200
    gateway.outcomes()
    mine = [one for one in gateway.records() if one["kind"] == "admin" and one.get("review") == review]
    by_act = {one["act"]: one for one in mine}
    assert {"review.held", "review.shown", "review.approved", "review.used"} <= {*by_act}
    assert (by_act["review.shown"]["reviewer"], by_act["review.shown"]["to"]) == ("anna", "context")

    word = by_act["review.approved"]
    text, _ = open_note(f"{word['word']}\n{word['signature']}", gateway.keys["ben"])
    assert json.loads(text)["binding"] == by_act["review.held"]["binding"]
    assert word["key"] == gateway.keys["ben"].key_id().hex()
    assert by_act["review.used"]["effects"] == {"outside": "raw"}

    status, verified = gateway.verify()
    assert (status, verified["ok"]) == (0, True)
    assert SSN not in json.dumps(gateway.records())


def test_receipts_tell_of_it(house):
    gateway, _, _ = house
    prompt = PROMPT + " A receipt, please."
    held = gateway.chat(prompt, model="cloud-only")
    review = held.headers["x-tidegate-review"]
    gateway.review("approve", review, key="ben")
    answer = gateway.resume(review, prompt)
    gateway.until_recorded("review.used")
    time.sleep(0.1)
    for request_id in (held.headers["x-tidegate-request-id"], answer.headers["x-tidegate-request-id"]):
        receipt = json.loads(gateway.get(f"/v1/tidegate/receipts/{request_id}").body)
        told = [one["record"].get("act", one["record"]["kind"]) for one in receipt["records"]]
        assert {"review.held", "review.approved", "review.used", "intent", "outcome"} <= {*told}


def test_refused_with_a_reason_that_its_caller_reads(house):
    gateway, _, receiver = house
    review = gateway.hold(PROMPT + " Please.")
    status, found = gateway.review("refuse", review, "--reason", "ask them first", key="anna")
    assert (status, found["state"]) == (0, "refused")
    refused = gateway.resume(review, PROMPT + " Please.")
    assert (refused.status, refused.code) == (403, "review_refused")
    assert b"ask them first" in refused.body
    until_told(receiver, review, "review.refused")
    assert gateway.review("approve", review, key="ben")[0] == 1, "nothing can be said of it any more"


def test_a_client_that_waits_is_answered_once_it_is_approved(house):
    gateway, _, _ = house
    prompt, found = PROMPT + " I have time.", []

    def ask():
        found.append(gateway.chat(prompt, model="cloud-only", headers={"x-tidegate-review-wait": "20"}, timeout=30))

    client = threading.Thread(target=ask)
    client.start()
    try:
        until = time.monotonic() + 10
        while not (waiting := gateway.review("list", key="ben")[1]["reviews"]):
            assert time.monotonic() < until
        gateway.review("approve", waiting[0]["review"], key="ben")
    finally:
        client.join()
    assert found[0].status == 200


def test_the_plain_client_of_openai_is_told_once_and_resumes_by_a_header(house):
    gateway, _, _ = house
    prompt = PROMPT + " From the library."
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{gateway.port}/v1", api_key="any", timeout=20)
    asked = {"model": "cloud-only", "messages": [{"role": "user", "content": prompt}]}
    try:
        with pytest.raises(openai.ConflictError) as held:
            client.chat.completions.create(**asked)
        review = held.value.body["review"]
        assert (held.value.code, review) == ("review_required", held.value.response.headers["x-tidegate-review"])
        gateway.review("approve", review, key="ben")
        answer = client.chat.completions.create(**asked, extra_headers={"x-tidegate-review": review})
    finally:
        client.close()
    assert answer.choices[0].message.content == "Yes."
    conflicts = [one for one in gateway.records() if one["kind"] == "outcome" and one["http_status"] == 409]
    assert [one["review"] for one in gateway.records() if one.get("kind") == "intent"].count(review) == 2
    assert conflicts


@pytest.mark.parametrize(
    ("words", "key", "status", "says"),
    [
        (("show", "0190abcd-0000-7000-8000-000000000000"), "ben", 1, "no review of that id"),
        (("approve", "0190abcd-0000-7000-8000-000000000000"), "", 2, "whoever reviews signs"),
        (("approve", "0190abcd-0000-7000-8000-000000000000"), "mallory", 1, "nobody of that name"),
        (("forget", "0190abcd-0000-7000-8000-000000000000"), "", 1, "there is no review"),
        (("list", "--gateway", "127.0.0.1:1"), "ben", 1, "no gateway answers"),
    ],
)
def test_commands_say_what_is_wrong(house, words, key, status, says):
    gateway, _, _ = house
    if key == "mallory" and not (gateway.home / "mallory.key").exists():
        app.make_reviewer_key(gateway.home / "mallory.key", "mallory")
    found = gateway.review(*words, key=key)
    assert (found[0], found[1]["ok"]) == (status, False)
    assert says in found[1]["errors"][0]


def test_what_waits_survives_a_restart_and_can_be_erased_while_nobody_runs(house):
    gateway, _, receiver = house
    kept, gone = gateway.hold(PROMPT + " Later."), gateway.hold(PROMPT + " Never.")
    assert gateway.stop() == 0
    assert {one["review"] for one in gateway.review("list")[1]["reviews"]} == {kept, gone}
    assert gateway.review("list", key="ben")[0] == 1, "reviewers are told that nobody answers"
    assert gateway.review("forget", gone)[0] == 0
    assert gateway.review("forget", gone)[1]["state"] == "forgotten"
    gateway.start()
    gateway.until_recorded("review.forgotten")
    assert gateway.resume(gone, PROMPT + " Never.").code == "review_expired"
    gateway.review("approve", kept, key="ben")
    assert gateway.resume(kept, PROMPT + " Later.").status == 200
    until_told(receiver, gone, "review.forgotten")
    assert gateway.verify()[1]["ok"]


def test_an_approval_survives_a_kill_and_is_used_once_after_it(house):
    gateway, outside, _ = house
    prompt = PROMPT + " Through a storm."
    review = gateway.hold(prompt)
    gateway.review("approve", review, key="ben")
    gateway.kill()
    gateway.start()
    before = len(outside.requests)
    found = [gateway.resume(review, prompt) for _ in range(3)]
    assert [(one.status) for one in found] == [200, 403, 403]
    assert len(outside.requests) == before + 1
    gateway.kill()
    gateway.start()
    assert gateway.resume(review, prompt).code == "review_used"
    assert gateway.verify()[1]["ok"]


def test_decisions_can_be_made_again_from_their_records(house):
    gateway, _, _ = house
    prompt = PROMPT + " For the record."
    review = gateway.hold(prompt)
    gateway.review("approve", review, key="ben")
    used = gateway.resume(review, prompt)
    again = gateway.cli("policy", "explain", used.headers["x-tidegate-request-id"])
    assert (again.returncode, "the same decision" in again.stdout) == (0, True), again.stdout
    replayed = gateway.cli("policy", "replay", str(gateway.home / "policy"), "--json")
    report = json.loads(replayed.stdout)
    assert replayed.returncode == 0, replayed.stdout
    # What the gateway was asked while the policy was still being proven went nowhere; proven, it lets it through.
    waiting = [one["request_id"] for one in gateway.records() if NOT_PROVEN in json.dumps(one.get("decision", ""))]
    assert sorted(report["requests"]["looser"]) == sorted(waiting)
    assert report["requests"]["stricter"] == []
    assert gateway.cli("audit", "tail").stdout.count("review.used") >= 1


def test_nothing_of_it_lies_in_any_file(house):
    gateway, _, _ = house
    review = gateway.hold(PROMPT + " The last one.")
    gateway.review("show", review, key="anna")
    gateway.review("forget", review)
    gateway.until_recorded("review.forgotten", 2)
    files = [file for file in gateway.home.rglob("*") if file.is_file()]
    assert [str(file) for file in files if SSN.encode() in file.read_bytes()] == []
