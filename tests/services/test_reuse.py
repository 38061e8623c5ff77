"""What is held of answers, and for how long."""

import asyncio

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pipeline.script import Scripted, Story, answer, event, stream
from tidegate.core.settle.record import Outcome
from tidegate.core.values.errors import UpstreamError
from tidegate.services.reuse import AnswerCache, KeptAnswer, NotedAnswer

COLD = {"temperature": 0}


class Clock:
    ns = 0

    def monotonic_ns(self):
        return self.ns


def cache(most=10_000_000, age_s=60.0, **more):
    return AnswerCache(Clock(), most_bytes=most, age_s=age_s, **more)


def told(found=None, **scripts):
    """A story whose gateway gives answers again."""
    story = Story(**scripts)
    story.pipeline.reuse = found if found is not None else cache()
    return story


def test_the_same_request_is_answered_from_memory_and_nothing_leaves():
    story = told(local=[answer("hello")])
    first, second = (story.ask("my SSN is 457-55-" + "5462", **COLD) for _ in range(2))
    assert first.out == second.out
    assert story.events.count("send local") == 1
    assert "x-tidegate-cache" not in first.told
    assert (second.told["x-tidegate-cache"], second.told["x-tidegate-target"]) == ("hit", "local")


def test_each_has_its_own_records_and_they_say_it():
    story = told(cloud=[answer("hello")])
    for _ in range(2):
        story.ask("hi", **COLD)
    assert story.events.count("intent") == story.events.count("outcome completed") == 2
    first, second = story.records("outcome")
    assert (first["cached"], second["cached"]) == (False, True)
    assert (first["target"], second["target"], second["boundary"]) == ("cloud", "cloud", "there")
    assert (len(first["attempts"]), second["attempts"]) == (1, [])


def test_a_stream_is_given_again_as_a_stream():
    story = told(cloud=[stream("hel", "lo")])
    first, second = (story.ask("hi", stream=True, **COLD) for _ in range(2))
    assert first.out == second.out
    assert second.told["content-type"] == "text/event-stream"
    assert story.events.count("send cloud") == 1


def test_whole_and_streamed_are_two_requests():
    story = told(cloud=[answer("hello"), stream("hello")])
    story.ask("hi", **COLD)
    story.ask("hi", stream=True, **COLD)
    assert story.events.count("send cloud") == 2


def test_values_are_put_back_anew():
    """What is held has tags in it, and they lead back only in a request that has the values."""
    story = told(cloud=[Scripted(200, lambda body: answer(quoted(body)).body) for _ in range(2)])
    session = {"x-tidegate-session": "s"}
    # After the first one the session is another one: it has held an address.
    asked = [story.ask("write to jane.doe@example.com", headers=session, **COLD) for _ in range(3)]
    assert all(b"jane.doe@example.com" in each.out for each in asked)
    assert story.events.count("send cloud") == 2
    assert [each.told.get("x-tidegate-cache") for each in asked] == [None, None, "hit"]
    assert story.records("outcome")[2]["restored"] == 1
    kept = b"".join(one.body for one in story.pipeline.reuse._kept.values())
    assert b"jane.doe" not in kept


def quoted(body):
    return orjson.loads(body)["messages"][0]["content"]


ELSE = [
    {"temperature": 0.7},
    {},
    {"temperature": 0, "store": False, "seed": 2},
    {"temperature": 0, "headers": {"x-tidegate-workload": "support"}},
    {"temperature": 0, "headers": {"x-tidegate-subject": "somebody"}},
    {"temperature": 0, "headers": {"x-tidegate-latency-budget-ms": "1000"}},
]


@pytest.mark.parametrize("more", ELSE)
def test_whatever_differs_is_asked_anew(more):
    story = told(cloud=[answer("one"), answer("two")])
    story.ask("hi", **COLD)
    story.ask("hi", **more)
    assert story.events.count("send cloud") == 2


def test_what_a_session_has_held_makes_another_request_of_it():
    story = told(cloud=[answer("one")], local=[answer("x"), answer("two")])
    session = {"x-tidegate-session": "s"}
    story.ask("hi", headers=session, **COLD)
    story.ask("my SSN is 457-55-" + "5462", headers=session, **COLD)
    asked = story.ask("hi", headers=session, **COLD)
    assert "x-tidegate-cache" not in asked.told


