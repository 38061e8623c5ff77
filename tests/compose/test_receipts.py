"""The records of one exchange are found in the log, with all that was said of the review that it waited for."""

import json
from types import SimpleNamespace

import pytest

from tidegate.compose import receipts

ONE, OTHER = (f"0190abcd-0000-7000-8000-00000000000{n}" for n in (1, 2))


def entry(kind, request_id, **more):
    return json.dumps({"kind": kind, "request_id": request_id, **more}, separators=(",", ":")).encode()


def act(name, review):
    return entry("admin", "0190abcd-0000-7000-8000-0000000000aa", act=name, review=review)


LOG = [
    entry("admin", ONE, act="policy.activated"),
    entry("refusal", OTHER),
    act("review.held", "held"),
    act("review.held", "another"),
    act("review.approved", "held"),
    act("review.used", "held"),
    entry("intent", ONE, review="held"),
    entry("intent", OTHER),
    entry("outcome", ONE),
    entry("outcome", OTHER),
]


@pytest.fixture
def log(monkeypatch, tmp_path):
    """log() -> indexes that were read; the newest first."""
    read = []

    def entries(folder, *, newest_first):
        assert (folder, newest_first) == (tmp_path / "w0", True)
        for index in reversed(range(len(LOG))):
            read.append(index)
            yield index, LOG[index]

    monkeypatch.setattr(receipts, "entries", entries)
    return SimpleNamespace(read=read, settings=SimpleNamespace(audit=SimpleNamespace(path=tmp_path)))


@pytest.mark.parametrize(
    ("request_id", "found"),
    [
        (OTHER, [7, 9]),
        (ONE, [2, 4, 5, 6, 8]),
        ("0190abcd-0000-7000-8000-00000000000f", []),
    ],
)
def test_of_an_exchange_its_records_are_found_in_order_with_those_of_its_review(log, request_id, found):
    assert receipts.find_exchange(log.settings, request_id) == [(index, LOG[index]) for index in found]


def test_nothing_older_than_the_intent_is_read(log):
    receipts.find_exchange(log.settings, OTHER)
    assert min(log.read) == 7


@pytest.mark.parametrize("name", ["", "nobody", '","kind":"intent', ONE.upper(), ONE + " ", ONE[:-1]])
def test_for_what_is_no_id_nothing_is_read(log, name):
    assert receipts.find_exchange(log.settings, name) == []
    assert log.read == []
