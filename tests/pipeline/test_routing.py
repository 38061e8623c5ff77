"""Routing on the whole path: it permutes what policy permits, waits, or ends in 503; it never widens."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pipeline.script import CLOUD, HERE, LOCAL, Scripted, ScriptedDownstream, Story, answer, event
from tests.services.journeys import Clock, Entropy
from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.preferences.policy import compile_whole
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.route import Lane, Load, Route
from tidegate.core.values.target import Target
from tidegate.judgement import Judge
from tidegate.services.routing import Router

SSN = "my SSN is " + "457-55-" + "5462"
STRATEGIES = ("ordered", "weighted", "fastest", "least-loaded")
BUDGETS = {"": None, "interactive": "1500", "normal": "9000", "patient": "90000"}
LOADING = json.dumps({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}).encode()
SPARE = Target(name="spare", provider="ollama", url="http://spare/v1", model="small", boundary=HERE)


def loading():
    return Scripted(503, LOADING)


def status(number, body=b"{}", **headers):
    return Scripted(number, body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def fails(kind):
    return UpstreamError(kind, "scripted")


class Sticky(list):
    """A script whose last step stands for all further ones."""

    def pop(self, at):
        return super().pop(at) if len(self) > 1 else self[at]


class Routed(Story):
    """A story with a clock that moves when somebody waits."""

    def __init__(self, *, cloud=(), local=(), spare=(), route=None, chance=0.5, lanes=None, preferences=None, **more):
        super().__init__(
            models={"auto": (CLOUD, LOCAL), "house": (LOCAL, SPARE), "three": (CLOUD, LOCAL, SPARE)}, **more
        )
        self.clock = Clock()
        self.pipeline.routing = Router(
            (CLOUD, LOCAL, SPARE),
            clock=self.clock,
            entropy=Entropy(chance),
            default=route,
            lanes=lanes,
            sleep=self.clock.sleep,
        )
        like = type(self.pipeline.providers["cloud"])
        for name, script in (("cloud", cloud), ("local", local), ("spare", spare)):
            self.pipeline.providers[name] = like(name, (), self)
            self.pipeline.providers[name].script = Sticky(script)
        if preferences:
            baseline = read_baseline()
            sources = {**baseline.sources, "preferences.toml": preferences}
            self.pipeline.judge = Judge(compile_whole(sources, schema=baseline.schema))

    def client(self, prompt):
        raw = json.dumps({"model": "auto", "messages": [{"role": "user", "content": prompt}]}).encode()
        return ScriptedDownstream(raw, {}, self)

    @property
    def asked(self):
        return [name for name, _ in self.sent]

    @property
    def attempts(self):
        return [(one["target"], one["error"]) for one in self.records("outcome")[-1]["attempts"]]


FAILING = [
    ("is not there", lambda: fails("connect")),
    ("is reset", lambda: fails("cut")),
    ("says nothing", lambda: fails("timeout")),
    ("answers garbage", lambda: fails("protocol")),
    ("is overloaded", lambda: status(503)),
    ("is at its limit", lambda: status(429, retry_after="1")),
    ("has an error", lambda: status(500)),
    ("loads its model", loading),
]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("make", [f[1] for f in FAILING], ids=[f[0] for f in FAILING])
def test_what_must_stay_inside_waits_or_is_refused_and_never_leaves(make, strategy):
    """A healthy cloud stands first in the list, has all the weight, is the fastest and the least loaded."""
    route = Route(strategy=strategy, weights={"cloud": 1000, "local": 0})
    story = Routed(cloud=[answer("no")], local=[make()], route=route)
    story.pipeline.routing.standings["local"].in_flight = 50
    for latency in BUDGETS.values():
        headers = {"x-tidegate-latency-budget-ms": latency} if latency else {}
        client = story.ask(SSN, headers=headers)
        assert client.status in (429, 503)
        assert int(client.told["retry-after"]) >= 1
    assert set(story.asked) == {"local"}
    assert "cloud" not in str(story.records("outcome"))


@pytest.mark.parametrize("make", [f[1] for f in FAILING], ids=[f[0] for f in FAILING])
def test_what_may_leave_goes_on_meanwhile(make):
    story = Routed(cloud=[make()], local=[answer("from here")])
    client = story.ask("hello")
    assert (client.status, client.told["x-tidegate-target"], client.told["x-tidegate-boundary"]) == (
        200,
        "local",
        "here",
    )


def test_a_model_that_loads_is_waited_for():
    story = Routed(cloud=[answer("no")], local=[loading(), loading(), answer("at last")])
    client = story.ask(SSN)
    assert (client.status, client.told["x-tidegate-target"]) == (200, "local")
    assert story.attempts == [("local", "status"), ("local", "status"), ("local", "")]
    assert story.clock.slept


def test_a_runtime_that_restarts_is_waited_for():
    story = Routed(cloud=[answer("no")], local=[answer("a"), fails("connect"), answer("b")])
    assert story.ask(SSN).status == 200
    assert story.ask(SSN).status == 200
    assert story.asked == ["local"] * 3


def test_of_two_inside_the_warm_one_answers_who_cannot_wait():
    story = Routed(local=[answer("a")], spare=[answer("b")])
    story.pipeline.routing.standings["local"].told(Load("cold"), story.clock.seconds)
    headers = {"x-tidegate-latency-budget-ms": "1000"}
    assert story.ask(SSN, model="house", headers=headers).told["x-tidegate-target"] == "spare"
    assert story.ask(SSN, model="house").told["x-tidegate-target"] == "local"


makes = st.sampled_from([f[1] for f in FAILING] + [lambda: answer("a")])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from(list(BUDGETS.values()))), min_size=1, max_size=6),
    st.lists(makes, min_size=1, max_size=5),
    st.lists(makes, min_size=1, max_size=5),
    st.sampled_from(STRATEGIES),
    st.floats(0, 1, exclude_max=True),
)
def test_whatever_happens_no_secret_number_reaches_the_cloud_and_each_request_has_one_outcome(
    asked, inside, spare, strategy, chance
):
    route = Route(strategy=strategy, weights={"cloud": 1000})
    story = Routed(
        cloud=[answer("no")],
        local=[make() for make in inside],
        spare=[make() for make in spare],
        route=route,
        chance=chance,
    )
    for secret, latency in asked:
        headers = {"x-tidegate-latency-budget-ms": latency} if latency else {}
        story.ask(SSN if secret else "hello", model="three", headers=headers)
    assert all(b"5462" not in body for name, body in story.sent if name == "cloud")
    assert len(story.records("outcome")) == len(story.records("intent")) == len(asked)
    for intent, outcome in zip(story.records("intent"), story.records("outcome"), strict=True):
        permitted = {one["target"] for one in intent["decision"] if one["effect"] in ("raw", "redacted")}
        assert {one["target"] for one in outcome["attempts"]} <= permitted


# -- answers that are none of the next one's business -----------------------------------------------------------------

REFUSALS = [
    ("openai", 400, {"error": {"code": "content_policy_violation", "type": "invalid_request_error", "message": "x"}}),
    ("azure", 400, {"error": {"code": "content_filter", "innererror": {"code": "ResponsibleAIPolicyViolation"}}}),
    ("azure with another status", 429, {"error": {"code": "content_filter", "message": "x"}}),
    ("anthropic", 400, {"type": "error", "error": {"type": "invalid_request_error",
     "message": "Output blocked by content filtering policy"}}),
    ("a proxy that says 500", 500, {"error": {"type": "content_filter", "message": "x"}}),
    ("openrouter", 403, {"error": {"code": 403,
     "message": "Your chosen model requires moderation and your input was flagged"}}),
    ("xai", 403, {"code": "x", "error": "Content violates usage guidelines."}),
]  # fmt: skip


@pytest.mark.parametrize(("number", "body"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_what_one_provider_would_not_answer_is_never_handed_to_the_next(number, body):
    story = Routed(cloud=[status(number, json.dumps(body).encode())], local=[answer("yes")])
    client = story.ask("hello")
    assert story.asked == ["cloud"]
    assert (client.status, client.told["x-tidegate-target"]) == (number, "cloud")
    assert json.loads(client.out)["error"]
    assert story.attempts == [("cloud", "")]


def test_a_refusal_in_the_answer_itself_is_an_answer():
    body = {"id": "c", "object": "chat.completion", "model": "m", "choices": [
        {"index": 0, "finish_reason": "content_filter",
         "message": {"role": "assistant", "content": None, "refusal": "no"}}
    ]}  # fmt: skip
    story = Routed(cloud=[Scripted(200, json.dumps(body).encode())], local=[answer("yes")])
    assert story.ask("hello").status == 200
    assert story.asked == ["cloud"]


def test_a_key_that_is_turned_away_is_the_operators_matter_as_before():
    story = Routed(cloud=[status(403, b'{"error":{"code":"permission_denied"}}')], local=[answer("yes")])
    client = story.ask("hello")
    assert (client.status, json.loads(client.out)["error"]["code"]) == (502, "target_misconfigured")


# -- before the first byte, and after it -------------------------------------------------------------------------------


def test_nothing_is_tried_again_once_a_byte_has_been_passed_on():
    cut = Scripted(200, [event({"content": "a"})], content_type="text/event-stream", cut="cut")
    story = Routed(cloud=[cut], local=[answer("yes")])
    client = story.ask("hello", stream=True)
    assert story.asked == ["cloud"]
    assert client.status == 200
    assert story.outcome["status"] == "failed"


def test_each_attempt_has_a_permit_of_its_own():
    seen = []
    story = Routed(cloud=[fails("cut"), fails("cut"), answer("a")], local=[fails("connect")], route=Route(retries=2))
    send = story.pipeline.providers["cloud"].send

    async def noting(permit, body):
        seen.append(permit)
        return await send(permit, body)

    story.pipeline.providers["cloud"].send = noting
    story.ask("hello")
    assert len(seen) == 3
    assert len({id(permit) for permit in seen}) == 3
    assert len({permit.body for permit in seen}) == 1


# -- health as a fact -------------------------------------------------------------------------------------------------


def test_policy_knows_how_targets_are_and_the_record_says_so():
    story = Routed(cloud=[fails("connect")], local=[answer("a")])
    story.ask("hello")
    story.clock.seconds += 1
    story.ask("hello")
    first, second = [{t["target"]: t["health"] for t in one["targets"]} for one in story.records("intent")]
    assert first == {"cloud": "unknown", "local": "unknown"}
    assert second == {"cloud": "failing", "local": "healthy"}


NOT_FAILING = """
[[prefer]]
id = "well-ones-only"
reason = "What fails is given time."
drop = { health = "failing" }
unless_last = true
"""


def test_a_preference_may_leave_out_what_fails():
    story = Routed(cloud=[fails("connect"), answer("a")], local=[answer("b")], preferences=NOT_FAILING)
    story.ask("hello")
    story.clock.seconds += 1
    story.ask("hello")
    assert story.attempts == [("local", "")]
    assert story.records("intent")[-1]["order"]["rules"] == ["well-ones-only"]


SPARE_FIRST = """
[[prefer]]
id = "house-first"
reason = "It is ours."
first = { kind = "local" }
"""


def test_where_policy_has_an_order_no_strategy_changes_it():
    route = Route(strategy="weighted", weights={"cloud": 1000, "local": 0})
    story = Routed(cloud=[answer("a")], local=[answer("b")], route=route, preferences=SPARE_FIRST)
    assert story.ask("hello").told["x-tidegate-target"] == "local"


# -- turns -------------------------------------------------------------------------------------------------------------


def test_requests_beyond_what_a_target_bears_wait_for_it_and_do_not_leave():
    async def story():
        one = Routed(cloud=[answer("no")], local=[answer("a")], lanes={"local": Lane(most=1, queue=1)})
        gate = asyncio.Event()
        provider = one.pipeline.providers["local"]
        send = provider.send

        async def slow(permit, body):
            await gate.wait()
            return await send(permit, body)

        provider.send = slow
        clients = [one.client(SSN) for _ in range(3)]
        tasks = [asyncio.ensure_future(one.pipeline.serve(client)) for client in clients]
        await asyncio.sleep(0.05)
        gate.set()
        await asyncio.gather(*tasks)
        await asyncio.sleep(0.01)
        return one, clients

    one, clients = asyncio.run(story())
    assert sorted(client.status for client in clients) == [200, 200, 429]
    assert set(one.asked) == {"local"}
    errors = [[a["error"] for a in outcome["attempts"]] for outcome in one.records("outcome")]
    assert sorted(errors) == [[""], [""], ["queue_full"]]
