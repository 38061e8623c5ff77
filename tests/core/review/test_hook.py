"""What webhooks are told, and how a receiver knows who told it."""

import json
from dataclasses import replace

import pytest

from tests.core.review.kit import BEN, NOW, TEXT, S, question, waiting, word
from tests.given import CALLER
from tidegate.core.review import hook
from tidegate.core.review.hearing import ended
from tidegate.core.values.review import State

SECRET = b"a-secret-of-the-" + b"webhook"


def told(review):
    return json.loads(hook.message(review, event_id="e1", now_ns=NOW))


def test_it_says_what_waits_and_where_to_look_and_nothing_of_its_text():
    review = waiting(question(caller=CALLER._replace(workload="support")), needs=2)
    assert told(review) == {
        "id": "e1",
        "event": "review.held",
        "review": review.id,
        "labels": ["phi.mrn", "pii.person"],
        "level": "restricted",
        "workload": "support",
        "needs": 2,
        "approvals": 0,
        "at": "2026-05-28T20:26:40Z",
        "until": "2026-05-28T21:26:40Z",
        "text": "A request of workload support with phi.mrn, pii.person (restricted) waits for 2 reviewers until "
        f"2026-05-28T21:26:40Z. On the gateway's machine: tidegate review show {review.id}",
    }
    assert TEXT not in json.dumps(told(review))
    assert "http" not in told(review)["text"]


@pytest.mark.parametrize(
    ("review", "event", "says"),
    [
        (replace(waiting(needs=2), words=(word(BEN, waiting()),)), "review.waiting", "waits for one reviewer"),
        (replace(waiting(), words=(word(BEN, waiting()),), state=State.APPROVED), "review.approved", "is approved"),
        (ended(waiting(), State.REFUSED, NOW), "review.refused", "is refused"),
        (ended(waiting(), State.USED, NOW), "review.used", "is used"),
        (ended(waiting(), State.EXPIRED, NOW), "review.expired", "is expired"),
        (ended(waiting(), State.FORGOTTEN, NOW), "review.forgotten", "is forgotten"),
        (replace(waiting(), labels=()), "review.held", "with no label"),
    ],
)
def test_every_change_has_its_event(review, event, says):
    assert told(review)["event"] == event
    assert says in told(review)["text"]


BODY = hook.message(waiting(), event_id="e1", now_ns=NOW)
NOW_S = NOW // S
SIGNED = hook.signature(SECRET, BODY, NOW_S)


@pytest.mark.parametrize(
    ("secret", "body", "header", "now_s", "is_signed"),
    [
        (SECRET, BODY, SIGNED, NOW_S, True),
        (SECRET, BODY, SIGNED, NOW_S + 300, True),
        (SECRET, BODY, SIGNED, NOW_S - 300, True),
        (SECRET, BODY, SIGNED, NOW_S + 301, False),
        (SECRET, BODY, SIGNED, NOW_S - 301, False),
        (b"another secret..", BODY, SIGNED, NOW_S, False),
        (SECRET, BODY + b" ", SIGNED, NOW_S, False),
        (SECRET, BODY, SIGNED.replace(f"t={NOW_S}", f"t={NOW_S + 1}"), NOW_S, False),
        (SECRET, BODY, SIGNED + "0", NOW_S, False),
        (SECRET, BODY, SIGNED.replace("v1", "v0"), NOW_S, False),
        (SECRET, BODY, "", NOW_S, False),
        (SECRET, BODY, "t=,v1=", NOW_S, False),
        (SECRET, BODY, "t=x,v1=y", NOW_S, False),
    ],
)
def test_a_receiver_takes_what_was_signed_just_now(secret, body, header, now_s, is_signed):
    assert hook.is_signed(secret, body, header, now_s) is is_signed


def test_the_signature_is_what_the_page_says():
    import hashlib
    import hmac

    expected = hmac.new(SECRET, f"{NOW_S}.".encode() + BODY, hashlib.sha256).hexdigest()
    assert f"t={NOW_S},v1={expected}" == SIGNED
