import dataclasses

import pytest

from tests.core.transform.requests import KEYS, envelope, found
from tidegate.core.transform.fingerprints import prints, search_tag, unseal
from tidegate.core.values.errors import TidegateError

MAIL = "jane@example.com"


def made(text, *marks, **more):
    request = envelope(text)
    findings = [finding for label, value in marks for finding in found(request, label, value)]
    about = {"tenant": "default", "request_id": "r1", "ts": "2026-11-21T10:00:00Z"} | more
    return prints(request.parts, findings, KEYS, **about)


def test_every_spelling_is_found_by_any_other():
    (one,) = made("Jane@Example.com", ("pii.email", "Jane@Example.com"))
    assert one.tag == search_tag(KEYS, "default", "pii.email", " jane@example.COM")


def test_a_value_is_noted_once_a_request():
    both = made(f"{MAIL} {MAIL} JANE@example.com", ("pii.email", MAIL), ("pii.email", "JANE@example.com"))
    assert len(both) == 1
    assert len(made(f"{MAIL} Jane", ("pii.email", MAIL), ("pii.person", "Jane"))) == 2


def test_who_has_the_key_reads_what_was_seen_and_nobody_else():
    (one,) = made(MAIL, ("pii.email", MAIL), targets=("cloud",))
    assert unseal(KEYS, "default", one) == ("r1", "pii.email", "2026-11-21T10:00:00Z", ("cloud",))
    assert one.epoch == "e1"
    assert b"r1" not in one.sealed
    assert MAIL.encode() not in one.sealed + one.tag
    other = dataclasses.replace(KEYS, fingerprints=b"g" * 32)
    for keys, tenant, tampered in [
        (other, "default", one),
        (KEYS, "acme", one),
        (KEYS, "default", one._replace(epoch="e2")),
        (KEYS, "default", one._replace(tag=b"x" * 16)),
        (KEYS, "default", one._replace(sealed=one.sealed[:-1] + bytes([one.sealed[-1] ^ 1]))),
        (KEYS, "default", one._replace(sealed=b"")),
    ]:
        with pytest.raises(TidegateError, match="cannot be opened"):
            unseal(keys, tenant, tampered)


def test_tenants_labels_and_keys_have_tags_of_their_own():
    keys = dataclasses.replace(KEYS, fingerprints=b"g" * 32)
    seen = {
        search_tag(KEYS, "default", "pii.email", MAIL),
        search_tag(KEYS, "acme", "pii.email", MAIL),
        search_tag(KEYS, "default", "pii.person", MAIL),
        search_tag(keys, "default", "pii.email", MAIL),
        search_tag(KEYS, "defaultpii.email", "", MAIL),
    }
    assert len(seen) == 5
    assert {len(tag) for tag in seen} == {16}


def test_the_same_request_makes_the_same_prints_and_another_one_others():
    assert made(MAIL, ("pii.email", MAIL)) == made(MAIL, ("pii.email", MAIL))
    (one,), (other,) = made(MAIL, ("pii.email", MAIL)), made(MAIL, ("pii.email", MAIL), request_id="r2")
    assert one.tag == other.tag
    assert one.sealed[:12] != other.sealed[:12]


def test_passages_have_no_value_to_be_found_by():
    assert made("import os", ("code.source", "import os")) == []


def test_tags_are_for_ever_because_the_index_is_searched_by_them():
    assert search_tag(KEYS, "default", "pii.email", MAIL).hex() == "776b4ea253a0af3ed63235aaccf55410"
