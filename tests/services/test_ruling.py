"""What becomes of orders and of a watched place: recorded before it takes effect, and nothing else when refused."""

import asyncio
import json
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.core.decide.facts import LOCAL, policy, request, rule, target
from tidegate.core.decide.bundle.standing import Ruling, Standing
from tidegate.core.decide.oracle.second import Doubt
from tidegate.core.values.errors import ConfigError, LedgerError
from tidegate.services.ruling import Effects, RulingPolicy

NOW_NS = 1_795_000_000_000_000_000
OPEN = policy(LOCAL + rule('resource.kind == "cloud"', name="cloud", effect="permit"))
SHUT = policy(LOCAL)
THIRD = policy(LOCAL + rule('resource.kind == "private"', name="private", effect="permit"))
POLICIES = {"a": OPEN, "b": SHUT, "c": THIRD}


def ruling(bundle, revision=0, **more):
    return Ruling(
        bundle=bundle, policy=POLICIES[bundle].digest, name="house", revision=revision, source="command", **more
    )


class Office:
    """Everything on a desk that is none. `wrong`: bundles that cannot rule, and why."""

    def __init__(self):
        self.laid, self.kept, self.told, self.wrong = [], [], [], {}
        self.content, self.examined = "", {}
        self.signed, self.closes = {}, {}

    def order(self, act, **wanted):
        self.laid.append(SimpleNamespace(name=str(len(self.laid)), wanted={"act": act, **wanted}))

    def acts(self):
        return list(self.laid)

    def done(self, name):
        self.laid = [one for one in self.laid if one.name != name]

    def keep(self, standing):
        self.kept.append(standing)

    def tell(self, now):
        self.told.append(now)

    def open(self, bundle, now, standing=None):
        if bundle in self.wrong:
            raise ConfigError([self.wrong[bundle]])
        shut = ruling(bundle, **self.signed.get(bundle, {})).with_closed(self.closes.get(bundle, ()), "")
        return SimpleNamespace(policy=POLICIES[bundle], ruling=shut)

    def read(self, bundle):
        return POLICIES[bundle]

    def watched(self):
        return self.content

    async def examine(self):
        if isinstance(self.examined, Exception):
            raise self.examined
        return {"act": "activate", "against": "a", **self.examined}


class House:
    """A policy that rules (a), and everything that is done about it in order."""

    def __init__(self, standing=None, *, opening=False):
        self.office, self.happened, self.records = Office(), [], []
        self.now_ns, self.broken = NOW_NS, False
        standing = standing or Standing().activated(ruling("a"))
        effects = Effects(record=self.record, new_id=lambda: "id", now_ns=lambda: self.now_ns)
        self.ruling = RulingPolicy(
            standing, POLICIES[standing.ruling.bundle], self.office, effects, opening=opening, every_s=0.005
        )
        self.in_force, self.shadow = OPEN, None

    async def record(self, entry):
        if self.broken:
            raise LedgerError("the disk is full")
        record = json.loads(entry)
        self.happened.append(record["act"])
        self.records.append(record)
        return len(self.records)

    def rule_by(self, by):
        self.happened.append("rules")
        self.in_force = by

    def shadow_by(self, shadow):
        self.shadow = shadow

    def run(self, story=None, looks=3):
        """Begins, lets it look some times, runs `story` (async) and ends."""

        async def whole():
            await self.ruling.begin(self)
            for _ in range(looks):
                await self.ruling._once(self.ruling._look)
            if story:
                await story()
            await self.ruling.aclose()

        asyncio.run(asyncio.wait_for(whole(), 20))
        return self


def test_an_activation_is_recorded_then_kept_then_in_force():
    house = House()
    house.office.order("activate", bundle="b", against="a", actor="ada")
    house.run()
    assert house.happened == ["policy.activated", "rules"]
    assert house.in_force is SHUT
    (record,) = house.records
    assert (record["policy"], record["before"], record["actor"]) == (SHUT.digest, OPEN.digest, "ada")
    assert house.office.kept[-1].ruling.bundle == "b"
    assert house.office.laid == []


