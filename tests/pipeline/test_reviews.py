"""Requests that wait for a person, on the whole path."""

import asyncio
import json
from functools import cache
from pathlib import Path

import orjson
import pytest

from tests.core.review.kit import ANNA, BEN, REVIEWERS, note
from tests.pipeline.script import ScriptedDownstream, Story, answer
from tidegate.app import compiled_policy
from tidegate.core.review import keeping
from tidegate.core.review.hearing import Terms
from tidegate.core.values.review import State, Verdict
from tidegate.services.reviews import Rules

EXAMPLE = cache(lambda: compiled_policy(Path(__file__).parents[2] / "docs" / "examples" / "review"))
SSN = "457-55" + "-5462"
PROMPT = f"My SSN is {SSN}, is it valid?"
FIRST = "0190abcd-0000-7000-8000-000000000001"


def story(*, reviewers=REVIEWERS, four_eyes=(), wait_s=5, most=10, **more):
    review = Rules(reviewers=reviewers, terms=Terms(four_eyes=four_eyes), wait_s=wait_s, most=most)
    return Story(
        **{"cloud": [answer("a"), answer("b")], "local": [answer("c")], "rules": EXAMPLE(), "review": review, **more}
    )


def ask(found, prompt=PROMPT, *, review="", wait=None, **more):
    headers = {**({"x-tidegate-review": review} if review else {}), **more.pop("headers", {})}
    if wait is not None:
        headers["x-tidegate-review-wait"] = str(wait)
    return found.ask(prompt, model=more.pop("model", "cloud-only"), headers=headers, **more)


def only(found):
    (row,) = found.store.rows.values()
    return keeping.read(row)


def say(found, signer, verdict=Verdict.RAW, **more):
    at = found.pipeline.clock.now_ns()
    body = orjson.dumps({"note": note(signer, only(found), verdict, at=at, **more)})
    return asyncio.run(found.pipeline.reviews.answer(body))


def acts(found):
    return [record["act"] for record in found.records("admin")]


def error(client):
    return json.loads(client.out)["error"]


def test_it_is_held_and_nothing_leaves():
    found = story()
    client = ask(found)
    review = only(found).id
    assert (client.status, error(client)["code"], error(client)["review"]) == (409, "review_required", review)
    assert (client.told["x-tidegate-review"], client.told["x-should-retry"]) == (review, "false")
    assert found.sent == []
    assert (found.outcome["status"], found.outcome["code"]) == ("refused", "review_required")
    assert found.records("intent")[0]["review"] == review
    assert acts(found) == ["review.held"]


@pytest.mark.parametrize(("verdict", "stands"), [(Verdict.RAW, True), (Verdict.REDACTED, False)])
def test_approved_it_goes_on_as_it_was_approved(verdict, stands):
    found = story()
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN, verdict)
    client = ask(found, review=review)
    assert (client.status, client.told["x-tidegate-review"]) == (200, review)
    ((name, body),) = found.sent
    assert name == "cloud"
    assert (SSN.encode() in body) is stands
    assert found.records("outcome")[-1]["attempts"][0]["effect"] == verdict.value
    assert found.records("admin")[-1]["effects"] == {"cloud": verdict.value}
    assert acts(found) == ["review.held", "review.approved", "review.used"]
    assert found.events.index("admin") < found.events.index("send cloud")


def test_the_use_is_recorded_before_the_intent_and_the_intent_before_anything_leaves():
    found = story()
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN)
    del found.events[:]
    ask(found, review=review)
    told = [one for one in found.events if one != "fingerprints"]
    assert told == ["admin", "intent", "send cloud", "respond 200", "outcome completed"]


def test_an_approval_is_for_one_use():
    found = story()
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN)
    assert ask(found, review=review).status == 200
    client = ask(found, review=review)
    assert (client.status, error(client)["code"]) == (403, "review_used")
    assert len(found.sent) == 1


def test_refused_its_caller_is_told_why():
    found = story()
    review = ask(found).told["x-tidegate-review"]
    say(found, ANNA, Verdict.REFUSE, reason="ask the patient first")
    client = ask(found, review=review)
    assert (client.status, error(client)["code"]) == (403, "review_refused")
    assert "ask the patient first" in error(client)["message"]
    assert found.sent == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"prompt": PROMPT + " "}, "review_differs"),
        ({"temperature": 0}, "review_differs"),
        ({"headers": {"x-tidegate-workload": "support"}}, "review_differs"),
        ({"review": "0190abcd-0000-7000-8000-00000000ffff"}, "review_unknown"),
    ],
)
def test_whatever_differs_is_not_what_was_approved(more, code):
    found = story()
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN)
    client = ask(found, **{"review": review, **more})
    assert (client.status, error(client)["code"]) == (403, code)
    assert found.sent == []
    assert ask(found, review=review).status == 200, "the approval is still there for what it was given for"


