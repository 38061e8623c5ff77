"""A journey through the permitted targets: who is asked, when again, who never."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.journeys import CLOUD, LOCAL, OK, ONCE, OTHER, Answered, Tour, busy_then, fails, tour
from tidegate.core.values.errors import BadRequest, SealBroken
from tidegate.core.values.route import Lane, Load, Route

BUSY = {"error": {"type": "rate_limit_error", "message": "slow down"}}
LOADING = Answered(503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}})
QUOTA = Answered(429, {"error": {"code": "insufficient_quota", "type": "insufficient_quota", "message": "x"}})
FILTERED = {"error": {"code": "content_filter", "message": "x"}}


# -- one round -----------------------------------------------------------------------------------------------


def test_the_first_permitted_one_answers_and_nobody_else_is_asked():
    story = tour()
    assert story.tell("cloud", "local") == ("cloud", 200, [("cloud", "")])
    assert story.sent == ["cloud"]
    assert story.in_flight == 0


MOVES_ON = [
    ("connect refused", fails("connect"), "connect"),
    ("no free connection", fails("crowded"), "crowded"),
    ("no head in time", fails("timeout"), "timeout"),
    ("reset", fails("cut"), "cut"),
    ("not HTTP", fails("protocol"), "protocol"),
    ("408", Answered(408), "status"),
    ("429", Answered(429, BUSY), "status"),
    ("429 quota", QUOTA, "status"),
    ("402", Answered(402), "status"),
    ("500", Answered(500), "status"),
    ("502", Answered(502, b"<html>"), "status"),
    ("503", Answered(503), "status"),
    ("503 loading", LOADING, "status"),
    ("504", Answered(504), "status"),
    ("529", Answered(529), "status"),
    ("503 whose body breaks", Answered(503, cut="cut"), "status"),
]


@pytest.mark.parametrize(("step", "error"), [m[1:] for m in MOVES_ON], ids=[m[0] for m in MOVES_ON])
def test_a_target_that_fails_is_followed_by_the_next_permitted_one(step, error):
    story = tour(cloud=step)
    assert story.tell("cloud", "local") == ("local", 200, [("cloud", error), ("local", "")])
    assert story.in_flight == 0


@pytest.mark.parametrize(("step", "error"), [m[1:] for m in MOVES_ON], ids=[m[0] for m in MOVES_ON])
def test_alone_it_ends_in_a_refusal_and_never_at_somebody_who_is_not_permitted(step, error):
    story = tour(cloud=step, route=ONCE)
    code, status, told = story.tell("cloud")
    assert (code, status) == ("no_target_available", 503) or (code, status) == ("rate_limited", 429)
    assert told == [("cloud", error)]
    assert set(story.sent) == {"cloud"}
    assert story.in_flight == 0


STAYS = [
    ("a malformed request", Answered(400, {"error": {"code": "invalid"}})),
    ("a content filter", Answered(400, FILTERED)),
    ("a content filter with a server's status", Answered(503, FILTERED)),
    ("a content filter with a limit's status", Answered(429, FILTERED)),
    ("flagged", Answered(403, {"error": {"code": 403, "message": "requires moderation and your input was flagged"}})),
    ("no such model", Answered(404)),
    ("a key that is turned away", Answered(401)),
    ("too long", Answered(413)),
    ("not possible", Answered(422)),
]


@pytest.mark.parametrize("step", [s[1] for s in STAYS], ids=[s[0] for s in STAYS])
def test_an_answer_to_this_request_is_the_end_of_it(step):
    story = tour(cloud=step)
    who, status, told = story.tell("cloud", "local")
    assert (who, status, told) == ("cloud", step.status, [("cloud", "")])
    assert story.sent == ["cloud"]


def test_a_refusal_that_had_to_be_looked_at_still_has_its_body():
    async def story():
        one = tour(cloud=Answered(503, FILTERED))
        routed, _ = await one.go("cloud", "local")
        return await routed.answer.read(1000)

    assert b"content_filter" in asyncio.run(story())


def test_what_cannot_be_said_to_one_target_is_said_to_the_next_and_blames_nobody():
    unsaid = BadRequest("not_expressible", "x")
    story = tour(cloud=unsaid)
    assert story.tell("cloud", "local")[0] == "local"
    for _ in range(20):
        story.tell("cloud", "local")
    assert story.router.standings["cloud"].objection(1e9) == ""


def test_what_cannot_be_said_to_anybody_is_the_requests_own_fault():
    story = tour(cloud=BadRequest("not_expressible", "x"))
    assert story.tell("cloud")[:2] == ("not_expressible", 400)


def test_a_broken_seal_ends_everything():
    async def story():
        one = tour(cloud=SealBroken("x"))
        with pytest.raises(SealBroken):
            await one.go("cloud", "local")
        return one

    one = asyncio.run(story())
    assert (one.sent, one.in_flight) == (["cloud"], 0)


# -- again -----------------------------------------------------------------------------------------------------

RETRIED = [
    ("reset once", [fails("cut"), OK], ["cut", ""]),
    ("500 once", [Answered(500), OK], ["status", ""]),
    ("503 once", [Answered(503), OK], ["status", ""]),
    ("529 once", [Answered(529), OK], ["status", ""]),
    ("429 once", [Answered(429, BUSY), OK], ["status", ""]),
]


@pytest.mark.parametrize(("steps", "errors"), [r[1:] for r in RETRIED], ids=[r[0] for r in RETRIED])
def test_what_may_pass_is_tried_again_after_all_others(steps, errors):
    story = tour(cloud=steps)
    who, _, told = story.tell("cloud")
    assert (who, [error for _, error in told]) == ("cloud", errors)
    assert len(story.clock.slept) == 1


NOT_RETRIED = [
    ("nobody is there", fails("connect")),
    ("it took its whole time", fails("timeout")),
    ("it redirects", fails("protocol")),
    ("used up", QUOTA),
    ("it says not to", Answered(429, BUSY, headers={"x-should-retry": "false"})),
    ("it says in an hour", Answered(429, BUSY, headers={"retry-after": "3600"})),
]


@pytest.mark.parametrize("step", [n[1] for n in NOT_RETRIED], ids=[n[0] for n in NOT_RETRIED])
def test_what_will_not_pass_soon_is_not(step):
    story = tour(cloud=[step, OK])
    assert story.tell("cloud")[1] in (429, 503)
    assert story.sent == ["cloud"]
    assert story.clock.slept == []


def test_retries_are_bounded_and_grow_apart():
    story = tour(cloud=Answered(500), route=Route(retries=3), chance=0.999)
    story.tell("cloud")
    assert len(story.sent) == 4
    assert story.clock.slept == [0.25, 0.5, 0.999]


def test_jitter_is_full():
    assert tour_slept(chance=0.0) == [0.0]
    assert tour_slept(chance=0.5) == [0.125]


def tour_slept(chance):
    story = tour(cloud=[Answered(500), OK], chance=chance)
    story.tell("cloud")
    return story.clock.slept


def test_a_target_is_given_the_time_that_it_asks_for():
    story = tour(cloud=[Answered(429, BUSY, headers={"retry-after": "3"}), OK])
    assert story.tell("cloud")[0] == "cloud"
    assert story.clock.slept == [3.0]


def test_also_when_it_names_a_date():
    story = tour(cloud=[Answered(503, headers={"retry-after": "Thu, 28 May 2026 20:26:45 GMT"}), OK])
    assert story.tell("cloud")[0] == "cloud"
    assert story.clock.slept == [5.0]


def test_also_when_it_says_so_in_the_body():
    body = {"error": {"code": 429, "details": [{"@type": "RetryInfo", "retryDelay": "4s"}]}}
    story = tour(cloud=[Answered(429, body), OK])
    assert story.tell("cloud")[0] == "cloud"
    assert story.clock.slept == [4.0]


def test_a_caller_without_time_is_told_when_to_come_back_instead():
    async def story():
        one = tour(cloud=Answered(429, BUSY, headers={"retry-after": "3"}))
        return await one.go("cloud", latency="interactive")

    refusal, _ = asyncio.run(story())
    assert (refusal.status, refusal.headers["retry-after"]) == (429, "3")


def test_one_that_asked_for_rest_is_left_alone_by_the_next_request():
    story = tour(cloud=[Answered(429, BUSY, headers={"retry-after": "30"}), OK])
    assert story.tell("cloud", "local")[0] == "local"
    assert story.tell("cloud", "local") == ("local", 200, [("local", "")])
    assert story.sent == ["cloud", "local", "local"]
    story.clock.seconds += 31
    assert story.tell("cloud", "local")[0] == "cloud"


def test_quota_is_no_reason_to_hammer():
    story = tour(cloud=QUOTA)
    for _ in range(10):
        story.tell("cloud", "local")
    assert story.sent.count("cloud") == 1


@pytest.mark.parametrize(
    ("step", "others"),
    [
        (fails("connect"), True),
        (Answered(429, BUSY), True),
        (Answered(503), True),
        (fails("cut"), False),
        (fails("timeout"), False),
        (Answered(500), False),
        (Answered(502), False),
        (Answered(504), False),
    ],
)
def test_what_is_kept_or_acts_is_repeated_nowhere_once_it_may_have_happened(step, others):
    story = tour(cloud=step)
    who, status, _ = story.tell("cloud", "local", capabilities=["stored-responses"])
    assert (who == "local") is others
    assert others or (status == 503 and story.sent == ["cloud"])


# -- breakers --------------------------------------------------------------------------------------------------


def test_who_is_not_there_is_not_called_again_until_it_has_rested():
    story = tour(cloud=fails("connect"))
    story.tell("cloud", "local")
    assert story.tell("cloud", "local") == ("local", 200, [("local", "")])
    assert story.sent.count("cloud") == 1
    code, status, told = story.tell("cloud")
    assert (code, status, told) == ("no_target_available", 503, [("cloud", "breaker_open")])
    assert story.clock.slept == []


def test_a_skipped_one_stands_in_the_record_when_its_turn_had_come():
    story = tour(cloud=fails("connect"), other=fails("connect"))
    story.tell("cloud", "other")
    assert story.tell("cloud", "other")[2] == [("cloud", "breaker_open"), ("other", "breaker_open")]


def test_after_its_rest_one_request_finds_out():
    story = tour(cloud=[fails("connect"), OK])
    story.tell("cloud")
    story.clock.seconds += 1
    assert story.tell("cloud")[0] == "cloud"
    assert story.tell("cloud")[0] == "cloud"


def test_a_stream_that_breaks_counts_against_its_target():
    async def story():
        one = tour(cloud=Answered(body=[b"a"], cut="cut"), route=ONCE)
        for _ in range(10):
            routed, _ = await one.go("cloud", stream=True)
            if routed.__class__.__name__ != "Routed":
                break
            with pytest.raises(Exception, match="scripted"):
                async for _ in routed.answer.chunks():
                    pass
            await routed.answer.aclose()
        return one

    one = asyncio.run(story())
    assert one.router.standings["cloud"].objection(one.clock.seconds) == "breaker_open"
    assert one.in_flight == 0


def test_client_errors_open_nothing():
    story = tour(cloud=Answered(400))
    for _ in range(30):
        assert story.tell("cloud")[1] == 400


def test_limits_open_nothing():
    story = tour(cloud=Answered(429, BUSY), route=ONCE)
    for _ in range(30):
        assert story.tell("cloud")[1] == 429


def test_our_own_full_pool_opens_nothing():
    story = tour(cloud=fails("crowded"), route=ONCE)
    for _ in range(30):
        assert story.tell("cloud")[2] == [("cloud", "crowded")]


# -- what runs inside is waited for --------------------------------------------------------------------------------


def test_a_model_that_loads_is_waited_for_within_bounds():
    story = tour(local=[LOADING, LOADING, LOADING, OK])
    who, _, told = story.tell("local")
    assert who == "local"
    assert [error for _, error in told] == ["status", "status", "status", ""]
    assert sum(story.clock.slept) <= 10


def test_one_that_never_gets_there_ends_in_503_and_in_time():
    story = tour(local=LOADING)
    began = story.clock.seconds
    assert story.tell("local")[:2] == ("no_target_available", 503)
    assert story.clock.seconds - began <= 10
    assert set(story.sent) == {"local"}


def test_who_cannot_wait_is_told_sooner():
    story = tour(local=LOADING)
    began = story.clock.seconds
    assert story.tell("local", latency="interactive")[1] == 503
    assert story.clock.seconds - began <= 2


def test_a_runtime_that_restarts_is_waited_for():
    story = tour(local=[OK, fails("connect"), fails("connect"), OK])
    story.tell("local")
    who, _, told = story.tell("local")
    assert (who, told) == ("local", [("local", "connect"), ("local", "connect"), ("local", "")])


def test_one_that_was_never_there_is_not():
    story = tour(local=fails("connect"))
    assert story.tell("local")[1] == 503
    assert story.clock.slept == []


def test_a_permitted_one_that_is_there_goes_first_meanwhile():
    story = tour(local=LOADING)
    assert story.tell("local", "cloud")[0] == "cloud"
    assert story.clock.slept == []


# -- choice -----------------------------------------------------------------------------------------------------


def test_fastest_learns_from_what_it_sees():
    story = Tour(
        [CLOUD, OTHER],
        {"cloud": Answered(takes=2.0), "other": Answered(takes=0.5)},
        route=Route(strategy="fastest"),
        chance=0.9,
    )
    assert [story.tell()[0] for _ in range(5)] == ["cloud", "other", "other", "other", "other"]


def test_a_cold_one_comes_after_a_warm_one_for_who_cannot_wait():
    story = tour()
    story.router.standings["local"].told(Load("cold"), story.clock.seconds)
    assert story.tell("local", "other", latency="interactive")[0] == "other"
    assert story.tell("local", "other")[0] == "local"


steps = st.sampled_from([
    lambda: OK, lambda: fails("connect"), lambda: fails("cut"), lambda: fails("timeout"), lambda: Answered(429, BUSY),
    lambda: Answered(503), lambda: LOADING, lambda: QUOTA, lambda: Answered(400, FILTERED),
    lambda: Answered(503, FILTERED),
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from(["cloud", "other", "local"]), min_size=1), min_size=1, max_size=8),
    st.lists(steps, min_size=1, max_size=12),
    st.sampled_from(["ordered", "weighted", "fastest", "least-loaded"]),
    st.sampled_from(["", "interactive", "normal", "patient"]),
    st.floats(0, 1, exclude_max=True),
)
def test_nobody_outside_the_permitted_set_is_ever_sent_anything(sets, script, strategy, latency, chance):
    made = [make() for make in script]
    story = Tour(
        [CLOUD, OTHER, LOCAL],
        {name: list(made) for name in ("cloud", "other", "local")},
        route=Route(strategy=strategy, hedged=frozenset({"chat"})),
        chance=chance,
    )
    for permitted in sets:
        before = len(story.sent)
        _, _, told = story.tell(*sorted(permitted), latency=latency)
        assert set(story.sent[before:]) <= permitted
        assert {name for name, _ in told} <= permitted
        assert story.in_flight == 0


# -- turns -------------------------------------------------------------------------------------------------------


def test_what_a_target_bears_is_not_exceeded_and_the_rest_goes_to_the_next():
    async def story():
        release = asyncio.Event()
        one = Tour(
            [CLOUD, OTHER],
            {"cloud": busy_then(release), "other": OK},
            lanes={"cloud": Lane(most=1, queue=0)},
        )
        first = asyncio.ensure_future(one.ask("cloud", "other"))
        await asyncio.sleep(0)
        second = await one.ask("cloud", "other")
        third = await one.ask("cloud")
        release.set()
        return await first, second, third, one

    first, second, third, one = asyncio.run(story())
    assert first == ("cloud", 200, [("cloud", "")])
    assert second == ("other", 200, [("cloud", "queue_full"), ("other", "")])
    assert third == ("rate_limited", 429, [("cloud", "queue_full")])
    assert one.in_flight == 0


def test_a_turn_that_comes_late_is_none():
    async def story():
        release = asyncio.Event()
        one = Tour([CLOUD], {"cloud": busy_then(release)}, lanes={"cloud": Lane(most=1, queue_s=0.01)})
        first = asyncio.ensure_future(one.ask())
        await asyncio.sleep(0)
        late = await one.ask()
        release.set()
        await first
        return late

    assert asyncio.run(story()) == ("rate_limited", 429, [("cloud", "queue_late")])


def test_a_client_that_leaves_gives_its_turn_back():
    async def story():
        one = Tour([CLOUD], {"cloud": busy_then(asyncio.Event())}, lanes={"cloud": Lane(most=1)})
        task = asyncio.ensure_future(one.ask())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return one.in_flight

    assert asyncio.run(story()) == 0


def test_a_turn_ends_with_the_streams_last_piece_not_with_its_slow_reader():
    async def story():
        one = Tour([CLOUD], {"cloud": Answered(body=[b"a", b"b"])}, lanes={"cloud": Lane(most=1)})
        routed, _ = await one.go(stream=True)
        during = one.in_flight
        pieces = [piece async for piece in routed.answer.chunks()]
        return during, one.in_flight, pieces

    assert asyncio.run(story()) == (1, 0, [b"a", b"b"])