def test_what_cannot_rule_is_recorded_and_changes_nothing():
    house = House()
    house.office.wrong["b"] = "signature: it is nobody's"
    house.office.order("activate", what="b.tar", bundle="b", against="a")
    house.run()
    assert house.happened == ["policy.refused"]
    assert house.records[0]["refused"] == ["signature: it is nobody's"]
    assert house.office.kept[-1].refused.mistakes == ("signature: it is nobody's",)
    assert house.ruling.ruling.bundle == "a"


def test_one_that_was_compared_with_another_policy_than_rules_by_now_is_refused():
    house = House()
    house.office.order("activate", bundle="b", against="a")
    house.office.order("activate", bundle="c", against="a")
    house.run()
    assert house.happened == ["policy.activated", "rules", "policy.refused"]
    assert house.in_force is SHUT


@pytest.mark.parametrize(
    ("order", "signed", "taken"),
    [
        ({}, {}, False),
        ({"approver": "Ada"}, {}, True),
        ({}, {"signed_by": "house", "revision": 2}, False),
        ({}, {"signed_by": "house", "revision": 2, "approver": "Bo"}, True),
    ],
)
def test_whatever_becomes_looser_has_an_approver(order, signed, taken):
    house = House()
    house.office.signed["b"] = signed
    house.office.order("activate", bundle="b", against="a", looser=["a request goes raw"], **order)
    house.run()
    assert house.happened == (["policy.activated", "rules"] if taken else ["policy.refused"])
    if taken:
        assert house.records[0]["approver"] in ("Ada", "Bo")
        assert house.records[0]["looser"] == ["a request goes raw"]


def test_a_log_that_cannot_be_written_leaves_everything_as_it_is_and_the_order_where_it_lies():
    house = House()
    house.broken = True
    house.office.order("activate", bundle="b", against="a")
    house.run()
    assert house.in_force is OPEN
    assert len(house.office.laid) == 1

    again = House()
    again.office.laid = house.office.laid
    assert again.run().in_force is SHUT


def test_a_rollback_is_signed_off_and_leads_to_the_one_before():
    standing = Standing().activated(ruling("a")).activated(ruling("b"))
    house = House(standing)
    house.office.order("roll_back", approver="Ada", reason="too strict", actor="bo")
    house.run()
    assert house.happened == ["policy.rolled_back", "rules"]
    assert house.in_force is OPEN
    record = house.records[0]
    assert (record["approver"], record["reason"], record["actor"], record["revision"]) == ("Ada", "too strict", "bo", 1)


@pytest.mark.parametrize("order", [{"revision": 9}, {"revision": True, "approver": "x"}, {}])
def test_where_there_is_nothing_to_go_back_to_one_stays(order):
    house = House()
    house.office.order("roll_back", **order)
    house.run()
    assert house.happened == ["policy.refused"]
    assert "at hand: none" in house.records[0]["refused"][0]


def test_one_does_not_go_back_to_what_has_expired():
    standing = Standing().activated(ruling("a", 1, signed_by="house", valid_until="2020-01-01T00:00:00Z"))
    house = House(standing.activated(ruling("b", 2, signed_by="house")))
    house.office.order("roll_back", approver="Ada")
    house.run()
    assert house.happened == ["policy.refused"]


def test_what_one_may_go_back_to_is_compiled_beforehand():
    house = House(Standing().activated(ruling("a")).activated(ruling("b")))

    async def story():
        for _ in range(200):
            if "a" in house.ruling._compiled:
                break
            await asyncio.sleep(0.005)
        house.office.wrong["a"] = "it must not be read again"
        house.office.order("roll_back", approver="Ada")
        await house.ruling._once(house.ruling._look)

    house.run(story)
    assert house.in_force is OPEN


CLOUD, OTHER = "models.auto -> targets.claude (there)", "models.auto -> targets.other (there)"