def test_sent_again_it_waits_as_the_one_it_is():
    found = story()
    ids = {ask(found).told["x-tidegate-review"] for _ in range(3)}
    assert len(ids) == 1
    assert acts(found) == ["review.held"]


def test_where_a_permitted_target_is_there_nobody_is_asked():
    found = story()
    assert ask(found, model="auto").status == 200
    assert [name for name, _ in found.sent] == ["local"]
    assert found.store.rows == {}


def test_what_policy_forbids_is_not_held():
    found = story()
    client = ask(found, PROMPT + " AKIA" + "QYLPMN5HHHFPZAM2")
    assert (client.status, error(client)["code"]) == (403, "policy_refusal")
    assert found.store.rows == {}


def test_where_nobody_reviews_it_says_so():
    found = story(reviewers={})
    client = ask(found)
    assert (client.status, error(client)["code"]) == (403, "review_required")
    assert "nobody can review here" in error(client)["message"]
    assert found.store.rows == {}


def test_a_header_that_names_no_review_is_refused():
    client = ask(story(), review="yes")
    assert (client.status, error(client)["code"]) == (400, "invalid_header")


def test_beyond_the_most_nothing_more_is_held():
    found = story(most=1)
    ask(found)
    client = ask(found, PROMPT + " Thanks.")
    assert (client.status, error(client)["code"]) == (503, "reviews_full")
    assert len(found.store.rows) == 1


def test_a_held_request_has_not_been_in_its_session_and_a_sent_one_has():
    found = story()
    named = {"x-tidegate-session": "s1"}
    review = ask(found, headers=named).told["x-tidegate-review"]
    say(found, BEN)
    assert ask(found, review=review, headers=named).status == 200
    assert ask(found, "hello", headers=named).status == 403, "it is restricted from then on"


def test_another_policy_that_came_to_rule_needs_another_review():
    found = story()
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN)
    from dataclasses import replace

    found.pipeline.judge = found.pipeline.judge.ruled_by(replace(EXAMPLE(), digest="cd" * 32))
    client = ask(found, review=review)
    assert (client.status, error(client)["code"]) == (403, "review_differs")
    assert "another policy" in error(client)["message"]


def test_a_policy_that_forbids_it_by_now_is_not_overruled():
    found = story()
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN)
    found.pipeline.judge = found.pipeline.judge.ruled_by(EXAMPLE().only_local())
    client = ask(found, review=review)
    assert (client.status, error(client)["code"]) == (403, "policy_refusal")


def test_four_eyes_see_more_than_two():
    found = story(four_eyes=("gov",))
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN)
    client = ask(found, review=review)
    assert (client.status, "1 of 2" in error(client)["message"]) == (409, True)
    say(found, ANNA, Verdict.REDACTED)
    assert ask(found, review=review).status == 200
    assert found.records("outcome")[-1]["attempts"][0]["effect"] == "redacted", "the stricter of both words"


# -- waiting ---------------------------------------------------------------------------------------------------------


def during(found, work, *, wait=5, **more):
    """Asks, does `work(review)` while the request waits, and gives what the client got."""
    body = orjson.dumps({"model": "cloud-only", "messages": [{"role": "user", "content": PROMPT}]})
    client = ScriptedDownstream(body, {"x-tidegate-review-wait": str(wait), **more}, found)

    async def told():
        task = asyncio.ensure_future(found.pipeline.serve(client))
        while not found.pipeline.reviews._waiting.reviews:
            await asyncio.sleep(0.001)
        await work(found, task)
        await asyncio.wait([task], timeout=5)
        assert task.done()
        await asyncio.sleep(0.01)

    asyncio.run(told())
    return client


def saying(signer, verdict=Verdict.RAW, **more):
    async def work(found, task):
        at = found.pipeline.clock.now_ns()
        await found.pipeline.reviews.answer(orjson.dumps({"note": note(signer, only(found), verdict, at=at, **more)}))

    return work


def test_a_client_that_waits_goes_on_once_it_is_approved():
    found = story()
    client = during(found, saying(BEN))
    assert (client.status, [name for name, _ in found.sent]) == (200, ["cloud"])
    assert only(found).state is State.USED
    assert [record["kind"] for record in map(json.loads, found.ledger.entries)] == [
        "admin",
        "admin",
        "admin",
        "intent",
        "outcome",
    ]


def test_a_client_that_waits_is_told_of_a_refusal_at_once():
    client = during(story(), saying(BEN, Verdict.REFUSE, reason="no"))
    assert (client.status, error(client)["code"]) == (403, "review_refused")


def test_a_client_that_leaves_while_it_waits_can_come_back():
    found = story()

    async def leave(_found, task):
        task.cancel()

    during(found, leave)
    assert list(found.pipeline.reviews._waiting.reviews) == []
    assert found.sent == []
    review = only(found).id
    say(found, BEN)
    assert ask(found, review=review).status == 200


