"""The seal stops every difference between what was decided and what is about to leave."""

import contextlib

import pytest

from tidegate.core.dispatch import seal
from tidegate.core.values.errors import SealBroken
from tidegate.core.values.permit import NO_RECORD, Permit

BODY = b'{"model":"m","messages":[]}'
URL = "http://10.0.0.7:8000/v1/chat/completions"
HEADERS = (("content-type", "application/json"), ("accept", "application/json"))


def permit(**changed):
    fields = {
        "request_id": "r",
        "intent": 0,
        "target": "t",
        "boundary": "here",
        "kind": "local",
        "method": "POST",
        "url": URL,
        "headers": HEADERS,
        "body": BODY,
        "absent": (b"jane@example.com",),
    }
    return Permit(**{**fields, **changed})


def check(given=None, **changed):
    sent = {"method": "POST", "url": URL, "headers": HEADERS, "body": BODY, "address": "10.0.0.7"}
    seal.check(given or permit(), **{**sent, **changed})


def test_what_was_decided_passes():
    check()
    check(headers=(*HEADERS, ("host", "x"), ("content-length", "2"), ("authorization", "Bearer x")))
    check(permit(kind="cloud"), address="203.0.113.9")


BREAKS = [
    ("another method", {"method": "PUT"}),
    ("another path", {"url": URL + "/x"}),
    ("a query", {"url": URL + "?a=b"}),
    ("another host", {"url": URL.replace("10.0.0.7", "10.0.0.8")}),
    ("another body", {"body": BODY + b" "}),
    ("a header of the client's", {"headers": (*HEADERS, ("x-user", "jane"))}),
    ("another value of a header", {"headers": (("content-type", "text/plain"),)}),
    ("a line break in a credential", {"headers": (*HEADERS, ("authorization", "a\r\nx: y"))}),
    ("a public address behind a local target", {"address": "203.0.113.9"}),
    ("an address that is none", {"address": "localhost"}),
]


@pytest.mark.parametrize("changed", [b[1] for b in BREAKS], ids=[b[0] for b in BREAKS])
def test_a_difference_breaks_the_seal(changed):
    with pytest.raises(SealBroken):
        check(**changed)


@pytest.mark.parametrize("others", [0, 7, 8, 500])
def test_one_of_many_values_is_enough(others):
    absent = tuple(b"value number %d" % n for n in range(others))
    check(permit(absent=absent))
    with pytest.raises(SealBroken, match="redacted value"):
        check(permit(absent=(*absent, BODY[3:12], *absent)))


def test_a_redacted_value_in_the_bytes_breaks_the_seal_and_is_not_quoted():
    body = b'{"content":"mail jane@example.com"}'
    with pytest.raises(SealBroken) as broken:
        check(permit(body=body), body=body)
    assert "jane" not in str(broken.value)


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("192.168.1.2", True),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("::ffff:10.0.0.1", True),
        ("::ffff:8.8.8.8", False),
        ("8.8.8.8", False),
        ("2606:4700::1111", False),
        ("", False),
    ],
)
def test_near_is_loopback_private_or_link_local(address, near):
    assert seal.is_near(address) is near


@pytest.mark.parametrize(("method", "body", "passes"), [("GET", b"", True), ("GET", b"x", False), ("POST", b"", False)])
def test_what_rests_on_no_record_is_a_question_and_nothing_more(method, body, passes):
    permit = Permit("r", NO_RECORD, "t", "here", "local", method, "http://h/v1/models", (), body)
    holds = pytest.raises(SealBroken) if not passes else contextlib.nullcontext()
    with holds:
        seal.check(permit, method=method, url=permit.url, headers=(), body=body, address="127.0.0.1")