@pytest.mark.parametrize(
    ("closed", "closes", "order", "taken"),
    [
        # whoever only becomes stricter closes at once
        ((), (CLOUD,), {}, True),
        ((), (CLOUD,), {"source": "folder"}, True),
        # whoever becomes looser as well, with a name for each
        ((), (CLOUD,), {"looser": ["more"], "approver": "Bo"}, False),
        ((), (CLOUD,), {"looser": ["more"], "source": "folder"}, False),
        ((), (CLOUD,), {"looser": ["more"], "closed_by": "Ada"}, False),
        ((), (CLOUD,), {"looser": ["more"], "approver": "Bo", "closed_by": "Ada"}, True),
        # what is closed already is no news
        ((CLOUD,), (CLOUD,), {"looser": ["more"], "approver": "Bo"}, True),
        ((CLOUD,), (f"cache -> {CLOUD}",), {"looser": ["more"], "source": "folder"}, True),
        ((CLOUD,), (CLOUD, OTHER), {"looser": ["more"], "approver": "Bo"}, False),
        ((CLOUD,), (), {"looser": ["more"], "approver": "Bo"}, True),
    ],
)
def test_what_closes_ways_and_opens_others_has_a_name(closed, closes, order, taken):
    house = House(Standing().activated(ruling("a").with_closed(closed, "Cleo")))
    house.office.closes["b"] = closes
    house.office.order("activate", bundle="b", against="a", **order)
    house.run()
    assert house.happened == (["policy.activated", "rules"] if taken else ["policy.refused"])
    assert house.office.kept[-1].closed() == (closes if taken else closed)
    (record,) = house.records
    if taken:
        by = order.get("closed_by") or ("Cleo" if closed else "")
        assert (record["closed"], record["closed_by"]) == (list(closes), by if closes else "")
    elif "approver" in order:
        assert "--approve-closing NAME" in record["refused"][0]
        assert closes[-1] in record["refused"][0]


@pytest.mark.parametrize("prepared", [True, False])
def test_going_back_never_fails_for_what_it_closes(prepared):
    house = House(Standing().activated(ruling("b")).activated(ruling("a")))
    house.office.closes["b"] = (CLOUD,)
    back = house.ruling._roll_back({"approver": "Ada"})

    async def story():
        while prepared and "b" not in house.ruling._compiled:
            await asyncio.sleep(0.005)
        if not prepared:
            house.ruling._compiled.pop("b", None)
        await back

    house.run(story, looks=0)
    assert house.in_force is SHUT
    now = house.office.kept[-1].ruling
    assert (now.bundle, now.closed, now.closed_by) == ("b", (CLOUD,), "Ada")
    assert (house.records[-1]["act"], house.records[-1]["closed"]) == ("policy.rolled_back", [CLOUD])


@pytest.mark.parametrize("order", [{"act": "activate"}, {"act": "dance"}, {}, {"act": ["activate"]}, {"looser": 3}])
def test_an_order_that_is_none_is_dropped(order):
    house = House()
    house.office.laid = [SimpleNamespace(name="0", wanted=order)]
    house.run()
    assert house.in_force is OPEN
    assert house.office.laid == []


def test_a_policy_whose_time_is_over_serves_local_targets_only_and_the_log_says_so_once():
    house = House(Standing().activated(ruling("a", 1, signed_by="house", valid_until="2026-11-21T00:00:00Z")))
    house.now_ns = 1_795_300_000_000_000_000
    house.run()
    assert house.happened == ["policy.expired", "rules"]
    inside, outside = house.in_force.decide(request(), [target("local"), target("cloud")]).targets
    assert (inside.effect, outside.effect, outside.rules) == ("raw", "none", ("policy-expired",))
    assert not house.ruling.is_in_force(OPEN.digest)


def test_a_clock_that_is_set_back_makes_nothing_valid_again():
    house = House(Standing().activated(ruling("a", 1, signed_by="house", valid_until="2026-11-21T00:00:00Z")))
    house.now_ns = 1_795_300_000_000_000_000

    async def story():
        house.now_ns = NOW_NS - 10**18
        house.office.order("activate", bundle="b", against="a")
        await house.ruling._once(house.ruling._look)

    house.run(story)
    assert house.records[1]["ts"] >= house.records[0]["ts"]


