"""What rules outlives the process, and is never begun anew in silence."""

import json
import os
import time

import pytest

from tests.fakes import policies
from tidegate.adapters.policy.bundles import unsigned_bundle
from tidegate.adapters.policy.desk import Desk
from tidegate.core.decide.bundle.standing import Refused, Ruling, Standing
from tidegate.core.values.errors import ConfigError

STANDING = Standing(
    ruling=Ruling(
        bundle="a", policy="p", name="house", revision=2, source="command", signed_by="house",
        closed=("models.auto -> targets.claude (there)",), closed_by="Ada",
    ),
    before=(Ruling(bundle="b", policy="q", name="house", revision=1, source="folder"),),
    highest=2, highest_bundle="a", counted=2, looked_at="x", refused=Refused("c.tar", ("no", "never"), "now"),
)  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "policy")


def test_a_standing_is_read_as_it_was_kept(desk):
    assert desk.standing() is None
    desk.keep(STANDING)
    assert desk.standing() == STANDING
    assert desk.folder.stat().st_mode & 0o777 == 0o700
    desk.keep(Standing())
    assert desk.standing() == Standing()


def test_a_standing_of_before_ways_could_be_closed_is_read(desk):
    desk.keep(Standing(ruling=STANDING.before[0]))
    path = desk.folder / "standing.json"
    document = json.loads(path.read_text())
    del document["ruling"]["closed"], document["ruling"]["closed_by"]
    path.write_text(json.dumps(document))
    assert desk.standing() == Standing(ruling=STANDING.before[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:50],
        lambda _: "",
        lambda _: "[]",
        lambda text: text.replace('"v": 1', '"v": 2'),
        lambda text: text.replace('"highest": 2', '"highest": "2"'),
        lambda text: text.replace('"counted"', '"county"'),
        lambda text: text.replace('"signed_by"', '"sign"'),
        lambda text: text.replace('"closed": []', '"closed": "all"'),
        lambda text: text.replace('"closed": []', '"closed": [3]'),
    ],
)
def test_a_damaged_standing_is_told_and_not_forgotten(desk, change):
    desk.keep(STANDING)
    path = desk.folder / "standing.json"
    path.write_text(change(path.read_text()))
    with pytest.raises(ConfigError, match="the memory of which revisions are too old"):
        desk.standing()


def test_bundles_are_kept_by_their_digest_and_compared_again(desk, tmp_path):
    bundle = unsigned_bundle(policies.write(tmp_path / "house"))
    desk.put(bundle)
    desk.put(bundle)
    digest = bundle.manifest.digest
    assert desk.get(digest).members == bundle.members
    assert [one.name for one in (desk.folder / "kept").iterdir()] == [digest]
    (desk.place(digest) / "rules.cedar").write_text("permit (principal, action, resource);")
    with pytest.raises(ConfigError, match="at least one byte"):
        desk.get(digest)
    desk.place(digest).rename(desk.place("0" * 64))
    with pytest.raises(ConfigError):
        desk.get("0" * 64)


def test_what_nothing_leads_to_is_forgotten_unless_a_command_just_put_it_there(desk, tmp_path):
    bundle = unsigned_bundle(policies.write(tmp_path / "house"))
    desk.put(bundle)
    desk.keep(STANDING)
    place = desk.place(bundle.manifest.digest)
    assert place.is_dir()
    old = time.time() - 7200
    os.utime(place, (old, old))
    desk.keep(Standing(ruling=Ruling(bundle=place.name, policy="p", name="n", revision=1, source="folder")))
    assert place.is_dir()
    desk.keep(STANDING)
    assert not place.exists()


def test_orders_come_in_the_order_of_their_names_until_they_are_done(desk):
    assert list(desk.acts()) == []
    desk.lay_down("2", {"act": "b"})
    desk.lay_down("1", {"act": "a"})
    assert [(one.name, one.wanted) for one in desk.acts()] == [("1", {"act": "a"}), ("2", {"act": "b"})]
    desk.done("1")
    desk.done("1")
    assert (desk.is_open("1"), desk.is_open("2")) == (False, True)


@pytest.mark.parametrize("content", [b"", b"[1]", b"{" * 10, b'{"a": "' + b"x" * 70_000 + b'"}', b"\xff"])
def test_what_is_no_order_is_an_empty_one(desk, content):
    desk.lay_down("1", {})
    (desk.folder / "acts" / "1.json").write_bytes(content)
    assert [one.wanted for one in desk.acts()] == [{}]


def test_what_the_gateway_told_is_there_for_commands(desk):
    assert desk.told() == {}
    desk.tell({"policy": "p"})
    assert desk.told() == {"policy": "p"}
    (desk.folder / "now.json").write_text("[]")
    assert desk.told() == {}
    assert json.loads((desk.folder / "now.json").read_text()) == []