def test_a_target_that_policy_does_not_permit_gives_nothing_from_memory():
    found = cache()
    told(found, cloud=[answer("one")]).ask("hi", model="cloud-only", **COLD)
    assert len(found) == 1
    secret = told(found, local=[answer("two")])
    out = secret.ask("hi AKIA" + "Q7LM2ZX9TK4WBN8S", **COLD)
    assert out.told["x-tidegate-target"] == "local"


def test_a_setting_takes_other_temperatures_too():
    story = told(cache(sampled=True), cloud=[answer("one")])
    for _ in range(2):
        story.ask("hi")
    assert story.events.count("send cloud") == 1


BAD = [
    [Scripted(400, b'{"error":{"message":"no"}}')] * 2,
    [stream("a", end=False)] * 2,
    [Scripted(200, [event({"content": "a"}), b'data: {"error":{"message":"x"}}\n\n'], content_type="text/event-stream")]
    * 2,
    [stream("a", cut="cut")] * 2,
]


@pytest.mark.parametrize("script", BAD)
def test_what_was_no_whole_answer_is_not_kept(script):
    found = cache()
    story = told(found, cloud=script)
    story.ask("hi", stream=script[0].status == 200, **COLD)
    assert len(found) == 0


def test_what_a_rule_stopped_is_not_kept():
    found = cache()
    story = told(found, cloud=[answer("write to jane.doe@example.com")], output={"pii": "block"})
    story.ask("hi", **COLD)
    assert len(found) == 0


def test_a_client_that_leaves_has_not_had_it():
    found = cache()
    story = told(found, cloud=[stream("a", "b", "c")])
    story.ask("hi", stream=True, leaves_after=1, **COLD)
    assert story.left
    assert len(found) == 0


def test_nothing_is_older_than_it_may_be():
    found = cache(age_s=60)
    found.keep(b"k", "t", b"x")
    found._clock.ns = 60 * 10**9
    assert found._get(b"k")
    found._clock.ns += 1
    assert found._get(b"k") is None
    assert (len(found), found.size) == (0, 0)


def test_the_oldest_goes_where_there_is_no_room_and_one_does_not_drive_out_all():
    found = cache(most=80_000)
    for n in range(20):
        found.keep(bytes([n]), "t", b"x" * 9_000)
    assert found._get(b"\x00") is None
    assert found._get(b"\x13") is not None
    before = len(found)
    found.keep(b"large", "t", b"x" * 70_000)
    assert len(found) == before


@settings(max_examples=50)
@given(st.lists(st.tuples(st.binary(max_size=2), st.integers(0, 9_000)), max_size=60))
def test_memory_is_bounded_whatever_is_kept(entries):
    found = cache(most=80_000)
    for key, size in entries:
        found.keep(key, "t", b"x" * size)
        assert found.size <= 80_000
    assert found.size == sum(kept.size for kept in found._kept.values())


def test_a_policy_that_changes_leaves_nothing():
    found = cache()
    found.keep(b"k", "t", b"x")
    found.clear()
    assert (len(found), found.size) == (0, 0)


def test_a_kept_answer_is_bounded_like_any_other():
    found = cache()
    found.keep(b"k", "t", b"abc")
    kept = KeptAnswer(found._get(b"k"))
    assert asyncio.run(kept.read(3)) == b"abc"
    with pytest.raises(UpstreamError):
        asyncio.run(kept.read(2))


def test_an_answer_that_is_too_large_is_passed_on_and_not_kept():
    found, outcome = cache(most=8_000), Outcome()
    noted = NotedAnswer(Scripted(200, [b"x" * 900, b"y" * 900, b"z"]), found, b"k", lambda: True)

    async def run():
        told = [chunk async for chunk in noted.chunks()]
        await noted.aclose()
        return told

    assert [len(chunk) for chunk in asyncio.run(run())] == [900, 900, 1]
    assert len(found) == 0
    assert not outcome.cached


def test_off_is_off():
    found = AnswerCache(Clock(), most_bytes=0, age_s=60)
    story = told(found, cloud=[answer("one"), answer("two")])
    for _ in range(2):
        story.ask("hi", **COLD)
    assert story.events.count("send cloud") == 2