def test_a_watched_place_is_taken_once_it_has_settled():
    house = House()
    house.office.content, house.office.examined = "1", {"bundle": "b"}
    house.run(looks=0)
    assert house.happened == []
    house.run(looks=2)
    assert house.happened == ["policy.activated", "rules"]
    assert house.records[0]["source"] == "folder"
    assert house.office.kept[-1].looked_at == "1"


def test_a_watched_place_that_holds_something_wrong_is_refused_once_and_the_old_policy_stays():
    house = House()
    house.office.content, house.office.examined = "1", ConfigError(["rules.cedar:3: a typo; correct it"])
    house.run(looks=5)
    assert house.happened == ["policy.refused"]
    assert house.records[0]["refused"] == ["rules.cedar:3: a typo; correct it"]
    assert house.in_force is OPEN


def test_what_was_watched_before_is_not_taken_again_after_a_rollback():
    standing = replace(Standing().activated(ruling("a")).activated(ruling("b")), looked_at="1")
    house = House(standing)
    house.office.content, house.office.examined = "1", {"bundle": "b", "against": "a"}
    house.office.order("roll_back", approver="Ada")
    house.run(looks=5)
    assert house.happened == ["policy.rolled_back", "rules"]


class Slow(Office):
    """Whoever examines takes until `ready` is set; `begun`: how often that began."""

    def __init__(self):
        super().__init__()
        self.ready, self.begun, self.against = asyncio.Event(), 0, "a"

    async def examine(self):
        self.begun += 1
        await self.ready.wait()
        return {**await super().examine(), "against": self.against}


def slowly(house):
    house.office = house.ruling._office = Slow()
    house.office.content, house.office.examined = "1", {"bundle": "b"}
    return house


async def looks(house, times=3):
    for _ in range(times):
        await house.ruling._once(house.ruling._look)


def test_orders_are_done_while_a_watched_place_is_being_examined():
    house = slowly(House(Standing().activated(ruling("c")).activated(ruling("a"))))

    async def story():
        assert house.office.begun == 1
        house.office.order("roll_back", approver="Ada")
        await looks(house, 1)
        assert house.happened == ["policy.rolled_back", "rules"]
        house.office.ready.set()
        await looks(house)
        # What was examined was compared with a policy that rules no more: it is examined again, and so on.
        assert house.happened == ["policy.rolled_back", "rules"]
        assert house.office.begun > 1
        house.office.against = "c"
        await looks(house)
        assert house.in_force is SHUT

    house.run(story)


def test_what_changes_while_it_is_being_examined_is_looked_at_again():
    house = slowly(House())

    async def story():
        house.office.content = "2"
        house.office.ready.set()
        await looks(house, 1)
        assert house.happened == []
        await looks(house)
        assert house.happened == ["policy.activated", "rules"]
        assert house.ruling.standing.looked_at == "2"

    house.run(story)


def test_the_end_does_not_wait_for_an_examination():
    house = slowly(House())
    assert house.run().happened == []
    assert house.office.begun == 1


def test_who_goes_back_does_not_wait_until_everything_is_compiled():
    house = House(Standing().activated(ruling("c")).activated(ruling("b")).activated(ruling("a")))
    held, opened = threading.Event(), house.office.open

    def slow(bundle, now, standing=None):
        if bundle == "c":
            held.wait(10)
        return opened(bundle, now, standing)

    house.office.open = slow

    async def story():
        house.office.order("roll_back", approver="Ada")
        await looks(house, 1)
        assert house.in_force is SHUT
        held.set()

    house.run(story, looks=0)


def test_a_signed_bundle_that_is_watched_and_becomes_looser_must_be_approved_by_who_signed():
    house = House()
    house.office.content, house.office.examined = "1", {"bundle": "b", "looser": ["more"]}
    house.office.signed["b"] = {"signed_by": "house", "revision": 2}
    assert house.run().happened == ["policy.refused"]


def test_how_the_policy_came_to_rule_is_recorded_where_it_is_news():
    assert House(opening=True).run().happened == ["policy.activated"]
    assert House().run().happened == []