def test_a_policy_that_changes_while_it_waits_counts():
    found = story()

    async def swap(found, task):
        found.pipeline.judge = found.pipeline.judge.ruled_by(EXAMPLE().only_local())
        await saying(BEN)(found, task)

    client = during(found, swap)
    assert (client.status, error(client)["code"]) == (403, "policy_refusal")
    assert (found.sent, only(found).state) == ([], State.APPROVED)


def test_a_gateway_that_goes_down_sends_those_who_wait_away_with_their_id():
    found = story()

    async def down(found, _task):
        found.pipeline.reviews.end_waits()

    client = during(found, down)
    assert (client.status, client.told["x-tidegate-review"]) == (409, only(found).id)


def test_nobody_waits_longer_than_the_gateway_lets_them():
    found = story(wait_s=0)
    assert ask(found, wait=3600).status == 409


def test_many_who_wait_are_released_each_by_its_own_word():
    found = story(most=40, cloud=[answer(str(n)) for n in range(40)])
    prompts = [f"{PROMPT} ({n})" for n in range(30)]
    clients = [
        ScriptedDownstream(
            orjson.dumps({"model": "cloud-only", "messages": [{"role": "user", "content": prompt}]}),
            {"x-tidegate-review-wait": "5"},
            found,
        )
        for prompt in prompts
    ]

    async def told():
        tasks = [asyncio.ensure_future(found.pipeline.serve(client)) for client in clients]
        while len(found.pipeline.reviews._waiting.reviews) < len(clients):
            await asyncio.sleep(0.001)
        at = found.pipeline.clock.now_ns()
        for number, row in enumerate(list(found.store.rows.values())):
            verdict = (Verdict.RAW, Verdict.REDACTED, Verdict.REFUSE)[number % 3]
            said = note(BEN, keeping.read(row), verdict, at=at)
            await found.pipeline.reviews.answer(orjson.dumps({"note": said}))
        await asyncio.gather(*tasks)

    asyncio.run(told())
    assert sorted(client.status for client in clients) == [200] * 20 + [403] * 10
    assert len(found.sent) == 20


def test_raced_by_many_at_once_it_goes_once():
    found = story(cloud=[answer(str(n)) for n in range(20)])
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN)
    body = orjson.dumps({"model": "cloud-only", "messages": [{"role": "user", "content": PROMPT}]})
    clients = [ScriptedDownstream(body, {"x-tidegate-review": review}, found) for _ in range(20)]

    async def told():
        await asyncio.gather(*(found.pipeline.serve(client) for client in clients))

    asyncio.run(told())
    assert sorted(client.status for client in clients) == [200] + [403] * 19
    assert {error(client)["code"] for client in clients if client.status == 403} == {"review_used"}
    assert len(found.sent) == 1
    assert acts(found).count("review.used") == 1


# -- what is written down --------------------------------------------------------------------------------------------


def test_no_text_is_in_the_log_nor_readable_in_the_store():
    found = story()
    review = ask(found).told["x-tidegate-review"]
    rows = repr(found.store.rows) + repr(found.store.owed)
    say(found, BEN)
    ask(found, review=review)
    log = b"".join(found.ledger.entries)
    assert SSN.encode() not in log
    assert b"is it valid" not in log
    assert SSN not in rows
    assert "is it valid" not in rows


def test_a_log_that_cannot_be_written_sends_nothing_and_spends_the_approval():
    found = story()
    review = ask(found).told["x-tidegate-review"]
    say(found, BEN)
    found.ledger.broken = len(found.ledger.entries)
    assert ask(found, review=review).status == 503
    found.ledger.broken = None
    client = ask(found, review=review)
    assert (client.status, error(client)["code"]) == (403, "review_used")
    assert found.sent == []


def test_a_store_that_cannot_be_reached_holds_nothing_and_sends_nothing():
    found = story()
    found.store.down = True
    assert ask(found).status == 503
    assert found.sent == []


# -- other dialects --------------------------------------------------------------------------------------------------


def test_a_client_of_another_dialect_is_held_and_resumed_in_its_own_words():
    found = story()
    body = orjson.dumps({"model": "cloud-only", "messages": [{"role": "user", "content": PROMPT}], "stream": False})

    def asks(**headers):
        client = ScriptedDownstream(body, {name.replace("_", "-"): value for name, value in headers.items()}, found)
        client.path = "/api/chat"
        asyncio.run(found._serve(client))
        return client

    held = asks()
    review = json.loads(held.out)["review"]
    assert (held.status, json.loads(held.out)["code"]) == (409, "review_required")
    say(found, BEN)
    assert ask(found, review=review).status == 403, "the same words at another endpoint are another request"
    assert asks(x_tidegate_review=review).status == 200
