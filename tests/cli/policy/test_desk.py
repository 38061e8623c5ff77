"""How a command hears what became of its order."""

import threading
import time

import pytest

from tidegate import activation, config
from tidegate.cli import probe
from tidegate.cli.policy import desk
from tidegate.core.decide.bundle.standing import Refused, Ruling, Standing

RULING = Ruling(bundle="b", policy="ab" * 32, name="house", revision=0, source="command")


@pytest.fixture
def settings():
    return config.read({})


def doing(settings):
    """A gateway that does the next order a moment later."""
    office = activation.desk_of(settings)

    def do():
        while not (found := list(office.acts())):
            time.sleep(0.01)
        office.done(found[0].name)

    thread = threading.Thread(target=do)
    thread.start()
    return thread


def test_an_order_that_is_done_counts_from_now_on(settings, monkeypatch):
    monkeypatch.setattr(probe, "gateway_state", lambda *_: "ready")
    gateway = doing(settings)
    assert desk.hand_in(settings, {"act": "x"}) is desk.Done.NOW
    gateway.join()


def test_without_a_gateway_it_waits_for_the_next_start(settings, monkeypatch):
    monkeypatch.setattr(probe, "gateway_state", lambda *_: "")
    assert desk.hand_in(settings, {"act": "x"}) is desk.Done.AT_START


def test_a_gateway_that_does_nothing_is_told_so(settings, monkeypatch):
    monkeypatch.setattr(probe, "gateway_state", lambda *_: "ready")
    monkeypatch.setattr(desk, "_WAIT_S", 0.1)
    assert desk.hand_in(settings, {"act": "x"}) is desk.Done.LATE


def test_what_was_refused_is_told_and_what_was_taken_is_not(settings, capsys):
    office = activation.desk_of(settings)
    office.keep(Standing(refused=Refused("b", ("it is too old",), "now")))
    assert desk.mistakes_of(settings, desk.Done.NOW, "b") == ["it is too old"]
    assert desk.mistakes_of(settings, desk.Done.AT_START, "b") == []
    assert desk.say_outcome(desk.Done.NOW, ["it is too old"], RULING) == 1
    office.keep(Standing().activated(RULING))
    assert desk.mistakes_of(settings, desk.Done.NOW, "b") == []
    assert (desk.revision_of(settings, RULING), desk.say_outcome(desk.Done.NOW, [], RULING)) == (1, 0)
    told = capsys.readouterr()
    assert (told.err, told.out) == ("tidegate: it is too old\n", "ok: house (policy abababababab) rules, from now on\n")


def test_somebody_sits_at_the_machine():
    assert desk.actor()