def test_a_shadow_goes_along_until_it_is_ended_and_its_differences_are_recorded_once_a_kind():
    house = House()
    house.office.order("shadow", bundle="b", name="stricter")

    async def story():
        facts, targets = request(), [target("cloud")]
        compared = house.shadow.compare(facts, targets, OPEN.decide(facts, targets), "a-cloud")
        for _ in range(3):
            compared.requests += 1
            await house.ruling._once(house.ruling._look)
        assert house.office.told[-1]["shadow"]["stricter"] == 3
        house.office.order("shadow")
        await house.ruling._once(house.ruling._look)

    house.run(story)
    assert house.happened == ["policy.shadowed", "policy.shadow_differs", "policy.shadow_ended"]
    assert house.records[1]["difference"]["before"] == "raw"
    assert house.shadow is None
    assert house.office.told[-1]["shadow"] is None


def test_a_shadow_goes_along_again_after_a_start():
    house = House(replace(Standing().activated(ruling("a")), shadow="b", shadow_name="stricter"))
    house.run()
    assert house.shadow.policy is SHUT


def test_a_defect_does_not_end_the_looking(caplog):
    house = House()
    house.office.watched = lambda: 1 // 0

    async def story():
        house.office.watched = lambda: ""
        house.office.order("activate", bundle="b", against="a")
        for _ in range(200):
            if house.in_force is SHUT:
                return
            await asyncio.sleep(0.005)

    assert house.run(story, looks=0).in_force is SHUT
    assert "defect ZeroDivisionError" in caplog.text


# -- doubt -----------------------------------------------------------------------------------------------------------

DOUBT = Doubt(
    OPEN.digest,
    request("phi"),
    target("cloud"),
    OPEN.decide(request("phi"), [target("cloud")]).targets[0],
    None,
    "none",
)


def doubted(house, then=None):
    async def story():
        house.ruling.doubt(DOUBT)
        house.ruling.doubt(DOUBT)
        assert house.happened == ["rules"], "it takes effect before anything is written"
        for _ in range(2):
            await house.ruling._once(house.ruling._look)
        if then:
            then()
            await house.ruling._once(house.ruling._look)

    return house.run(story)


def test_a_doubt_has_only_local_targets_served_and_is_told_once():
    house = doubted(House())
    assert house.happened == ["rules", "policy.in_doubt"]
    inside, outside = house.in_force.decide(request(), [target("local"), target("cloud")]).targets
    assert (inside.effect, outside.effect, outside.rules) == ("raw", "none", ("decision-in-doubt",))
    (record,) = house.records
    assert (record["policy"], record["bundle"]) == (OPEN.digest, "a")
    assert record["reason"] == DOUBT.sentence()
    assert record["difference"]["decided"] == {"effect": "raw", "rules": ["cloud"]}
    assert house.office.told[-1]["in_doubt"] == DOUBT.sentence()
    assert house.ruling.limited.startswith("Two engines disagree")
    assert not house.ruling.is_in_force(OPEN.digest), "a proof that comes late does not lift it"


def test_a_doubt_that_the_log_cannot_take_is_told_as_soon_as_it_can():
    house = House()
    house.broken = True

    def mended():
        house.broken = False

    doubted(house, mended)
    assert house.happened == ["rules", "policy.in_doubt"]


@pytest.mark.parametrize("bundle", ["a", "b"])
def test_an_activation_lifts_it_also_of_the_same_policy(bundle):
    house = House()
    doubted(house, lambda: house.office.order("activate", bundle=bundle, against="a"))
    assert house.happened == ["rules", "policy.in_doubt", "policy.activated", "rules"]
    assert house.in_force is POLICIES[bundle]
    assert house.ruling.limited == house.office.told[-1]["in_doubt"] == ""


def test_going_back_lifts_it():
    house = House(Standing().activated(ruling("b")).activated(ruling("a")))
    doubted(house, lambda: house.office.order("roll_back"))
    assert house.in_force is SHUT
    assert house.ruling.limited == ""


def test_what_is_refused_does_not_lift_it():
    house = House()
    house.office.wrong["b"] = "nobody signed it"
    doubted(house, lambda: house.office.order("activate", bundle="b", against="a"))
    assert house.ruling.limited
    assert house.in_force.decide(request(), [target("cloud")]).targets[0].rules == ("decision-in-doubt",)
